"""How many SQL statements each page costs. A number may fall; whoever lets it rise says why in the commit."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kontor.catalog.models import Product, ProductRelation
from kontor.companies.models import Membership
from kontor.fulfilment.models import Shipment
from kontor.fulfilment.operations import ReturnedLine, request_return
from kontor.invoicing.operations import issue_invoice
from kontor.orders.models import OrderLine
from kontor.search.operations import rebuild_all
from tests.orders.trade import SYSTEM, cart_of, shipped
from tests.storefront.trade_pages import browser_of, offered

AROUND = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET ")
"""Statements of the tests themselves: they watch that no GET writes."""


def statements(client: Client, url: str) -> list[str]:
    """What a second look at this page asks the database."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [row["sql"] for row in captured.captured_queries if not row["sql"].startswith(AROUND)]


@pytest.fixture
def shipment(ana: Membership, bolt: Product, drill: Product) -> Shipment:
    """An order that was shipped, invoiced, and is to come back in part."""
    rebuild_all()
    shipment = shipped(ana, (bolt, 100), (drill, 1))
    issue_invoice(actor=SYSTEM, shipment=shipment)
    line = OrderLine.objects.filter(order=shipment.order_id).first()
    if line is not None:
        lines = [ReturnedLine(order_line_id=line.pk, quantity=line.base_quantity)]
        request_return(actor=ana.as_actor("page"), order=shipment.order, lines=lines)
    return shipment


@pytest.mark.parametrize("query", ["", "?in_stock=1", "?brand=Norddraht"])
def test_a_listing_costs_the_identity_and_the_listing(
    ana: Membership, shipment: Shipment, query: str
) -> None:
    asked = statements(browser_of(ana), reverse("storefront:category", args=["fasteners"]) + query)

    assert len(asked) == 2
    assert "FROM web_session" in asked[0]
    assert "catalog_revision" in asked[1]


def test_a_listing_by_price_also_asks_whose_list_prices_count(ana: Membership, shipment: Shipment) -> None:
    """For a reader's price that is not shown to them must not order the goods either."""
    address = reverse("storefront:category", args=["fasteners"])
    asked = statements(browser_of(ana), f"{address}?sort=price")

    assert len(asked) == 3
    assert "pricing_price_list" in asked[1]
    assert "catalog_revision" in asked[2]


def test_a_visitors_listing_costs_the_chain_and_the_listing(shipment: Shipment) -> None:
    assert len(statements(Client(), reverse("storefront:category", args=["fasteners"]))) == 2


def test_a_search_costs_the_identity_and_the_listing(ana: Membership, shipment: Shipment) -> None:
    assert len(statements(browser_of(ana), reverse("storefront:search") + "?q=hex+bolt+x")) <= 3


def test_a_product_costs_the_identity_itself_and_what_one_did_with_it(
    ana: Membership, bolt: Product, shipment: Shipment
) -> None:
    asked = statements(browser_of(ana), reverse("storefront:product", args=[bolt.pk, bolt.slug]))

    assert len(asked) == 4
    assert "FROM web_session" in asked[0]
    assert "catalog_relation" in asked[1]
    assert "orders_line" in asked[2]
    assert "pricing_price" in asked[3]  # whose price it is, and what comes


def test_a_product_with_something_that_goes_with_it_costs_one_more(
    ana: Membership, bolt: Product, drill: Product
) -> None:
    ProductRelation.objects.create(product=bolt, other=drill, kind="accessory")

    assert len(statements(browser_of(ana), reverse("storefront:product", args=[bolt.pk, bolt.slug]))) == 5


@pytest.mark.parametrize(("name", "most"), [("orders", 2), ("requests", 2), ("invoices", 2), ("returns", 2)])
def test_a_list_costs_the_identity_and_the_rows(
    ana: Membership, shipment: Shipment, name: str, most: int
) -> None:
    assert len(statements(browser_of(ana), reverse(f"storefront:{name}"))) == most


def test_pages_of_one_thing_cost_the_same_for_many_lines(
    ana: Membership, sal: Membership, bolt: Product, drill: Product, shipment: Shipment
) -> None:
    offer = offered(ana, sal, [(bolt, 2000), (drill, 5)], "10.00", "80.00")
    cart = cart_of(ana.company, (bolt, 100), (drill, 1), (bolt, 2, "XBX"))
    browser = browser_of(ana)
    costs = {
        "home": 12,
        "cart_detail": 8,
        "checkout": 12,
        "order": 11,
        "request": 11,
    }
    args = {
        "cart_detail": [cart.pk],
        "checkout": [cart.pk],
        "order": [shipment.order_id],
        "request": [offer.request_id],
    }

    measured = {
        name: len(statements(browser, reverse(f"storefront:{name}", args=args.get(name)))) for name in costs
    }

    assert {name: cost for name, cost in measured.items() if cost > costs[name]} == {}
