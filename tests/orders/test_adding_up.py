"""Prices, promotions and charges add up: the same in cart, order, invoices and credit notes, to the cent."""

from decimal import Decimal
from random import Random
from typing import Any

import pytest

from kontor.carts.models import Cart
from kontor.carts.operations import add_coupon
from kontor.carts.queries import cart_view
from kontor.carts.shown import CartView
from kontor.catalog.models import Product
from kontor.charges.models import Rule, Step, Tariff
from kontor.companies.models import Company, Membership
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
from kontor.invoicing.models import Invoice
from kontor.invoicing.operations import issue_credit_note, issue_invoice
from kontor.kernel.money import ZERO
from kontor.orders.intake import EnteredLine, EnteredOrder, OrderDetails
from kontor.orders.models import LineAllowance, Order, OrderCharge
from kontor.orders.operations import (
    cancel_order,
    enter_order,
    place_order,
    send_back_order,
)
from kontor.pricing.queries import chain_for
from kontor.promotions.models import PromotionUse
from tests.assembly import Cast
from tests.orders.trade import SYSTEM, broken, cart_of, confirmed, placed
from tests.promotions.baskets import code, promotion

pytestmark = pytest.mark.django_db
NOTHING_SAID = OrderDetails()


def charge(seller: Company, kind: str, amount: str, **facts: Any) -> Rule:
    measure = "quantity" if kind == "deposit" else "value"
    about: dict[str, Any] = {"name": kind.title(), "code": "FC", "measure": measure} | facts
    free_from = about.pop("free_from", None)
    rule = Rule.objects.create(seller=seller, kind=kind, **about)
    tariff = Tariff.objects.create(rule=rule, currency="EUR", free_from=free_from)
    Step.objects.create(tariff=tariff, start=0, amount=Decimal(amount))
    return rule


def view_of(cart: Cart, member: Membership) -> CartView:
    return cart_view(member.as_actor("page"), cart, chain_for(cart.buyer_id))


@pytest.fixture
def terms(hansa: Company) -> None:
    """Freight for every order, a deposit for every hundred begun."""
    charge(hansa, "freight", "6.90", free_from=Decimal(1000))
    charge(hansa, "deposit", "0.07", is_refundable=True, code="ABK")


def test_a_cart_comes_to_what_its_order_costs(
    terms: None, cast: Cast, ana: Membership, bolt: Product, drill: Product
) -> None:
    promotion(cast, limit_total=3)
    cart = cart_of(ana.company, (bolt, 300), (drill, 1))

    view = view_of(cart, ana)
    order = place_order(actor=ana.as_actor("page"), cart=cart, details=NOTHING_SAID)

    # 37.50 and 89.00, 10 % off, 0.07 a piece, freight
    assert view.reckoned.goods_total == Decimal("126.50")
    assert view.reductions == [("Spring", Decimal("12.65"))]
    assert view.costs == [("Deposit", Decimal("21.07")), ("Freight", Decimal("6.90"))]
    assert view.net_total == order.net_total == Decimal("141.82")
    assert order.tax_total == Decimal("26.95")
    assert [(line.allowance, line.net) for line in order.lines.all()] == [
        (Decimal("3.75"), Decimal("33.75")),
        (Decimal("8.90"), Decimal("80.10")),
    ]
    assert broken() == []


def test_an_allowance_for_the_order_is_spread_over_its_lines(
    hansa: Company, ana: Membership, bolt: Product, drill: Product
) -> None:
    charge(hansa, "allowance", "10", code="95")
    order = placed(ana, (bolt, 100), (drill, 1))

    assert order.net_total == Decimal("91.50")
    assert [line.allowance for line in order.lines.all()] == [Decimal("1.23"), Decimal("8.77")]
    assert {one.promotion_id for one in LineAllowance.objects.all()} == {None}
    assert broken() == []


def test_a_gift_is_a_line_at_nothing_and_leaves_stock(
    cast: Cast, ana: Membership, bolt: Product, drill: Product
) -> None:
    gift = {"kind": "gift", "product_id": bolt.pk, "quantity": "50", "every": "2"}
    spring = promotion(cast, gift)
    cart = cart_of(ana.company, (drill, 2))

    assert [(one.sku, one.quantity) for one in view_of(cart, ana).gifts] == [(bolt.sku, Decimal(50))]
    order = place_order(actor=ana.as_actor("page"), cart=cart, details=NOTHING_SAID)

    given = order.lines.order_by("position")[1]
    assert (given.product_id, given.base_quantity, given.net) == (bolt.pk, 50, 0)
    assert given.price_source == f"promotion:{spring.pk}"
    assert broken() == []


