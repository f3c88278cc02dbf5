from collections.abc import Sequence

from django.db import connection, transaction

from kontor.kernel import clock

ADDRESSES = """
INSERT INTO discovery_category_address (path, category_id, since)
SELECT c.path, c.id, %(now)s FROM catalog_category here
JOIN catalog_category c ON c.id = here.id OR starts_with(c.path, here.path || '/')
WHERE here.id = %(id)s
ON CONFLICT (path) DO UPDATE SET category_id = excluded.category_id, since = excluded.since
WHERE discovery_category_address.category_id <> excluded.category_id
"""
LISTINGS = """
INSERT INTO discovery_first_listing (product_id, listed_at)
SELECT id, %(now)s FROM catalog_product WHERE id = ANY (%(ids)s::bigint[]) AND status = 'active'
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def note_category_addresses(category_id: int) -> None:
    """Remember where this category and all below it stand now; where they stood before goes on leading to them."""
    with connection.cursor() as cursor:
        cursor.execute(ADDRESSES, {"id": category_id, "now": clock.now()})


@transaction.atomic
def note_first_listings(product_ids: Sequence[int]) -> None:
    """Remember that those of these products that are on sale are so since now, unless they were before."""
    with connection.cursor() as cursor:
        cursor.execute(LISTINGS, {"ids": list(product_ids), "now": clock.now()})
