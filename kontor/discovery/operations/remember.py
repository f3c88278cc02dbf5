from collections.abc import Sequence

from django.db import connection, transaction

from kontor.kernel import clock

LISTINGS = """
INSERT INTO discovery_first_listing (product_id, listed_at)
SELECT id, %(now)s FROM catalog_product WHERE id = ANY (%(ids)s::bigint[]) AND status = 'active'
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def note_first_listings(product_ids: Sequence[int]) -> None:
    """Remember that those of these products that are on sale are so since now, unless they were before."""
    with connection.cursor() as cursor:
        cursor.execute(LISTINGS, {"ids": list(product_ids), "now": clock.now()})
