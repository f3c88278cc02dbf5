from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from kontor.agreements.models import Agreement, Commitment
from kontor.agreements.operations import (
    AgreementFacts,
    CommitmentRow,
    Renewal,
    activate_agreement,
    delete_draft,
    renew_agreement,
    save_agreement,
    save_commitments,
    terminate_agreement,
)
from kontor.audit.models import Entry
from kontor.companies.models import CustomerGroup
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.models import PriceList
from kontor.pricing.operations import PriceRow, set_prices
from kontor.pricing.queries import Wanted, assigned_lists, chain_for, resolve
from tests.agreements.conftest import FIRST, LAST, unsound

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sound():
    yield
    assert unsound() == []


@pytest.fixture
def facts(acme_account):
    def of(**changes):
        told = {"title": "Frame 2026", "valid_from": FIRST, "valid_until": LAST, "account": acme_account}
        return AgreementFacts(**(told | {"adds_list": True} | changes))

    return of


@pytest.fixture
def draft(sal, facts, drill) -> Agreement:
    """Drills at 80.00 in a new list, at most 100."""
    actor = sal.as_actor("page")
    made = save_agreement(actor=actor, facts=facts())
    set_prices(actor=actor, price_list=made.price_list, rows=[PriceRow(drill.pk, Decimal(80))])
    save_commitments(
        actor=actor, agreement=made, rows=[CommitmentRow(drill.pk, "at_most", "quantity", Decimal(100))]
    )
    return made


def price(company, product, at=None):
    (found,) = resolve(chain_for(company.pk, at), [Wanted(product.pk, Decimal(1))], at)
    return found and found.amount


def test_a_draft_changes_no_price_until_it_is_in_force_and_then_goes_first(sal, draft, acme, globex, drill):
    assert price(acme, drill) == Decimal(89)

    activate_agreement(actor=sal.as_actor("page"), agreement=draft)

    assert (price(acme, drill), price(globex, drill)) == (Decimal(80), Decimal(99))
    assert price(acme, drill, datetime(2027, 1, 1, 12, tzinfo=UTC)) == Decimal(89)


def test_a_group_of_customers_has_an_agreement_as_well(
    sal, facts, hansa, globex_account, globex, drill, acme
):
    group = CustomerGroup.objects.create(seller=hansa, name="Fitters")
    globex_account.group = group
    globex_account.save()
    actor = sal.as_actor("page")
    made = save_agreement(actor=actor, facts=facts(account=None, group=group))
    set_prices(actor=actor, price_list=made.price_list, rows=[PriceRow(drill.pk, Decimal(80))])

    activate_agreement(actor=actor, agreement=made)

    assert (price(globex, drill), price(acme, drill)) == (Decimal(80), Decimal(89))


def test_terminated_it_is_asked_no_more_and_the_customer_reads_why(
    sal, draft, acme, acme_account, acme_list, drill
):
    actor = sal.as_actor("page")
    activate_agreement(actor=actor, agreement=draft)

    ended = terminate_agreement(actor=actor, agreement=draft, note="Site closed")

    assert price(acme, drill) == Decimal(89)
    assert assigned_lists(acme_account.pk) == [acme_list]
    assert (ended.state, ended.end_note, ended.ended_at) == ("terminated", "Site closed", clock.now())
    last = Entry.objects.filter(about_type="agreement", about_id=draft.pk).order_by("-id")[0]
    assert (last.verb, last.note, last.shared) == ("agreements.terminated", "Site closed", True)


def test_its_state_follows_the_clock(sal, draft):
    made = activate_agreement(actor=sal.as_actor("page"), agreement=draft)

    with clock.at(datetime(2025, 6, 1, tzinfo=UTC)):
        assert made.state == "ahead"
    assert made.state == "active"
    with clock.at(LAST):
        assert made.state == "ended"


def test_what_is_wrong_is_refused_at_its_field_and_nothing_is_written(sal, facts):
    with pytest.raises(Refused) as refusal:
        save_agreement(
            actor=sal.as_actor("page"), facts=facts(title=" ", account=None, valid_until=FIRST, kind="x")
        )

    assert set(refusal.value.fields) == {"title", "account", "valid_until", "kind"}
    assert not Agreement.objects.exists()
    assert not PriceList.objects.filter(name__startswith="AG").exists()


def test_a_list_belongs_to_one_agreement(sal, facts, draft):
    with pytest.raises(Refused) as refusal:
        save_agreement(actor=sal.as_actor("page"), facts=facts(adds_list=False, price_list=draft.price_list))

    assert refusal.value.code == "list_taken"


