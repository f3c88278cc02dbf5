"""The evaluation against the naive model, and what must hold whatever is asked."""

import random
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor.promotions.rules import Candidate, Line, Outcome, Situation, evaluate
from kontor.promotions.terms import Conditions, conditions_from, effects_from
from tests.promotions.oracle import cents, naive

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PRODUCTS = {
    1: (None, {10}, "Makita"),
    2: (9, {10, 11}, "Makita"),
    3: (9, {11}, "Bosch"),
    4: (None, set(), ""),
}
money = st.integers(1, 4000).map(lambda number: Decimal(number) / 100)
percents = st.sampled_from(["0.5", "3", "10", "33.333", "50", "100"])


@st.composite
def lines(draw: st.DrawFn) -> Line:
    product_id = draw(st.sampled_from(list(PRODUCTS)))
    model_id, categories, brand = PRODUCTS[product_id]
    quantity, price = draw(st.integers(1, 7)), draw(money)
    net = quantity * price
    floor = {1: None, 2: net * 3 // 4, 3: net, 4: Decimal("0.10")}[product_id]
    return Line(
        product_id=product_id,
        unit=draw(st.sampled_from(["C62", "XBX"])),
        base_quantity=Decimal(quantity),
        net=net,
        listed=draw(st.sampled_from([True, True, True, False])),
        model_id=model_id,
        categories=frozenset(categories),
        brand=brand,
        floor=floor,
    )


def _product_of(part: Any) -> Any:
    return part["product_id"]


def effects() -> st.SearchStrategy[dict[str, object]]:
    amount = money.map(str)
    number = st.integers(1, 4)
    part: st.SearchStrategy[dict[str, object]] = st.fixed_dictionaries(
        {"product_id": st.integers(1, 4), "quantity": number}
    )
    tier = st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True).map(sorted)
    per = st.sampled_from(["order", "line", "unit"])
    return st.one_of(
        st.fixed_dictionaries({"kind": st.just("percent"), "percent": percents}),
        st.fixed_dictionaries({"kind": st.just("amount"), "amount": amount, "per": per}),
        st.fixed_dictionaries({"kind": st.just("fixed_price"), "amount": amount, "price_base": number}),
        st.fixed_dictionaries(
            {"kind": st.just("gift"), "product_id": st.just(4), "every": st.none() | st.integers(1, 5)}
        ),
        st.integers(2, 4).flatmap(
            lambda take: st.fixed_dictionaries(
                {"kind": st.just("cheapest_free"), "take": st.just(take), "pay": st.integers(1, take - 1)}
            )
        ),
        tier.flatmap(
            lambda starts: st.fixed_dictionaries(
                {
                    "kind": st.just("tiered"),
                    "by": st.sampled_from(["quantity", "value"]),
                    "tiers": st.tuples(
                        *(
                            st.fixed_dictionaries({"start": st.just(start), "percent": percents})
                            for start in starts
                        )
                    ),
                }
            )
        ),
        st.just({"kind": "free_freight"}),
        st.fixed_dictionaries(
            {
                "kind": st.just("bundle"),
                "amount": amount,
                "parts": st.lists(part, min_size=1, max_size=3, unique_by=_product_of),
            }
        ),
    )


def conditions() -> st.SearchStrategy[Conditions]:
    def some(*values: object) -> st.SearchStrategy[object]:
        return st.sampled_from([(), (), (), *values])

    hours = st.sampled_from([(None, None), (None, None), (time(9), time(10)), (time(9, 31), time(12))])
    goods = st.fixed_dictionaries(
        {
            "products": some((1,), (9,), (2, 4)),
            "categories": some((10,), (11,)),
            "brands": some(("Makita",), ("Bosch",)),
        }
    )
    return hours.flatmap(
        lambda window: st.fixed_dictionaries(
            {
                "goods": goods,
                "companies": some((1,), (2,)),
                "groups": some((7,), (8,)),
                "channels": some(("web",), ("api",)),
                "min_quantity": st.none() | st.integers(1, 12),
                "min_value": st.none() | money,
                "first_order": st.sampled_from([False, False, False, True]),
                "weekdays": some((0,), (1, 2)),
                "from_time": st.just(window[0]),
                "until_time": st.just(window[1]),
            }
        ).map(conditions_from)
    )


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    around = st.sampled_from([None, None, MONDAY, MONDAY + timedelta(minutes=1)])
    return Candidate(
        promotion_id=draw(st.integers(1, 10**6)),
        conditions=draw(conditions()) if draw(st.booleans()) else Conditions(),
        effects=effects_from(draw(st.lists(effects(), min_size=1, max_size=2))),
        priority=draw(st.integers(1, 3)),
        stacking=draw(st.sampled_from(["with_others", "with_others", "other_goods", "alone"])),
        currency=draw(st.sampled_from(["EUR", "EUR", "", "USD"])),
        is_active=draw(st.sampled_from([True, True, True, False])),
        valid_from=draw(around),
        valid_until=draw(around),
        most=draw(st.none() | money),
        may_go_below=draw(st.booleans()),
        code=draw(st.sampled_from(["", "", "given", "code_used"])),
        used_up=draw(st.sampled_from(["", "", "", "company"])),
        budget_left=draw(st.none() | st.none() | money),
    )


baskets = st.lists(lines(), max_size=6)
offered = st.lists(candidates(), min_size=1, max_size=4, unique_by=lambda one: one.promotion_id)


