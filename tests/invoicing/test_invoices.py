"""What was shipped is invoiced to the cent; what came back is credited; numbers have no gaps."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from kontor.companies.models import Company
from kontor.fulfilment.models import Shipment
from kontor.fulfilment.operations import (
    ReturnedLine,
    accept_return,
    confirm_pick,
    pack,
    receive_return,
    release_to_warehouse,
    request_return,
    ship,
)
from kontor.invoicing.models import Invoice, InvoiceLine
from kontor.invoicing.operations import (
    FreeLine,
    issue_credit_note,
    issue_free_credit,
    issue_free_invoice,
    issue_invoice,
    issue_invoice_for_services,
)
from kontor.invoicing.queries import invoice_detail, invoices_for, invoices_of, shipments_to_invoice
from kontor.kernel import clock
from kontor.kernel.models import OutboxEvent
from kontor.orders.intake import EnteredLine, EnteredOrder
from kontor.orders.models import Order
from kontor.orders.operations import confirm_order, enter_order
from kontor.taxes.models import TaxRate
from tests.at_once import at_once, codes
from tests.orders.trade import SYSTEM, broken, confirmed, shipped
from tests.traces import refused

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with clock.at(NOON):
        yield


def entered(account, *lines):
    given = [
        EnteredLine(product_id=p.pk, quantity=Decimal(q), unit_price=Decimal(price)) for p, q, price in lines
    ]
    order = enter_order(actor=SYSTEM, entered=EnteredOrder(account_id=account.pk, lines=given))
    return confirm_order(actor=SYSTEM, order=order)


def part(order, **picked):
    """Ship these quantities by SKU (dashes as underscores)."""
    (pick_list,) = release_to_warehouse(actor=SYSTEM, order=order)
    lines = {
        line.order_line.sku.replace("-", "_"): line.pk
        for line in pick_list.lines.select_related("order_line")
    }
    found = {lines[sku]: Decimal(quantity) for sku, quantity in picked.items()}
    confirm_pick(actor=SYSTEM, pick_list=pick_list, picked=found)
    shipment = ship(actor=SYSTEM, shipment=pack(actor=SYSTEM, pick_list=pick_list))
    order.refresh_from_db()
    return shipment


def returned(order, **back):
    """Take these quantities back by SKU."""
    skus = {line.sku.replace("-", "_"): line.pk for line in order.lines.all()}
    given = [ReturnedLine(order_line_id=skus[sku], quantity=Decimal(q)) for sku, q in back.items()]
    one = request_return(actor=SYSTEM, order=order, lines=given)
    accept_return(actor=SYSTEM, return_order=one)
    received = {line.pk: (line.quantity, line.quantity) for line in one.lines.all()}
    return receive_return(actor=SYSTEM, return_order=one, received=received)


@pytest.mark.covers("R2.14")
def test_an_invoice_says_what_the_order_says(ana, fin, bolt, drill):
    shipment = shipped(ana, (bolt, 250), (drill, 2), po_number="4711")
    invoice = issue_invoice(actor=fin.as_actor("page"), shipment=shipment)

    assert (invoice.number, invoice.due_on, invoice.terms_text) == (
        "INV-2026-00001",
        date(2026, 12, 20),
        "30 days net",
    )
    assert (invoice.net_total, invoice.tax_total, invoice.gross_total) == (
        Decimal("209.25"), Decimal("39.76"), Decimal("249.01"),
    )  # fmt: skip
    assert (invoice.po_number, invoice.currency, invoice.billing_address["city"]) == ("4711", "EUR", "Berlin")
    assert list(invoice.lines.values_list("sku", "quantity", "net")) == [
        ("BOLT-M8", 250, Decimal("31.250")), ("DRILL-18V", 2, 178),
    ]  # fmt: skip
    assert OutboxEvent.objects.get(name="invoicing.InvoiceIssued").payload == {"invoice_id": invoice.pk}
    assert broken() == []


SYLVESTER = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


def test_date_and_number_are_those_of_the_sellers_own_day(ana, fin, hansa, bolt):
    with clock.at(SYLVESTER):  # half past midnight in Berlin
        shipment = shipped(ana, (bolt, 10))
        invoice = issue_invoice(actor=fin.as_actor("page"), shipment=shipment)

    assert (invoice.number, invoice.due_on) == ("INV-2027-00001", date(2027, 1, 31))
    assert invoice.issued_at == SYLVESTER
    assert shipment.order.confirmed_date == date(2027, 1, 5)  # a Friday and two working days

    Company.objects.filter(pk=hansa.pk).update(timezone="America/New_York")
    with clock.at(SYLVESTER):
        later = issue_invoice(actor=fin.as_actor("page"), shipment=shipped(ana, (bolt, 10)))
    assert (later.number, later.due_on) == ("INV-2026-00001", date(2027, 1, 30))


def test_credit_and_free_invoice_are_of_the_sellers_own_day(acme_account, bolt):
    line = FreeLine(name="Samples", quantity=Decimal(1), unit_price=Decimal(10))
    with clock.at(SYLVESTER):
        order = entered(acme_account, (bolt, 10, "1.00"))
        issue_invoice(actor=SYSTEM, shipment=part(order, BOLT_M8=10))
        free = issue_free_invoice(actor=SYSTEM, account=acme_account, lines=[line])
        credit = issue_credit_note(actor=SYSTEM, return_order=returned(order, BOLT_M8=2))

    assert (free.number, free.due_on) == ("INV-2027-00002", date(2027, 1, 31))
    assert (credit.number, credit.due_on) == ("CN-2027-00001", date(2027, 1, 1))


def test_a_tax_rate_begins_at_the_sellers_own_midnight(acme_account):
    TaxRate.objects.create(country="DE", category="standard", rate=Decimal(25), valid_from=date(2027, 1, 1))
    line = FreeLine(name="Samples", quantity=Decimal(1), unit_price=Decimal(100))
    with clock.at(SYLVESTER - timedelta(hours=1)):
        before = issue_free_invoice(actor=SYSTEM, account=acme_account, lines=[line])
    with clock.at(SYLVESTER):
        after = issue_free_invoice(actor=SYSTEM, account=acme_account, lines=[line])

    assert (before.tax_total, after.tax_total) == (Decimal(19), Decimal(25))


def test_parts_add_up_to_the_line_whatever_the_parts(acme_account, bolt):
    order = entered(acme_account, (bolt, 3, "0.125"))
    nets = [issue_invoice(actor=SYSTEM, shipment=part(order, BOLT_M8=1)).net_total for _ in range(3)]

    assert [str(net) for net in nets] == ["0.13", "0.12", "0.13"]
    assert sum(nets) == order.net_total == Decimal("0.38")
    assert broken() == []


def test_free_lines_stand_on_the_invoice_with_nothing(acme_account, bolt, drill):
    order = entered(acme_account, (bolt, 10, "1.00"), (drill, 1, "0"))
    invoice = issue_invoice(actor=SYSTEM, shipment=part(order, BOLT_M8=10, DRILL_18V=1))

    assert list(invoice.lines.values_list("net", flat=True)) == [10, 0]


def test_a_shipment_is_invoiced_once_and_only_when_it_left(ana, fin, bolt):
    shipment = shipped(ana, (bolt, 100))
    issue_invoice(actor=fin.as_actor("page"), shipment=shipment)
    with refused("already_invoiced"):
        issue_invoice(actor=fin.as_actor("page"), shipment=shipment)

    order = confirmed(ana, (bolt, 100))
    (pick_list,) = release_to_warehouse(actor=SYSTEM, order=order)
    confirm_pick(actor=SYSTEM, pick_list=pick_list)
    packed = pack(actor=SYSTEM, pick_list=pick_list)
    with refused("not_shipped_yet"):
        issue_invoice(actor=fin.as_actor("page"), shipment=packed)


@pytest.mark.parametrize(
    ("who", "code"),
    [("ana", "not_allowed"), ("sal", "not_allowed"), ("wim", "not_allowed"), ("lev", "not_yours")],
)
def test_only_the_sellers_finance_issues(cast, ana, bolt, acme_account, who, code):
    shipment = shipped(ana, (bolt, 100))
    actor = cast.people[who].as_actor("page")
    with refused(code):
        issue_invoice(actor=actor, shipment=shipment)
    line = FreeLine(name="Goodwill", quantity=Decimal(1), unit_price=Decimal(10))
    expected = "not_your_customer" if who == "lev" else code
    with refused(expected):
        issue_free_credit(actor=actor, account=acme_account, lines=[line], reason="Goodwill")


def test_services_are_invoiced_without_the_goods(ana, fin, bolt, assembly):
    order = confirmed(ana, (bolt, 100), (assembly, 2))
    invoice = issue_invoice_for_services(actor=fin.as_actor("page"), order=order)

    assert (invoice.net_total, list(invoice.lines.values_list("sku", flat=True))) == (130, ["ASSEMBLY-H"])
    assert Order.objects.get(pk=order.pk).status == "partly_shipped"
    rest = issue_invoice(actor=SYSTEM, shipment=part(order, BOLT_M8=100))
    assert list(rest.lines.values_list("sku", flat=True)) == ["BOLT-M8"]
    assert broken() == []


def test_an_issued_invoice_is_never_changed(ana, bolt):
    invoice = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (bolt, 100)))
    for rows in (Invoice.objects.filter(pk=invoice.pk), InvoiceLine.objects.filter(invoice=invoice)):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(tax_rate=0) if rows.model is InvoiceLine else rows.update(net_total=0)


@pytest.mark.covers("R4.12")
def test_what_came_back_is_credited_at_the_invoiced_price(ana, fin, bolt, drill):
    shipment = shipped(ana, (bolt, 250), (drill, 2))
    invoice = issue_invoice(actor=SYSTEM, shipment=shipment)
    back = returned(shipment.order, BOLT_M8=100, DRILL_18V=1)
    credit = issue_credit_note(actor=fin.as_actor("page"), return_order=back)

    assert (credit.kind, credit.number, back.status) == ("credit_note", "CN-2026-00001", "credited")
    assert (credit.net_total, credit.tax_total, credit.gross_total) == (
        Decimal("101.50"), Decimal("19.29"), Decimal("120.79"),
    )  # fmt: skip
    assert {line.credits.invoice_id for line in credit.lines.all()} == {invoice.pk}
    assert OutboxEvent.objects.filter(name="invoicing.CreditNoteIssued").count() == 1
    assert broken() == []
    with refused("already_credited"):
        issue_credit_note(actor=fin.as_actor("page"), return_order=back)


def test_credits_of_a_line_add_up_to_what_was_invoiced(acme_account, bolt):
    order = entered(acme_account, (bolt, 3, "0.125"))
    issue_invoice(actor=SYSTEM, shipment=part(order, BOLT_M8=1))
    issue_invoice(actor=SYSTEM, shipment=part(order, BOLT_M8=2))
    nets = [
        issue_credit_note(actor=SYSTEM, return_order=returned(order, BOLT_M8=n)).net_total for n in (2, 1)
    ]

    assert sum(nets) == Decimal("0.38")
    assert broken() == []


def test_what_is_not_invoiced_is_not_credited(ana, fin, bolt):
    shipment = shipped(ana, (bolt, 100))
    back = returned(shipment.order, BOLT_M8=10)
    with refused("not_invoiced_yet"):
        issue_credit_note(actor=fin.as_actor("page"), return_order=back)
    issue_invoice(actor=SYSTEM, shipment=shipment)
    assert issue_credit_note(actor=fin.as_actor("page"), return_order=back).net_total == Decimal("1.25")


def test_what_is_not_back_is_not_credited(ana, fin, bolt):
    shipment = shipped(ana, (bolt, 100))
    issue_invoice(actor=SYSTEM, shipment=shipment)
    line = ReturnedLine(order_line_id=shipment.order.lines.get().pk, quantity=Decimal(1))
    back = request_return(actor=SYSTEM, order=shipment.order, lines=[line])
    with refused("not_received_yet"):
        issue_credit_note(actor=fin.as_actor("page"), return_order=back)


def test_a_free_credit_says_why_and_bears_tax(fin, acme_account):
    line = FreeLine(name="Scratched housing", quantity=Decimal(1), unit_price=Decimal("10.00"))
    with refused("reason_missing", "reason"):
        issue_free_credit(actor=fin.as_actor("page"), account=acme_account, lines=[line])
    credit = issue_free_credit(
        actor=fin.as_actor("page"),
        account=acme_account,
        lines=[line],
        reason="Goodwill",
        external_reference="C1",
    )

    assert (credit.number, credit.gross_total, credit.order_id, credit.external_reference) == (
        "CN-2026-00001", Decimal("11.90"), None, "C1",
    )  # fmt: skip
    invoice = issue_free_invoice(actor=fin.as_actor("page"), account=acme_account, lines=[line])
    assert (invoice.number, invoice.due_on) == ("INV-2026-00001", date(2026, 12, 20))
    assert broken() == []


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"name": " "}, "lines_wrong", "name"),
        ({"quantity": Decimal(0)}, "lines_wrong", "quantity"),
        ({"unit_price": Decimal(-1)}, "lines_wrong", "unit_price"),
        ({"tax_category": "luxury"}, "no_tax_rate", "tax_category"),
    ],
)
def test_free_lines_are_checked(fin, acme_account, facts, code, field):
    line = FreeLine(**({"name": "Fee", "quantity": Decimal(1), "unit_price": Decimal(1)} | facts))
    with refused(code, f"lines/0/{field}"):
        issue_free_invoice(actor=fin.as_actor("page"), account=acme_account, lines=[line])


def test_numbers_begin_anew_each_year_and_per_seller(ana, bolt):
    first = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (bolt, 10)))
    with clock.at(datetime(2027, 1, 2, tzinfo=UTC)):
        second = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (bolt, 10)))
    assert (first.number, second.number) == ("INV-2026-00001", "INV-2027-00001")


def test_invoices_are_for_the_two_companies_only(ana, cast, bolt, levante):
    Company.objects.filter(pk=levante.pk).update(is_buyer=True)
    invoice = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (bolt, 10)))
    allowed = {"ana", "ben", "cy", "dora", "sal", "fin", "store_admin"}
    for who in sorted(allowed | {"gil", "lev"}):
        detail = invoice_detail(cast.people[who].as_actor("page"), invoice.number)
        assert (detail is not None) == (who in allowed), who
    with refused("not_allowed"):
        invoices_for(cast.people["wim"].as_actor("page"))
    assert invoices_of(invoice.order, cast.people["wim"].as_actor("page")) == []


def test_what_left_and_is_not_invoiced_waits_for_finance(ana, fin, bolt):
    first, second = shipped(ana, (bolt, 10)), shipped(ana, (bolt, 10))
    issue_invoice(actor=SYSTEM, shipment=first)
    assert list(shipments_to_invoice(fin.as_actor("page"))) == [second]


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_one_shipment_invoiced_ten_times_at_once_is_one_invoice(ana, bolt):
    shipment = shipped(ana, (bolt, 100))
    copies = [Shipment.objects.select_related("order").get(pk=shipment.pk) for _ in range(10)]
    outcomes = at_once(*[partial(issue_invoice, actor=SYSTEM, shipment=one) for one in copies])

    assert codes(outcomes) == ["already_invoiced"] * 9
    assert broken() == []


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_though_every_second_fails(ana, bolt):
    shipments = [shipped(ana, (bolt, 10)) for _ in range(10)]

    def issue(number: int) -> Invoice:
        with transaction.atomic():
            invoice = issue_invoice(actor=SYSTEM, shipment=shipments[number])
            if number % 2:
                raise RuntimeError("the lights go out")
            return invoice

    outcomes = at_once(*[partial(issue, number) for number in range(10)])
    numbers = sorted(one.number for one in outcomes if isinstance(one, Invoice))
    assert numbers == [f"INV-2026-{n:05d}" for n in range(1, 6)]
    assert broken() == []