def test_a_budget_counts_freight_as_it_would_be_charged_and_is_not_given_beyond_it(
    terms: None, cast: Cast, ana: Membership, drill: Product
) -> None:
    spring = promotion(
        cast, {"kind": "percent", "percent": "10"}, {"kind": "free_freight"}, budget=Decimal("31.60")
    )
    orders = [placed(ana, (drill, 1)) for _twice in range(3)]

    # 8.90 and 6.90 are given twice; then nothing is left.
    assert [one.net_total for one in orders] == [Decimal("80.17"), Decimal("80.17"), Decimal("95.97")]
    spring.refresh_from_db()
    assert (spring.used, spring.used_amount) == (2, Decimal("31.60"))
    assert broken() == []


def test_freight_beyond_the_budget_is_charged(
    terms: None, cast: Cast, ana: Membership, drill: Product
) -> None:
    promotion(cast, {"kind": "free_freight"}, budget=Decimal("6.89"))
    promotion(cast, {"kind": "percent", "percent": "10"}, name="Ten")
    order = placed(ana, (drill, 1))
    assert order.net_total == Decimal("87.07")
    assert broken() == []


def test_a_code_counts_and_one_that_does_nothing_says_why(
    cast: Cast, ana: Membership, drill: Product
) -> None:
    spring = promotion(cast, needs_code=True)
    code(spring, "SPRING-1", uses_limit=1)
    cart = cart_of(ana.company, (drill, 1))
    for one in ("spring 1", "WINTER"):
        add_coupon(actor=ana.as_actor("page"), cart=cart, code=one)

    view = view_of(cart, ana)
    order = place_order(actor=ana.as_actor("page"), cart=cart, details=NOTHING_SAID)

    assert [bool(problem) for problem in view.codes.values()] == [False, True]
    assert order.net_total == view.net_total == Decimal("80.10")
    assert PromotionUse.objects.get(order_id=order.pk).coupon is not None


def test_a_cancelled_order_gives_its_promotions_back(cast: Cast, ana: Membership, drill: Product) -> None:
    spring = promotion(cast, limit_total=1)
    order = placed(ana, (drill, 1))
    spring.refresh_from_db()
    assert spring.used == 1

    cancel_order(actor=ana.as_actor("page"), order=order)
    spring.refresh_from_db()
    assert spring.used == 0
    assert broken() == []


def test_the_limit_counts_charges_and_an_order_sent_back_gives_all_back(
    terms: None, cast: Cast, ana: Membership, ben: Membership, drill: Product
) -> None:
    spring = promotion(cast, limit_total=1)
    ana.order_limit = Decimal("85.00")
    ana.save(update_fields=["order_limit"])
    order = placed(ana, (drill, 1))
    assert order.net_total == Decimal("87.07")
    assert order.status == Order.Status.AWAITING_APPROVAL

    send_back_order(actor=ben.as_actor("page"), order=order, reason="Later.")
    spring.refresh_from_db()
    assert spring.used == 0
    assert broken() == []


def test_an_import_comes_as_it_was(terms: None, acme_account: Any, drill: Product) -> None:
    lines = [EnteredLine(product_id=drill.pk, quantity=Decimal(1))]
    imported = enter_order(
        actor=SYSTEM, entered=EnteredOrder(account_id=acme_account.pk, lines=lines, channel="import")
    )
    by_phone = enter_order(actor=SYSTEM, entered=EnteredOrder(account_id=acme_account.pk, lines=lines))

    assert (imported.net_total, by_phone.net_total) == (Decimal("89.00"), Decimal("95.97"))


def test_prices_by_hand_and_free_lines_are_not_lowered(cast: Cast, acme_account: Any, drill: Product) -> None:
    promotion(cast)
    lines = [
        EnteredLine(product_id=drill.pk, quantity=Decimal(1), unit_price=Decimal(price))
        for price in ("70.00", "0")
    ]
    order = enter_order(actor=SYSTEM, entered=EnteredOrder(account_id=acme_account.pk, lines=lines))

    assert order.net_total == Decimal("70.00")
    assert [line.price_source for line in order.lines.all()] == ["manual", "free"]


