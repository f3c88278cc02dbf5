from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kontor.audit.models import Entry
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.promotions.models import CodeBatch, Coupon, Promotion, PromotionTally
from kontor.promotions.operations import (
    CodesWanted,
    PromotionFacts,
    delete_promotion,
    make_codes,
    save_promotion,
    set_promotion_active,
    stop_codes,
    use_promotions,
)
from kontor.promotions.overview import code_rows
from kontor.promotions.queries import judge
from tests.cast import Cast, actor
from tests.promotions.baskets import basket, line, promotion

pytestmark = pytest.mark.django_db
TEN = PromotionFacts(name="Spring", effects=[{"kind": "percent", "percent": "10"}], is_active=True)


def _drills(cast: Cast, *codes: str) -> Any:
    return basket(cast, line(cast.products["drill"].pk, 1, "90.00"), codes=codes)


@pytest.mark.covers("R4.18")
def test_a_saved_promotion_counts_at_once_and_stopped_it_does_not(cast: Cast) -> None:
    sal = actor(cast.people["sal"])

    saved = save_promotion(actor=sal, facts=replace(TEN, names={"de": "Frühling"}))

    assert [(one.name, one.amount) for one in judge(_drills(cast)).granted] == [("Spring", Decimal("9.00"))]
    set_promotion_active(actor=sal, promotion=saved, is_active=False)
    assert judge(_drills(cast)).granted == []
    verbs = Entry.objects.filter(about_type="promotion").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["promotions.saved", "promotions.stopped"]


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"name": " "}, ["name"]),
        ({"effects": []}, ["effects"]),
        ({"effects": [{"kind": "percent", "percent": "101"}]}, ["effects/0/percent"]),
        ({"effects": [{"kind": "amount", "amount": "5"}]}, ["currency"]),
        ({"effects": [{"kind": "amount", "amount": "5.001"}], "currency": "EUR"}, ["effects/0/amount"]),
        ({"effects": [{"kind": "cheapest_free", "take": 3, "pay": 3}]}, ["effects/0/pay"]),
        ({"effects": [{"kind": "gift", "product_id": 999_999}]}, ["effects/0/product_id"]),
        ({"conditions": {"min_value": "-1"}}, ["conditions/min_value"]),
        ({"conditions": {"from_time": "10:00"}}, ["conditions/hours"]),
        ({"conditions": {"groups": [999_999]}}, ["conditions/groups"]),
        ({"conditions": {"goods": {"products": [999_999]}}}, ["conditions/goods/products"]),
        ({"limit_total": 0}, ["limit_total"]),
        ({"budget": Decimal(5)}, ["currency"]),
        ({"valid_from": clock.now(), "valid_until": clock.now() - timedelta(days=1)}, ["valid_until"]),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(
    cast: Cast, wrong: dict[str, Any], fields: list[str]
) -> None:
    with pytest.raises(Refused) as refusal:
        save_promotion(actor=actor(cast.people["sal"]), facts=replace(TEN, **wrong))

    assert (refusal.value.code, list(refusal.value.fields)) == ("incomplete", fields)
    assert not Promotion.objects.exists()


