"""No door takes a price from a buyer: whatever amounts are sent beside the goods, carts and orders cost what lists say."""

from decimal import Decimal

import pytest
from django.urls import reverse

from kontor.carts.models import Cart
from kontor.carts.operations import add_lines
from kontor.catalog.models import Product
from kontor.companies.models import Company, Membership
from kontor.orders.intake import OrderDetails
from kontor.orders.models import Order
from kontor.orders.operations import place_order
from kontor.search.operations import rebuild_all
from tests.api.conftest import by_key
from tests.orders.trade import cart_of
from tests.storefront.trade_pages import browser_of, offered

pytestmark = pytest.mark.django_db
AMOUNTS = dict.fromkeys(
    (
        "price",
        "unit_price",
        "amount",
        "net",
        "net_total",
        "gross_total",
        "allowance",
        "discount",
        "price_base",
        "currency",
        "price_list_id",
        "tax_rate",
    ),
    "0.01",
)


@pytest.mark.covers("R0.5")
def test_pages_read_no_amounts(ana: Membership, drill: Product) -> None:
    browser, cart = browser_of(ana), cart_of(ana.company, (drill, 2))
    line = cart.lines.get()
    typed = {f"lines/{line.pk}/{name}": value for name, value in AMOUNTS.items()}
    typed |= {
        "line": str(line.pk),
        f"lines/{line.pk}/revision": str(line.revision),
        f"lines/{line.pk}/quantity": "3",
    }
    browser.post(reverse("storefront:cart_detail", args=[cart.pk]), typed | AMOUNTS)
    browser.post(reverse("storefront:cart_coupon", args=[cart.pk]), AMOUNTS | {"code": "-100%"})
    browser.post(
        reverse("storefront:cart_add"), AMOUNTS | {"product": drill.pk, "quantity": "1", "unit": "C62"}
    )
    browser.post(reverse("storefront:checkout", args=[cart.pk]), AMOUNTS | {"pay_by": "terms"})

    assert Order.objects.get(cart=cart).net_total == Decimal("267.00")


@pytest.mark.covers("R0.5")
@pytest.mark.parametrize("name", AMOUNTS)
def test_the_api_refuses_amounts_where_none_belong(ana: Membership, drill: Product, name: str) -> None:
    caller = by_key(ana)
    cart = caller.post("carts", {}).json()["id"]
    line = {"sku": drill.sku, "quantity": "1"}
    assert caller.post(f"carts/{cart}/lines", line | {name: "0.01"}).status_code == 422
    assert caller.post(f"carts/{cart}/lines", line).status_code == 201
    assert caller.post("orders", {"cart_id": cart, name: "0.01"}).status_code == 422
    assert caller.post(f"carts/{cart}/coupons", {"code": "X", name: "0.01"}).status_code == 422
    answer = caller.post("orders", {"cart_id": cart})
    assert (answer.status_code, answer.json()["net_total"]) == (201, "89.00")


def test_a_buyer_enters_no_order_at_prices_of_its_own(ana: Membership, acme_account, drill: Product) -> None:
    lines = [{"product_id": drill.pk, "quantity": "1", "unit_price": "0.01"}]
    answer = by_key(ana).post("orders/entered", {"account_id": acme_account.pk, "lines": lines})

    assert answer.status_code in (403, 404)
    assert not Order.objects.exists()


def test_a_price_in_pasted_lines_is_a_note(ana: Membership, acme: Company, drill: Product) -> None:
    rebuild_all()
    cart = Cart.objects.create(buyer=acme, seller=drill.seller, is_current=False)
    add_lines(
        actor=ana.as_actor("page"), cart=cart, text_or_rows="sku;quantity;unit;price\nDRILL-18V;1;C62;0.01"
    )

    order = place_order(actor=ana.as_actor("page"), cart=cart, details=OrderDetails())
    assert order.net_total == Decimal("89.00")


@pytest.mark.parametrize("name", [*AMOUNTS, "lines"])
def test_an_accepted_offer_binds_as_it_was_read(
    ana: Membership, sal: Membership, drill: Product, name: str
) -> None:
    offer = offered(ana, sal, [(drill, 1)], "80.00")
    address = f"quotes/{offer.request_id}/offers/{offer.version}/accept"
    body = {"content_hash": offer.content_hash}
    assert by_key(ana).post(address, body | {name: "0.01"}).status_code == 422
    form = body | {"pay_by": "terms", name: "0.01", f"lines/1/{name}": "0.01"}
    browser_of(ana).post(reverse("storefront:offer_accept", args=[offer.request_id, offer.version]), form)
    assert Order.objects.get().net_total == Decimal("80.00")
