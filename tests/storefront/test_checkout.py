"""From the cart to the order, or to a request."""

from decimal import Decimal

from django.urls import reverse

from kontor.carts.models import Cart
from kontor.catalog.models import Product
from kontor.charges.models import Step, Tariff
from kontor.companies.models import Address, Company, Membership
from kontor.orders.models import Order
from kontor.quotes.models import QuoteRequest
from tests.cast import Cast
from tests.orders.test_adding_up import charge
from tests.orders.trade import cart_of, stock_of
from tests.storefront.trade_pages import browser_of, offered, sent, shown
from tests.traces import unchanged


def _form(address: Address, **more: str) -> dict[str, object]:
    return {"delivery_address_id": address.pk, "po_number": "4500017", "pay_by": "terms"} | more


def test_the_order_page_shows_what_it_comes_to_and_posting_places_it(
    ana: Membership, cast: Cast, acme: Company, bolt: Product
) -> None:
    cart = cart_of(acme, (bolt, 1000))
    url = reverse("storefront:checkout", args=[cart.pk])
    browser = browser_of(ana)

    html = shown(browser, url)
    assert "110.00" in html
    assert "20.90" in html
    assert "130.90" in html
    done = sent(browser, url, _form(cast.addresses["acme_plant"]))

    order = Order.objects.get()
    assert order.status == Order.Status.PLACED
    assert (order.po_number, order.delivery_address["city"]) == ("4500017", "Hamburg")
    assert f"Order {order.number} is placed." in done


def test_totals_follow_the_address_with_charges_and_tax_without_placing_anything(
    ana: Membership, cast: Cast, acme: Company, hansa: Company, drill: Product
) -> None:
    freight = charge(hansa, "freight", "6.90")
    abroad = Tariff.objects.create(rule=freight, currency="EUR", countries=["AT"])
    Step.objects.create(tariff=abroad, start=0, amount=29)
    vienna = Address.objects.create(
        company=acme, recipient="Acme", street="Ring 1", city="Wien", country="AT"
    )
    cart = cart_of(acme, (drill, 2))
    url = reverse("storefront:checkout", args=[cart.pk])
    browser = browser_of(ana)

    before = shown(browser, url)
    with unchanged():
        chosen = browser.post(url, _form(vienna, do="update", note="ring twice")).content.decode()
    fragment = browser.post(url, _form(vienna, do="update"), headers={"HX-Request": "true"}).content.decode()

    assert '<noscript><p><button class="btn small" name="do" value="update" formnovalidate>' in before
    assert "6.90" in before
    assert "184.90" in before  # 178.00 and freight
    assert "29.00" in chosen
    assert "207.00" in chosen
    assert "4500017" in chosen
    assert "ring twice" in chosen
    assert "207.00" in fragment
    assert "<html" not in fragment
    sent(browser, url, _form(vienna))
    assert Order.objects.get().net_total == Decimal("207.00")
    assert f"{Order.objects.get().gross_total:.2f}" in chosen


def test_totals_of_an_offer_follow_the_address(
    ana: Membership, sal: Membership, cast: Cast, drill: Product
) -> None:
    offer = offered(ana, sal, [(drill, 2)], "80")
    url = reverse("storefront:offer_accept", args=[offer.request_id, offer.version])
    html = browser_of(ana).post(url, _form(cast.addresses["acme_plant"], do="update")).content.decode()

    assert f'value="{cast.addresses["acme_plant"].pk}" selected' in html
    assert not Order.objects.exists()


def test_an_order_above_the_limit_waits_for_approval_and_the_page_says_so_before(
    ana: Membership, cast: Cast, acme: Company, drill: Product
) -> None:
    cart = cart_of(acme, (drill, 6))
    url = reverse("storefront:checkout", args=[cart.pk])
    browser = browser_of(ana)

    assert "Send for approval" in shown(browser, url)
    done = sent(browser, url, _form(cast.addresses["acme"]))

    assert Order.objects.get().status == Order.Status.AWAITING_APPROVAL
    assert "waits for approval" in done


def test_wrong_details_are_told_at_their_fields_and_change_nothing(
    ana: Membership, cast: Cast, acme: Company, bolt: Product
) -> None:
    cart = cart_of(acme, (bolt, 100))

    answer = browser_of(ana).post(
        reverse("storefront:checkout", args=[cart.pk]),
        _form(cast.addresses["acme"], po_number="x" * 41, wished_date="2020-01-01"),
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="f-po_number-error"' in html
    assert 'id="f-wished_date-error"' in html
    assert not Order.objects.exists()
    assert stock_of(bolt) == (Decimal(5000), Decimal(0))


def test_a_used_order_number_asks_once_more(
    ana: Membership, cast: Cast, acme: Company, bolt: Product
) -> None:
    browser, address = browser_of(ana), cast.addresses["acme"]
    first, second = cart_of(acme, (bolt, 100)), cart_of(acme, (bolt, 100))
    browser.post(reverse("storefront:checkout", args=[first.pk]), _form(address))
    url = reverse("storefront:checkout", args=[second.pk])

    refused = browser.post(url, _form(address))
    assert refused.status_code == 422
    assert 'name="accept_duplicate_po"' in refused.content.decode()
    browser.post(url, _form(address, accept_duplicate_po="on"))

    assert Order.objects.count() == 2


def test_a_viewer_cannot_order(cy: Membership, acme: Company, bolt: Product) -> None:
    cart = cart_of(acme, (bolt, 100))

    assert browser_of(cy).get(reverse("storefront:checkout", args=[cart.pk])).status_code == 403


def test_a_cart_becomes_a_request_with_targets(ana: Membership, acme: Company, bolt: Product) -> None:
    cart = cart_of(acme, (bolt, 2000))
    line = cart.lines.get()
    url = reverse("storefront:request_quote", args=[cart.pk])
    browser = browser_of(ana)
    assert "11.00" in shown(browser, url)

    browser.post(url, {f"lines/{line.pk}/target_price": "9.80", "note": "Yearly 40,000"})

    request = QuoteRequest.objects.get()
    assert request.lines.get().target_price == Decimal("9.80")
    assert Cart.objects.get(pk=cart.pk).status == Cart.Status.REQUESTED


def test_a_target_that_is_no_price_is_told_at_its_field(
    ana: Membership, acme: Company, bolt: Product
) -> None:
    cart = cart_of(acme, (bolt, 2000))
    line = cart.lines.get()

    answer = browser_of(ana).post(
        reverse("storefront:request_quote", args=[cart.pk]), {f"lines/{line.pk}/target_price": "cheap"}
    )

    assert answer.status_code == 422
    assert 'value="cheap"' in answer.content.decode()
    assert not QuoteRequest.objects.exists()
