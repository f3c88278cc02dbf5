"""The first page of a buyer: what waits, what runs, what is usual."""

from datetime import timedelta

from django.urls import reverse

from kontor.catalog.models import Product
from kontor.companies.models import CustomerAccount, Membership
from kontor.invoicing.operations import issue_invoice
from kontor.kernel import clock
from kontor.messaging.operations import write_message
from kontor.orders.models import Order
from kontor.orders.operations import change_confirmed_date
from kontor.search.queries import Viewer
from kontor.storefront.waiting import running_orders, usual_items, waiting_for
from tests.orders.trade import SYSTEM, confirmed, placed, shipped
from tests.storefront.trade_pages import browser_of, offered, shown


def _titles(member: Membership) -> list[str]:
    return [task["title"] for task in waiting_for(member.as_actor("page"))]


def test_somebody_with_nothing_to_do_is_told_so(ana: Membership) -> None:
    html = shown(browser_of(ana), "/")

    assert "Nothing waits for you." in html
    assert "No order is running." in html


def test_an_approver_sees_what_waits_and_the_one_who_asked_does_not(
    ana: Membership, ben: Membership, drill: Product
) -> None:
    order = placed(ana, (drill, 6))

    assert any(order.number in title for title in _titles(ben))
    assert _titles(ana) == []


def test_offers_late_orders_moved_days_messages_and_invoices_wait(
    ana: Membership, sal: Membership, bolt: Product
) -> None:
    offer = offered(ana, sal, [(bolt, 2000)], "10.00")
    late, moved = confirmed(ana, (bolt, 100)), confirmed(ana, (bolt, 100))
    Order.objects.filter(pk=late.pk).update(confirmed_date=clock.today() - timedelta(days=1))
    change_confirmed_date(actor=SYSTEM, order=moved, confirmed_date=clock.today() + timedelta(days=20))
    invoice = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (bolt, 100)))
    write_message(
        actor=sal.as_actor("page"), subject=("order", late.pk), title="Order", buyer_id=late.buyer_id,
        seller_id=late.seller_id, body="Is Thursday all right?",
    )  # fmt: skip

    assert f"Invoice {invoice.number}" not in _titles(ana)
    with clock.at(clock.now() + timedelta(days=28)):
        assert f"Invoice {invoice.number}" in _titles(ana)
    assert _titles(ana) == [
        f"Answer the offer for {offer.request.number}",
        f"Order {late.number} is late",
        f"New delivery date for {moved.number}",
        "Answer Hansa Supply GmbH",
    ]
    html = shown(browser_of(ana), "/")
    assert reverse("storefront:request", args=[offer.request_id]) in html


def test_nothing_of_a_rival_waits(ana: Membership, gil: Membership, sal: Membership, bolt: Product) -> None:
    offered(ana, sal, [(bolt, 2000)], "10.00")
    late = confirmed(ana, (bolt, 100))
    Order.objects.filter(pk=late.pk).update(confirmed_date=clock.today() - timedelta(days=1))

    assert _titles(gil) == []
    assert running_orders(gil.as_actor("page")) == []


def test_running_orders_and_usual_items(ana: Membership, bolt: Product, drill: Product) -> None:
    placed(ana, (bolt, 100))
    order = placed(ana, (bolt, 2, "XBX"))
    placed(ana, (drill, 1))
    actor = ana.as_actor("page")

    running = running_orders(actor)
    usual = usual_items(actor, Viewer())

    assert [one.status_label for one in running] == ["Placed"] * 3
    assert order.number in {one.number for one in running}
    assert [(one.card.sku, one.item.times, one.item.unit) for one in usual] == [
        ("BOLT-M8", 2, "XBX"),
        ("DRILL-18V", 1, "C62"),
    ]
    assert "ordered 2 times" in shown(browser_of(ana), "/")


def test_a_company_that_is_being_checked_is_told(ana: Membership, acme_account: CustomerAccount) -> None:
    CustomerAccount.objects.filter(pk=acme_account.pk).update(status="requested")

    assert "Your account is being checked." in shown(browser_of(ana), "/")
