"""5,000 lines through the whole trade: paste, look, order, confirm, ship, invoice. No statement per line.

KONTOR_TEST_LINES sets how many; seconds of CPU per step go to the log of the test (`-s`).
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kontor.carts.operations import add_lines
from kontor.carts.queries import cart_view
from kontor.catalog.models import Product, SalesUnit
from kontor.fulfilment.operations import ship_now
from kontor.inventory.models import StockItem
from kontor.invoicing.documents import invoice_paper
from kontor.invoicing.operations import issue_invoice
from kontor.orders.intake import OrderDetails
from kontor.orders.operations import confirm_order, place_order
from kontor.pricing.models import Price
from kontor.pricing.queries import chain_for
from kontor.search.operations import rebuild_all
from tests.orders.test_adding_up import charge
from tests.orders.trade import SYSTEM, cart_of
from tests.promotions.baskets import promotion

LINES = int(os.environ.get("KONTOR_TEST_LINES", "5000"))
MOST = {"paste": 12, "look": 12, "order": 40, "confirm": 12, "ship": 25, "invoice": 18, "paper": 12}
pytestmark = [pytest.mark.database, pytest.mark.django_db]


@contextmanager
def counted(step: str) -> Iterator[None]:
    """No more statements than the step may take, whatever the number of lines."""
    began = time.process_time()
    with CaptureQueriesContext(connection) as captured:
        yield
    took = time.process_time() - began
    print(f"{step}: {len(captured)} statements, {took:.2f} s of CPU")  # a figure for the benchmarks
    assert len(captured) <= MOST[step], step


@pytest.fixture
def goods(cast, bolt, public_list) -> list[Product]:
    """Articles at 1.00 with a hundred in stock each."""
    made = Product.objects.bulk_create(
        [
            Product(
                seller=bolt.seller, sku=f"PART-{no:05}", name=f"Part {no}", slug=f"part-{no}", kind="goods",
                status="active", base_unit="C62", tax_category="standard",
            )
            for no in range(LINES)
        ],
        batch_size=1000,
    )  # fmt: skip
    house = cast.warehouses["ham"]
    for some in (made[at : at + 1000] for at in range(0, LINES, 1000)):
        SalesUnit.objects.bulk_create(SalesUnit(product=one, unit="C62") for one in some)
        Price.objects.bulk_create(
            Price(product=one, price_list=public_list, min_quantity=1, amount=1, price_base=1) for one in some
        )
        StockItem.objects.bulk_create(StockItem(product=one, warehouse=house, on_hand=100) for one in some)
    rebuild_all()
    return made


def test_an_order_of_5000_lines_goes_through_without_a_statement_per_line(cast, hansa, ben, bolt, goods):
    charge(hansa, "freight", "6.90")
    charge(hansa, "deposit", "0.10", is_refundable=True, code="ABK")
    promotion(cast, {"kind": "percent", "percent": "5"})
    actor = ben.as_actor("page")
    cart = cart_of(ben.company, (bolt, 1))
    cart.lines.all().delete()
    text = "\n".join(f"{one.sku}\t2" for one in goods)

    with counted("paste"):
        report = add_lines(actor=actor, cart=cart, text_or_rows=text)
    assert len(report.added) == LINES
    with counted("look"):
        view = cart_view(actor, cart, chain_for(cart.buyer_id))
    with counted("order"):
        order = place_order(actor=actor, cart=cart, details=OrderDetails())
    with counted("confirm"):
        order = confirm_order(actor=SYSTEM, order=order)
    with counted("ship"):
        shipment = ship_now(actor=SYSTEM, order=order)
    with counted("invoice"):
        invoice = issue_invoice(actor=SYSTEM, shipment=shipment)
    with counted("paper"):
        paper = invoice_paper(invoice, "en")

    # 2.00 a line less 5 %, two deposits of 0.10, freight once
    expected = LINES * Decimal("2.10") + Decimal("6.90")
    assert (view.net_total, order.net_total, invoice.net_total) == (expected, expected, expected)
    assert invoice.lines.count() == LINES
    assert len(paper.rows) == LINES
