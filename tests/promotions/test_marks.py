"""What is said of promotions beside an article: only what counts for this company, in a few words."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kontor.catalog.models import Category, Product
from kontor.companies.models import CustomerGroup
from kontor.promotions.marks import Reader, marks_for
from kontor.promotions.models import Promotion
from kontor.promotions.operations import use_promotions
from kontor.promotions.queries import judge
from tests.assembly import Cast
from tests.promotions.baskets import basket, code, line, promotion

pytestmark = pytest.mark.django_db
# A Monday; Hansa is in Berlin, an hour ahead.
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def said(cast: Cast, who: str = "ana", at: datetime = NOW) -> dict[str, list[str]]:
    member = cast.people.get(who)
    reader = Reader(
        company_id=member.company_id if member else None,
        membership_id=member.pk if member else None,
        currency="EUR" if member else "",
        at=at,
    )
    goods = {cast.products[name].pk: name for name in ("drill", "bolt")}
    return {goods[key]: [one.text for one in marks] for key, marks in marks_for(reader, list(goods)).items()}


@pytest.mark.covers("R4.18")
@pytest.mark.parametrize(
    ("effect", "facts", "text"),
    [
        (
            {"kind": "percent", "percent": "5"},
            {
                "conditions": {"min_quantity": "10"},
                "valid_until": datetime(2026, 11, 30, 23, tzinfo=UTC),
            },
            "from 10: 5 % off until 30 Nov",
        ),
        (
            {"kind": "percent", "percent": "7.5"},
            {"valid_until": datetime(2027, 1, 1, 12, tzinfo=UTC)},
            "7.5 % off until 1 Jan 2027",
        ),
        (
            {"kind": "amount", "amount": "10", "per": "order"},
            {"conditions": {"min_value": "250"}},
            "on orders from 250.00 EUR: 10.00 EUR off the order",
        ),
        ({"kind": "amount", "amount": "2.5", "per": "line"}, {}, "2.50 EUR off each line"),
        ({"kind": "amount", "amount": "0.5", "per": "unit"}, {}, "0.50 EUR off each unit"),
        ({"kind": "fixed_price", "amount": "79.90"}, {}, "79.9 EUR a unit"),
        ({"kind": "fixed_price", "amount": "9", "price_base": "100"}, {}, "9 EUR per 100 units"),
        ({"kind": "cheapest_free", "take": 3, "pay": 2}, {}, "take 3, pay 2"),
        (
            {
                "kind": "tiered",
                "by": "quantity",
                "tiers": [{"start": "5", "percent": "3"}, {"start": "20", "percent": "6"}],
            },
            {},
            "3 to 6 % off from 5 on",
        ),
        (
            {"kind": "tiered", "by": "value", "tiers": [{"start": "500", "percent": "3"}]},
            {},
            "3 % off from 500.00 EUR on",
        ),
        ({"kind": "gift", "product_id": 1}, {}, "with goods free of charge"),
        ({"kind": "gift", "product_id": 1, "every": "4"}, {}, "goods free of charge for every 4"),
        ({"kind": "free_freight"}, {}, "free freight"),
    ],
)
def test_each_effect_is_told_in_a_few_words(
    cast: Cast, effect: dict[str, Any], facts: dict[str, Any], text: str
) -> None:
    promotion(cast, effect, **facts)
    assert said(cast) == {"drill": [text], "bolt": [text]}


def test_it_stands_beside_its_own_goods_only(cast: Cast) -> None:
    tools = Category.objects.create(name="Tools", slug="tools", path="tools-x")
    drills = Category.objects.create(name="Drills", slug="drills", path="tools-x/drills", parent=tools)
    drill, bolt = cast.products["drill"].pk, cast.products["bolt"].pk
    Product.objects.filter(pk=drill).update(category=drills, brand="Makita")

    def beside(*effects: dict[str, Any], **goods: Any) -> set[str]:
        one = promotion(cast, *effects, conditions={"goods": goods} if goods else {})
        found = set(said(cast))
        one.delete()
        return found

    assert beside(products=[drill]) == beside(brands=["Makita"]) == beside(categories=[tools.pk]) == {"drill"}
    assert beside(products=[bolt]) == {"bolt"}
    assert beside({"kind": "bundle", "amount": "50", "parts": [{"product_id": drill}]}) == {"drill"}
    assert beside() == {"drill", "bolt"}


@pytest.mark.covers("R4.18")
def test_what_is_for_others_or_needs_a_code_or_counts_no_more_is_never_told(cast: Cast) -> None:
    group = CustomerGroup.objects.create(seller=cast.companies["hansa"], name="Trade")
    cast.accounts["globex"].group = group
    cast.accounts["globex"].save()
    globex = cast.companies["globex"].pk
    code(promotion(cast, needs_code=True), "SPRING")
    promotion(cast, conditions={"first_order": True})
    promotion(cast, conditions={"channels": ["api"]})
    promotion(cast, conditions={"weekdays": [1]})
    promotion(cast, is_active=False)
    promotion(cast, currency="USD")
    promotion(cast, valid_until=NOW)
    promotion(cast, limit_total=1, used=1)
    promotion(cast, budget=Decimal(5), used_amount=Decimal(5))
    assert said(cast) == said(cast, "nobody") == {}

    for conditions in ({"companies": [globex]}, {"groups": [group.pk]}):
        one = promotion(cast, conditions=conditions)
        assert (said(cast), said(cast, "nobody")) == ({}, {})
        assert said(cast, "gil") == {"drill": ["10 % off"], "bolt": ["10 % off"]}
        one.delete()


def test_who_has_had_it_as_often_as_they_may_is_not_told_again(cast: Cast) -> None:
    promotion(cast, limit_person=1)
    wanted = basket(cast, line(cast.products["drill"].pk, 1, "89.00"))
    use_promotions(order_id=71, basket=wanted, judged=judge(wanted))
    assert (said(cast), set(said(cast, "ben"))) == ({}, {"drill", "bolt"})


def test_many_promotions_and_articles_take_one_statement_in_the_order_in_which_they_are_asked(
    cast: Cast,
) -> None:
    promotion(cast, {"kind": "percent", "percent": "1"}, priority=200)
    promotion(cast, {"kind": "percent", "percent": "2"}, priority=1)
    with CaptureQueriesContext(connection) as statements:
        assert said(cast)["drill"] == ["2 % off", "1 % off"]
    assert len(statements) == 1


def test_in_german_day_and_words_are_german(cast: Cast) -> None:
    Promotion.objects.filter(pk=promotion(cast).pk).update(valid_until=datetime(2026, 12, 1, tzinfo=UTC))
    with translation.override("de"):
        assert said(cast)["drill"] == ["10 % Rabatt bis 1. Dezember"]
