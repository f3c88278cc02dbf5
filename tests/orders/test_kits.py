"""A kit on an order: one line and one price, its parts a copy, its stock that of its components."""

from decimal import Decimal
from functools import partial

import pytest

from kontor.carts.queries import cart_view
from kontor.catalog.operations import save_product
from kontor.fulfilment.operations import (
    accept_return,
    confirm_delivery,
    confirm_pick,
    pack,
    receive_return,
    release_to_warehouse,
    request_return,
    ship,
    ship_now,
)
from kontor.fulfilment.operations.request_return import ReturnedLine
from kontor.fulfilment.queries import pick_lines, shipment_lines
from kontor.inventory.models import StockItem, Warehouse
from kontor.invoicing.operations import issue_invoice, issue_invoice_for_parts
from kontor.invoicing.queries import orders_with_parts_to_invoice, shipments_to_invoice
from kontor.orders.intake import EnteredLine, EnteredOrder, OrderDetails
from kontor.orders.models import LinePart, Order
from kontor.orders.operations import cancel_order, enter_order, place_order
from kontor.orders.queries import order_detail
from kontor.pricing.queries import chain_for
from tests.at_once import at_once, codes
from tests.kits import facts, kit_of
from tests.orders.trade import SYSTEM, broken, cart_of, confirmed, placed, shipped, stock_of
from tests.traces import refused


def parts_of(order):
    rows = LinePart.objects.filter(line__order=order).order_by("line__position", "position")
    return [(one.sku, one.quantity, one.shipped) for one in rows]


def only_line(order):
    return order.lines.get()


@pytest.mark.covers("R0.7", "R0.40")
def test_one_line_one_price_and_a_copy_of_what_is_inside(ben, kit, bolt, drill):
    order = placed(ben, (kit, 2))

    line = only_line(order)
    assert (line.kind, line.quantity, line.net, line.tax_rate) == ("kit", 2, Decimal("240.00"), 19)
    assert parts_of(order) == [("DRILL-18V", 1, 0), ("BOLT-M8", 50, 0), ("ASSEMBLY-H", Decimal("0.5"), 0)]
    assert (stock_of(drill), stock_of(bolt)) == ((12, 2), (5000, 100))
    assert broken() == []


def test_a_later_change_of_the_kit_changes_no_order(ben, kit, bolt, drill):
    order = confirmed(ben, (kit, 2))
    save_product(actor=SYSTEM, product=kit, facts=facts("SET-WALL", {"BOLT-M8": 1}))

    shipment = ship_now(actor=SYSTEM, order=order)

    assert parts_of(order) == [("DRILL-18V", 1, 2), ("BOLT-M8", 50, 100), ("ASSEMBLY-H", Decimal("0.5"), 0)]
    assert (stock_of(drill), stock_of(bolt)) == ((10, 0), (4900, 0))
    assert [(one.article.sku, one.quantity) for one in shipment_lines(shipment)] == [
        ("DRILL-18V", 2),
        ("BOLT-M8", 100),
    ]
    assert only_line(order).shipped == 2
    assert broken() == []


def test_a_kit_and_a_line_of_its_component_compete_for_the_same_stock(ben, kit, drill):
    first, second = cart_of(ben.company, (kit, 10), (drill, 3)), cart_of(ben.company, (drill, 3), (kit, 10))
    order = partial(place_order, actor=ben.as_actor("page"), details=OrderDetails())
    with refused("not_enough_stock", "lines/1/quantity") as refusal:
        order(cart=first)
    assert refusal.value.fields["lines/1/quantity"] == "Only 2 pieces available."
    with refused("not_enough_stock", "lines/1/quantity") as refusal:
        order(cart=second)
    assert refusal.value.fields["lines/1/quantity"] == (
        "Only 9 pieces available of “Cordless drill 18 V”, which is part of it."
    )

    placed(ben, (kit, 10), (drill, 2))

    assert stock_of(drill) == (12, 12)


def test_the_cart_says_so_before_anybody_orders(ben, kit, drill):
    cart = cart_of(ben.company, (kit, 10), (drill, 3))

    view = cart_view(ben.as_actor("page"), cart, chain_for(ben.company_id))

    assert [(line.problem, line.available) for line in view.lines] == [
        ("not_enough_stock", 12),
        ("not_enough_stock", 12),
    ]
    assert view.lines[0].message == (
        "Other lines want what is in it as well. Together there is not enough. Order less of one of them."
    )
    assert [one.sku for one in view.lines[0].parts] == ["DRILL-18V", "BOLT-M8", "ASSEMBLY-H"]


def test_half_a_kit_is_not_sold(acme_account, kit):
    given = EnteredOrder(
        account_id=acme_account.pk, lines=[EnteredLine(product_id=kit.pk, quantity=Decimal("1.5"))]
    )

    with refused("lines_not_orderable", "lines/0/quantity"):
        enter_order(actor=SYSTEM, entered=given)


