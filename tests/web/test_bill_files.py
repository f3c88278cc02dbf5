"""Files of orders and invoices: their rows add up to the documents, to the cent, on both sides and in both forms."""

import csv
import io
from collections import defaultdict
from decimal import Decimal
from itertools import zip_longest
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from kontor.catalog.models import Product
from kontor.charges.models import Rule, Step, Tariff
from kontor.companies.models import Company, Membership
from kontor.invoicing.models import Invoice
from kontor.invoicing.operations import issue_invoice
from kontor.orders.models import Order
from tests.assembly import Cast
from tests.orders.test_adding_up import charge, take_back
from tests.orders.trade import SYSTEM, shipped
from tests.promotions.baskets import promotion

pytestmark = pytest.mark.django_db


@pytest.fixture
def traded(cast: Cast, hansa: Company, ana: Membership, bolt: Product, drill: Product) -> list[Invoice]:
    """Two orders with a promotion, a discount on the order, freight and a deposit; one crate comes back."""
    charge(hansa, "freight", "6.90")
    charge(hansa, "deposit", "0.07", is_refundable=True, code="ABK")
    rule = Rule.objects.create(seller=hansa, kind="allowance", name="Web order", code="95", measure="value")
    Step.objects.create(
        tariff=Tariff.objects.create(rule=rule, currency="EUR"), start=0, percent=Decimal("1.5")
    )
    promotion(cast, {"kind": "percent", "percent": "7.3"})
    first = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (bolt, 130), (drill, 2)))
    second = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (drill, 1)))
    assert first.order
    line = first.order.lines.get(position=1)
    return [first, second, take_back(first.order, line.pk, Decimal(40))]


def rows_in(client: Client, name: str, form: str = "csv") -> list[dict[str, Any]]:
    answer = client.get(reverse(name), {"lines": "1", "form": form})
    content = b"".join(answer.streaming_content)
    if form == "csv":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    head, *rows = openpyxl.load_workbook(io.BytesIO(content), read_only=True).active.values
    return [dict(zip_longest(head, row)) for row in rows]


def sums(rows: list[dict[str, Any]], by: str) -> dict[str, tuple[Decimal, Decimal]]:
    found: dict[str, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
    for row in rows:
        net, tax = (Decimal(str(row[name] or 0)) for name in ("Net", "Tax"))
        found[row[by]] = (found[row[by]][0] + net, found[row[by]][1] + tax)
    return dict(found)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("who", ["ana", "sal"])
def test_rows_come_to_the_totals_of_their_documents(
    cast: Cast, client: Client, traded: list[Invoice], who: str, form: str
) -> None:
    client.force_login(cast.people[who].user)
    door = "storefront" if who == "ana" else "backoffice"

    orders = rows_in(client, f"{door}:orders_csv", form)
    invoices = rows_in(client, f"{door}:invoices_csv", form)

    assert {row["Row"] for row in orders} == {"Article", "Taken off", "Charge", "Tax"}
    assert sums(orders, "Order") == {
        one.number: (one.net_total, one.tax_total) for one in Order.objects.all()
    }
    signs = {"invoice": 1, "credit_note": -1}
    assert sums(invoices, "Document") == {
        one.number: (signs[one.kind] * one.net_total, signs[one.kind] * one.tax_total) for one in traded
    }
    freight = [row for row in orders if row["Text"] == "Freight"]
    assert [(row["Number"], Decimal(str(row["Net"]))) for row in freight] == [("FC", Decimal("6.90"))] * 2


def test_a_file_of_many_documents_takes_as_many_statements_as_one_of_few(
    client: Client, traded: list[Invoice], ana: Membership, bolt: Product, django_assert_max_num_queries
) -> None:
    client.force_login(ana.user)
    with django_assert_max_num_queries(9):
        assert rows_in(client, "storefront:orders_csv")
    with django_assert_max_num_queries(8):
        assert rows_in(client, "storefront:invoices_csv")
