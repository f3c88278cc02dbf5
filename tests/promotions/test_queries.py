from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kontor.catalog.models import Category, Product
from kontor.companies.models import CustomerGroup
from kontor.promotions.models import Promotion
from kontor.promotions.operations import PromotionFacts, save_promotion
from kontor.promotions.overview import promotions_of, shown
from kontor.promotions.queries import Judged, judge
from tests.cast import Cast, actor
from tests.promotions.baskets import basket, code, line, promotion

pytestmark = pytest.mark.django_db


def _total(judged: Judged) -> Decimal:
    return sum((one.amount for one in judged.granted), Decimal(0))


def test_without_promotions_one_statement_says_so(cast: Cast) -> None:
    wanted = basket(cast, line(cast.products["drill"].pk, 1, "90.00"), codes=["nothing"])
    with CaptureQueriesContext(connection) as statements:
        found = judge(wanted)
    assert len(statements) == 1
    assert not found.promotion_ids
    assert found.refused == {
        "nothing": "We do not know this code, or it is not for you. Check how it is written."
    }


def test_goods_are_known_by_article_model_brand_and_category_with_all_below(cast: Cast) -> None:
    tools = Category.objects.create(name="Tools", slug="tools", path="tools-x")
    drills = Category.objects.create(name="Drills", slug="drills", path="tools-x/drills", parent=tools)
    near = Category.objects.create(name="Near", slug="near", path="tools-xy")
    drill = cast.products["drill"]
    Product.objects.filter(pk=drill.pk).update(category=drills, brand="Makita")
    wanted = basket(cast, line(drill.pk, 1, "90.00"), line(cast.products["bolt"].pk, 10, "1.00"))

    def off(**goods: Any) -> Decimal:
        one = promotion(cast, conditions={"goods": goods})
        found = _total(judge(wanted))
        one.delete()
        return found

    assert off(products=[drill.pk]) == Decimal("9.00")
    assert off(brands=["Makita"]) == Decimal("9.00")
    assert off(categories=[tools.pk]) == off(categories=[drills.pk]) == Decimal("9.00")
    assert off(categories=[near.pk]) == Decimal(0)
    assert off() == Decimal("10.00")


@pytest.mark.covers("R4.18")
def test_who_buys_when_and_how_decides(cast: Cast) -> None:
    group = CustomerGroup.objects.create(seller=cast.companies["hansa"], name="Trade")
    cast.accounts["acme"].group = group
    cast.accounts["acme"].save()
    drill = line(cast.products["drill"].pk, 1, "90.00")
    # 23 November 2026 is a Monday; Hansa is in Berlin, an hour ahead.
    monday = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)

    def off(who: str = "ana", conditions: dict[str, Any] | None = None, **facts: Any) -> Decimal:
        one = promotion(cast, conditions=conditions or {})
        found = _total(judge(basket(cast, drill, who=who, **({"at": monday} | facts))))
        one.delete()
        return found

    ten, nothing = Decimal("9.00"), Decimal(0)
    acme = cast.companies["acme"].pk
    assert off(conditions={"groups": [group.pk]}) == off(conditions={"companies": [acme]}) == ten
    assert off("gil", {"groups": [group.pk]}) == off("gil", {"companies": [acme]}) == nothing
    assert off(conditions={"channels": ["api"]}) == nothing
    assert off(conditions={"channels": ["api"]}, channel="api") == ten
    morning = {"weekdays": [0], "from_time": "09:30", "until_time": "10:00"}
    assert off(conditions=morning) == ten
    assert off(conditions=morning, at=datetime(2026, 11, 23, 8, 29, tzinfo=UTC)) == nothing
    assert off(conditions=morning, at=datetime(2026, 11, 24, 8, 30, tzinfo=UTC)) == nothing
    assert off(conditions={"min_value": "90.00"}) == ten
    assert off(currency="USD") == nothing


def test_only_list_prices_are_lowered_and_a_code_opens_its_promotion_only(cast: Cast) -> None:
    spring = promotion(cast, needs_code=True)
    code(spring, "SPRING")
    drill, bolt = cast.products["drill"].pk, cast.products["bolt"].pk
    lines = [line(drill, 1, "90.00", price_source="manual"), line(bolt, 10, "1.00")]

    assert judge(basket(cast, *lines)).granted == []
    given = judge(basket(cast, *lines, codes=["spring"]))
    assert [(one.line, one.amount) for one in given.granted] == [(1, Decimal("1.00"))]


def test_what_is_nearly_reached_is_told(cast: Cast) -> None:
    promotion(cast, {"kind": "free_freight"}, name="Free freight", conditions={"min_value": "500.00"})
    missed = judge(basket(cast, line(cast.products["drill"].pk, 1, "90.00"))).missed
    assert list(missed) == ["Free freight: order for 410.00 EUR more."]


