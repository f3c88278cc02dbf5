"""Uses are counted where they are limited: orders at the same moment meet at these rows and nowhere else.

Rows are locked in one order, so that nobody waits in a circle: promotions that count, then those that do not, then
codes, then tallies, each by id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.kernel import clock
from kontor.kernel.folding import code_key
from kontor.kernel.refusal import Refused
from kontor.pricing.basket import Basket
from kontor.promotions.queries import MOST_CODES, Judged

# A row that is locked by another order is read anew once it is free, so the limits are those that hold then.
COUNT = """
WITH wanted AS (SELECT * FROM unnest(%(ids)s::bigint[], %(amounts)s::numeric[]) AS w (id, amount)),
locked AS (
    SELECT p.id FROM promotions_promotion p
    WHERE p.id = ANY (%(ids)s::bigint[]) AND (p.limit_total IS NOT NULL OR p.budget IS NOT NULL)
    ORDER BY p.id FOR NO KEY UPDATE
)
UPDATE promotions_promotion p SET used = p.used + 1, used_amount = p.used_amount + w.amount
FROM locked JOIN wanted w USING (id)
WHERE p.id = locked.id AND p.is_active AND (p.used < p.limit_total) IS NOT FALSE
    AND (p.used_amount + w.amount <= p.budget) IS NOT FALSE
RETURNING p.id, p.limit_company, p.limit_person, p.needs_code
"""
UNCOUNTED = """
SELECT p.id, p.limit_company, p.limit_person, p.needs_code FROM promotions_promotion p
WHERE p.id = ANY (%s::bigint[]) AND p.is_active AND p.limit_total IS NULL AND p.budget IS NULL
ORDER BY p.id FOR SHARE
"""
COUPONS = """
SELECT DISTINCT ON (c.promotion_id) c.promotion_id, c.id
FROM promotions_coupon c JOIN promotions_code_batch b ON b.id = c.batch_id
WHERE c.seller_id = %s AND c.key = ANY (%s::text[]) AND c.promotion_id = ANY (%s::bigint[])
    AND b.stopped_at IS NULL AND (c.used < c.uses_limit) IS NOT FALSE
ORDER BY c.promotion_id, c.key
"""
COUNT_COUPONS = """
WITH locked AS (SELECT c.id FROM promotions_coupon c WHERE c.id = ANY (%s::bigint[]) ORDER BY c.id FOR NO KEY UPDATE)
UPDATE promotions_coupon c SET used = c.used + CASE WHEN c.uses_limit IS NULL THEN 0 ELSE 1 END
FROM locked WHERE c.id = locked.id AND (c.used < c.uses_limit) IS NOT FALSE
"""
TALLY = """
INSERT INTO promotions_tally AS t (promotion_id, company_id, is_person, membership_id, used)
SELECT w.promotion_id, %s, w.is_person, CASE WHEN w.is_person THEN %s::bigint END, 1
FROM unnest(%s::bigint[], %s::bool[], %s::int[]) AS w (promotion_id, is_person, most)
ORDER BY w.promotion_id, w.is_person
ON CONFLICT (promotion_id, company_id, is_person, membership_id) DO UPDATE SET used = t.used + 1
WHERE t.used < (SELECT CASE WHEN t.is_person THEN p.limit_person ELSE p.limit_company END
    FROM promotions_promotion p WHERE p.id = t.promotion_id)
"""
WRITE = """
INSERT INTO promotions_use (promotion_id, coupon_id, order_id, company_id, membership_id, amount, currency, used_at)
SELECT w.promotion_id, w.coupon_id, %s, %s, %s, w.amount, %s, %s
FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[]) AS w (promotion_id, coupon_id, amount)
"""
LOCK_USED = """
SELECT p.id FROM promotions_promotion p WHERE p.id IN (
    SELECT promotion_id FROM promotions_use WHERE order_id = %s AND given_back_at IS NULL)
