"""What an agreement may say; what contradicts is refused, by the database as well."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from kontor.audit.models import Entry
from kontor.kernel.refusal import Refused
from kontor.rebates.models import Rebate, RebateMember
from kontor.rebates.operations import Goods, RebateFacts, begin_rebate, delete_rebate, save_rebate
from tests.rebates.trade import SYSTEM, YEAR, agreed, bonus_of, broken, invoice, ordered
from tests.traces import refused

MARCH = date(2026, 3, 10)


def facts(account, **other):
    given = {"name": "Bonus", "currency": "EUR", "begins_on": YEAR[0], "ends_on": YEAR[1], "accounts": [account],
             "tiers": [(Decimal(1000), Decimal(1))]}  # fmt: skip
    return RebateFacts(**given | other)


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"name": " "}, ["name"]),
        ({"currency": "euro"}, ["currency"]),
        ({"ends_on": date(2025, 12, 31)}, ["ends_on"]),
        ({"ends_on": date(2032, 12, 31)}, ["ends_on"]),
        ({"accounts": []}, ["accounts"]),
        ({"tiers": []}, ["tiers"]),
        ({"tiers": [(Decimal(5), Decimal(1)), (Decimal(5), Decimal(2))]}, ["tiers/1/from"]),
        ({"tiers": [(Decimal(5), Decimal(2)), (Decimal(6), Decimal(2))]}, ["tiers/1/rate"]),
        ({"tiers": [(Decimal(5), Decimal(101))]}, ["tiers/0/rate"]),
        ({"measure": "quantity"}, ["unit"]),
        ({"reward": "per_unit"}, ["reward"]),
        ({"measure": "quantity", "unit": "C62", "is_graduated": True}, ["is_graduated"]),
        ({"takes_in": [Goods(brand="X")], "leaves_out": [Goods(brand="x")]}, ["goods"]),
    ],
)
def test_what_makes_no_sense_is_refused(acme_account, sal, wrong, fields):
    with refused("incomplete", *fields):
        save_rebate(actor=sal.as_actor("page"), facts=facts(acme_account, **wrong))


def test_only_the_own_goods_and_customers_can_be_named(acme_account, sal, lev):
    with refused("unknown_goods", "goods"):
        save_rebate(actor=sal.as_actor("page"), facts=facts(acme_account, takes_in=[Goods(sku="LAMP-LED")]))
    with refused("not_allowed"):
        save_rebate(actor=lev.as_actor("page"), facts=facts(acme_account))


def test_who_may_not_agree_bonuses_saves_none(acme_account, ana, wim, fin):
    for who in (ana, wim, fin):
        with refused("not_allowed"):
            save_rebate(actor=who.as_actor("page"), facts=facts(acme_account))


def test_an_agreement_is_on_the_trail(acme_account, sal):
    rebate = save_rebate(actor=sal.as_actor("page"), facts=facts(acme_account))
    begin_rebate(actor=sal.as_actor("page"), rebate=rebate)
    entries = Entry.objects.filter(about_type="rebate", about_id=rebate.pk).order_by("id")
    assert [one.verb for one in entries] == ["rebates.saved", "rebates.begun"]
    assert entries[0].changes["tiers"] == [None, "1000: 1"]


def test_two_that_contradict_are_refused_unless_both_may_stand(acme_account, globex_account):
    agreed(acme_account, globex_account)
    for other in ({}, {"begins_on": YEAR[1], "ends_on": date(2027, 12, 31)}):
        draft = agreed(acme_account, begin=False, **other)
        with refused("contradicts", "is_cumulative"):
            begin_rebate(actor=SYSTEM, rebate=draft)
    agreed(acme_account, begins_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    agreed(acme_account, takes_in=[Goods(sku="DRILL-18V")])
    agreed(acme_account, currency="USD")
    agreed(acme_account, is_cumulative=True)


def test_the_database_refuses_what_contradicts_and_tiers_that_do_not_rise(acme_account):
    first = agreed(acme_account)
    second = agreed(acme_account, begins_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    changes = [
        (second, {"begins_on": YEAR[0]}),
        (first, {"tier_from": [5, 5]}),
        (first, {"tier_rate": [2, 1]}),
        (first, {"tier_from": [5]}),
        (first, {"tier_from": [], "tier_rate": []}),
        (first, {"tier_rate": [2, 101]}),
    ]
    for rebate, wrong in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            Rebate.objects.filter(pk=rebate.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        RebateMember.objects.create(rebate=agreed(acme_account, is_cumulative=True), account=acme_account)


def test_a_change_of_one_in_force_counts_anew_until_something_is_settled(acme_account, drill):
    rebate = agreed(acme_account)
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 12_000))
    save_rebate(actor=SYSTEM, facts=facts(acme_account), rebate=rebate)
    assert bonus_of(rebate) == 120
    assert broken() == []


def test_a_draft_can_be_deleted_one_in_force_cannot(acme_account):
    draft = agreed(acme_account, begin=False)
    delete_rebate(actor=SYSTEM, rebate=draft)
    rebate = agreed(acme_account)
    with refused("changed_meanwhile"):
        delete_rebate(actor=SYSTEM, rebate=rebate)
    assert list(Rebate.objects.values_list("pk", flat=True)) == [rebate.pk]


def test_who_sees_an_agreement(acme_account, sal, lev, ana, gil):
    rebate = agreed(acme_account)
    agreed(acme_account, begin=False)
    seen = {who: Rebate.objects.visible_to(who.as_actor("page")).count() for who in (sal, ana, gil, lev)}
    assert seen == {sal: 2, ana: 1, gil: 0, lev: 0}
    assert Rebate.objects.visible_to(ana.as_actor("page")).get() == rebate


def test_a_name_is_given_once(acme_account):
    agreed(acme_account, name="Year")
    with pytest.raises(Refused) as refusal:
        agreed(acme_account, name="Year", is_cumulative=True)
    assert refusal.value.code == "name_taken"
