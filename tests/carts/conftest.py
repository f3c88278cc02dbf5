"""Carts of the cast."""

from datetime import UTC, datetime

import pytest

from kontor.carts.models import Cart
from kontor.carts.operations import open_cart
from kontor.kernel import clock

NOON = datetime(2026, 3, 20, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    """Everything happens on 20 March 2026, 12:00 in Hamburg."""
    with clock.at(NOON):
        yield NOON


@pytest.fixture
def cart(ana, hansa) -> Cart:
    """Acme's current cart at Hansa, opened by Ana."""
    return open_cart(actor=ana.as_actor("page"), seller=hansa)
