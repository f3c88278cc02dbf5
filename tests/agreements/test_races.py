"""Fifty orders at the same moment on the real database: never more than was agreed.

KONTOR_TEST_ROUNDS sets how often they run: twice without it, 50 before a release.
"""

import os
from decimal import Decimal

import pytest

from kontor.agreements.models import Commitment, Draw
from kontor.agreements.operations import Drawn, draw, give_back
from tests.agreements.conftest import unsound
from tests.at_once import at_once, codes
from tests.cast import assemble

ROUNDS = int(os.environ.get("KONTOR_TEST_ROUNDS", "2"))
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db):
    return assemble()


def test_fifty_orders_at_once_never_take_more_than_is_left(committed, acme_account, acme_list, drill, bolt):
    """Each wants two drills and some bolts, half of them the other way round; a tenth gives back what it had."""
    drills, bolts = committed(60, drill), committed(1000, bolt, kind="at_least")
    for _round in range(ROUNDS):
        Draw.objects.all().delete()
        Commitment.objects.update(used=0)
        _run(acme_account, acme_list, drills, bolts)


def _run(account, price_list, drills, bolts):
    drill, bolt = drills.product, bolts.product

    def order(number):
        lines = [
            Drawn(2 * number, price_list.pk, drill.pk, Decimal(2), Decimal(178)),
            Drawn(2 * number + 1, None, bolt.pk, Decimal(5), Decimal("0.63")),
        ]
        draw(order_id=number, account_id=account.pk, lines=lines[:: -1 if number % 2 else 1])
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