def test_in_force_only_words_and_the_end_change_and_the_end_is_the_lists_too(
    sal, draft, facts, globex_account
):
    actor = sal.as_actor("page")
    made = activate_agreement(actor=actor, agreement=draft)
    stays = {"adds_list": False, "price_list": made.price_list}
    with pytest.raises(Refused) as refusal:
        save_agreement(actor=actor, agreement=made, facts=facts(account=globex_account, **stays))
    assert (refusal.value.code, set(refusal.value.fields)) == ("fixed", {"account"})

    later = datetime(2027, 6, 30, 22, tzinfo=UTC)
    save_agreement(actor=actor, agreement=made, facts=facts(valid_until=later, buyer_number="RV-77", **stays))

    made.refresh_from_db()
    assert (made.buyer_number, made.valid_until, made.price_list.valid_until) == ("RV-77", later, later)


def test_nothing_agreed_cannot_be_put_in_force(sal, facts):
    actor = sal.as_actor("page")
    empty = save_agreement(actor=actor, facts=facts(adds_list=False))

    with pytest.raises(Refused) as refusal:
        activate_agreement(actor=actor, agreement=empty)

    assert refusal.value.code == "nothing_agreed"
    empty.refresh_from_db()
    assert empty.status == "draft"


def test_only_a_draft_is_put_in_force_or_deleted_and_only_once(sal, draft):
    actor = sal.as_actor("page")
    activate_agreement(actor=actor, agreement=draft)

    for refused in (activate_agreement, delete_draft):
        with pytest.raises(Refused) as refusal:
            refused(actor=actor, agreement=draft)
        assert refusal.value.code == "not_a_draft"


@pytest.mark.parametrize("who", ["wim", "ana", "lev"])
def test_others_conclude_end_and_renew_nothing(cast, who, draft):
    actor = cast.people[who].as_actor("page")
    acts: dict[Any, dict[str, Any]] = {
        activate_agreement: {},
        terminate_agreement: {"note": "x"},
        renew_agreement: {"renewal": Renewal(valid_from=LAST, valid_until=None)},
        save_commitments: {"rows": []},
        delete_draft: {},
    }
    for act, more in acts.items():
        with pytest.raises(NotAllowed):
            act(actor=actor, agreement=draft, **more)

    draft.refresh_from_db()
    assert (draft.status, Commitment.objects.count()) == ("draft", 1)


def test_a_renewal_is_a_draft_with_the_prices_of_the_end_changed_by_a_percentage(sal, draft, drill, bolt):
    actor = sal.as_actor("page")
    activate_agreement(actor=actor, agreement=draft)
    autumn = datetime(2026, 10, 1, tzinfo=UTC)
    rows = [
        PriceRow(drill.pk, Decimal(82), valid_from=autumn),
        PriceRow(bolt.pk, Decimal("12.05"), price_base=Decimal(100)),
        PriceRow(bolt.pk, None, min_quantity=Decimal(9000), price_base=Decimal(100)),
    ]
    set_prices(actor=actor, price_list=draft.price_list, rows=rows)
    Commitment.objects.update(used=0)

    new = renew_agreement(
        actor=actor,
        agreement=draft,
        renewal=Renewal(valid_from=LAST, valid_until=None, percent=Decimal("2.5")),
    )

    assert (new.status, new.renews_id, new.valid_from) == ("draft", draft.pk, LAST)
    told = new.price_list.prices.order_by("product_id", "min_quantity").values_list("product__sku", "amount")
    assert list(told) == [("BOLT-M8", Decimal("12.35")), ("BOLT-M8", None), ("DRILL-18V", Decimal("84.05"))]
    assert [(one.committed, one.used) for one in new.commitments.all()] == [(100, 0)]
    with pytest.raises(Refused) as refusal:
        renew_agreement(actor=actor, agreement=draft, renewal=Renewal(valid_from=LAST, valid_until=None))
    assert refusal.value.code == "renewed_already"


def test_a_renewed_formula_changes_by_the_percentage(sal, facts, acme_list, public_list, drill):
    acme_list.basis, acme_list.factor = public_list, Decimal("0.9")
    acme_list.save()
    actor = sal.as_actor("page")
    old = save_agreement(actor=actor, facts=facts(adds_list=False, price_list=acme_list))
    activate_agreement(actor=actor, agreement=old)

    new = renew_agreement(
        actor=actor, agreement=old, renewal=Renewal(valid_from=LAST, valid_until=None, percent=Decimal(-10))
    )

    assert (new.price_list.basis, new.price_list.factor) == (public_list, Decimal("0.81"))
    assert new.price_list.prices.get().amount == Decimal("80.10")
