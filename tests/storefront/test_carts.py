"""The cart that colleagues share: add, change, two at once, paste, undo, and whose it is."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from kontor.carts.models import Cart, CartLine
from kontor.catalog.models import Product, SalesUnit
from kontor.companies.models import Company, Membership
from kontor.pricing.models import Price, PriceList
from kontor.search.operations import rebuild_all
from tests.orders.trade import cart_of
from tests.storefront.trade_pages import browser_of, sent, shown


def _undo(html: str, part: str) -> str:
    """Where the button of the toast leads."""
    return next(url for url in re.findall(r'action="([^"]+)"', html) if part in url)


def test_adding_twice_counts_twice(ana: Membership, bolt: Product) -> None:
    browser = browser_of(ana)
    form = {"product": bolt.pk, "quantity": "100", "unit": "C62"}

    browser.post(reverse("storefront:cart_add"), form)
    html = sent(browser, reverse("storefront:cart_add"), form)

    assert CartLine.objects.get().quantity == Decimal(200)
    assert "Hex bolt M8 x 40 is in the cart." in html


def test_htmx_gets_a_toast_and_stays_where_it_is(ana: Membership, bolt: Product) -> None:
    form = {"product": bolt.pk, "quantity": "1", "unit": "XBX"}

    answer = browser_of(ana).post(reverse("storefront:cart_add"), form, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert 'hx-swap-oob="innerHTML"' in answer.content.decode()


def test_a_wrong_quantity_is_refused_and_nothing_is_added(ana: Membership, bolt: Product) -> None:
    form = {"product": bolt.pk, "quantity": "many", "unit": "C62"}

    answer = browser_of(ana).post(reverse("storefront:cart_add"), form)

    assert answer.status_code == 422
    assert not CartLine.objects.exists()


def test_quantities_and_notes_change_together_and_the_page_says_so(
    ana: Membership, acme: Company, bolt: Product, drill: Product
) -> None:
    cart = cart_of(acme, (bolt, 100), (drill, 1))
    first, second = cart.lines.order_by("position")
    url = reverse("storefront:cart_detail", args=[cart.pk])
    form = {
        "line": [first.pk, second.pk],
        f"lines/{first.pk}/revision": first.revision, f"lines/{first.pk}/quantity": "1,250",
        f"lines/{first.pk}/note": "hall 2", f"lines/{second.pk}/revision": second.revision,
        f"lines/{second.pk}/quantity": "1", f"lines/{second.pk}/note": "",
    }  # fmt: skip

    html = sent(browser_of(ana), url, form)

    first.refresh_from_db()
    assert (first.quantity, first.note) == (Decimal(1250), "hall 2")
    assert "1 line changed." in html


def test_the_second_of_two_who_edit_a_line_sees_what_the_other_wrote(
    ana: Membership, ben: Membership, acme: Company, bolt: Product
) -> None:
    cart = cart_of(acme, (bolt, 100))
    line = cart.lines.get()
    url = reverse("storefront:cart_detail", args=[cart.pk])

    def form(quantity: str) -> dict[str, object]:
        return {
            "line": line.pk,
            f"lines/{line.pk}/revision": line.revision,
            f"lines/{line.pk}/quantity": quantity,
        }

    assert browser_of(ana).post(url, form("300")).status_code == 303
    late = browser_of(ben).post(url, form("500"))

    assert late.status_code in (409, 422)
    assert "300" in late.content.decode()
    assert CartLine.objects.get().quantity == Decimal(300)


def test_500_pasted_lines_are_taken_and_the_wrong_ones_named(
    ana: Membership, acme: Company, hansa: Company, cast: object
) -> None:
    products = Product.objects.bulk_create(
        Product(
            seller=hansa,
            sku=f"P-{n:04d}",
            name=f"Part {n}",
            slug=f"part-{n}",
            status="active",
            kind="service",
        )
        for n in range(498)
    )
    SalesUnit.objects.bulk_create(SalesUnit(product=one, unit=one.base_unit) for one in products)
    public = PriceList.objects.get(seller=hansa, code="public")
    Price.objects.bulk_create(
        Price(price_list=public, product=one, amount=1, price_base=1) for one in products
    )
    rebuild_all()
    cart = Cart.objects.create(buyer=acme, seller=hansa)
    text = "\n".join([*(f"P-{n:04d}\t{n + 1}" for n in range(498)), "UNKNOWN-1 5", "P-0001 five"])

    answer = browser_of(ana).post(reverse("storefront:cart_paste", args=[cart.pk]), {"lines": text})

    html = answer.content.decode()
    assert answer.status_code == 200
    assert cart.lines.count() == 498
    assert "498 of 500 lines are in the cart." in html
    assert "UNKNOWN-1 5" in html
    assert html.count("Not taken") == 2


def test_a_removed_line_comes_back_from_the_toast(ana: Membership, acme: Company, bolt: Product) -> None:
    cart = cart_of(acme, (bolt, 100))
    line = cart.lines.get()
    browser = browser_of(ana)

    html = sent(
        browser, reverse("storefront:cart_line_remove", args=[cart.pk, line.pk]), {"revision": line.revision}
    )
    assert not cart.lines.exists()
    browser.post(_undo(html, "/restore/"))

    assert cart.lines.get().quantity == Decimal(100)


def test_an_emptied_cart_comes_back(ana: Membership, acme: Company, bolt: Product) -> None:
    cart = cart_of(acme, (bolt, 100))
    browser = browser_of(ana)

    html = sent(browser, reverse("storefront:cart_clear", args=[cart.pk]))
    assert not cart.lines.exists()
    browser.post(_undo(html, "/unclear/"))

    assert cart.lines.get().quantity == Decimal(100)


def test_a_rival_finds_no_such_cart(gil: Membership, acme: Company, bolt: Product) -> None:
    cart = cart_of(acme, (bolt, 100))
    line = cart.lines.get()
    browser = browser_of(gil)

    for name, args in (("cart_detail", [cart.pk]), ("checkout", [cart.pk]), ("request_quote", [cart.pk])):
        assert browser.get(reverse(f"storefront:{name}", args=args)).status_code == 404
    removed = browser.post(reverse("storefront:cart_line_remove", args=[cart.pk, line.pk]), {"revision": 1})
    assert removed.status_code == 404
    assert cart.lines.count() == 1


def test_a_viewer_reads_the_cart_but_has_no_fields(cy: Membership, acme: Company, bolt: Product) -> None:
    cart = cart_of(acme, (bolt, 100))

    html = shown(browser_of(cy), reverse("storefront:cart_detail", args=[cart.pk]))

    assert "Hex bolt M8 x 40" in html
    assert f'name="lines/{cart.lines.get().pk}/quantity"' not in html
    assert reverse("storefront:checkout", args=[cart.pk]) not in html


@pytest.mark.parametrize("query", ["", "?paste=1", "?rename=1"])
def test_the_cart_page_is_sound_in_each_form(
    ana: Membership, acme: Company, bolt: Product, query: str
) -> None:
    cart = cart_of(acme, (bolt, 100))

    html = shown(browser_of(ana), reverse("storefront:cart_detail", args=[cart.pk]) + query)

    assert html.count('name="lines"') == (0 if query == "?rename=1" else 1)


def test_carts_are_named_put_aside_and_thrown_away(ana: Membership, acme: Company, bolt: Product) -> None:
    browser = browser_of(ana)
    assert "Your cart is empty" in shown(browser, reverse("storefront:cart"))

    browser.post(reverse("storefront:cart_new"), {"name": "Site 7"})
    cart = Cart.objects.get()
    browser.post(reverse("storefront:cart_rename", args=[cart.pk]), {"name": "Site 8"})
    assert "Site 8" in shown(browser, reverse("storefront:carts"))
    browser.post(reverse("storefront:cart_discard", args=[cart.pk]))
    assert "Site 8" not in shown(browser, reverse("storefront:carts"))
    browser.post(reverse("storefront:cart_recall", args=[cart.pk]))
    browser.post(reverse("storefront:cart_current", args=[cart.pk]))

    assert browser.get(reverse("storefront:cart")).headers["Location"].endswith(f"/carts/{cart.pk}/")