def test_cancelling_frees_the_components(ben, kit, bolt, drill):
    order = placed(ben, (kit, 2), (drill, 1))

    cancel_order(actor=SYSTEM, order=order, line_ids=[order.lines.get(kind="kit").pk], reason="Not needed")

    assert (stock_of(drill), stock_of(bolt)) == ((12, 1), (5000, 0))
    assert broken() == []

    cancel_order(actor=SYSTEM, order=order, reason="Not needed")

    assert (stock_of(drill), stock_of(bolt), order.status) == ((12, 0), (5000, 0), "cancelled")
    assert broken() == []


def test_the_pick_list_and_the_parcel_hold_components(ben, wim, kit, ham, drill, bolt):
    StockItem.objects.filter(product=drill).update(bin="A-1")
    StockItem.objects.filter(product=bolt).update(bin="B-2")
    order = confirmed(ben, (kit, 2))
    who = wim.as_actor("page")

    (pick_list,) = release_to_warehouse(actor=who, order=order)
    assert [(one.stock_item.bin, one.article.sku, one.quantity) for one in pick_lines(pick_list)] == [
        ("A-1", "DRILL-18V", 2),
        ("B-2", "BOLT-M8", 100),
    ]
    confirm_pick(actor=who, pick_list=pick_list)
    shipment = pack(actor=who, pick_list=pick_list)
    assert [(one.article.sku, one.quantity, one.ordered) for one in shipment_lines(shipment)] == [
        ("DRILL-18V", 2, 2),
        ("BOLT-M8", 100, 100),
    ]
    ship(actor=who, shipment=shipment)
    confirm_delivery(actor=who, shipment=shipment)

    line = only_line(order)
    order.refresh_from_db()
    assert (line.shipped, line.delivered, order.status) == (2, 2, "delivered")
    assert broken() == []


def picked(wim, order, **found):
    """Pack and ship what was found, by SKU; nothing is named: everything."""
    who = wim.as_actor("page")
    (pick_list,) = release_to_warehouse(actor=who, order=order)
    quantities = {
        one.pk: Decimal(found[one.article.sku.partition("-")[0].lower()]) for one in pick_lines(pick_list)
    }
    confirm_pick(actor=who, pick_list=pick_list, picked=quantities)
    return ship(actor=who, shipment=pack(actor=who, pick_list=pick_list))


def test_a_kit_counts_as_shipped_and_is_invoiced_when_its_last_part_leaves(ben, wim, kit, fin):
    order = confirmed(ben, (kit, 3))

    first = picked(wim, order, drill=2, bolt=0)
    order.refresh_from_db()
    assert (only_line(order).shipped, order.status) == (0, "partly_shipped")
    assert parts_of(order)[:2] == [("DRILL-18V", 1, 2), ("BOLT-M8", 50, 0)]
    assert list(shipments_to_invoice(fin.as_actor("page"))) == []
    with refused("no_whole_kit"):
        issue_invoice(actor=fin.as_actor("page"), shipment=first)
    assert broken() == []

    second = picked(wim, order, drill=0, bolt=75)
    assert only_line(order).shipped == 1
    assert issue_invoice(actor=fin.as_actor("page"), shipment=second).net_total == Decimal("120.00")
    assert broken() == []

    third = picked(wim, order, drill=1, bolt=75)
    order.refresh_from_db()
    assert (only_line(order).shipped, order.status) == (3, "shipped")
    assert issue_invoice(actor=fin.as_actor("page"), shipment=third).net_total == Decimal("240.00")
    assert broken() == []


def test_the_seller_may_give_up_a_kit_of_which_a_part_has_left(ben, wim, kit, drill, bolt):
    order = confirmed(ben, (kit, 3))
    picked(wim, order, drill=2, bolt=50)

    cancel_order(actor=SYSTEM, order=order, reason="The bolts are gone")

    line = only_line(order)
    assert (line.shipped, line.cancelled, order.status) == (1, 2, "shipped")
    assert (stock_of(drill), stock_of(bolt)) == ((10, 0), (4950, 0))
    assert broken() == []


@pytest.mark.covers("R0.7")
def test_parts_that_left_of_a_cancelled_kit_are_invoiced_at_their_share_of_its_price(ben, wim, fin, kit):
    order, finance = confirmed(ben, (kit, 3)), fin.as_actor("page")
    shipment = picked(wim, order, drill=2, bolt=75)
    whole = issue_invoice(actor=finance, shipment=shipment)
    with refused("nothing_open"):
        issue_invoice_for_parts(actor=finance, order=order)
    assert list(orders_with_parts_to_invoice(finance)) == []

    cancel_order(actor=SYSTEM, order=order, reason="The bolts are gone")
    assert list(orders_with_parts_to_invoice(finance)) == [order]
    invoice = issue_invoice_for_parts(actor=finance, order=order)

    # 120.00 for what costs 127.75 alone: a drill at 89.00, 50 bolts at 12.50 per 100, half an hour at 65.00.
    assert list(invoice.lines.values_list("sku", "quantity", "net", "part__sku")) == [
        ("DRILL-18V", 1, Decimal("83.60"), "DRILL-18V"),
        ("BOLT-M8", 25, Decimal("2.94"), "BOLT-M8"),
    ]
    assert (whole.net_total, invoice.net_total, invoice.shipment) == (
        Decimal("120.00"),
        Decimal("86.54"),
        None,
    )
    assert list(orders_with_parts_to_invoice(finance)) == []
    with refused("nothing_open"):
        issue_invoice_for_parts(actor=finance, order=order)
    assert broken() == []


