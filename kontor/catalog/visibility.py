"""`Product.assortments` kept equal to what the rules say: one UPDATE, only of the rows that differ."""

from collections.abc import Iterable

from django.db import connection

# Whoever changes goods holds the rules still; whoever changes rules waits for them, then places the goods anew. So no
# product is placed by rules that are about to change.
LOCK = "SELECT pg_advisory_xact_lock{mode}(hashtextextended('catalog_assortments', seller))"
SELLERS = " FROM (SELECT DISTINCT unnest(%s::bigint[]) AS seller ORDER BY 1) AS s"
# A model is where its variants are: of two changes to variants of one model, the later sees the earlier.
MODELS = """
SELECT FROM catalog_product WHERE id IN (
    SELECT variant_of_id FROM catalog_product WHERE id = ANY (%s::bigint[]) AND variant_of_id IS NOT NULL
) ORDER BY id FOR NO KEY UPDATE
"""
PLACE = """
UPDATE catalog_product p SET assortments = due.assortments
FROM catalog_assortments_due(%(seller)s, %(products)s::bigint[]) AS due
WHERE p.id = due.product_id AND p.assortments IS DISTINCT FROM due.assortments
"""
RULED = """
SELECT EXISTS (SELECT FROM catalog_assortment WHERE seller_id = %(seller)s)
    OR EXISTS (SELECT FROM catalog_settings WHERE seller_id = %(seller)s AND guest_mode = 'sign_in')
"""


def hold_rules(*seller_ids: int) -> None:
    """Keep the rules of these sellers as they are until the transaction ends. Before the first row of goods is locked.

    Many may hold them at once.
    """
    _lock("_shared", seller_ids)


def change_rules(*seller_ids: int) -> None:
    """Wait for everybody who writes goods of these sellers, and let nobody write until the transaction ends."""
    _lock("", seller_ids)


def _lock(mode: str, seller_ids: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK.format(mode=mode) + SELLERS, [list(seller_ids)])


def has_rules(seller_id: int) -> bool:
    """Whether anything but being a model decides who sees the seller’s goods; else new ones begin where they stay."""
    with connection.cursor() as cursor:
        cursor.execute(RULED, {"seller": seller_id})
        return bool(cursor.fetchall()[0][0])


def place(seller_id: int, product_ids: Iterable[int] | None = None) -> int:
    """Put the seller's goods (None: all) into the assortments that its rules give them; how many rows differed.

    With a variant its model is placed as well. The caller holds the rules (`hold_rules`) or changes them
    (`change_rules`). Two statements.
    """
    products = None if product_ids is None else list(product_ids)
    with connection.cursor() as cursor:
        if products is not None:
            cursor.execute(MODELS, [products])
        cursor.execute(PLACE, {"seller": seller_id, "products": products})
        return cursor.rowcount
