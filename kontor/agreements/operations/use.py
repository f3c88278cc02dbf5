from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.kernel import clock
from kontor.kernel.refusal import Refused

CONCERNED = """
SELECT c.id, c.kind, c.measure, c.product_id, g.price_list_id
FROM companies_customer_account a
JOIN agreements_agreement g ON g.status <> 'draft'
    AND (g.price_list_id = ANY (%(lists)s::bigint[]) OR g.account_id = a.id OR g.group_id = a.group_id)
JOIN agreements_commitment c ON c.agreement_id = g.id
    AND (c.product_id IS NULL OR c.product_id = ANY (%(products)s::bigint[]))
WHERE a.id = %(account)s AND CASE c.kind
    WHEN 'at_most' THEN g.price_list_id = ANY (%(lists)s::bigint[])
    ELSE (g.account_id = a.id OR g.group_id = a.group_id) AND g.seller_id = a.seller_id AND g.status = 'active'
        AND g.valid_from <= %(at)s AND COALESCE(%(at)s < g.valid_until, true)
    END
ORDER BY c.id FOR NO KEY UPDATE OF c
"""
DRAW = """
WITH wanted AS (
    SELECT * FROM unnest(%(commitments)s::bigint[], %(lines)s::bigint[], %(quantities)s::numeric[],
        %(nets)s::numeric[], %(amounts)s::numeric[]) AS t (commitment, line, quantity, net, amount)
), moved AS (
    UPDATE agreements_commitment c SET used = c.used + w.amount
    FROM (SELECT commitment, sum(amount) AS amount FROM wanted GROUP BY commitment) AS w
    WHERE c.id = w.commitment AND (c.kind = 'at_least' OR c.used + w.amount <= c.committed)
    RETURNING c.id
)
INSERT INTO agreements_draw AS d
    (commitment_id, account_id, order_id, order_line_id, base_quantity, net, drawn_at)
SELECT w.commitment, %(account)s, %(order)s, w.line, w.quantity, w.net, %(at)s
FROM wanted w JOIN moved ON moved.id = w.commitment
ON CONFLICT (order_line_id, commitment_id) DO UPDATE
SET base_quantity = d.base_quantity + EXCLUDED.base_quantity, net = d.net + EXCLUDED.net,
    drawn_at = EXCLUDED.drawn_at
"""
HOLD = """
SELECT c.id FROM agreements_commitment c
WHERE c.id IN (SELECT commitment_id FROM agreements_draw WHERE order_line_id = ANY (%s::bigint[]))
ORDER BY c.id FOR NO KEY UPDATE
"""
GIVE_BACK = """
WITH back AS (
    SELECT d.id, d.commitment_id, LEAST(g.quantity, d.base_quantity) AS quantity,
        CASE WHEN g.quantity >= d.base_quantity THEN d.net ELSE round(d.net * g.quantity / d.base_quantity, 2) END
            AS net
    FROM unnest(%s::bigint[], %s::numeric[]) AS g (line, quantity)
    JOIN agreements_draw d ON d.order_line_id = g.line AND d.base_quantity > 0
    WHERE g.quantity > 0
), lessened AS (
    UPDATE agreements_draw d SET base_quantity = d.base_quantity - back.quantity, net = d.net - back.net
    FROM back WHERE back.id = d.id
)
UPDATE agreements_commitment c SET used = c.used - CASE c.measure WHEN 'quantity' THEN b.quantity ELSE b.net END
FROM (SELECT commitment_id, sum(quantity) AS quantity, sum(net) AS net FROM back GROUP BY 1) AS b
WHERE c.id = b.commitment_id
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An order line that is bought now: `price_list_id` is where its price is from, None when from no list."""

    order_line_id: int
    price_list_id: int | None
    product_id: int
    base_quantity: Decimal
    net: Decimal


@transaction.atomic
def draw(*, order_id: int, account_id: int, lines: Sequence[Drawn]) -> None:
    """Count an order's lines to the commitments of the customer's agreements, in the transaction of the order.

    What is sold at most is counted where the line has its price from the agreement's list; what is bought at least, at
    whatever price. Raises Refused("commitment_used_up") when somebody else has taken what was left, and changes nothing
    then. Orders that meet at a commitment come one after the other, always in the same order of commitments.
    """
    if not lines:
        return
    about: dict[str, Any] = {
        "account": account_id,
        "order": order_id,
        "at": clock.now(),
        "lists": list({line.price_list_id for line in lines if line.price_list_id is not None}),
        "products": list({line.product_id for line in lines}),
    }
    with connection.cursor() as cursor:
        cursor.execute(CONCERNED, about)
        claims = _claims(cursor.fetchall(), lines)
        if not claims:
            return
        names = ("commitments", "lines", "quantities", "nets", "amounts")
        cursor.execute(DRAW, about | dict(zip(names, map(list, zip(*claims, strict=True)), strict=True)))
        if cursor.rowcount < len(claims):
            raise Refused(
                "commitment_used_up",
                _("Less is left at the contract price than this order wants. Look at its prices again."),
            )


def _claims(concerned: Sequence[tuple[Any, ...]], lines: Sequence[Drawn]) -> list[tuple[Any, ...]]:
    """What each line takes of each commitment: (commitment, line, base units, net, which of them counts)."""
    of_product: dict[int | None, list[Drawn]] = {None: list(lines)}
    for line in lines:
        of_product.setdefault(line.product_id, []).append(line)
    return [
        (
            commitment,
            line.order_line_id,
            line.base_quantity,
            line.net,
            line.base_quantity if measure == "quantity" else line.net,
        )
        for commitment, kind, measure, product, price_list in concerned
        for line in of_product[product]
        if kind == "at_least" or line.price_list_id == price_list
    ]


@transaction.atomic
def give_back(*, quantities: Mapping[int, Decimal]) -> None:
    """Take base units, by order line id, off what is used: of cancelled lines, and of orders sent back.

    The value goes back in the same part. More than was drawn is never given back; lines that drew nothing are passed
    over.
    """
    if not quantities:
        return
    lines = list(quantities)
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [lines])
        if cursor.rowcount:
            cursor.execute(GIVE_BACK, [lines, [quantities[line] for line in lines]])
