from collections.abc import Mapping

from django.db import connection, transaction

from kontor.search.models import UNPRICED
from kontor.search.operations.index import ONE_AT_A_TIME, PRICED_AS

PRICES = f"""
WITH listed AS (
    SELECT d.product_id, COALESCE(lowest.price, %(unpriced)s::numeric)::numeric(18, 6) AS price
    FROM pricing_price_list l
    JOIN companies_company s ON s.id = l.seller_id AND s.currency = l.currency
    JOIN search_document d ON d.seller_id = l.seller_id
    JOIN catalog_product p ON p.id = d.product_id
    CROSS JOIN LATERAL (SELECT pricing_steps(ARRAY[l.id], now()) AS chain) AS public
    CROSS JOIN LATERAL (
        SELECT min(r.amount / r.price_base) AS price
        FROM {PRICED_AS} CROSS JOIN LATERAL pricing_resolve(public.chain, priced.id, priced.least) AS r
    ) AS lowest
    WHERE l.id = %(price_list)s AND l.is_public
), documents AS (
    UPDATE search_document d SET list_price = listed.price
    FROM listed WHERE d.product_id = listed.product_id AND d.list_price <> listed.price
)
UPDATE search_shelf s SET list_price = listed.price
FROM listed WHERE s.product_id = listed.product_id AND s.list_price <> listed.price
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
    """Sort by the prices of a public list as they are now. Other lists change nothing: they are not sorted by."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute(PRICES, {"price_list": price_list_id, "unpriced": UNPRICED})


@transaction.atomic
def note_popularity(sold: Mapping[int, int]) -> None:
    """Say how popular products are: any figure that is higher for what is bought more, as order lines of a year."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute(POPULARITY, [list(sold), list(sold.values())])