def test_a_line_says_why_it_costs_what_it_costs(ana: Membership, bolt: Product, drill: Product) -> None:
    order = placed(ana, (bolt, 1000), (drill, 1))
    first, second = order.lines.order_by("position")

    assert first.price_grounds["kind"] == "list"
    assert first.price_grounds["break"] == "1000"
    assert first.price_grounds["asked"] == ["Acme contract"]
    assert second.price_grounds["kind"] == "contract"
    assert second.price_grounds["name"] == "Acme contract"


def _ship_part(order: Order, quantities: dict[int, Decimal]) -> Invoice:
    """Ship and invoice these base units by order line."""
    (pick_list,) = release_to_warehouse(actor=SYSTEM, order=order)
    picked = {line.pk: quantities.get(line.order_line_id, ZERO) for line in pick_list.lines.all()}
    confirm_pick(actor=SYSTEM, pick_list=pick_list, picked=picked)
    shipment = ship(actor=SYSTEM, shipment=pack(actor=SYSTEM, pick_list=pick_list))
    order.refresh_from_db()
    return issue_invoice(actor=SYSTEM, shipment=shipment)


def take_back(order: Order, line_id: int, quantity: Decimal) -> Invoice:
    back = request_return(
        actor=SYSTEM, order=order, lines=[ReturnedLine(order_line_id=line_id, quantity=quantity)]
    )
    accept_return(actor=SYSTEM, return_order=back)
    received = {line.pk: (line.quantity, line.quantity) for line in back.lines.all()}
    return issue_credit_note(
        actor=SYSTEM, return_order=receive_return(actor=SYSTEM, return_order=back, received=received)
    )


@pytest.mark.parametrize("seed", range(6))
def test_however_an_order_is_cut_invoices_and_credits_add_up(
    terms: None, cast: Cast, ana: Membership, bolt: Product, drill: Product, seed: int
) -> None:
    chance = Random(seed)
    promotion(cast, {"kind": "percent", "percent": f"{chance.randint(1, 99)}.{chance.randint(10, 99)}"})
    order = confirmed(ana, (bolt, chance.randint(30, 199)), (drill, chance.randint(1, 3)))
    invoices = []
    while any(line.open_quantity > 0 for line in order.lines.all()):
        picked = {line.pk: Decimal(chance.randint(0, int(line.open_quantity))) for line in order.lines.all()}
        if any(picked.values()):
            invoices.append(_ship_part(order, picked))

    assert sum(one.net_total for one in invoices) == order.net_total
    assert broken() == []

    notes = []
    for line in order.lines.all():
        left = int(line.base_quantity)
        while left:
            taken = chance.randint(1, left)
            notes.append(take_back(order, line.pk, Decimal(taken)))
            left -= taken
    # all comes back but the freight
    freight = sum(one.net for one in OrderCharge.objects.filter(order=order, is_refundable=False))
    assert sum(one.net_total for one in notes) == order.net_total - freight
    assert broken() == []


def test_freight_comes_with_the_first_goods_and_deposits_with_theirs(
    terms: None, ana: Membership, bolt: Product, drill: Product
) -> None:
    order = confirmed(ana, (bolt, 100), (drill, 1))
    first, second = order.lines.order_by("position")

    one = _ship_part(order, {first.pk: Decimal(40)})
    two = _ship_part(order, {first.pk: Decimal(60), second.pk: Decimal(1)})

    assert list(one.charges.values_list("reason", "net")) == [
        ("Deposit", Decimal("2.80")),
        ("Freight", Decimal("6.90")),
    ]
    assert list(two.charges.values_list("reason", "net")) == [
        ("Deposit", Decimal("4.20")),
        ("Deposit", Decimal("0.07")),
    ]
    note = take_back(order, first.pk, Decimal(50))
    assert list(note.charges.values_list("reason", "net")) == [
        ("Deposit", Decimal("2.80")),
        ("Deposit", Decimal("0.70")),
    ]


@pytest.mark.covers("R4.16")
@pytest.mark.parametrize("parts", [2, 7, 40])
def test_a_line_split_differs_by_half_a_cent_a_part_at_most(
    ana: Membership, bolt: Product, parts: int
) -> None:
    """The bound of docs/topics/prices.md, where no break lies between the parts and the whole."""
    whole = placed(ana, (bolt, 7 * parts))
    split = sum(placed(ana, (bolt, 7)).net_total for _part in range(parts))

    assert abs(split - whole.net_total) <= Decimal("0.005") * (parts + 1)
