from decimal import Decimal

import pytest

from kontor.carts.operations import add_to_cart
from kontor.carts.queries import cart_view
from kontor.catalog.models import Product
from kontor.inventory.models import StockItem
from kontor.kernel.refusal import NotAllowed
from kontor.pricing.models import Price
from kontor.pricing.queries import chain_for


@pytest.fixture
def filled(cart, ana, bolt, drill, assembly):
    for product, quantity, unit in (
        (bolt, 250, "C62"),
        (bolt, 12, "XBX"),
        (drill, 2, "C62"),
        (assembly, 3, "HUR"),
    ):
        add_to_cart(
            actor=ana.as_actor("page"), cart=cart, product_id=product.pk, quantity=quantity, unit=unit
        )
    return cart


def view_of(cart, member):
    return cart_view(member.as_actor("page"), cart, chain_for(cart.buyer_id))


@pytest.mark.covers("R0.40")
def test_lines_cost_what_this_company_pays_at_their_quantity(filled, ana):
    view = view_of(filled, ana)

    assert [
        (line.sku, line.base_quantity, line.amount, line.price_base, line.net) for line in view.lines
    ] == [
        ("BOLT-M8", 250, Decimal("12.50"), 100, Decimal("31.25")),
        ("BOLT-M8", 1200, Decimal("11.00"), 100, Decimal("132.00")),
        ("DRILL-18V", 2, Decimal("89.00"), 1, Decimal("178.00")),
        ("ASSEMBLY-H", 3, Decimal("65.00"), 1, Decimal("195.00")),
    ]
    assert (view.currency, view.net_total, view.problems) == ("EUR", Decimal("536.25"), [])
    assert view.can_be_ordered


def test_six_statements_read_a_cart(filled, ana, django_assert_num_queries):
    """Lines, who trades, stock; then contracts, promotions and charges, which have nothing to say here."""
    chain = chain_for(filled.buyer_id)
    with django_assert_num_queries(6):
        cart_view(ana.as_actor("page"), filled, chain)


def test_stock_is_judged_over_all_lines_of_an_article(filled, ana, bolt):
    StockItem.objects.filter(product=bolt).update(on_hand=1449)

    view = view_of(filled, ana)

    assert [line.problem for line in view.lines] == ["not_enough_stock", "not_enough_stock", None, None]
    assert view.lines[0].message == "Only 1,449 pieces are available. Order less, or ask for an offer."
    assert view.lines[3].available is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda bolt: Product.objects.filter(pk=bolt.pk).update(status="discontinued"), "discontinued"),
        (lambda bolt: Product.objects.filter(pk=bolt.pk).update(status="draft"), "not_available"),
        (lambda bolt: bolt.sales_units.filter(unit="C62").delete(), "not_available"),
        (lambda bolt: bolt.sales_units.filter(unit="C62").update(minimum=300), "below_minimum"),
        (lambda bolt: bolt.sales_units.filter(unit="C62").update(multiple=24), "not_a_multiple"),
        (lambda bolt: Price.objects.filter(product=bolt).delete(), "no_price"),
    ],
)
def test_what_blocks_a_line_is_named(filled, ana, bolt, change, problem):
    change(bolt)

    line = view_of(filled, ana).lines[0]

    assert line.problem == problem
    assert line.message
    assert not view_of(filled, ana).can_be_ordered


def test_a_rival_reads_nothing(filled, gil):
    with pytest.raises(NotAllowed):
        view_of(filled, gil)


def test_an_empty_cart_is_in_the_buyers_currency(cart, ana):
    view = view_of(cart, ana)

    assert (view.currency, view.net_total, view.lines, view.can_be_ordered) == ("EUR", 0, [], False)
