"""Fifty orders at the same moment never use more than there is, on the real PostgreSQL.

KONTOR_TEST_ROUNDS sets how often they run: once without it, 50 before a release.
"""

import os
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from kontor.kernel.invariants import check_all
from kontor.promotions.models import Promotion, PromotionTally, PromotionUse
from kontor.promotions.operations import give_back_promotions, use_promotions
from kontor.promotions.queries import judge
from tests.assembly import Cast
from tests.at_once import at_once, codes
from tests.promotions.baskets import basket, code, line, promotion

ROUNDS = int(os.environ.get("KONTOR_TEST_ROUNDS", "1"))
BUYERS = 50
LIMITS: dict[str, dict[str, Any]] = {
    "total": {"limit_total": 7},
    "company": {"limit_company": 7},
    "person": {"limit_person": 7},
    "budget": {"budget": Decimal("63.00")},
    "code": {"needs_code": True},
}


@pytest.mark.covers("R4.18")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", LIMITS)
def test_fifty_orders_at_once_use_it_seven_times(cast: Cast, limit: str) -> None:
    spring = promotion(cast, **LIMITS[limit])
    if limit == "code":
        code(spring, "SEVEN-TIMES", uses_limit=7)
    wanted = basket(
        cast, line(cast.products["drill"].pk, 1, "90.00"), codes=["seventimes"] if limit == "code" else []
    )
    looked = judge(wanted)

    def order(order_id: int) -> bool:
        with transaction.atomic():
            use_promotions(order_id=order_id, basket=wanted, judged=looked)
        return True

    for number in range(ROUNDS):
        ids = range(number * BUYERS, number * BUYERS + BUYERS)
        outcomes = at_once(*(lambda order_id=order_id: order(order_id) for order_id in ids))

        assert codes([one for one in outcomes if one is not True]) == ["promotion_used_up"] * (BUYERS - 7)
        used = list(PromotionUse.objects.filter(given_back_at=None).values_list("order_id", flat=True))
        assert sorted(used) == [ids[place] for place, one in enumerate(outcomes) if one is True]
        assert not [one.name for one in check_all() if one.bad and "on sale" not in one.name]

        at_once(*(lambda order_id=order_id: give_back_promotions(order_id=order_id) for order_id in used * 2))
        spring = Promotion.objects.get()
        assert (spring.used, spring.used_amount) == (0, Decimal(0))
        assert set(PromotionTally.objects.values_list("used", flat=True)) <= {0}
