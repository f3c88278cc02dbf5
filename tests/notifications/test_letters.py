"""What people read, from events of the real operations."""

from datetime import timedelta
from decimal import Decimal

import pytest

from kontor.approvals.models import ApprovalRequest
from kontor.companies.models import Address
from kontor.companies.operations import NewColleague, invite_colleague
from kontor.fulfilment.operations import (
    ReturnedLine,
    accept_return,
    announce_arrivals,
    confirm_delivery,
    request_return,
    ship_now,
)
from kontor.invoicing.operations import issue_invoice
from kontor.kernel import clock
from kontor.kernel.delivery import deliver_due
from kontor.kernel.models import Delivery
from kontor.messaging.operations import write_message
from kontor.notifications.models import Mail
from kontor.notifications.operations import remind_of_expiring_offers
from kontor.notifications.queries import mail_detail, mailbox
from kontor.orders.operations import approve_order, cancel_order, confirm_order, send_back_order
from kontor.quotes.models import Offer, QuoteRequest
from tests.cast import actor
from tests.orders.test_adding_up import charge
from tests.orders.trade import SYSTEM, placed
from tests.promotions.baskets import promotion

pytestmark = pytest.mark.django_db


def told():
    """(to, subject) of all mails since the last call."""
    deliver_due()
    assert not Delivery.objects.filter(status="pending", reaction__startswith="notifications."), [
        one.last_error for one in Delivery.objects.filter(status="pending")
    ]
    seen = told.__dict__.setdefault("seen", 0)
    mails = list(Mail.objects.filter(pk__gt=seen).order_by("pk"))
    told.seen = mails[-1].pk if mails else seen
    return sorted((mail.to, mail.subject) for mail in mails)


def last_mail(to):
    return Mail.objects.filter(to=to).latest("pk")


@pytest.fixture(autouse=True)
def _from_here_on(cast):
    told()


def test_an_order_tells_the_buyer_and_the_customers_rep(ana, drill):
    order = placed(ana, (drill, 2), po_number="4500017")

    assert told() == [
        ("ana@acme.example", f"Order {order.number} received"),
        ("sal@hansa.example", f"Acme GmbH ordered for €178.00: {order.number}"),
    ]
    mail = last_mail("ana@acme.example")
    assert mail.text.startswith("Hello Ana Brandt,\n\nHansa Supply GmbH has received your order")
    assert "Your order number: 4500017" in mail.text
    assert "* Cordless drill 18 V (DRILL-18V)\n  2\u00a0pc, €89.00 per pc, €178.00" in mail.text
    assert "Net total: €178.00\nTax 19 %: €33.82\nTotal: €211.82" in mail.text
    assert f"Follow the order:\nhttp://127.0.0.1:8000/order/{order.pk}/" in mail.text
    assert "http://127.0.0.1:8000/notifications/#orders" in mail.text
    assert f'<a href="http://127.0.0.1:8000/order/{order.pk}/">Follow the order</a>' in mail.html
    assert (mail.thread, mail.reply_to) == (f"order:{order.pk}", "sal@hansa.example")


def test_mails_of_order_and_invoice_tell_lines_charges_and_tax_by_rate(cast, hansa, acme, ana, drill, bolt):
    charge(hansa, "freight", "6.90")
    charge(hansa, "deposit", "0.07", is_refundable=True, code="ABK")
    promotion(cast, name="Autumn")
    acme.invoice_email = "invoices@acme.example"
    acme.save()
    order = confirm_order(actor=SYSTEM, order=placed(ana, (drill, 2), (bolt, 100)))
    issue_invoice(actor=SYSTEM, shipment=ship_now(actor=SYSTEM, order=order))
    told()

    sums = (
        "Goods: €190.50\nAutumn: -€19.05\nDeposit: €7.14\nFreight: €6.90\n"
        "Net total: €185.49\nTax 19 %: €35.24\nTotal: €220.73"
    )
    for subject in (f"Order {order.number} received", f"Order {order.number} confirmed", "Invoice "):
        mail = (
            Mail.objects.filter(subject__startswith=subject)
            .exclude(to__endswith="hansa.example")
            .latest("pk")
        )
        assert sums in mail.text
        assert "  100\u00a0pc, €12.50 per 100\u00a0pc, €12.50" in mail.text
        for cell in ("Cordless drill 18 V", "€89.00 per pc", "Autumn", "Freight", "Tax 19 %", "€220.73"):
            assert cell in mail.html


