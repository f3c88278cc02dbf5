"""Papers say what the rows say, in the reader's language, on as many pages as they need."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pypdf import PdfReader

from kontor.companies.models import Company
from kontor.fulfilment.documents import delivery_note_pdf, pick_list_pdf
from kontor.fulfilment.models import Shipment
from kontor.fulfilment.operations import (
    ReturnedLine,
    accept_return,
    receive_return,
    release_to_warehouse,
    request_return,
    ship_now,
)
from kontor.invoicing.documents import invoice_paper, invoice_pdf
from kontor.invoicing.models import Invoice
from kontor.invoicing.operations import issue_credit_note, issue_invoice
from kontor.kernel import clock
from kontor.orders.documents import order_confirmation_pdf
from kontor.orders.intake import EnteredLine, EnteredOrder
from kontor.orders.letterhead import Writer
from kontor.orders.models import Order
from kontor.orders.operations import confirm_order, enter_order
from tests.orders.trade import SYSTEM, confirmed, shipped
from tests.taxes.proofs import proven

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(hansa):
    Company.objects.filter(pk=hansa.pk).update(
        bank_iban="DE02120300000000202051", bank_bic="BYLADEM1001", bank_name="Hamburger Bank", phone="+49 40 555",
        accent="teal",
    )  # fmt: skip
    with clock.at(NOON):
        yield


def text_of(pdf: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return " ".join("\n".join(pages).replace("\u00a0", " ").split())


def pages_of(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def says(pdf: bytes, *sentences: str) -> None:
    text = text_of(pdf)
    assert [sentence for sentence in sentences if sentence not in text] == [], text


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


@pytest.mark.covers("R4.7")
def test_the_confirmation_names_goods_prices_and_the_promised_day(ana, bolt, drill):
    order = confirmed(ana, (bolt, 2, "XBX"), (drill, 2), po_number="4711", note="Ring the bell")

    says(
        order_confirmation_pdf(fresh(order), "en"),
        "Hansa Supply GmbH", f"Order confirmation {order.number}", "Acme GmbH Werkstr. 1 10115 Berlin",
        "Your order number 4711", "Delivery date 24 November 2026", "Hex bolt M8 x 40 BOLT-M8 2 boxes 200 pieces",
        "12.50 per 100 pieces", "Net 203.00", "19 % VAT on 203.00 38.57", "Total EUR 241.57", "30 days net",
        "Ring the bell", "VAT ID DE314159262", "Page 1 / 1",
    )  # fmt: skip


def test_an_order_that_is_not_confirmed_is_called_an_order(ana, bolt):
    order = enter_order(
        actor=SYSTEM,
        entered=EnteredOrder(
            account_id=ana.company.suppliers.get().pk,
            lines=[EnteredLine(product_id=bolt.pk, quantity=Decimal(1), unit_price=Decimal(0))],
        ),
    )
    text = text_of(order_confirmation_pdf(fresh(order), "en"))
    assert f"Order {order.number}" in text
    assert "Order confirmation" not in text
    assert "free of charge" in text


def test_the_delivery_note_has_no_prices_and_room_to_sign(ana, bolt):
    order = confirmed(ana, (bolt, 250))
    shipment = ship_now(
        actor=SYSTEM,
        order=order,
        carrier="Elbe Express",
        tracking_number="EE 77",
        arrives_on=date(2026, 11, 21),
    )
    pdf = delivery_note_pdf(Shipment.objects.get(pk=shipment.pk), "en")

    says(
        pdf, f"Delivery note {shipment.number}", "Carrier Elbe Express", "Tracking number EE 77",
        "Hex bolt M8 x 40 BOLT-M8 250 pieces 250 pieces", "Signature", "Received on",
    )  # fmt: skip
    assert "12.50" not in text_of(pdf)


@pytest.mark.covers("R4.8")
def test_the_pick_list_goes_by_bins(ana, bolt, drill):
    order = confirmed(ana, (drill, 2), (bolt, 250))
    (pick_list,) = release_to_warehouse(actor=SYSTEM, order=order)
    pdf = pick_list_pdf(pick_list, "en")

    says(pdf, f"Pick list {pick_list.number}", "Warehouse HAM", "Picked by", "Lines 2")
    text = text_of(pdf)
    assert text.index("A-12-3") < text.index("B-01-1")


def test_the_invoice_says_how_much_until_when_and_where_to(ana, bolt, drill):
    shipment = shipped(ana, (bolt, 250), (drill, 2), po_number="4711")
    invoice = issue_invoice(actor=SYSTEM, shipment=shipment)

    says(
        invoice_pdf(Invoice.objects.get(pk=invoice.pk), "en"),
        "Invoice INV-2026-00001", "Date 20 November 2026", "Due 20 December 2026", f"Delivery note {shipment.number}",
        "Your VAT ID DE271828180", "31.25", "19 % VAT on 209.25 39.76", "Total EUR 249.01",
        "Please pay by 20 December 2026 and name INV-2026-00001.", "Hamburger Bank, IBAN DE02 1203 0000 0000 2020 51",
    )  # fmt: skip


def test_figures_and_days_follow_the_language(ana, bolt):
    invoice = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (bolt, 4000)))
    says(
        invoice_pdf(Invoice.objects.get(pk=invoice.pk), "de"),
        "20. November 2026",
        "440,00",
        "83,60",
        "523,60",
    )


def test_the_credit_note_names_the_invoice_that_it_corrects(ana, bolt):
    shipment = shipped(ana, (bolt, 250))
    issue_invoice(actor=SYSTEM, shipment=shipment)
    line = shipment.order.lines.get()
    back = request_return(
        actor=SYSTEM, order=shipment.order, lines=[ReturnedLine(order_line_id=line.pk, quantity=Decimal(50))]
    )
    accept_return(actor=SYSTEM, return_order=back)
    receive_return(
        actor=SYSTEM, return_order=back, received={back.lines.get().pk: (Decimal(50), Decimal(50))}
    )
    credit = issue_credit_note(actor=SYSTEM, return_order=back)

    says(
        invoice_pdf(Invoice.objects.get(pk=credit.pk), "en"),
        "Credit note CN-2026-00001", "Corrects invoice INV-2026-00001", f"Return {back.number}", "6.25",
        "Credit EUR 7.44",
    )  # fmt: skip


def test_without_tax_the_paper_says_why(ana, bolt):
    Company.objects.filter(pk=ana.company_id).update(vat_id="FR40303265045", country="FR")
    address = {
        "recipient": "Acme SA",
        "street": "Rue 1",
        "city": "Lyon",
        "country": "FR",
        "postal_code": "69001",
    }
    proven(ana.company, bolt.seller)
    invoice = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (bolt, 100), delivery_address=address))

    says(
        invoice_pdf(Invoice.objects.get(pk=invoice.pk), "en"),
        "Reverse charge: the recipient owes the tax. (VATEX-EU-IC)", "69001 Lyon France", "0 % VAT on 12.50 0.00",
    )  # fmt: skip


def test_a_long_paper_repeats_its_table_head_and_counts_its_pages(acme_account, bolt):
    lines = [
        EnteredLine(product_id=bolt.pk, quantity=Decimal(1), unit_price=Decimal(1), note=f"Note {n}")
        for n in range(120)
    ]
    order = enter_order(actor=SYSTEM, entered=EnteredOrder(account_id=acme_account.pk, lines=lines))
    order = confirm_order(actor=SYSTEM, order=order)
    pdf = order_confirmation_pdf(fresh(order), "en")

    count = pages_of(pdf)
    assert count >= 5
    text = text_of(pdf)
    assert text.count("Unit price") in (count, count - 1)  # the last page may hold the totals alone
    assert f"Page {count} / {count}" in text
    assert "Note 119" in text


def test_the_same_rows_make_the_same_bytes(ana, bolt):
    invoice = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (bolt, 100)))
    first, second = (invoice_pdf(Invoice.objects.get(pk=invoice.pk), "en") for _ in range(2))
    assert first == second


def test_what_people_typed_is_text_and_nothing_else(ana, bolt):
    nasty = "#panic() *bold* $x$ \\ <label> @ref // [] \u202e"
    order = confirmed(ana, (bolt, 100), note=nasty)
    assert "#panic() *bold* $x$" in text_of(order_confirmation_pdf(fresh(order), "en"))


@pytest.mark.parametrize(
    ("price", "currency", "written"),
    [
        ("12.500000", "EUR", "12.50"),
        ("0.004500", "EUR", "0.0045"),
        ("1234.5", "JPY", "1,234.5"),
        ("3", "JPY", "3"),
    ],
)
def test_unit_prices_keep_their_decimals(price, currency, written):
    assert Writer("en").price(Decimal(price), currency) == written


def test_the_paper_of_an_invoice_lists_every_line(ana, bolt, drill):
    invoice = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (bolt, 100), (drill, 1)))
    paper = invoice_paper(Invoice.objects.get(pk=invoice.pk), "en")
    assert len(paper.rows) == 2
    assert paper.accent == "teal"
