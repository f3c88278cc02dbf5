"""Orders from the seller's side: list and file, confirm, another day, cancel, release, services, messages."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from kontor.companies.models import Company, Membership
from kontor.fulfilment.models import PickList
from kontor.invoicing.models import Invoice
from kontor.kernel import clock
from kontor.messaging.models import Message
from kontor.orders.models import Order
from kontor.orders.operations import approve_order, cancel_order
from tests.kits import SYSTEM
from tests.orders.test_kits import picked
from tests.orders.trade import confirmed, placed, shipped, stock_of
from tests.traces import unchanged
from tests.web.markup import problems


@pytest.fixture
def office(client: Client, sal: Membership) -> Client:
    client.force_login(sal.user)
    return client


def other(membership: Membership) -> Client:
    """A browser in which somebody else is signed in."""
    client = Client()
    client.force_login(membership.user)
    return client


def test_the_list_is_searched_and_narrowed(
    office: Client, ben: Membership, gil: Membership, bolt, drill
) -> None:
    first = confirmed(ben, (bolt, 100), po_number="PO-77")
    second = placed(gil, (drill, 1))
    address = reverse("backoffice:orders")

    everything = office.get(address).content.decode()
    by_po = office.get(address, {"q": "PO-77"}).content.decode()
    to_confirm = office.get(address, {"status": "placed"}).content.decode()
    of_acme = office.get(address, {"customer": first.buyer_id}).content.decode()
    future = office.get(address, {"from": "2999-01-01"}).content.decode()

    assert first.number in everything
    assert second.number in everything
    assert first.number in by_po
    assert second.number not in by_po
    assert second.number in to_confirm
    assert first.number not in to_confirm
    assert first.number in of_acme
    assert second.number not in of_acme
    assert "No order fits." in future
    assert problems(everything) == []


def test_late_orders_are_found_and_marked(office: Client, ben: Membership, bolt) -> None:
    order = confirmed(ben, (bolt, 100))
    Order.objects.filter(pk=order.pk).update(confirmed_date=clock.today() - timedelta(days=2))

    html = office.get(reverse("backoffice:orders"), {"status": "late"}).content.decode()
    page = office.get(reverse("backoffice:order", args=[order.pk])).content.decode()

    assert order.number in html
    assert 'class="late"' in html
    assert "Late." in page


def test_the_file_has_a_row_per_order_or_per_line(office: Client, ben: Membership, bolt, drill) -> None:
    order = placed(ben, (bolt, 100), (drill, 2))
    address = reverse("backoffice:orders_csv")

    orders = b"".join(office.get(address)).decode("utf-8-sig").splitlines()
    lines = b"".join(office.get(address, {"lines": "1"})).decode("utf-8-sig").splitlines()

    assert len(orders) == 2
    assert order.number in orders[1]
    assert "190.50" in orders[1]
    assert len(lines) == 4  # the tax has a row as well
    assert bolt.sku in lines[1]
    assert drill.sku in lines[2]


def test_an_order_is_confirmed_for_a_day_and_the_day_is_changed(
    office: Client, ben: Membership, bolt
) -> None:
    order = placed(ben, (bolt, 100))
    page = office.get(reverse("backoffice:order", args=[order.pk])).content.decode()
    day = clock.today() + timedelta(days=5)
    office.post(reverse("backoffice:order_confirm", args=[order.pk]), {"confirmed_date": day.isoformat()})
    later = day + timedelta(days=3)
    changed = office.post(
        reverse("backoffice:order_date", args=[order.pk]),
        {"confirmed_date": later.isoformat(), "reason": "The supplier is late"},
    )

    order.refresh_from_db()
    assert changed.status_code == 303
    assert (order.status, order.confirmed_date, order.first_confirmed_date) == ("confirmed", later, day)
    html = office.get(reverse("backoffice:order", args=[order.pk])).content.decode()
    assert "The supplier is late" in html
    assert problems(page) == []
    assert problems(html) == []


@pytest.mark.parametrize("day", ["2001-01-01", "tomorrow"])
def test_a_wrong_day_is_said_at_the_field(office: Client, ben: Membership, bolt, day: str) -> None:
    order = placed(ben, (bolt, 100))
    with unchanged():
        answer = office.post(reverse("backoffice:order_confirm", args=[order.pk]), {"confirmed_date": day})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="f-confirmed_date-error"' in html
    assert problems(html) == []


def test_chosen_lines_are_cancelled_with_a_reason_and_their_stock_is_free(
    office: Client, ben: Membership, bolt, drill
) -> None:
    order = confirmed(ben, (bolt, 100), (drill, 2))
    line = order.lines.get(product=drill)
    address = reverse("backoffice:order_cancel", args=[order.pk])
    with unchanged():
        silent = office.post(address, {"line": line.pk, "reason": ""})
        nothing = office.post(address, {"reason": "No more"})
    office.post(address, {"line": line.pk, "reason": "Out of production"})

    assert (silent.status_code, nothing.status_code) == (422, 422)
    assert 'id="f-reason-error"' in silent.content.decode()
    assert "Choose the lines to cancel." in nothing.content.decode()
    line.refresh_from_db()
    assert line.cancelled == Decimal(2)
    assert stock_of(drill)[1] == 0
    html = office.get(reverse("backoffice:order", args=[order.pk])).content.decode()
    assert "Out of production" in html
    assert 'class="off"' in html


def test_the_warehouse_releases_what_is_confirmed_and_sales_may_not(
    office: Client, ben: Membership, wim: Membership, bolt
) -> None:
    order = confirmed(ben, (bolt, 100))
    address = reverse("backoffice:order_release", args=[order.pk])

    refused = office.post(address)
    released = other(wim).post(address, {"next": "home"})

    assert refused.status_code == 403
    assert released.headers["Location"] == reverse("backoffice:home") + "?desk=warehouse"
    assert PickList.objects.filter(order=order).count() == 1


def test_what_is_on_pick_lists_whole_is_not_offered_for_release_again(
    ben: Membership, wim: Membership, bolt
) -> None:
    order = confirmed(ben, (bolt, 100))
    page, release = (
        reverse("backoffice:order", args=[order.pk]),
        reverse("backoffice:order_release", args=[order.pk]),
    )
    before = other(wim).get(page).content.decode()
    other(wim).post(release)
    after = other(wim).get(page).content.decode()

    assert (release in before, release in after) == (True, False)


def test_who_ordered_and_who_approved_are_named_on_both_sides(
    office: Client, ana: Membership, ben: Membership, drill
) -> None:
    order = placed(ana, (drill, 6))
    approve_order(actor=ben.as_actor("page"), order=order)
    sold = office.get(reverse("backoffice:order", args=[order.pk])).content.decode()
    bought = other(ana).get(reverse("storefront:order", args=[order.pk])).content.decode()

    for page in (sold, bought):
        assert f"approved by {ben.user.name}" in page
        assert f"Approved by {ben.user.name}" in page
    assert f"by {ana.user.name}, approved by" in sold
    assert f"ordered by {ana.user.name} on" in bought


def test_finance_invoices_open_services(ben: Membership, fin: Membership, assembly) -> None:
    order = confirmed(ben, (assembly, 3))
    finance = other(fin)
    page = finance.get(reverse("backoffice:order", args=[order.pk])).content.decode()
    answer = finance.post(reverse("backoffice:order_invoice_services", args=[order.pk]))

    assert "Invoice services" in page
    assert answer.status_code == 303
    assert Invoice.objects.get(order=order).net_total == Decimal("195.00")


def test_the_page_shows_shipments_and_papers(office: Client, ben: Membership, bolt) -> None:
    shipment = shipped(ben, (bolt, 100))

    html = office.get(reverse("backoffice:order", args=[shipment.order_id])).content.decode()

    assert shipment.number in html
    assert "Goods and papers" in html
    assert problems(html) == []


def test_a_message_is_written_about_an_order(office: Client, ben: Membership, bolt) -> None:
    order = placed(ben, (bolt, 100))
    address = reverse("backoffice:order_message", args=[order.pk])
    empty = office.post(address, {"body": ""})
    office.post(address, {"body": "One pallet or two?"})

    assert empty.status_code == 422
    assert Message.objects.get().body == "One pallet or two?"


def test_what_never_left_the_buyer_is_not_seen(office: Client, ana: Membership, drill) -> None:
    order = placed(ana, (drill, 10))

    assert order.status == "awaiting_approval"
    assert office.get(reverse("backoffice:order", args=[order.pk])).status_code == 404
    assert order.number not in office.get(reverse("backoffice:orders")).content.decode()


@pytest.mark.parametrize("name", ["order", "order_confirm", "order_cancel", "order_release", "order_message"])
def test_orders_of_another_seller_do_not_exist(
    client: Client, lev: Membership, ben: Membership, bolt, name
) -> None:
    order = placed(ben, (bolt, 100))
    client.force_login(lev.user)
    address = reverse(f"backoffice:{name}", args=[order.pk])

    assert (client.get(address) if name == "order" else client.post(address)).status_code == 404


@pytest.mark.parametrize("who", ["ana", "cat"])
def test_others_do_not_get_in(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    client.force_login(request.getfixturevalue(who).user)

    assert client.get(reverse("backoffice:orders")).status_code == 403


def test_the_number_of_queries_does_not_grow_with_rows(
    office: Client,
    ben: Membership,
    gil: Membership,
    acme: Company,
    bolt,
    drill,
    django_assert_max_num_queries,
) -> None:
    order = confirmed(ben, (bolt, 100), (drill, 1))
    for _more in range(3):
        placed(gil, (bolt, 100))

    with django_assert_max_num_queries(5):
        office.get(reverse("backoffice:orders"))
    with django_assert_max_num_queries(16):
        office.get(reverse("backoffice:order", args=[order.pk]))


def test_parts_of_a_cancelled_kit_stand_among_what_is_to_be_invoiced(ben, wim, fin, kit) -> None:
    order, books = confirmed(ben, (kit, 2)), other(fin)
    picked(wim, order, drill=1, bolt=0)
    waiting = reverse("backoffice:invoices_to_issue")
    assert order.number not in books.get(waiting).content.decode()
    cancel_order(actor=SYSTEM, order=order, reason="The bolts are gone")

    html = books.get(waiting).content.decode()
    assert order.number in html
    assert problems(html) == []
    address = reverse("backoffice:order_invoice_parts", args=[order.pk])
    assert other(wim).post(address).status_code == 403
    assert books.post(address).status_code == 303

    invoice = Invoice.objects.get(order=order)
    page = books.get(reverse("backoffice:invoice", args=[invoice.pk])).content.decode()
    assert "Cordless drill 18 V (SET-WALL)" in page
    assert order.number not in books.get(waiting).content.decode()
