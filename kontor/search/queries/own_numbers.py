"""Products by the number that the viewer's own company gave them. Nobody else's numbers are ever looked at."""

from typing import Any

from django.db import connection

from kontor.search.queries.viewer import Viewer

MOST = 24
# Visibility is asked where the product is shown; here only to not fill the page with what is left out there.
OWN_NUMBERS = """
SELECT n.number, n.product_id
FROM catalog_buyer_part_number n
JOIN catalog_product p ON p.id = n.product_id AND p.status = 'active' AND p.assortments && %(assortments)s::bigint[]
WHERE n.buyer_id = %(company)s AND n.key ~>=~ %(key)s AND n.key ~<~ %(beyond)s
ORDER BY n.key, n.product_id LIMIT %(most)s
"""


def own_numbers(viewer: Viewer, key: str) -> list[tuple[str, int]]:
    """(number, product) of the company's own numbers that are, or begin with, a `code_key`; the exact one first.

    One statement; none for visitors, nor for "".
    """
    if viewer.company_id is None or not key:
        return []
    parameters: dict[str, Any] = {
        "assortments": list(viewer.assortments),
        "company": viewer.company_id,
        "key": key,
        "beyond": key[:-1] + chr(ord(key[-1]) + 1),
        "most": MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(OWN_NUMBERS, parameters)
        return [(number, product_id) for number, product_id in cursor.fetchall()]