def situation(basket: list[Line], **facts: object) -> Situation:
    about: dict[str, object] = {
        "currency": "EUR", "at": MONDAY, "buyer_id": 1, "group_id": 7, "channel": "web", "is_first": False,
        "gift_prices": {1: Decimal("0.37"), 3: Decimal("12.345")},
    } | facts  # fmt: skip
    return Situation(lines=basket, **about)


def told(outcomes: list[Outcome]) -> dict[int, tuple[str, list[int], list[object]]]:
    return {
        one.promotion_id: (one.reason, [cents(amount) for amount in one.amounts], list(one.gifts))
        for one in outcomes
    }


@pytest.mark.covers("R4.18")
@settings(max_examples=400, deadline=None)
@given(baskets, offered, st.booleans())
def test_every_basket_gets_what_the_naive_model_gives(
    basket: list[Line], asked: list[Candidate], is_first: bool
) -> None:
    about = situation(basket, is_first=is_first)
    assert told(evaluate(asked, about)) == naive(asked, about)


@settings(max_examples=150, deadline=None)
@given(baskets, offered, st.integers())
def test_nothing_is_negative_nor_below_its_floor_and_the_order_makes_no_difference(
    basket: list[Line], asked: list[Candidate], seed: int
) -> None:
    outcomes = evaluate(asked, situation(basket))
    places = list(range(len(basket)))
    random.Random(seed).shuffle(places)
    random.Random(seed).shuffle(asked)
    again = evaluate(asked, situation([basket[place] for place in places]))

    for place, line in enumerate(basket):
        off = sum(one.amounts[place] for one in outcomes)
        assert 0 <= off <= line.net
        if line.floor is not None and not any(one.may_go_below for one in asked):
            assert off == 0 or line.net - off >= line.floor
        assert line.listed or off == 0
        assert all(one.amounts[place] * 100 % 1 == 0 for one in outcomes)
    assert [(one.promotion_id, one.reason, one.amount) for one in outcomes] == [
        (one.promotion_id, one.reason, one.amount) for one in again
    ]
    known = [(line, [one.amounts[place] for one in outcomes]) for place, line in enumerate(basket)]
    anew = [(basket[place], [one.amounts[n] for one in again]) for n, place in enumerate(places)]
    assert sorted(known, key=repr) == sorted(anew, key=repr)


def _one(effect: dict[str, object], *basket: Line, **facts: object) -> Outcome:
    one = Candidate(promotion_id=1, conditions=Conditions(), effects=effects_from([effect]), **facts)
    return evaluate([one], situation(list(basket)))[0]


def _line(product_id: int, quantity: str, net: str, floor: str | None = None) -> Line:
    least = None if floor is None else Decimal(floor)
    return Line(
        product_id=product_id, unit="C62", base_quantity=Decimal(quantity), net=Decimal(net), floor=least
    )


def test_an_amount_off_the_order_is_spread_to_the_cent() -> None:
    three = [_line(1, "1", "10.00"), _line(2, "1", "10.00"), _line(3, "1", "10.00")]
    assert _one({"kind": "amount", "amount": "5.00"}, *three).amounts == [
        Decimal("1.67"),
        Decimal("1.67"),
        Decimal("1.66"),
    ]


def test_the_cheapest_of_three_is_free_and_parts_of_a_unit_count_as_they_are() -> None:
    saved = _one(
        {"kind": "cheapest_free", "take": 3, "pay": 2}, _line(1, "2.5", "25.00"), _line(2, "3.5", "70.00")
    )
    assert saved.amounts == [Decimal("20.00"), Decimal(0)]


def test_what_would_go_below_the_floor_is_not_given() -> None:
    drill = _line(1, "1", "100.00", floor="95.00")
    assert _one({"kind": "percent", "percent": "10"}, drill).amount == Decimal("5.00")
    assert _one({"kind": "percent", "percent": "10"}, drill, may_go_below=True).amount == Decimal("10.00")
    assert (
        _one({"kind": "percent", "percent": "10"}, _line(1, "1", "90.00", floor="95.00")).reason == "nothing"
    )


def test_an_amount_off_the_order_is_borne_by_lines_above_their_floor() -> None:
    """A line at its floor bears nothing, and the buyer still gets the whole amount while others have room for it."""
    bound, free = _line(1, "1", "900.00", floor="900.00"), _line(2, "1", "100.00", floor="70.00")
    effect = {"kind": "amount", "amount": "25.00"}
    assert _one(effect, bound, free).amounts == [Decimal("0.00"), Decimal("25.00")]
    assert _one(effect | {"amount": "40.00"}, bound, free).amounts == [Decimal("0.00"), Decimal("30.00")]
    assert _one(effect, bound).reason == "nothing"


def test_five_thousand_lines_are_judged_in_one_go() -> None:
    many = [_line(number, "2", "19.98") for number in range(5000)]
    assert _one({"kind": "percent", "percent": "10"}, *many).amount == Decimal("10000.00")


@pytest.mark.parametrize(("first", "second"), [("with_others", "alone"), ("alone", "with_others")])
def test_what_stands_alone_is_given_neither_after_others_nor_before_them(first: str, second: str) -> None:
    ten = effects_from([{"kind": "percent", "percent": "10"}])
    asked = [
        Candidate(promotion_id=number, conditions=Conditions(), effects=ten, stacking=stacking)
        for number, stacking in enumerate((first, second), 1)
    ]
    bought = Line(product_id=1, unit="C62", base_quantity=Decimal(1), net=Decimal(100))
    about = Situation(
        lines=[bought], currency="EUR", at=MONDAY, buyer_id=1, group_id=None, channel="web", is_first=False
    )

    assert [one.reason for one in evaluate(asked, about)] == ["given", "another"]
