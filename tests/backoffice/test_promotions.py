"""Promotions in the back office: typed, read back, started and stopped, codes, and a basket tried."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kontor.carts.models import CartCoupon
from kontor.companies.models import CustomerGroup, Membership
from kontor.kernel.actors import system_actor
from kontor.pricing.operations import CostRow, set_costs
from kontor.promotions.models import CodeBatch, Coupon, Promotion
from kontor.promotions.operations import use_promotions
from kontor.promotions.queries import judge
from tests.backoffice.test_warehouse import html_of, signed_in
from tests.cast import Cast
from tests.orders.trade import cart_of
from tests.promotions.baskets import basket, code, line, promotion
from tests.traces import unchanged

LIST, NEW, TRIAL = "backoffice:promotions", "backoffice:promotion_new", "backoffice:promotion_trial"
TYPED = {
    "name": "Spring", "names/de": "Frühling", "kind": "percent", "percent": "12.5", "currency": "EUR",
    "priority": "100", "stacking": "with_others",
}  # fmt: skip


@pytest.fixture
def sales(sal: Membership) -> Client:
    return signed_in(sal)


def saved(client: Client, **typed: Any) -> Promotion:
    answer = client.post(reverse(NEW), TYPED | typed)
    assert answer.status_code == 303, answer.content.decode()
    return Promotion.objects.latest("id")


@pytest.mark.covers("R4.18")
def test_what_was_typed_is_saved_read_back_and_shown_again(sales: Client, cast: Cast) -> None:
    group = CustomerGroup.objects.create(seller=cast.companies["hansa"], name="Trade")
    one = saved(
        sales, skus="DRILL-18V", brands="Makita", companies="10001", groups=[group.pk], min_value="1,500.00",
        weekdays=["0", "4"], from_time="08:00", until_time="10:00", frees_freight="on", limit_total="100",
        budget="2000", valid_from="2026-03-01T08:30", note="Fair",
    )  # fmt: skip

    assert one.effects == [{"kind": "percent", "percent": "12.5"}, {"kind": "free_freight"}]
    assert one.conditions["companies"] == [cast.companies["acme"].pk]
    assert (one.names, one.is_active, one.budget) == ({"de": "Frühling"}, False, Decimal(2000))
    html = html_of(sales, reverse("backoffice:promotion", args=[one.pk]))
    assert "12.5 % off goods of Makita, DRILL-18V. Free freight. For Acme GmbH." in html
    assert 'value="2026-03-01T08:30"' in html
    assert "10001</textarea>" in html
    assert "Stopped" in html_of(sales, reverse(LIST))


@pytest.mark.parametrize(
    ("kind", "typed", "effect"),
    [
        ("amount", {"amount": "5", "per": "line"}, {"kind": "amount", "amount": "5", "per": "line"}),
        ("fixed_price", {"price": "4.5", "price_base": "10"}, {"amount": "4.5", "price_base": "10"}),
        ("cheapest_free", {"take": "3", "pay": "2"}, {"take": 3, "pay": 2}),
        ("tiered", {"by": "quantity", "tiers": "10 5\n50 8"}, {"by": "quantity"}),
        (
            "gift",
            {"gift_sku": "BOLT-M8", "gift_quantity": "50", "every": "2"},
            {"quantity": "50", "every": "2"},
        ),
        ("bundle", {"parts": "DRILL-18V 1\nBOLT-M8 100", "bundle_amount": "99"}, {"amount": "99"}),
        ("free_freight", {}, {"kind": "free_freight"}),
    ],
)
def test_each_kind_is_typed_saved_and_saved_again_as_it_is_shown(
    sales: Client, kind: str, typed: dict[str, str], effect: dict[str, Any]
) -> None:
    one = saved(sales, kind=kind, **typed)
    assert effect.items() <= one.effects[0].items()

    html = html_of(sales, reverse("backoffice:promotion", args=[one.pk]))
    assert f'<option value="{kind}" selected>' in html
    for text in typed.values():
        assert text in html.replace("&#39;", "'")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("percent", {"percent": "dear"}),
        ("percent", {"percent": "101"}),
        ("name", {"name": ""}),
        ("skus", {"skus": "NOTHING"}),
        ("companies", {"companies": "99999"}),
        ("valid_until", {"valid_from": "2026-03-02T00:00", "valid_until": "2026-03-01T00:00"}),
        ("tiers", {"kind": "tiered", "by": "quantity", "tiers": "10"}),
        ("gift_sku", {"kind": "gift", "gift_sku": ""}),
        ("bundle_amount", {"kind": "bundle", "parts": "BOLT-M8 1", "bundle_amount": ""}),
        ("from_time", {"from_time": "10:00"}),
        ("limit_total", {"limit_total": "1.5"}),
        ("currency", {"currency": "", "min_value": "5"}),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_field_and_nothing_is_saved(
    sales: Client, field: str, typed: dict[str, str]
) -> None:
    with unchanged():
        answer = sales.post(reverse(NEW), TYPED | typed)
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.content.decode()


def test_a_form_that_says_nothing_is_shown_again(sales: Client) -> None:
    with unchanged():
        assert sales.post(reverse(NEW), {}).status_code == 422


def test_it_is_started_stopped_copied_and_deleted(sales: Client) -> None:
    one = saved(sales)
    state = reverse("backoffice:promotion_state", args=[one.pk])
    assert sales.post(state, {"is_active": "1"}).status_code == 303
    assert Promotion.objects.get().is_active
    assert sales.post(state).status_code == 303
    assert not Promotion.objects.get().is_active
    assert 'value="Copy of Spring"' in html_of(sales, reverse(NEW) + f"?from={one.pk}")
    assert sales.post(reverse("backoffice:promotion_delete", args=[one.pk])).status_code == 303
    assert not Promotion.objects.exists()


def test_codes_are_made_taken_out_as_a_file_and_stopped(sales: Client) -> None:
    one = saved(sales, needs_code="on")
    codes = reverse("backoffice:promotion_codes", args=[one.pk])
    assert (
        sales.post(codes, {"batch": "Fair", "count": "30", "prefix": "FAIR", "uses_limit": "1"}).status_code
        == 303
    )
    assert sales.post(codes, {"code": "Welcome", "count": "1", "uses_limit": ""}).status_code == 303
    fair, welcome = CodeBatch.objects.order_by("id")
    answer = sales.get(reverse("backoffice:batch_csv", args=[fair.pk]))
    rows = b"".join(answer).decode("utf-8-sig").splitlines()
    assert len(rows) == 31
    assert rows[1].startswith('"FAIR-')
    assert Coupon.objects.get(batch=welcome).uses_limit is None
    assert sales.post(codes, {"code": "WELCOME", "count": "1"}).status_code == 422
    assert "0 uses of 30 codes" in html_of(sales, reverse("backoffice:promotion", args=[one.pk]))
    assert sales.post(reverse("backoffice:batch_stop", args=[fair.pk])).status_code == 303
    assert CodeBatch.objects.get(pk=fair.pk).stopped_at is not None


@pytest.mark.covers("R4.18")
def test_a_basket_is_tried_before_and_after_with_reasons_and_uses_nothing(sales: Client, cast: Cast) -> None:
    spring = promotion(cast, name="Spring")
    promotion(cast, name="Winter", is_active=False)
    promotion(cast, name="Bulk", conditions={"min_value": "1000"})
    with unchanged():
        html = html_of(sales, reverse(TRIAL) + "?customer=10001&lines=DRILL-18V+2%0ANOTHING+1&codes=X")
    for text in (
        "It is stopped.",
        "The order is 822.00 EUR too small for it.",
        "We do not know this code, or it is not for you.",
    ):
        assert text in html
    assert "You have no such article." in html
    assert "17.80" in html
    as_if = html_of(sales, reverse(TRIAL) + f"?customer=Acme GmbH&lines=DRILL-18V+1&promotion={spring.pk}")
    assert "Counts." in as_if
    assert "An article is not lowered below its lowest price." not in as_if


def test_a_trial_says_that_a_lowest_price_cut_what_a_promotion_gives(sales: Client, cast: Cast) -> None:
    promotion(cast)
    rows = [CostRow(cast.products["drill"].pk, date(2026, 1, 1), Decimal(60), Decimal(85))]
    set_costs(actor=system_actor("costs"), seller=cast.companies["hansa"], rows=rows)
    html = html_of(sales, reverse(TRIAL) + "?customer=10001&lines=DRILL-18V+1")
    assert "€4.00" in html
    assert "Counts. An article is not lowered below its lowest price." in html


def test_uses_and_what_they_gave_are_in_the_list(sales: Client, cast: Cast) -> None:
    promotion(cast, limit_total=9)
    wanted = basket(cast, line(cast.products["drill"].pk, 1, "90.00"))
    use_promotions(order_id=71, basket=wanted, judged=judge(wanted))
    html = html_of(sales, reverse(LIST) + "?state=running")
    assert "1 of 9" in html
    assert "9.00" in html
    assert "No promotion fits." in html_of(sales, reverse(LIST) + "?q=winter")


def test_an_open_cart_is_tried_by_who_fills_carts_for_customers(sales: Client, cast: Cast) -> None:
    code(promotion(cast, needs_code=True), "SPRING")
    acme, globex = (cart_of(cast.companies[one], (cast.products["drill"], 2)) for one in ("acme", "globex"))
    CartCoupon.objects.create(cart=acme, code="spring", key="SPRING")
    with unchanged():
        html = html_of(sales, reverse(TRIAL) + "?customer=10001")
        assert f"customer=10001&amp;cart={acme.pk}" in html
        assert f"cart={globex.pk}" not in html
        html = html_of(sales, reverse(TRIAL) + f"?customer=10001&cart={acme.pk}")
        # Two at 89.00, 10 % off each line
        for text in ("DRILL-18V", "178.00", "17.80", "160.20"):
            assert text in html
        foreign = sales.get(reverse(TRIAL) + f"?customer=10001&cart={globex.pk}").content.decode()
    assert "This customer has no such cart." in foreign
    assert "178.00" not in foreign
