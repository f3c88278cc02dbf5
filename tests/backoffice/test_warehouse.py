"""From the pick list to the customer's door and back, as the warehouse clicks through it."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from kontor.carts.operations import add_to_cart, open_cart
from kontor.catalog.models import Product
from kontor.companies.models import Company, Membership
from kontor.fulfilment.models import PickList, Return, Shipment
from kontor.fulfilment.operations import ReturnedLine, release_to_warehouse, request_return
from kontor.inventory.models import ExpectedReceipt, StockItem, Warehouse
from kontor.invoicing.models import Invoice
from kontor.kernel import clock
from kontor.orders.intake import OrderDetails
from kontor.orders.models import Order
from kontor.orders.operations import confirm_order, place_order
from tests.cast import Cast, actor
from tests.traces import unchanged
from tests.web.markup import problems


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def html_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert problems(html) == []
    return html


@pytest.fixture
def order(
    dora: Membership, sal: Membership, hansa: Company, bolt: Product, drill: Product, cast: Cast
) -> Order:
    """Dora orders 200 bolts and 2 drills; Sal confirms."""
    buyer = actor(dora)
    cart = open_cart(actor=buyer, seller=hansa)
    add_to_cart(actor=buyer, cart=cart, product_id=bolt.pk, quantity=Decimal(200), unit="C62")
    add_to_cart(actor=buyer, cart=cart, product_id=drill.pk, quantity=Decimal(2), unit="C62")
    cart.refresh_from_db()
    details = OrderDetails(delivery_address_id=cast.addresses["acme_plant"].pk, po_number="4500")
    placed = place_order(actor=buyer, cart=cart, details=details)
    return confirm_order(actor=actor(sal), order=placed)


@pytest.fixture
def pick_list(order: Order, wim: Membership) -> PickList:
    (found,) = release_to_warehouse(actor=actor(wim), order=order)
    return found


@pytest.fixture
def shipment(pick_list: PickList, wim: Membership) -> Shipment:
    client = signed_in(wim)
    client.post(reverse("backoffice:pick_list", args=[pick_list.pk]), {"all": "1", **figures(pick_list)})
    client.post(reverse("backoffice:pack", args=[pick_list.pk]), {"packages": "2", "weight": "1.5"})
    return Shipment.objects.get()


def figures(pick_list: PickList) -> dict[str, str]:
    return {f"lines/{line.pk}/picked": str(line.quantity) for line in pick_list.lines.all()}


def test_a_list_shows_bins_articles_and_quantities_and_a_field_for_the_scanner(
    pick_list: PickList, wim: Membership
) -> None:
    client = signed_in(wim)
    assert pick_list.number in html_of(client, reverse("backoffice:picking"))

    html = html_of(client, reverse("backoffice:pick_list", args=[pick_list.pk]))

    for shown in ("BOLT-M8", "DRILL-18V", 'name="scan"', "data-codes="):
        assert shown in html


def test_a_scanned_number_ticks_its_line_also_without_scripts(pick_list: PickList, wim: Membership) -> None:
    address = reverse("backoffice:pick_list", args=[pick_list.pk])

    html = html_of(signed_in(wim), f"{address}?scan=bolt-m8")
    assert html.count(" checked") == 1

    assert "is not on this list" in html_of(signed_in(wim), f"{address}?scan=NUT-M8")


def test_a_list_stands_below_picking_and_the_demos_mailbox_at_the_foot(
    pick_list: PickList, wim: Membership
) -> None:
    html = html_of(signed_in(wim), reverse("backoffice:pick_list", args=[pick_list.pk]))

    room = reverse("backoffice:picking")
    assert re.search(rf'<a href="{room}"[^>]*aria-current="page"', html)
    assert reverse("storefront:mailbox") in html


def test_only_ticked_lines_are_picked(pick_list: PickList, wim: Membership) -> None:
    first = pick_list.lines.order_by("pk")[0]
    answer = signed_in(wim).post(
        reverse("backoffice:pick_list", args=[pick_list.pk]),
        {**figures(pick_list), f"lines/{first.pk}/found": "1", f"lines/{first.pk}/picked": "1"},
    )

    assert answer.status_code == 303
    assert list(pick_list.lines.order_by("pk").values_list("picked", flat=True)) == [1, 0]


def test_more_than_listed_is_refused_beside_its_line_and_nothing_changes(
    pick_list: PickList, wim: Membership
) -> None:
    line = pick_list.lines.first()
    assert line is not None
    data = {f"lines/{line.pk}/found": "1", f"lines/{line.pk}/picked": "999999"}

    client = signed_in(wim)
    with unchanged():
        answer = client.post(reverse("backoffice:pick_list", args=[pick_list.pk]), data)

    assert answer.status_code == 422
    assert "At most" in answer.content.decode()


def test_picked_packed_shipped_delivered_invoiced(
    shipment: Shipment, order: Order, wim: Membership, fin: Membership
) -> None:
    client = signed_in(wim)
    assert (shipment.packages, shipment.weight_grams) == (2, 1500)
    html_of(client, reverse("backoffice:shipment", args=[shipment.pk]))

    wrong = client.post(reverse("backoffice:ship", args=[shipment.pk]), {"tracking_url": "ftp://x"})
    assert wrong.status_code == 422

    client.post(reverse("backoffice:ship", args=[shipment.pk]), {"carrier": "DHL", "tracking_number": "JD1"})
    client.post(reverse("backoffice:deliver", args=[shipment.pk]), {"received_by": "Kim at the gate"})
    shipment.refresh_from_db()
    assert (shipment.status, shipment.carrier, shipment.received_by) == (
        "delivered",
        "DHL",
        "Kim at the gate",
    )

    books = signed_in(fin)
    assert shipment.number in html_of(books, reverse("backoffice:invoices_to_issue"))
    books.post(reverse("backoffice:invoices_issue"), {"selected": str(shipment.pk)})
    invoice = Invoice.objects.get()
    assert (invoice.order, invoice.net_total) == (order, Decimal("203.000"))
    assert invoice.number in html_of(books, reverse("backoffice:invoices"))
    html_of(books, reverse("backoffice:invoice", args=[invoice.pk]))
    lines = b"".join(books.get(reverse("backoffice:invoices_csv")).streaming_content).decode()
    assert invoice.number in lines


def test_papers_are_pdf(shipment: Shipment, pick_list: PickList, wim: Membership) -> None:
    client = signed_in(wim)
    for name, key in (("pick_list_pdf", pick_list.pk), ("delivery_note_pdf", shipment.pk)):
        answer = client.get(reverse(f"backoffice:{name}", args=[key]))
        assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_a_dropped_list_keeps_the_goods_for_the_order(pick_list: PickList, wim: Membership) -> None:
    signed_in(wim).post(reverse("backoffice:pick_cancel", args=[pick_list.pk]))

    pick_list.refresh_from_db()
    assert pick_list.status == PickList.Status.CANCELLED
    assert StockItem.objects.get(product__sku="BOLT-M8").reserved == 200


def test_a_return_is_accepted_received_and_credited(
    shipment: Shipment, order: Order, wim: Membership, fin: Membership, dora: Membership
) -> None:
    client, books = signed_in(wim), signed_in(fin)
    client.post(reverse("backoffice:ship", args=[shipment.pk]), {})
    books.post(reverse("backoffice:invoice_issue", args=[shipment.pk]))
    drills = order.lines.get(sku="DRILL-18V")
    back = ReturnedLine(order_line_id=drills.pk, quantity=Decimal(2), reason="damaged", note="")
    announced = request_return(actor=actor(dora), order=order, lines=[back], note="Housing cracked")
    assert announced.number in html_of(client, reverse("backoffice:returns"))
    page = reverse("backoffice:return", args=[announced.pk])
    assert "Housing cracked" in html_of(client, page)

    silent = client.post(reverse("backoffice:return_answer", args=[announced.pk]), {"decision": "decline"})
    assert silent.status_code == 422
    client.post(reverse("backoffice:return_answer", args=[announced.pk]), {"decision": "accept"})
    line = announced.lines.get()
    html_of(client, page)
    client.post(
        reverse("backoffice:return_receive", args=[announced.pk]),
        {f"lines/{line.pk}/received": "2", f"lines/{line.pk}/restocked": "1"},
    )
    books.post(reverse("backoffice:return_credit", args=[announced.pk]))

    line.refresh_from_db()
    assert (line.received, line.restocked) == (2, 1)
    assert Return.objects.get().status == Return.Status.CREDITED
    assert Invoice.objects.get(kind="credit_note").net_total == Decimal("178.000")


def test_a_rival_finds_none_of_it(
    pick_list: PickList, shipment: Shipment, lev: Membership, gil: Membership
) -> None:
    for name, key in (
        ("pick_list", pick_list.pk),
        ("shipment", shipment.pk),
        ("delivery_note_pdf", shipment.pk),
    ):
        assert signed_in(lev).get(reverse(f"backoffice:{name}", args=[key])).status_code == 404
    assert signed_in(gil).get(reverse("backoffice:picking")).status_code == 403


def test_a_receipt_is_booked_whole_or_not_at_all(wim: Membership, ham: Warehouse, bolt: Product) -> None:
    address = reverse("backoffice:receipts")
    rows = "BOLT-M8\t500\nNOT-OURS\t3\nDRILL-18V\tmany"

    client = signed_in(wim)
    with unchanged():
        answer = client.post(address, {"warehouse": str(ham.pk), "rows": rows})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "NOT-OURS" in html
    assert "many" in html

    signed_in(wim).post(address, {"warehouse": str(ham.pk), "rows": "BOLT-M8 500\nBOLT-M8"})
    assert StockItem.objects.get(product=bolt).on_hand == 5501


def test_a_count_needs_a_reason_and_becomes_a_movement(wim: Membership, bolt: Product) -> None:
    item = StockItem.objects.get(product=bolt)
    address = reverse("backoffice:stock_count", args=[item.pk])

    client = signed_in(wim)
    with unchanged():
        answer = client.post(address, {"on_hand": "4990", "seen": "5000"})
    assert answer.status_code == 422

    signed_in(wim).post(address, {"on_hand": "4990", "seen": "5000", "reason": "Miscounted box"})
    html = html_of(signed_in(wim), reverse("backoffice:stock_item", args=[item.pk]))
    assert "Miscounted box" in html
    assert "4,990" in html_of(signed_in(wim), reverse("backoffice:stock") + "?q=bolt")


def test_finance_sees_stock_but_does_not_move_it(fin: Membership, bolt: Product) -> None:
    item = StockItem.objects.get(product=bolt)
    assert "Correct the stock" not in html_of(
        signed_in(fin), reverse("backoffice:stock_item", args=[item.pk])
    )
    assert signed_in(fin).post(reverse("backoffice:stock_count", args=[item.pk]), {}).status_code == 403


def test_announced_goods_stand_on_the_buyers_page_until_they_are_moved_or_dropped(
    wim: Membership, ana: Membership, ham: Warehouse, drill: Product
) -> None:
    desk, url = signed_in(wim), reverse("backoffice:expected")
    day, later = (clock.today() + timedelta(days=days) for days in (4, 12))
    page = reverse("storefront:product", args=[drill.pk, drill.slug])
    form = {"warehouse": ham.pk, "due_on": day.isoformat(), "reference": "PO-9", "rows": "DRILL-18V 40"}

    assert desk.post(url, form).status_code == 303
    assert f"expected in Hamburg on {day.day} {day:%b %Y}" in html_of(signed_in(ana), page)
    row = ExpectedReceipt.objects.get()
    desk.post(reverse("backoffice:expected_change", args=[row.pk]), {"due_on": later.isoformat()})
    assert f"expected in Hamburg on {later.day} {later:%b %Y}" in html_of(signed_in(ana), page)
    assert "PO-9" in html_of(desk, url)
    desk.post(reverse("backoffice:expected_change", args=[row.pk]), {"drop": "1"})
    assert "expected in" not in html_of(signed_in(ana), page)


@pytest.mark.parametrize(
    ("field", "text"),
    [("due_on", "soon"), ("rows", "NO-SUCH 4"), ("rows", "DRILL-18V many"), ("warehouse", "0")],
)
def test_a_wrong_announcement_is_refused_beside_its_field(
    wim: Membership, ham: Warehouse, drill: Product, field: str, text: str
) -> None:
    form = {"warehouse": str(ham.pk), "due_on": clock.today().isoformat(), "rows": "DRILL-18V 4"}

    answer = signed_in(wim).post(reverse("backoffice:expected"), form | {field: text})

    assert answer.status_code == 422
    assert f'id="f-{field}"' in answer.content.decode()
    assert not ExpectedReceipt.objects.exists()
