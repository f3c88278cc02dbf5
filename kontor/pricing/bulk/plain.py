from collections.abc import Iterable
from decimal import Decimal

from kontor.kernel.staging import amount, refresh_statistics, run, stage

STAGE = "exchange_price"
COLUMNS = {"product_id": "bigint", "min_quantity": "numeric", "amount": "numeric", "price_base": "numeric"}
# What does not differ is left out before it meets the conflict, which would lock its row.
DIFFER = f"""
FROM {STAGE} s
LEFT JOIN pricing_price k ON k.price_list_id = %(list)s AND k.product_id = s.product_id
    AND k.min_quantity = s.min_quantity AND k.unit = '' AND k.valid_from IS NULL
WHERE (k.amount, k.price_base) IS DISTINCT FROM (s.amount, s.price_base)
"""
UPSERT = f"""
INSERT INTO pricing_price AS p (price_list_id, product_id, min_quantity, amount, price_base)
SELECT %(list)s, s.product_id, s.min_quantity, s.amount, s.price_base {DIFFER}
ORDER BY s.product_id, s.min_quantity
ON CONFLICT (product_id, price_list_id, min_quantity, unit, valid_from)
DO UPDATE SET amount = excluded.amount, price_base = excluded.price_base
WHERE (p.amount, p.price_base) IS DISTINCT FROM (excluded.amount, excluded.price_base)
"""

PriceTuple = tuple[int, Decimal, Decimal, Decimal]
"""Product, from which quantity, amount, per which quantity."""


def write_prices(price_list_id: int, rows: Iterable[PriceTuple]) -> int:
    """Write prices into a list, as `set_prices` does; how many made a difference. The caller publishes."""
    refresh_statistics("pricing_price")
    stage(STAGE, COLUMNS, rows)
    return run(UPSERT, {"list": price_list_id})


def prices_differ(price_list_id: int, rows: Iterable[PriceTuple]) -> int:
    """How many of these prices would make a difference. Locks nothing."""
    stage(STAGE, COLUMNS, rows)
    return amount(f"SELECT count(*) {DIFFER}", {"list": price_list_id})
