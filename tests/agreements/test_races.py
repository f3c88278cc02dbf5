"""Fifty orders at the same moment on the real database: never more than was agreed."""

from decimal import Decimal

import pytest

from kontor.agreements.operations import Drawn, draw, give_back
from tests.agreements.conftest import unsound
from tests.at_once import at_once, codes
from tests.cast import assemble

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db):
    return assemble()


@pytest.mark.parametrize("_round", range(3))
def test_fifty_orders_at_once_never_take_more_than_is_left(
    committed, acme_account, acme_list, drill, bolt, _round
):
    """Each wants two drills and some bolts, half of them the other way round; a tenth gives back what it had."""
    drills, bolts = committed(60, drill), committed(1000, bolt, kind="at_least")

    def order(number):
        lines = [
            Drawn(2 * number, acme_list.pk, drill.pk, Decimal(2), Decimal(178)),
            Drawn(2 * number + 1, None, bolt.pk, Decimal(5), Decimal("0.63")),
        ]
        draw(order_id=number, account_id=acme_account.pk, lines=lines[:: -1 if number % 2 else 1])
        if number % 10 == 0:
            give_back(quantities={2 * number: Decimal(2), 2 * number + 1: Decimal(5)})

    refused = codes(at_once(*[lambda number=number: order(number) for number in range(50)]))

    drills.refresh_from_db()
    bolts.refresh_from_db()
    assert set(refused) <= {"commitment_used_up"}
    assert drills.used <= 60
    assert 30 <= 50 - len(refused) <= 35
    assert drills.used * 5 == bolts.used * 2
    assert unsound() == []
