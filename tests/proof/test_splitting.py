"""What splitting changes: the bound in docs/topics/prices.md, for lines, for carts and for orders."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor.catalog.models import Product
from kontor.companies.models import Membership
from kontor.inventory.models import StockItem
from kontor.kernel.money import line_net, minor_units
from kontor.pricing.models import Price
from tests.assembly import Cast
from tests.orders.trade import placed
from tests.proof.doorway import undone

PARTS = st.lists(st.decimals(min_value="0.001", max_value=5000, places=3), min_size=1, max_size=12)
AMOUNTS = st.decimals(min_value="0.000001", max_value=10_000, places=6)


def bound(parts: int, currency: str) -> Decimal:
    return Decimal(parts + 1) / 2 * Decimal(1).scaleb(-minor_units(currency))


@settings(max_examples=500, deadline=None)
@given(
    parts=PARTS,
    amount=AMOUNTS,
    base=st.sampled_from([Decimal(1), Decimal(100), Decimal("0.5")]),
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
)
@pytest.mark.covers("R0.5")
def test_lines_of_parts_come_to_the_one_line_within_the_bound(
    parts: list[Decimal], amount: Decimal, base: Decimal, currency: str
) -> None:
    def net(quantity: Decimal) -> Decimal:
        return line_net(unit_price=amount, price_base=base, quantity=quantity, currency=currency)

    assert abs(sum(map(net, parts)) - net(sum(parts, Decimal(0)))) <= bound(len(parts), currency)


def test_the_bound_is_reached_and_no_wider_than_it_must_be() -> None:
    def net(quantity: int) -> Decimal:
        return line_net(
            unit_price=Decimal("0.005"), price_base=Decimal(1), quantity=Decimal(quantity), currency="EUR"
        )

    assert 2 * net(1) - net(2) == Decimal("0.01")
    assert bound(2, "EUR") == Decimal("0.015")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(st.integers(1, 400), min_size=2, max_size=4),
    amount=st.decimals(min_value="0.01", max_value=20, places=4),
    boxes=st.integers(0, 3),
)
def test_orders_of_parts_come_to_the_one_order_within_the_bound(
    cast: Cast, parts: list[int], amount: Decimal, boxes: int
) -> None:
    """At one price, whatever unit it is ordered in, and merged into one line again."""
    buyer: Membership = cast.people["gil"]
    bolt: Product = cast.products["bolt"]
    with undone():
        StockItem.objects.filter(product=bolt).update(on_hand=10**6)
        Price.objects.filter(product=bolt).delete()
        Price.objects.create(
            price_list=cast.price_lists["public"], product=bolt, amount=amount, price_base=100
        )
        split = [placed(buyer, (bolt, one)).net_total for one in parts]
        split += [placed(buyer, (bolt, 1, "XBX")).net_total for _box in range(boxes)]
        whole = sum(parts) + 100 * boxes
        at_once = placed(buyer, (bolt, whole)).net_total
        mixed = [(bolt, sum(parts)), *([(bolt, boxes, "XBX")] if boxes else [])]
        in_lines = placed(buyer, *mixed).net_total

    assert abs(sum(split) - at_once) <= bound(len(split), "EUR")
    assert abs(in_lines - at_once) <= bound(len(mixed), "EUR")
