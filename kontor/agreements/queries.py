"""What of contracts is left."""

from collections.abc import Collection
from decimal import Decimal

from django.db import connection

from kontor.agreements.rules import beyond
from kontor.pricing.basket import Basket

LEFT = """
SELECT line.no - 1, c.id, c.measure, c.committed - c.used
FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS line (list, product, no)
JOIN agreements_agreement g ON g.price_list_id = line.list AND g.status <> 'draft'
JOIN agreements_commitment c ON c.agreement_id = g.id AND c.kind = 'at_most'
    AND COALESCE(c.product_id = line.product, true)
ORDER BY line.no
"""


def used_up(basket: Basket) -> Collection[int]:
    """Lines (numbers from 0) that want more at a contract price than is left; they cost the next price.

    A line is sold at the contract price wholly or not at all; earlier lines go before later ones. One statement, none
    where no line has its price from a list.
    """
    lists = [line.price_list_id for line in basket.lines]
    if not any(lists):
        return ()
    left: dict[int, Decimal] = {}
    claims: dict[int, dict[int, Decimal]] = {}
    with connection.cursor() as cursor:
        cursor.execute(LEFT, [lists, [line.product_id for line in basket.lines]])
        for no, commitment, measure, rest in cursor.fetchall():
            line = basket.lines[no]
            left[commitment] = rest
            claims.setdefault(no, {})[commitment] = line.base_quantity if measure == "quantity" else line.net
    return beyond(left, claims.items())
