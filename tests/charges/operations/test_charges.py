"""Sellers say what they charge beside their goods: every field checked, contradictions named, others shut out."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from kontor.audit.models import Entry
from kontor.catalog.models import Product
from kontor.charges.models import Index, IndexValue, Rule, Step, Tariff
from kontor.charges.operations import (
    IndexFacts,
    RuleFacts,
    StepFacts,
    TariffFacts,
    delete_index,
    delete_rule,
    delete_tariff,
    save_index,
    save_rule,
    save_tariff,
    set_contents,
    set_index_values,
)
from kontor.charges.queries import charges_of
from kontor.companies.models import CustomerAccount, CustomerGroup, Membership
from kontor.kernel.refusal import NotAllowed, Refused
from tests.cast import actor
from tests.charges.test_queries import basket_of, line_of

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SIX = StepFacts(Decimal(0), Decimal("6.90"))


@pytest.fixture
def freight(sal: Membership) -> Rule:
    return save_rule(actor=actor(sal), facts=RuleFacts(kind="freight", name="Freight"))


def tariff(sal: Membership, rule: Rule, *, at: Tariff | None = None, **facts: Any) -> Tariff:
    given = TariffFacts(**{"currency": "EUR", "steps": [SIX]} | facts)
    return save_tariff(actor=actor(sal), rule=rule, facts=given, tariff=at)


def refused(sal: Membership, rule: Rule, **facts: Any) -> list[str]:
    with pytest.raises(Refused) as refusal:
        tariff(sal, rule, **facts)
    return [refusal.value.code, *sorted(refusal.value.fields)]


def test_a_charge_takes_the_usual_measure_and_code_of_its_kind(sal: Membership):
    kinds = {}
    copper = save_index(actor=actor(sal), facts=IndexFacts(name="Copper", currency="EUR"))
    for kind in Rule.Kind.values:
        index = copper if kind == "index" else None
        made = save_rule(actor=actor(sal), facts=RuleFacts(kind=kind, name=kind, index=index))
        kinds[kind] = (made.measure, made.code, made.is_refundable)
    assert kinds == {
        "freight": ("value", "FC", False),
        "packaging": ("value", "PC", False),
        "small_order": ("value", "AEL", False),
        "deposit": ("quantity", "RAD", True),
        "index": ("content", "ADR", True),
        "hazardous": ("value", "AED", False),
        "allowance": ("value", "95", True),
    }


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"name": " "}, ["name"]),
        ({"kind": "tip"}, ["code", "kind"]),
        ({"measure": "quantity"}, ["measure"]),
        ({"code": "95"}, ["code"]),
        ({"tax_category": "lots"}, ["tax_category"]),
        ({"per": Decimal(0)}, ["per"]),
        ({"kind": "index"}, ["index"]),
        ({"position": 1000}, ["position"]),
    ],
)
def test_a_wrong_charge_is_refused_at_its_fields(sal: Membership, facts: dict[str, Any], fields: list[str]):
    with pytest.raises(Refused) as refusal:
        save_rule(actor=actor(sal), facts=RuleFacts(**{"kind": "freight", "name": "Freight"} | facts))
    assert (refusal.value.code, sorted(refusal.value.fields)) == ("incomplete", fields)
    assert not Rule.objects.exists()
    assert not Entry.objects.filter(verb__startswith="charges.").exists()


def test_names_are_unique_and_what_is_measured_stays_once_there_are_tariffs(sal: Membership, freight: Rule):
    with pytest.raises(Refused) as refusal:
        save_rule(actor=actor(sal), facts=RuleFacts(kind="packaging", name="Freight"))
    assert refusal.value.code == "name_taken"
    facts = RuleFacts(kind="freight", name="Freight by weight", measure="weight")
    save_rule(actor=actor(sal), facts=facts, rule=freight)
    tariff(sal, freight)
    with pytest.raises(Refused) as refusal:
        save_rule(actor=actor(sal), facts=RuleFacts(kind="freight", name="Freight"), rule=freight)
    assert refusal.value.code == "measure_fixed"
    assert Rule.objects.get().measure == "weight"


def test_a_tariff_replaces_its_steps_and_leaves_a_trail(sal: Membership, freight: Rule):
    made = tariff(sal, freight, countries=["AT", "DE", "AT"], free_from=Decimal(250))
    steps = [StepFacts(Decimal(0), Decimal(9)), StepFacts(Decimal(100), percent=Decimal("4.5"))]
    tariff(sal, freight, at=made, steps=steps)
    assert [(one.start, one.amount, one.percent) for one in Step.objects.order_by("start")] == [
        (0, 9, None),
        (100, None, Decimal("4.5")),
    ]
    entries = Entry.objects.filter(verb="charges.tariff_saved").order_by("id")
    assert [one.changes["tariff"][1] for one in entries] == ["EUR, AT DE, 0: 6.9", "EUR, 0: 9; 100: 4.5000 %"]


def test_wrong_tariffs_are_refused_at_their_fields(
    sal: Membership, freight: Rule, acme_account: CustomerAccount, lev: Membership
):
    group = CustomerGroup.objects.create(seller_id=freight.seller_id, name="Dealers")
    other = CustomerGroup.objects.create(seller_id=lev.company_id, name="Others")
    assert refused(sal, freight, currency="eur") == ["incomplete", "currency"]
    assert refused(sal, freight, account=acme_account, group=group) == ["incomplete", "group"]
    assert refused(sal, freight, group=other) == ["incomplete", "group"]
    assert refused(sal, freight, countries=["DE", "XX"]) == ["incomplete", "countries"]
    assert refused(sal, freight, valid_from=NOW, valid_until=NOW) == ["incomplete", "valid_until"]
    assert refused(sal, freight, free_from=Decimal("0.001")) == ["incomplete", "free_from"]
    assert refused(sal, freight, steps=[]) == ["incomplete", "steps"]
    both = [SIX, StepFacts(Decimal(0), Decimal(1)), StepFacts(Decimal(-1), percent=Decimal(101))]
    assert refused(sal, freight, steps=both) == ["incomplete", "steps/1/start", "steps/2/amount"]
    assert not Tariff.objects.exists()


def test_a_tariff_that_contradicts_another_is_refused_with_a_sentence_until_that_ends(
    sal: Membership, freight: Rule, acme_account: CustomerAccount, drill: Product
):
    first = tariff(sal, freight)
    assert refused(sal, freight, valid_from=NOW) == ["tariff_overlaps", "valid_from"]
    tariff(sal, freight, at=first, valid_until=NOW)
    tariff(sal, freight, valid_from=NOW, steps=[StepFacts(Decimal(0), Decimal(7))])
    (found,) = charges_of(basket_of(acme_account, line_of(drill)))
    assert found.net == 7
    delete_tariff(actor=actor(sal), tariff=first)
    delete_rule(actor=actor(sal), rule=freight)
    assert not Tariff.objects.exists()


def test_a_surcharge_by_content_has_no_steps_and_the_currency_of_its_index(sal: Membership):
    copper = save_index(actor=actor(sal), facts=IndexFacts(name="Copper", currency="EUR"))
    rule = save_rule(actor=actor(sal), facts=RuleFacts(kind="index", name="Copper", index=copper))
    assert refused(sal, rule) == ["incomplete", "steps"]
    assert refused(sal, rule, currency="USD", steps=[]) == ["incomplete", "currency"]
    tariff(sal, rule, steps=[], index_base=Decimal(150))
    with pytest.raises(Refused) as refusal:
        delete_index(actor=actor(sal), index=copper)
    assert refusal.value.code == "still_followed"
    delete_rule(actor=actor(sal), rule=rule)
    delete_index(actor=actor(sal), index=copper)
    assert not Index.objects.exists()


def test_values_of_an_index_are_written_replaced_and_taken_away(sal: Membership, drill: Product):
    copper = save_index(actor=actor(sal), facts=IndexFacts(name="Copper", currency="EUR"))
    may, june = date(2026, 5, 1), date(2026, 6, 1)
    set_index_values(actor=actor(sal), index=copper, values=[(may, Decimal(900)), (june, Decimal(910))])
    set_index_values(actor=actor(sal), index=copper, values=[(may, Decimal("905.5")), (june, None)])
    assert list(IndexValue.objects.values_list("day", "value")) == [(may, Decimal("905.5"))]
    with pytest.raises(Refused) as refusal:
        set_index_values(actor=actor(sal), index=copper, values=[(june, Decimal(1)), (may, Decimal(-1))])
    assert list(refusal.value.fields) == ["rows/1"]
    with pytest.raises(Refused) as refusal:
        save_index(actor=actor(sal), facts=IndexFacts(name="Copper", currency="USD"), index=copper)
    assert refusal.value.code == "quotation_fixed"
    set_contents(actor=actor(sal), index=copper, contents=[(drill, Decimal("0.25"))])
    set_contents(actor=actor(sal), index=copper, contents=[(drill, Decimal(0))])
    assert not copper.contents.exists()


def test_buyers_warehouse_and_other_sellers_change_nothing(
    ana: Membership, wim: Membership, lev: Membership, sal: Membership, freight: Rule, drill: Product
):
    copper = save_index(actor=actor(sal), facts=IndexFacts(name="Copper", currency="EUR"))
    made = tariff(sal, freight)
    facts = TariffFacts(currency="EUR", countries=["CH"], steps=[SIX])
    for member in (ana, wim, lev):
        who = actor(member)
        for attempt in (
            lambda: save_rule(actor=who, facts=RuleFacts(kind="freight", name="X"), rule=freight),
            lambda: save_tariff(actor=who, rule=freight, facts=facts),
            lambda: delete_tariff(actor=who, tariff=made),
            lambda: delete_rule(actor=who, rule=freight),
            lambda: set_index_values(actor=who, index=copper, values=[(date(2026, 5, 1), Decimal(1))]),
            lambda: set_contents(actor=who, index=copper, contents=[(drill, Decimal(1))]),
            lambda: delete_index(actor=who, index=copper),
        ):
            with pytest.raises(NotAllowed):
                attempt()
    assert (Rule.objects.get().name, Tariff.objects.count(), Index.objects.count()) == ("Freight", 1, 1)
    foreign = RuleFacts(kind="deposit", name="Crate", products=[drill])
    with pytest.raises(Refused) as refusal:
        save_rule(actor=actor(lev), facts=foreign)
    assert list(refusal.value.fields) == ["products"]


@pytest.mark.parametrize(
    ("countries", "postcodes"),
    [([], ["27498"]), (["DE", "AT"], ["27498"]), (["DE"], ["25849-25845"]), (["DE"], ["…"])],
)
def test_postcodes_that_cannot_be_meant_are_refused(
    sal: Membership, freight: Rule, countries: list[str], postcodes: list[str]
):
    assert refused(sal, freight, countries=countries, postcodes=postcodes) == ["incomplete", "postcodes"]
    assert not Tariff.objects.exists()


def test_postcodes_are_kept_as_they_are_compared(sal: Membership, freight: Rule):
    made = tariff(sal, freight, countries=["DE"], postcodes=["d-27498", "25845 – 25849", "18"])
    assert made.postcodes == ["18", "25845-25849", "27498"]


def test_a_hazardous_charge_without_goods_is_about_all_hazardous_goods(sal: Membership, drill: Product):
    def saved(name: str, **facts: Any) -> list[str]:
        named = RuleFacts(kind="hazardous", name=name, **facts)
        return save_rule(actor=actor(sal), facts=named).hazards

    assert saved("A") == ["*"]
    assert saved("B", products=[drill]) == saved("C", hazards=[]) == []
    assert saved("D", hazards=["6.1", "3"]) == ["3", "6.1"]
    with pytest.raises(Refused) as refusal:
        saved("E", hazards=["10"])
    assert set(refusal.value.fields) == {"hazards"}