ORDER BY (p.limit_total IS NULL AND p.budget IS NULL), p.id FOR NO KEY UPDATE
"""
GIVE_BACK = """
WITH back AS (
    UPDATE promotions_use SET given_back_at = %s WHERE order_id = %s AND given_back_at IS NULL
    RETURNING promotion_id, coupon_id, company_id, membership_id, amount
), promotions AS (
    UPDATE promotions_promotion p SET used = p.used - 1, used_amount = p.used_amount - back.amount
    FROM back WHERE p.id = back.promotion_id AND (p.limit_total IS NOT NULL OR p.budget IS NOT NULL)
), coupons AS (
    UPDATE promotions_coupon c SET used = c.used - 1
    FROM back WHERE c.id = back.coupon_id AND c.uses_limit IS NOT NULL
)
UPDATE promotions_tally t SET used = t.used - 1 FROM back
WHERE t.promotion_id = back.promotion_id AND t.company_id = back.company_id
    AND (NOT t.is_person OR t.membership_id IS NOT DISTINCT FROM back.membership_id)
"""


@dataclass(frozen=True, slots=True)
class _Limits:
    """What a promotion that is used limits besides its own count."""

    promotion_id: int
    company: int | None
    person: int | None
    needs_code: bool


@transaction.atomic
def use_promotions(*, order_id: int, basket: Basket, judged: Judged) -> None:
    """Count the promotions of an order, in its transaction; the caller has checked the right to order.

    Raises Refused("promotion_used_up") when one has meanwhile been stopped or used as often as it may be.
    """
    ids, amounts = list(judged.worth), list(judged.worth.values())
    if not ids:
        return
    limits = _count(ids, amounts)
    coupons = _count_coupons(basket, [one.promotion_id for one in limits if one.needs_code])
    _tally(basket, limits)
    about = [order_id, basket.buyer_id, basket.membership_id, basket.currency, clock.now()]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [*about, ids, [coupons.get(one) for one in ids], amounts])


def _count(ids: list[int], amounts: list[Decimal]) -> list[_Limits]:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"ids": ids, "amounts": amounts})
        found = cursor.fetchall()
        counted = {row[0] for row in found}
        rest = [one for one in ids if one not in counted]
        if rest:
            cursor.execute(UNCOUNTED, [rest])
            found += cursor.fetchall()
    if len(found) < len(ids):
        raise _used_up()
    return [_Limits(*row) for row in found]


def _count_coupons(basket: Basket, ids: list[int]) -> dict[int, int]:
    """One code for each promotion that needs one, by promotion."""
    if not ids:
        return {}
    keys = [code_key(code)[:40] for code in basket.codes[:MOST_CODES]]
    with connection.cursor() as cursor:
        cursor.execute(COUPONS, [basket.seller_id, keys, ids])
        coupons: dict[int, int] = dict(cursor.fetchall())
        cursor.execute(COUNT_COUPONS, [list(coupons.values())])
        if cursor.rowcount < len(ids):
            raise _used_up()
    return coupons


def _tally(basket: Basket, limits: Sequence[_Limits]) -> None:
    rows: list[tuple[Any, ...]] = [(one.promotion_id, False, one.company) for one in limits if one.company]
    rows += [(one.promotion_id, True, one.person) for one in limits if one.person]
    if not rows:
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(TALLY, [basket.buyer_id, basket.membership_id, *columns])
        if cursor.rowcount < len(rows):
            raise _used_up()


def _used_up() -> Refused:
    message = _("A promotion of this order has just been used up or has ended. Look at the new total first.")
    return Refused("promotion_used_up", message)


@transaction.atomic
def give_back_promotions(*, order_id: int) -> None:
    """Give the uses of an order back: it was cancelled wholly or sent back. Done once, however often it is asked."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_USED, [order_id])
        if cursor.fetchall():
            cursor.execute(GIVE_BACK, [clock.now(), order_id])