def test_gifts_and_free_freight_come_with_the_promotion_that_gives_them(cast: Cast) -> None:
    bolt = cast.products["bolt"].pk
    gift = {"kind": "gift", "product_id": bolt, "quantity": "50", "every": "2"}
    spring = promotion(cast, gift, {"kind": "free_freight"}, names={"de": "Frühling"})
    with translation.override("de"):
        found = judge(basket(cast, line(cast.products["drill"].pk, 5, "90.00")))
    assert [(one.name, one.product_id, one.base_quantity) for one in found.gifts] == [
        ("Frühling", bolt, Decimal(100))
    ]
    assert (found.free_freight, found.promotion_ids) == (spring.pk, [spring.pk])


def test_statements_do_not_grow_with_lines_or_promotions(cast: Cast) -> None:
    brands = {"goods": {"brands": ["Makita"]}}

    def statements(lines: int) -> int:
        wanted = basket(cast, *[line(cast.products["drill"].pk, 1, "90.00")] * lines)
        with CaptureQueriesContext(connection) as seen:
            judge(wanted)
        return len(seen)

    promotion(cast, conditions=brands)
    few = statements(1)
    for _one in range(5):
        promotion(cast, conditions=brands)
    assert (few, statements(300)) == (3, 3)


def test_a_promotion_reads_back_in_plain_words(cast: Cast) -> None:
    sal = actor(cast.people["sal"])
    save_promotion(
        actor=sal,
        facts=PromotionFacts(
            name="Spring",
            currency="EUR",
            effects=[{"kind": "percent", "percent": "12.50"}, {"kind": "free_freight"}],
            conditions={
                "goods": {"brands": ["Makita"], "products": [cast.products["drill"].pk]},
                "companies": [cast.companies["acme"].pk],
                "min_value": "1500",
                "first_order": True,
                "weekdays": [0, 4],
            },
            needs_code=True,
            limit_total=100,
            stacking="alone",
        ),
    )
    (one,) = shown(sal, promotions_of(sal), datetime(2026, 11, 23, tzinfo=UTC))
    assert one.state == "stopped"
    assert one.text == (
        "12.5 % off goods of Makita, DRILL-18V. Free freight. For Acme GmbH. On a first order. "
        "On orders from 1,500.00 EUR on. On Mondays, Fridays. With a code. 100 times in all. Once per company. "
        "Not together with other promotions."
    )


@pytest.mark.covers("R4.18")
def test_a_code_for_others_is_as_unknown_as_one_that_nobody_made_and_asks_the_database_no_more(
    cast: Cast,
) -> None:
    group = CustomerGroup.objects.create(seller=cast.companies["hansa"], name="Trade")
    code(promotion(cast, needs_code=True, conditions={"companies": [cast.companies["globex"].pk]}), "GLOBEX")
    code(promotion(cast, needs_code=True, conditions={"groups": [group.pk]}), "TRADE")
    code(promotion(cast, needs_code=True, is_active=False), "DRAFT")
    drill = line(cast.products["drill"].pk, 1, "90.00")

    seen = set()
    for typed in ("globex", "trade", "draft", "nothing"):
        with CaptureQueriesContext(connection) as statements:
            found = judge(basket(cast, drill, codes=[typed]))
        seen.add((len(statements), found.refused[typed], tuple(found.granted)))

    assert seen == {(1, "We do not know this code, or it is not for you. Check how it is written.", ())}
    assert judge(basket(cast, drill, who="gil", codes=["globex"])).refused == {}


@pytest.mark.covers("R4.18")
def test_a_budget_counts_gifts_at_the_price_of_this_customer(cast: Cast) -> None:
    bolt = cast.products["bolt"]
    gift = {"kind": "gift", "product_id": bolt.pk, "quantity": "50"}
    spring = promotion(cast, gift, {"kind": "percent", "percent": "10"}, budget=Decimal("15.25"))
    wanted = basket(cast, line(cast.products["drill"].pk, 1, "90.00"))

    found = judge(wanted)
    assert ([one.worth for one in found.gifts], found.worth) == (
        [Decimal("6.25")],
        {spring.pk: Decimal("15.25")},
    )
    Promotion.objects.filter(pk=spring.pk).update(budget=Decimal("15.24"))
    assert judge(wanted).worth == {}


def test_freight_that_is_waived_counts_towards_the_budget_of_who_waives_it(cast: Cast) -> None:
    spring = promotion(cast, {"kind": "free_freight"}, budget=Decimal("6.90"))
    found = judge(basket(cast, line(cast.products["drill"].pk, 1, "90.00")))
    assert found.with_freight(Decimal("6.91")) is None
    counted = found.with_freight(Decimal("6.90"))
    assert counted is not None
    assert counted.worth == {spring.pk: Decimal("6.90")}
