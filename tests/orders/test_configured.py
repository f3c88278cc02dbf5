"""A configured product from the configurator to the order: one price everywhere, its choices on every paper."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kontor.carts.models import Cart
from kontor.carts.operations import (
    add_configured,
    add_lines,
    add_to_cart,
    change_configuration,
    remove_line,
    restore_line,
)
from kontor.carts.queries import cart_view
from kontor.catalog.models import Configuration, Product
from kontor.catalog.operations import keep_configuration, save_options
from kontor.companies.models import CustomerAccount
from kontor.fulfilment.operations import ship_now
from kontor.goods.options import Options, code_of
from kontor.kernel.refusal import Refused
from kontor.orders.intake import EnteredLine, EnteredOrder, OrderDetails
from kontor.orders.operations import accept_offer, confirm_order, enter_order, place_order, reorder
from kontor.pricing.explain import explain
from kontor.pricing.queries import Wanted, breaks_of, chain_for, resolve
from kontor.quotes.operations import request_quote, send_offer, start_offer
from kontor.search.operations import rebuild_all
from kontor.search.queries import lookup_skus, viewer_for
from tests.cast import actor
from tests.catalog.configurable import OPTIONS, desk
from tests.orders.trade import broken

CHOSEN = ("160", "EL", "WAL")
WHOLE = Decimal("555.50")  # 300 + 10 % of 300 + 45 + 180.50
NAME = "Desk (Top: Walnut; Size: 160 cm; Extras: Electric drive)"
SKU = f"DESK-1:{code_of(CHOSEN)}"


@pytest.fixture
def product(store_admin) -> Product:
    made = desk(actor(store_admin))
    rebuild_all()  # numbers are looked up there
    return made


@pytest.fixture
def configuration(product) -> Configuration:
    return keep_configuration(product_id=product.pk, chosen=CHOSEN)


@pytest.fixture
def cart(ana, hansa) -> Cart:
    return Cart.objects.create(buyer=ana.company, seller=hansa, created_by=ana)


def without_tray(product: Product, admin) -> None:
    """The seller gives up cable trays."""
    extras = OPTIONS.groups[2]
    fewer = replace(extras, choices=tuple(one for one in extras.choices if one.code != "EL"))
    save_options(actor=admin, product=product, options=Options(groups=(*OPTIONS.groups[:2], fewer), rules=()))


@pytest.mark.covers("R0.40", "R3.17")
def test_base_and_effects_come_to_one_price_on_every_surface(ana, cart, product, configuration):
    chain = chain_for(ana.company_id)
    (price,) = resolve(chain, [Wanted(product.pk, Decimal(1), CHOSEN)])
    assert price is not None
    assert (price.amount, price.base) == (WHOLE, 300)
    assert [one.amount for one in breaks_of(chain, [product.pk], CHOSEN)[product.pk]] == [
        WHOLE,
        Decimal("533.50"),
    ]
    assert [
        (one.wins, one.amount) for one in explain(chain, Wanted(product.pk, Decimal(1), CHOSEN)) if one.price
    ] == [(True, WHOLE)]
    add_configured(actor=actor(ana), cart=cart, configuration=configuration, quantity=1, unit="C62")
    (line,) = cart_view(actor(ana), cart, chain).lines
    assert (line.amount, line.net, line.sku, line.problem) == (WHOLE, WHOLE, SKU, None)
    assert (line.choices, line.chosen) == ("Top: Walnut; Size: 160 cm; Extras: Electric drive", CHOSEN)


def test_a_choice_priced_in_another_currency_leaves_no_price(ana, product):
    chain = chain_for(ana.company_id)
    assert resolve(chain, [Wanted(product.pk, Decimal(1), ("OAK", "120", "LAMP"))]) == [None]
    assert resolve(chain, [Wanted(product.pk, Decimal(1), ("OAK", "120", "GONE"))]) == [None]


def test_an_order_says_what_was_chosen_and_ships_without_a_shelf(
    ben, wim, sal, product, configuration, hansa
):
    cart = Cart.objects.create(buyer=ben.company, seller=hansa, created_by=ben)
    add_configured(actor=actor(ben), cart=cart, configuration=configuration, quantity=2, unit="C62")
    order = place_order(actor=actor(ben), cart=cart, details=OrderDetails())
    line = order.lines.get()
    assert (line.sku, line.name, line.unit_price, line.net) == (SKU, NAME, WHOLE, Decimal("1111.00"))
    assert (line.configuration_id, line.kind) == (configuration.pk, "configurable")
    confirm_order(actor=actor(sal), order=order)
    ship_now(actor=actor(wim), order=order)
    order.refresh_from_db()
    assert order.status == "shipped"
    assert broken() == []


def test_nothing_is_ordered_without_its_options(ana, cart, product, sal, acme):
    for quantity in (1, 2):
        with pytest.raises(Refused) as refusal:
            add_to_cart(actor=actor(ana), cart=cart, product_id=product.pk, quantity=quantity, unit="C62")
        assert (refusal.value.code, refusal.value.message) == (
            "not_configured",
            "Choose the options of this article first.",
        )
    report = add_lines(actor=actor(ana), cart=cart, text_or_rows="DESK-1 1")
    assert [one.code for one in report.rejected] == ["not_configured"]
    account = CustomerAccount.objects.get(buyer=acme, seller=product.seller_id)
    entered = EnteredOrder(
        account_id=account.pk, lines=[EnteredLine(product_id=product.pk, quantity=Decimal(1))]
    )
    with pytest.raises(Refused) as refusal:
        enter_order(actor=actor(sal), entered=entered)
    assert refusal.value.fields == {"lines/0/quantity": "Choose the options of this article first."}
    with pytest.raises(Refused) as refusal:
        keep_configuration(product_id=product.pk, chosen=("WAL", "120"))
    assert refusal.value.message == "“Walnut” does not go with “120 cm”."
    assert not cart.lines.exists()
    assert not Configuration.objects.exists()


def test_codes_are_pasted_in_place_of_numbers(ana, cart, product):
    code = code_of(("120", "OAK"))
    text = f"desk-1:{code.lower()} 2\nDESK-1:{code} 1\nDESK-1:120-OAK-X 1\nDESK-1:{code_of(CHOSEN)} 3"
    report = add_lines(actor=actor(ana), cart=cart, text_or_rows=text)
    assert [(one.no, one.sku, one.in_all) for one in report.taken] == [
        (1, f"DESK-1:{code}", 2), (2, f"DESK-1:{code}", 3), (4, SKU, 3),
    ]  # fmt: skip
    assert [(one.no, one.code) for one in report.rejected] == [(3, "not_configured")]
    assert sorted(cart.lines.values_list("quantity", flat=True)) == [3, 3]
    found = lookup_skus(viewer_for(ana.company_id), [SKU, "DESK-1", "BOLT-M8:X"])
    configured = found[SKU].configured
    assert configured is not None
    assert configured.parts == CHOSEN
    assert found["DESK-1"].configured is None
    assert "BOLT-M8:X" not in found


def test_lines_are_changed_removed_and_brought_back_with_what_was_chosen(ana, cart, product, configuration):
    oak = keep_configuration(product_id=product.pk, chosen=("OAK", "120"))
    line = add_configured(
        actor=actor(ana), cart=cart, configuration=oak, quantity=2, unit="C62", note="For Eva"
    )
    add_configured(actor=actor(ana), cart=cart, configuration=configuration, quantity=1, unit="C62")
    changed = change_configuration(
        actor=actor(ana), line=line, configuration=configuration, revision=line.revision
    )
    assert (changed.quantity, changed.configuration_id, changed.note) == (3, configuration.pk, "For Eva")
    removed = remove_line(actor=actor(ana), line=changed, revision=changed.revision)
    back = restore_line(actor=actor(ana), cart=cart, removed=removed)
    assert (back.quantity, back.configuration_id, cart.lines.count()) == (3, configuration.pk, 1)


def test_what_was_ordered_stays_readable_and_a_reorder_says_what_is_gone(
    ben, store_admin, product, configuration, hansa
):
    cart = Cart.objects.create(buyer=ben.company, seller=hansa, created_by=ben)
    add_configured(actor=actor(ben), cart=cart, configuration=configuration, quantity=1, unit="C62")
    order = place_order(actor=actor(ben), cart=cart, details=OrderDetails())
    again, report = reorder(actor=actor(ben), order=order)
    assert [one.sku for one in report.added] == [SKU]
    without_tray(product, actor(store_admin))
    (line,) = cart_view(actor(ben), again, chain_for(ben.company_id)).lines
    gone = "No longer available: Extras: Electric drive. Configure it anew."
    assert (line.problem, line.message, line.choices) == (
        "not_configured", gone, "Top: Walnut; Size: 160 cm; Extras: Electric drive",
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        place_order(actor=actor(ben), cart=again, details=OrderDetails())
    assert refusal.value.code == "lines_not_orderable"
    _cart, report = reorder(actor=actor(ben), order=order)
    assert [(one.code, one.message) for one in report.rejected] == [("not_configured", gone)]
    assert order.lines.get().name == NAME


def test_an_offer_keeps_the_configuration_until_it_is_an_order(
    ben, sal, product, configuration, hansa, store_admin
):
    cart = Cart.objects.create(buyer=ben.company, seller=hansa, created_by=ben)
    add_configured(actor=actor(ben), cart=cart, configuration=configuration, quantity=10, unit="C62")
    request = request_quote(actor=actor(ben), cart=cart, targets={})
    offer = start_offer(actor=actor(sal), request=request)
    line = offer.lines.get()
    assert (line.sku, line.unit_price, line.configuration_id) == (SKU, Decimal("533.50"), configuration.pk)
    offer = send_offer(actor=actor(sal), offer=offer, revision=offer.revision)
    without_tray(product, actor(store_admin))  # what was offered stands
    order = accept_offer(
        actor=actor(ben), offer=offer, content_hash=offer.content_hash, details=OrderDetails()
    )
    ordered = order.lines.get()
    assert (ordered.name, ordered.configuration_id, ordered.net) == (
        NAME,
        configuration.pk,
        Decimal("5335.00"),
    )


def test_an_entered_order_takes_choices(sal, acme, product):
    account = CustomerAccount.objects.get(buyer=acme, seller=product.seller_id)
    lines = [EnteredLine(product_id=product.pk, quantity=Decimal(2), chosen=CHOSEN)]
    order = enter_order(actor=actor(sal), entered=EnteredOrder(account_id=account.pk, lines=lines))
    assert [(one.sku, one.unit_price) for one in order.lines.all()] == [(SKU, WHOLE)]
