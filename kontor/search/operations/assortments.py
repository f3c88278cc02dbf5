from django.db import connection, transaction

from kontor.search.operations.index import ONE_AT_A_TIME

BATCH = 5000
NEXT = """
SELECT max(id) FROM (
    SELECT id FROM catalog_product WHERE seller_id = %(seller)s AND id > %(after)s ORDER BY id LIMIT %(batch)s
) AS goods
"""
COPY = """
UPDATE {table} d SET assortments = p.assortments
FROM catalog_product p
WHERE p.seller_id = %(seller)s AND p.id > %(after)s AND p.id <= %(last)s
    AND d.product_id = p.id AND d.assortments <> p.assortments
"""


def refresh_assortments(seller_id: int) -> None:
    """Copy who may see the seller's goods to where the search counts them, some thousand goods at a time.

    Only rows that differ are written. Cards and pages read the product itself and are right at once.
    """
    after = 0
    while (last := _copy(seller_id, after)) is not None:
        after = last


@transaction.atomic
def _copy(seller_id: int, after: int) -> int | None:
    """Copy the next batch; its last product, None at the end."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, {"seller": seller_id, "after": after, "batch": BATCH})
        (last,) = cursor.fetchone() or (None,)
        if last is None:
            cursor.execute("SELECT nextval('catalog_revision')")
            return None
        cursor.execute(ONE_AT_A_TIME)
        for table in ("search_document", "search_shelf"):
            parameters = {"seller": seller_id, "after": after, "last": last}
            cursor.execute(COPY.format(table=table), parameters)
    return int(last)