@pytest.mark.parametrize("who", ["ana", "wim", "fin"])
def test_others_may_not_save_promotions(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        save_promotion(actor=actor(cast.people[who]), facts=TEN)
    assert not Promotion.objects.exists()


def test_a_rival_cannot_touch_them(cast: Cast) -> None:
    spring = promotion(cast)
    lev = actor(cast.people["lev"])
    for act in (
        lambda: save_promotion(actor=lev, facts=TEN, promotion=spring),
        lambda: set_promotion_active(actor=lev, promotion=spring, is_active=False),
        lambda: delete_promotion(actor=lev, promotion=spring),
        lambda: make_codes(actor=lev, promotion=spring, wanted=CodesWanted(name="x")),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Promotion.objects.get().is_active


def test_only_who_may_sell_below_the_lowest_price_can_allow_it(cast: Cast) -> None:
    below = replace(TEN, below_floor=True)
    with pytest.raises(Refused, match="below_floor"):
        save_promotion(actor=actor(cast.people["sal"]), facts=below)
    assert save_promotion(actor=actor(cast.people["store_admin"]), facts=below).below_floor


def test_a_limit_set_later_counts_the_uses_there_were(cast: Cast) -> None:
    sal, spring = actor(cast.people["sal"]), promotion(cast, currency="")
    wanted = _drills(cast)
    for order_id in (71, 72):
        use_promotions(order_id=order_id, basket=wanted, judged=judge(wanted))

    with pytest.raises(Refused) as refusal:
        save_promotion(actor=sal, facts=replace(TEN, limit_total=1), promotion=spring)
    assert (refusal.value.code, list(refusal.value.fields)) == ("already_used", ["limit_total"])

    saved = save_promotion(
        actor=sal, facts=replace(TEN, limit_total=3, limit_company=2, limit_person=5), promotion=spring
    )
    assert saved.used == 2
    assert sorted(PromotionTally.objects.values_list("is_person", "used")) == [(False, 2), (True, 2)]
    assert judge(wanted).granted == []


def test_what_orders_have_had_stays_and_the_rest_can_go(cast: Cast) -> None:
    sal, spring = actor(cast.people["sal"]), promotion(cast)
    wanted = _drills(cast)
    use_promotions(order_id=71, basket=wanted, judged=judge(wanted))
    with pytest.raises(Refused, match="was_used"):
        delete_promotion(actor=sal, promotion=spring)

    other = save_promotion(actor=sal, facts=TEN)
    delete_promotion(actor=sal, promotion=other)
    assert list(Promotion.objects.all()) == [spring]


def test_codes_are_made_in_one_go_and_differ(cast: Cast) -> None:
    sal, spring = actor(cast.people["sal"]), promotion(cast, needs_code=True)

    batch = make_codes(
        actor=sal, promotion=spring, wanted=CodesWanted(name="Fair", count=2000, prefix="fair")
    )

    rows = list(code_rows(batch))
    assert len({code for code, _limit, _used in rows}) == batch.count == 2000
    first = rows[0][0]
    assert first.startswith("FAIR-")
    assert len(first) == 19
    assert rows[0][1:] == (1, 0)
    given = judge(_drills(cast, first.lower().replace("-", " ")))
    assert ([one.amount for one in given.granted], given.refused) == ([Decimal("9.00")], {})

    stop_codes(actor=sal, batch=batch)
    assert judge(_drills(cast, first)).refused == {first: "This code is no longer accepted."}


def test_a_code_is_one_promotion_s_whatever_its_dashes(cast: Cast) -> None:
    sal = actor(cast.people["sal"])
    spring, autumn = (promotion(cast, name=name, needs_code=True) for name in ("Spring", "Autumn"))
    make_codes(
        actor=sal, promotion=spring, wanted=CodesWanted(name="One", code="Welcome-10", uses_limit=None)
    )

    with pytest.raises(Refused) as refusal:
        make_codes(actor=sal, promotion=autumn, wanted=CodesWanted(name="Two", code="WELCOME 10"))

    assert (refusal.value.code, list(refusal.value.fields)) == ("code_taken", ["code"])
    assert (Coupon.objects.count(), CodeBatch.objects.count()) == (1, 1)


def test_codes_that_nobody_needs_are_not_made(cast: Cast) -> None:
    sal, spring = actor(cast.people["sal"]), promotion(cast)
    with pytest.raises(Refused, match="needs_no_code"):
        make_codes(actor=sal, promotion=spring, wanted=CodesWanted(name="Fair"))
    with pytest.raises(Refused) as refusal:
        make_codes(actor=sal, promotion=spring, wanted=CodesWanted(name="", count=100_001, prefix="a b"))
    assert list(refusal.value.fields) == ["name", "count", "prefix"]
    assert not CodeBatch.objects.exists()
