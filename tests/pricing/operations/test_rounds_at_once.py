"""Two people decide about one price round at the same moment; two rounds change the same price."""

from datetime import timedelta
from decimal import Decimal

import pytest

from kontor.kernel import clock
from kontor.pricing.models import Price, PriceRound
from kontor.pricing.operations import (
    PriceRow,
    approve_round,
    put_into_round,
    reject_round,
    save_round,
    set_price_policy,
    submit_round,
)
from tests.assembly import assemble
from tests.at_once import at_once, codes

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db):
    return assemble()


def begun(actor, price_list, product, amount: int, starts_at=None) -> PriceRound:
    made = save_round(actor=actor, name=f"At {amount}", starts_at=starts_at)
    put_into_round(
        actor=actor, price_round=made, price_list=price_list, rows=[PriceRow(product.pk, Decimal(amount))]
    )
    return made


def test_of_two_who_decide_one_is_told(cast, sal, store_admin, public_list, drill):
    admin = store_admin.as_actor("page")
    set_price_policy(actor=admin, rounds_need_approval=True)
    made = begun(sal.as_actor("page"), public_list, drill, 105)
    submit_round(actor=sal.as_actor("page"), price_round=made)
    outcomes = at_once(
        lambda: approve_round(actor=admin, price_round=made),
        lambda: reject_round(actor=admin, price_round=made, reason="No"),
        lambda: approve_round(actor=admin, price_round=made),
    )

    assert codes(outcomes) == ["stale", "stale"]
    made.refresh_from_db()
    amount = Price.objects.get(price_list=public_list, product=drill).amount
    assert (made.status, amount) in (("approved", 105), ("rejected", 99))


def test_two_rounds_with_one_price_both_stand_where_they_begin_apart(cast, sal, public_list, drill):
    actor, now = sal.as_actor("page"), clock.now()
    rounds = [begun(actor, public_list, drill, 100 + days, now + timedelta(days=days)) for days in (3, 1, 2)]
    outcomes = at_once(*(lambda one=one: approve_round(actor=actor, price_round=one) for one in rounds))

    assert codes(outcomes) == []
    rows = Price.objects.filter(price_list=public_list, product=drill, valid_from__isnull=False)
    kept = list(rows.order_by("valid_from").values_list("valid_from", "valid_until", "amount"))

    assert [amount for _from, _until, amount in kept] == [101, 102, 103]
    assert [until for _from, until, _amount in kept] == [*(begins for begins, *_rest in kept[1:]), None]