def test_a_mail_says_why_no_tax_is_charged(acme, ana, drill):
    bern = Address.objects.create(company=acme, recipient="Acme", street="Weg 1", city="Bern", country="CH")
    placed(ana, (drill, 1), delivery_address_id=bern.pk)
    told()

    text = last_mail("ana@acme.example").text
    assert "Tax 0 %: €0.00" in text
    assert "Export delivery, exempt from VAT." in text


def test_a_mail_is_in_the_recipients_language_and_time_zone(ana, drill):
    ana.user.language = "de"
    ana.user.save()
    placed(ana, (drill, 2))
    told()

    mail = last_mail("ana@acme.example")
    assert mail.language == "de"
    assert 'lang="de"' in mail.html
    assert "178,00\u00a0€" in mail.text


def test_an_event_delivered_twice_mails_once(ana, drill):
    placed(ana, (drill, 1))
    told()
    Delivery.objects.update(status="pending", attempts=0)

    assert told() == []


def test_an_order_above_the_limit_goes_to_the_approver_and_not_to_the_seller(ana, drill):
    order = placed(ana, (drill, 10))

    assert told() == [
        ("ben@acme.example", f"{order.number} of Ana Brandt waits for your approval: €890.00"),
        ("dora@acme.example", f"{order.number} of Ana Brandt waits for your approval: €890.00"),
    ]
    assert "Limit of Ana Brandt: €500.00" in last_mail("ben@acme.example").text


def test_approval_tells_who_asked_and_then_the_seller(ana, ben, drill):
    order = placed(ana, (drill, 10))
    told()
    approve_order(actor=actor(ben), order=order, note="Fine.")

    assert told() == [
        ("ana@acme.example", f"Order {order.number} received"),
        ("ana@acme.example", f"{order.number} is approved"),
        ("sal@hansa.example", f"Acme GmbH ordered for €890.00: {order.number}"),
    ]


def test_an_order_sent_back_says_why_and_the_seller_hears_nothing(ana, ben, drill):
    order = placed(ana, (drill, 10))
    told()
    send_back_order(actor=actor(ben), order=order, reason="Too many drills.")

    assert told() == [("ana@acme.example", f"{order.number} was sent back")]
    assert "Ben Okafor:\n\n> Too many drills." in last_mail("ana@acme.example").text
    assert ApprovalRequest.objects.get().status == "sent_back"


def test_a_cancelled_order_that_the_seller_never_saw_stays_unknown_to_it(ana, drill):
    order = placed(ana, (drill, 10))
    told()
    cancel_order(actor=actor(ana), order=order, reason="")

    assert told() == [("ana@acme.example", f"Order {order.number} is cancelled")]


def test_each_step_of_an_order_is_told(acme, ana, wim, drill, settings):
    acme.invoice_email = "invoices@acme.example"
    acme.save()
    order = confirm_order(actor=SYSTEM, order=placed(ana, (drill, 1)))
    told()
    shipment = ship_now(actor=SYSTEM, order=order)
    assert told() == [
        ("ana@acme.example", f"On its way: delivery {shipment.number} for order {order.number}")
    ]

    type(shipment).objects.filter(pk=shipment.pk).update(arrives_on=clock.today())
    assert announce_arrivals(clock.today()) == 1
    assert told() == [
        ("ana@acme.example", f"Arriving today: delivery {shipment.number} for order {order.number}")
    ]
    assert announce_arrivals(clock.today()) == 0

    shipment.refresh_from_db()
    confirm_delivery(actor=actor(ana), shipment=shipment, received_by="Gate 2")
    assert told() == [("ana@acme.example", f"Delivered: {shipment.number} for order {order.number}")]
    assert "Taken in by: Gate 2" in last_mail("ana@acme.example").text


