"""Acme's contract with Hansa: drills at 89.00, for 2026."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from kontor.agreements.models import Agreement, Commitment
from kontor.kernel import clock
from kontor.kernel.invariants import check_all
from kontor.pricing.basket import Basket, BasketLine

NOON = datetime(2026, 3, 20, 11, tzinfo=UTC)
FIRST, LAST = datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)


def unsound() -> list[Any]:
    """What is not as it must be with agreements."""
    return [one for one in check_all() if one.bad and ("agreement" in one.name or "commitment" in one.name)]


@pytest.fixture(autouse=True)
def noon():
    """Everything happens on 20 March 2026, 12:00 in Hamburg."""
    with clock.at(NOON):
        yield NOON


@pytest.fixture
def contract(hansa, acme_account, acme_list) -> Agreement:
    """In force for 2026, with the list that Acme has."""
    acme_list.valid_from, acme_list.valid_until = FIRST, LAST
    acme_list.save()
    return Agreement.objects.create(
        seller=hansa, number="AG-1", title="Frame 2026", account=acme_account, price_list=acme_list,
        currency="EUR", valid_from=FIRST, valid_until=LAST, status="active",
    )  # fmt: skip


@pytest.fixture
def committed(contract) -> Callable[..., Commitment]:
    """Commit to an amount of the contract: `committed(10, drill)` is at most ten drills."""

    def commit(amount: Any, product: Any = None, kind: str = "at_most", measure: str = "quantity"):
        return Commitment.objects.create(
            agreement=contract, product=product, kind=kind, measure=measure, committed=Decimal(amount)
        )

    return commit


@pytest.fixture
def basket(hansa, acme, acme_account, acme_list, drill) -> Callable[..., Basket]:
    """Drills at the contract price, a line per quantity."""

    def of(*quantities: int, product: Any = None, source: str = "") -> Basket:
        lines = [
            BasketLine(
                product_id=(product or drill).pk, unit="C62", quantity=Decimal(one), base_quantity=Decimal(one),
                unit_price=Decimal(89), price_base=Decimal(1), net=Decimal(89 * one), tax_category="standard",
                price_source=source or f"list:{acme_list.pk}",
            )
            for one in quantities
        ]  # fmt: skip
        return Basket(
            seller_id=hansa.pk, buyer_id=acme.pk, account_id=acme_account.pk, membership_id=None,
            channel="page", currency="EUR", at=NOON, lines=lines,
        )  # fmt: skip

    return of
