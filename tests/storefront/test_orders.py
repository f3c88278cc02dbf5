"""Orders as the buyer follows them."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from kontor.carts.models import CartLine
from kontor.catalog.models import Product
from kontor.companies.models import Membership
from kontor.fulfilment.models import Return, Shipment
from kontor.invoicing.models import Invoice
from kontor.invoicing.operations import issue_invoice
from kontor.messaging.models import Message
from kontor.orders.models import Order, OrderLine
from tests.orders.trade import SYSTEM, confirmed, placed, shipped
from tests.storefront.trade_pages import browser_of, sent, shown


def _body(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def test_the_list_is_found_by_number_article_and_state(
    ana: Membership, bolt: Product, drill: Product
) -> None:
    first = placed(ana, (bolt, 100), po_number="4500017")
    second = confirmed(ana, (drill, 1))
    browser, url = browser_of(ana), reverse("storefront:orders")

    both = shown(browser, url)
    assert first.number in both
    assert second.number in both
    for query, found, hidden in (
        ("q=4500017", first, second),
        ("q=DRILL-18V", second, first),
        ("status=confirmed", second, first),
        ("status=running&q=BOLT", first, second),
    ):
        html = shown(browser, f"{url}?{query}")
        assert found.number in html
        assert hidden.number not in html
    assert "No order fits." in shown(browser, f"{url}?from=2001-01-01&until=2001-12-31")


def test_the_list_goes_on_page_by_page(
    ana: Membership, bolt: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [placed(ana, (bolt, 1)).number for _n in range(3)]
    monkeypatch.setattr("kontor.web.lists.page_of.__kwdefaults__", {"size": 2, "total": None})
    browser, url = browser_of(ana), reverse("storefront:orders")

    first = shown(browser, url)
    onward = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = shown(browser, onward)

    assert [number in first for number in numbers] == [False, True, True]
    assert [number in second for number in numbers] == [True, False, False]


def test_the_file_has_the_filtered_orders_and_their_lines(
    ana: Membership, bolt: Product, drill: Product
) -> None:
    order = placed(ana, (bolt, 1000), po_number="=1+1")
    placed(ana, (drill, 1))
    browser, url = browser_of(ana), reverse("storefront:orders_csv")

    orders = _body(browser.get(url, {"q": order.number}))
    lines = _body(browser.get(url, {"lines": "1"}))

    assert orders.splitlines()[1].startswith(f'"{order.number}","\'=1+1"')
    assert ",110.00,20.90,130.90," in orders
    assert len(orders.splitlines()) == 2
    assert '"BOLT-M8"' in lines
    assert '"DRILL-18V"' in lines


def test_the_page_shows_lines_parcels_papers_and_what_happened(ana: Membership, bolt: Product) -> None:
    shipment = shipped(ana, (bolt, 100), po_number="4500017")
    Shipment.objects.filter(pk=shipment.pk).update(
        carrier="DHL", tracking_number="0034", tracking_url="https://track.example/0034"
    )
    invoice = issue_invoice(actor=SYSTEM, shipment=shipment)
    browser = browser_of(ana)

    html = shown(browser, reverse("storefront:order", args=[shipment.order_id]))

    for part in (
        "4500017",
        "Hex bolt M8 x 40",
        shipment.number,
        'href="https://track.example/0034"',
        invoice.number,
    ):
        assert part in html
    for name, number in (
        ("order_confirmation_pdf", shipment.order_id),
        ("delivery_note_pdf", shipment.pk),
        ("invoice_pdf", invoice.pk),
    ):
        paper = browser.get(reverse(f"storefront:{name}", args=[number]))
        assert paper.content.startswith(b"%PDF-")
        assert paper.headers["Cache-Control"] == "private, no-store"


def test_a_tracking_address_that_is_no_web_page_is_no_link(ana: Membership, bolt: Product) -> None:
    shipment = shipped(ana, (bolt, 100))
    Shipment.objects.filter(pk=shipment.pk).update(tracking_number="0034", tracking_url="javascript:alert(1)")

    assert "javascript:" not in shown(browser_of(ana), reverse("storefront:order", args=[shipment.order_id]))


def test_a_question_is_asked_and_stands_in_the_history(
    ana: Membership, sal: Membership, bolt: Product
) -> None:
    order = placed(ana, (bolt, 100))
    browser = browser_of(ana)

    empty = browser.post(reverse("storefront:order_message", args=[order.pk]), {"body": "  "})
    assert empty.status_code == 422
    browser.post(reverse("storefront:order_message", args=[order.pk]), {"body": "When will it come?"})

    assert Message.objects.get().body == "When will it come?"
    assert "When will it come?" in shown(browser, reverse("storefront:order", args=[order.pk]))


def test_an_order_is_cancelled_until_the_seller_confirms(ana: Membership, bolt: Product) -> None:
    order, late = placed(ana, (bolt, 100)), confirmed(ana, (bolt, 100))
    browser = browser_of(ana)
    assert 'id="cancel"' in shown(browser, reverse("storefront:order", args=[order.pk]))
    assert 'id="cancel"' not in shown(browser, reverse("storefront:order", args=[late.pk]))

    done = sent(browser, reverse("storefront:order_cancel", args=[order.pk]), {"reason": "wrong size"})
    refused = browser.post(reverse("storefront:order_cancel", args=[late.pk]))

    assert "is cancelled" in done
    assert refused.status_code == 422
    assert [Order.objects.get(pk=one.pk).status for one in (order, late)] == ["cancelled", "confirmed"]


def test_an_order_is_ordered_again_in_the_same_units(ana: Membership, bolt: Product) -> None:
    order = placed(ana, (bolt, 2, "XBX"))

    html = sent(browser_of(ana), reverse("storefront:order_reorder", args=[order.pk]))

    line = CartLine.objects.get(cart__status="open")
    assert (line.quantity, line.unit) == (Decimal(2), "XBX")
    assert "1 line is in the cart." in html


def test_goods_are_announced_for_return_and_followed(ben: Membership, bolt: Product) -> None:
    shipment = shipped(ben, (bolt, 100))
    line = OrderLine.objects.get(order=shipment.order_id)
    url, browser = reverse("storefront:return_new", args=[shipment.order_id]), browser_of(ben)
    assert "Hex bolt M8 x 40" in shown(browser, url)
    key = f"lines/{line.pk}"

    too_many = browser.post(url, {f"{key}/quantity": "101", f"{key}/reason": "damaged"})
    no_number = browser.post(url, {f"{key}/quantity": "all", f"{key}/reason": "damaged"})
    nothing = browser.post(url, {f"{key}/quantity": "", f"{key}/reason": "damaged"})
    assert [one.status_code for one in (too_many, no_number, nothing)] == [422, 422, 422]
    assert "At most 100 can be returned." in too_many.content.decode()
    assert not Return.objects.exists()
    browser.post(
        url, {f"{key}/quantity": "40", f"{key}/reason": "damaged", f"{key}/note": "rust", "note": "Please"}
    )

    announced = Return.objects.get()
    html = shown(browser, reverse("storefront:return", args=[announced.pk]))
    assert "rust" in html
    assert announced.number in shown(browser, reverse("storefront:returns"))
    assert announced.number in shown(browser, reverse("storefront:order", args=[shipment.order_id]))
    assert "60" in shown(browser, url)


def test_a_rival_finds_nothing_of_it(ana: Membership, gil: Membership, bolt: Product) -> None:
    shipment = shipped(ana, (bolt, 100))
    invoice = issue_invoice(actor=SYSTEM, shipment=shipment)
    browser = browser_of(gil)

    for name, number in (
        ("order", shipment.order_id), ("order_confirmation_pdf", shipment.order_id), ("return_new", shipment.order_id),
        ("delivery_note_pdf", shipment.pk), ("invoice", invoice.pk), ("invoice_pdf", invoice.pk),
    ):  # fmt: skip
        assert browser.get(reverse(f"storefront:{name}", args=[number])).status_code == 404
    for name in ("order_cancel", "order_reorder", "order_message"):
        assert browser.post(reverse(f"storefront:{name}", args=[shipment.order_id])).status_code == 404
    assert shipment.order.number not in shown(browser, reverse("storefront:orders"))
    assert shipment.order.number not in _body(browser.get(reverse("storefront:orders_csv")))


def test_invoices_are_listed_shown_and_exported(ana: Membership, bolt: Product) -> None:
    invoice = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (bolt, 1000), po_number="4500017"))
    browser = browser_of(ana)

    assert invoice.number in shown(browser, reverse("storefront:invoices"))
    assert "130.90" in shown(browser, reverse("storefront:invoice", args=[invoice.pk]))
    row = _body(browser.get(reverse("storefront:invoices_csv"))).splitlines()[1]
    assert row.endswith('"4500017",110.00,20.90,130.90,"EUR"')
    assert "No invoice fits." in shown(browser, reverse("storefront:invoices") + "?kind=credit_note")
    assert Invoice.objects.count() == 1
