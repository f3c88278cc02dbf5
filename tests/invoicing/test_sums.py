"""From what is shown before the order to the last credit note, sums are the same to the cent."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor.catalog.models import Product
from kontor.fulfilment.operations import (
    ReturnedLine,
    accept_return,
    receive_return,
    request_return,
    ship_now,
)
from kontor.invoicing.operations import issue_credit_note, issue_invoice
from kontor.invoicing.rules import InvoicedLine, Price, credits_for, invoiced_part
from kontor.kernel.money import line_net
from kontor.orders.intake import OrderDetails
from kontor.orders.operations import accept_offer, confirm_order
from kontor.orders.preview import preview
from kontor.taxes.deciding import Item
from kontor.taxes.rules import breakdown
from tests.orders.operations.test_accept_offer import offered
from tests.orders.trade import SYSTEM, placed, shipped

CENT = Decimal("0.01")
CODES = st.sampled_from(
    [("S", Decimal(19)), ("S", Decimal(7)), ("S", Decimal("8.25")), ("K", Decimal(0)), ("E", Decimal(0))]
)


@st.composite
def lines(draw):
    """Lines as (code, rate, price, parts): the quantities of their partial invoices."""
    price = st.decimals(Decimal("0.000001"), Decimal(5000), places=6)
    parts = st.lists(st.integers(1, 400).map(Decimal), min_size=1, max_size=4)
    base = st.sampled_from([Decimal(1), Decimal(100)])
    made = st.tuples(CODES, st.builds(lambda amount, per: Price(amount, per, "EUR"), price, base), parts)
    return draw(st.lists(made, min_size=1, max_size=6))


def tax_of(rows):
    return sum((one.tax for one in breakdown(rows, "EUR")), Decimal(0))


@given(lines())
def test_partial_invoices_and_their_credits_come_to_the_order(drawn):
    ordered, invoices = [], {}
    for (code, rate), price, parts in drawn:
        whole = line_net(unit_price=price.amount, price_base=price.base, quantity=sum(parts), currency="EUR")
        ordered.append((code, rate, whole))
        before = Decimal(0)
        for number, quantity in enumerate(parts):
            net = invoiced_part(price, before, quantity)
            invoices.setdefault(number, []).append((code, rate, net, quantity))
            before += quantity

    nets = sum((net for rows in invoices.values() for _code, _rate, net, _quantity in rows), Decimal(0))
    assert nets == sum((net for _code, _rate, net in ordered), Decimal(0))
    taxes = sum((tax_of(row[:3] for row in rows) for rows in invoices.values()), Decimal(0))
    rounded = sum(len({row[:2] for row in rows}) for rows in invoices.values()) + len(
        {row[:2] for row in ordered}
    )
    assert abs(taxes - tax_of(ordered)) <= rounded * CENT / 2
    if len(invoices) == 1:
        assert taxes == tax_of(ordered)

    for rows in invoices.values():
        credited = []
        for code, rate, net, quantity in rows:
            back = credits_for(quantity, [InvoicedLine(1, quantity, net, Decimal(0))], "EUR")
            credited += [(code, rate, one.net) for one in back]
        assert tax_of(credited) == tax_of(row[:3] for row in rows)


@given(st.lists(st.tuples(CODES, st.decimals(Decimal("0.01"), Decimal(99999), places=2)), max_size=20))
def test_the_tax_of_each_code_and_rate_is_rounded_once(drawn):
    for total in breakdown([(*code, net) for code, net in drawn], "EUR"):
        mine = [net for (code, rate), net in drawn if (code, rate) == (total.code, total.rate)]
        assert total.net == sum(mine)
        assert total.tax == (sum(mine) * total.rate / 100).quantize(CENT, ROUND_HALF_UP)


def test_what_is_shown_is_what_is_ordered_and_invoiced(ana, bolt, drill, hansa):
    shown = preview(
        buyer_id=ana.company_id,
        seller_id=hansa.pk,
        lines=[
            (Item.sold("standard", "goods", bolt.pk), Decimal("12.50")),
            (Item("standard"), Decimal("89.00")),
        ],
        currency="EUR",
    )
    order = placed(ana, (bolt, 100), (drill, 1))
    invoice = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (bolt, 100), (drill, 1)))

    sums = (Decimal("101.50"), Decimal("120.79"))
    assert (shown.net_total, shown.gross_total) == (order.net_total, order.gross_total) == sums
    assert (invoice.net_total, invoice.gross_total) == sums
    assert {line.tax_code for line in order.lines.all()} == {"S"}


def credited(order):
    """A credit note for all that was delivered."""
    lines = [ReturnedLine(order_line_id=one.pk, quantity=one.base_quantity) for one in order.lines.all()]
    back = request_return(actor=SYSTEM, order=order, lines=lines)
    accept_return(actor=SYSTEM, return_order=back)
    received = {line.pk: (line.quantity, line.quantity) for line in back.lines.all()}
    receive_return(actor=SYSTEM, return_order=back, received=received)
    return issue_credit_note(actor=SYSTEM, return_order=back)


GOODS = st.tuples(
    st.decimals(Decimal("0.01"), Decimal("9.9999"), places=4),
    st.integers(1, 12),
    st.sampled_from(["standard", "reduced", "zero", "exempt", "reversed"]),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(GOODS, GOODS)
def test_an_offer_its_order_its_invoice_and_their_credit_come_to_the_same(ana, sal, bolt, drill, one, other):
    goods = [(bolt, *one), (drill, *other)]
    with transaction.atomic():
        for product, _price, _quantity, category in goods:
            Product.objects.filter(pk=product.pk).update(tax_category=category)
        offer = offered(ana, sal, [(line[0], line[2]) for line in goods], [line[1] for line in goods])
        nets = list(offer.lines.order_by("position").values_list("net", flat=True))
        shown = preview(
            buyer_id=ana.company_id,
            seller_id=bolt.seller_id,
            lines=[
                (Item.sold(line[3], "goods", line[0].pk), net) for line, net in zip(goods, nets, strict=True)
            ],
            currency="EUR",
        )
        order = accept_offer(
            actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash, details=OrderDetails()
        )
        shipment = ship_now(actor=SYSTEM, order=confirm_order(actor=SYSTEM, order=order))
        invoice = issue_invoice(actor=SYSTEM, shipment=shipment)
        order.refresh_from_db()
        credit = credited(order)
        transaction.set_rollback(True)

    assert offer.net_total == shown.net_total
    sums = {(one.net_total, one.gross_total) for one in (shown, order, invoice, credit)}
    assert sums == {(shown.net_total, shown.gross_total)}
    assert len({one.tax_total for one in (order, invoice, credit)}) == 1