def test_the_invoice_goes_to_the_address_that_the_company_named(acme, ana, drill):
    acme.invoice_email = "invoices@acme.example"
    acme.save()
    shipment = ship_now(actor=SYSTEM, order=confirm_order(actor=SYSTEM, order=placed(ana, (drill, 1))))
    told()
    invoice = issue_invoice(actor=SYSTEM, shipment=shipment)

    ((to, subject),) = told()
    assert to == "invoices@acme.example"
    assert subject.startswith(f"Invoice {invoice.number} of Hansa Supply GmbH: €105.91, due on ")
    mail = last_mail(to)
    assert (mail.attachment_kind, mail.attachment_id) == ("invoice", invoice.pk)
    assert "Choose which mails you get" not in mail.html


def test_returned_goods_are_told_to_both_sides(ana, sal, drill):
    order = confirm_order(actor=SYSTEM, order=placed(ana, (drill, 2)))
    ship_now(actor=SYSTEM, order=order)
    told()
    order.refresh_from_db()
    line = order.lines.get()
    back = request_return(actor=actor(ana), order=order, lines=return_lines(line), note="It rattles.")
    ((to, subject),) = told()
    assert (to, subject) == ("sal@hansa.example", f"Acme GmbH wants to return goods: {back.number}")

    accept_return(actor=actor(sal), return_order=back)
    assert told() == [("ana@acme.example", f"Return {back.number} is accepted")]


def return_lines(line):
    return [ReturnedLine(order_line_id=line.pk, quantity=Decimal(1), reason="defective")]


def test_a_message_reaches_the_other_side_and_not_its_author(ana, sal, drill):
    order = placed(ana, (drill, 1))
    told()
    about = {
        "subject": ("order", order.pk),
        "title": order.number,
        "buyer_id": order.buyer_id,
        "seller_id": order.seller_id,
    }
    write_message(actor=actor(ana), body="When does it come?\n<script>alert(1)</script>", **about)
    assert told() == [("sal@hansa.example", f"Ana Brandt of Acme GmbH wrote about {order.number}")]
    mail = last_mail("sal@hansa.example")
    assert "> When does it come?" in mail.text
    assert "<script>" not in mail.html
    assert mail.reply_to == "ana@acme.example"

    write_message(actor=actor(sal), body="Tomorrow.", **about)
    assert told() == [("ana@acme.example", f"Sal Petersen of Hansa Supply GmbH wrote about {order.number}")]


def test_an_invitation_bears_a_link_and_no_choice(dora):
    invite_colleague(
        actor=actor(dora), invitation=NewColleague(email="eve@acme.example", roles=("buyer",), name="Eve")
    )

    assert told() == [("eve@acme.example", "Dora Keller invites you to join Acme GmbH")]
    mail = last_mail("eve@acme.example")
    assert "http://127.0.0.1:8000/invitation/" in mail.text
    assert "notifications" not in mail.text


def test_an_offer_that_ends_is_remembered_once(ana, acme, hansa):
    request = QuoteRequest.objects.create(
        number="RQ-7",
        buyer=acme,
        seller=hansa,
        requested_by=ana,
        requested_by_name="Ana Brandt",
        currency="EUR",
    )
    Offer.objects.create(
        request=request,
        version=1,
        status="sent",
        valid_until=clock.now() + timedelta(days=1),
        sent_at=clock.now(),
        net_total=Decimal("99.00"),
    )

    assert remind_of_expiring_offers() == 1
    assert remind_of_expiring_offers() == 0
    ((to, subject),) = told()
    assert to == "ana@acme.example"
    assert subject.startswith("Offer RQ-7 is good until ")


def test_the_mailbox_finds_mails_by_address_name_and_subject(ana, drill):
    order = placed(ana, (drill, 1))
    told()

    assert [row.to for row in mailbox()] == ["sal@hansa.example", "ana@acme.example"]
    assert [row.to for row in mailbox(search="Brandt")] == ["ana@acme.example"]
    assert [row.to for row in mailbox(search=f"{order.number} rec")] == ["ana@acme.example"]
    (newest,) = mailbox(limit=1)
    assert [row.to for row in mailbox(before=newest.id)] == ["ana@acme.example"]
    assert newest.status_label == "Kept, no mail server"
    assert mail_detail(newest.id).text
    assert mail_detail(0) is None
