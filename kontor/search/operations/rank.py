from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from kontor.kernel import clock
from kontor.search.models import UNPRICED
from kontor.search.operations.index import ONE_AT_A_TIME, PRICED_AS

# A public list is sorted by, with those that it derives from. `products` NULL: all of them.
PRICES = f"""
WITH listed AS (
    SELECT d.product_id, COALESCE(lowest.price, %(unpriced)s::numeric)::numeric(18, 6) AS price
    FROM pricing_price_list l
    JOIN companies_company s ON s.id = l.seller_id AND s.currency = l.currency
    CROSS JOIN LATERAL (SELECT pricing_steps(ARRAY[l.id], %(at)s) AS chain) AS public
    JOIN search_document d ON d.seller_id = l.seller_id
    JOIN catalog_product p ON p.id = d.product_id
    CROSS JOIN LATERAL (
        SELECT min(r.amount / r.price_base) AS price
        FROM {PRICED_AS} CROSS JOIN LATERAL
            pricing_resolve(public.chain, priced.id, priced.least, priced.unit, %(at)s) AS r
    ) AS lowest
    WHERE l.is_public AND (%(products)s::bigint[] IS NULL OR p.id = ANY (%(products)s::bigint[])) AND (
        %(price_lists)s::bigint[] && ARRAY(SELECT source FROM unnest(public.chain))
        OR l.id = ANY (%(price_lists)s::bigint[]))
), documents AS (
    UPDATE search_document d SET list_price = listed.price
    FROM listed WHERE d.product_id = listed.product_id AND d.list_price <> listed.price
)
UPDATE search_shelf s SET list_price = listed.price
FROM listed WHERE s.product_id = listed.product_id AND s.list_price <> listed.price
"""
FOLLOWED = """
INSERT INTO search_prices_followed AS f (id, until) VALUES (1, %(now)s)
ON CONFLICT (id) DO UPDATE SET until = EXCLUDED.until
RETURNING (SELECT until FROM search_prices_followed WHERE id = 1)
"""
# The range meets the index by which overlaps are refused, which holds dated prices only.
SWITCHED = """
WITH switched AS (
    SELECT p.price_list_id, p.product_id FROM pricing_price p
    WHERE p.valid_from IS NOT NULL
        AND tstzrange(p.valid_from, p.valid_until) && tstzrange(%(since)s, %(now)s, '[]')
        AND (p.valid_from > %(since)s AND p.valid_from <= %(now)s
            OR p.valid_until > %(since)s AND p.valid_until <= %(now)s)
)
SELECT array_agg(DISTINCT price_list_id), array_agg(DISTINCT id) FROM (
    SELECT s.price_list_id, s.product_id AS id FROM switched s
    UNION SELECT s.price_list_id, p.variant_of_id FROM switched s JOIN catalog_product p ON p.id = s.product_id
) AS due
"""
# A day may bring another exchange rate.
SWITCHED_LISTS = """
SELECT array_agg(l.id) FROM pricing_price_list l LEFT JOIN pricing_price_list b ON b.id = l.basis_id
WHERE l.valid_from > %(since)s AND l.valid_from <= %(now)s OR l.valid_until > %(since)s AND l.valid_until <= %(now)s
    OR b.currency <> l.currency AND (%(now)s AT TIME ZONE 'UTC')::date > (%(since)s AT TIME ZONE 'UTC')::date
"""
POPULARITY = """
WITH noted AS (SELECT * FROM unnest(%s::bigint[], %s::int[]) AS n (product_id, popularity)
), documents AS (
    UPDATE search_document d SET popularity = noted.popularity
    FROM noted WHERE d.product_id = noted.product_id AND d.popularity <> noted.popularity
)
UPDATE search_shelf s SET popularity = noted.popularity
FROM noted WHERE s.product_id = noted.product_id AND s.popularity <> noted.popularity
"""


@transaction.atomic
def refresh_list_prices(price_list_id: int) -> None:
    """Sort by the prices of a public list as they are now, or of those that derive from this one. Other lists change
    nothing: they are not sorted by."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute(PRICES, _about([price_list_id]))


@transaction.atomic
def follow_price_dates() -> bool:
    """Sort by prices and lists that began or ended since this was last asked; whether there were any.

    The first time nothing is known of before, and nothing is done.
    """
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute(FOLLOWED, {"now": now})
        (since,) = cursor.fetchone() or (None,)
        if since is None or since >= now:
            return False
        window = {"since": since, "now": now}
        cursor.execute(SWITCHED, window)
        lists, products = cursor.fetchone() or (None, None)
        if lists:
            cursor.execute(PRICES, _about(lists, products))
        cursor.execute(SWITCHED_LISTS, window)
        (whole,) = cursor.fetchone() or (None,)
        if whole:
            cursor.execute(PRICES, _about(whole))
    return bool(lists or whole)


def _about(price_lists: Sequence[int], products: Sequence[int] | None = None) -> dict[str, Any]:
    return {"price_lists": price_lists, "products": products, "unpriced": UNPRICED, "at": clock.now()}


@transaction.atomic
def note_popularity(sold: Mapping[int, int]) -> None:
    """Say how popular products are: any figure that is higher for what is bought more, as order lines of a year."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute(POPULARITY, [list(sold), list(sold.values())])