def test_a_kit_of_which_only_parts_left_is_settled_too_and_whole_ones_still_come_back(ben, wim, fin, kit):
    order, finance = confirmed(ben, (kit, 2)), fin.as_actor("page")
    picked(wim, order, drill=1, bolt=0)
    cancel_order(actor=SYSTEM, order=order, reason="The bolts are gone")

    assert order.status == "cancelled"
    assert issue_invoice_for_parts(actor=finance, order=order).net_total == Decimal("83.60")
    assert broken() == []


def test_only_who_issues_invoices_for_the_seller_invoices_parts(ben, wim, gil, sal, kit):
    order = confirmed(ben, (kit, 2))
    picked(wim, order, drill=1, bolt=0)
    cancel_order(actor=SYSTEM, order=order, reason="The bolts are gone")

    for who in (ben, gil, wim, sal):
        with refused("not_allowed"):
            issue_invoice_for_parts(actor=who.as_actor("page"), order=order)
    assert list(orders_with_parts_to_invoice(gil.as_actor("page"))) == []


def test_components_come_back_to_their_shelves(ben, wim, kit, drill, bolt):
    shipment = shipped(ben, (kit, 3))
    order = shipment.order
    line = only_line(order)
    back = request_return(
        actor=SYSTEM, order=order, lines=[ReturnedLine(order_line_id=line.pk, quantity=Decimal(2))]
    )
    accept_return(actor=SYSTEM, return_order=back)
    assert (stock_of(drill), stock_of(bolt)) == ((9, 0), (4850, 0))

    receive_return(actor=SYSTEM, return_order=back, received={back.lines.get().pk: (Decimal(2), Decimal(1))})

    assert (stock_of(drill), stock_of(bolt)) == ((10, 0), (4900, 0))
    assert only_line(order).returned == 2
    assert broken() == []


def test_parts_from_two_warehouses_go_in_two_parcels(ben, wim, kit, hansa, ham, drill, bolt):
    bremen = Warehouse.objects.create(seller=hansa, code="BRM", name="Bremen", country="DE", position=7)
    StockItem.objects.filter(product=bolt).update(warehouse=bremen)
    order = confirmed(ben, (kit, 2))

    lists = release_to_warehouse(actor=wim.as_actor("page"), order=order)

    assert [(one.warehouse.code, [line.article.sku for line in pick_lines(one)]) for one in lists] == [
        ("HAM", ["DRILL-18V"]),
        ("BRM", ["BOLT-M8"]),
    ]
    for one in lists:
        confirm_pick(actor=SYSTEM, pick_list=one)
        ship(actor=SYSTEM, shipment=pack(actor=SYSTEM, pick_list=one))
    assert only_line(order).shipped == 2
    assert broken() == []


def test_the_order_says_what_is_inside_to_both_sides(ben, sal, kit):
    order = placed(ben, (kit, 2))

    for member in (ben, sal):
        detail = order_detail(member.as_actor("page"), order.pk)
        (line,) = detail.lines
        assert [one.sku for one in detail.parts[line.pk]] == ["DRILL-18V", "BOLT-M8", "ASSEMBLY-H"]


@pytest.mark.django_db(transaction=True)
def test_the_race_on_the_last_component_oversells_nothing(ben, gil, kit, drill):
    StockItem.objects.filter(product=drill).update(on_hand=1)
    carts = [cart_of(who.company, (what, 1)) for who, what in [(ben, kit), (gil, drill)] * 4]
    buyers = [ben, gil] * 4

    outcomes = at_once(
        *(
            partial(place_order, actor=who.as_actor("page"), cart=cart, details=OrderDetails())
            for who, cart in zip(buyers, carts, strict=True)
        )
    )

    assert codes(outcomes) == ["not_enough_stock"] * 7
    assert Order.objects.count() == 1
    assert StockItem.objects.get(product=drill).reserved == 1
    assert [found for found in broken() if "movements" not in found[0]] == []


def test_a_kit_that_lost_what_is_in_stock_cannot_be_ordered(ben, hansa):
    kit = kit_of(hansa, "SET-X", {"DRILL-18V": 1})
    kit.components.all().delete()

    cart = cart_of(ben.company, (kit, 1))

    with refused("lines_not_orderable", "lines/0/quantity"):
        place_order(actor=ben.as_actor("page"), cart=cart, details=OrderDetails())
