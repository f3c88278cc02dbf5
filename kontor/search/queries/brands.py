"""The brands of which a viewer may see goods."""

from django.db import connection

from kontor.catalog.queries import catalog_revision
from kontor.search.queries.kept import Kept
from kontor.search.queries.viewer import Viewer

BRANDS = """
SELECT s.brand, count(*) FROM search_shelf s
WHERE s.shelf = 0 AND s.brand <> '' AND s.assortments && %(assortments)s::bigint[]
GROUP BY s.brand ORDER BY 2 DESC, 1
"""
_brands: Kept[tuple[tuple[str, int], ...]] = Kept()


def brands_of(viewer: Viewer, revision: int | None = None) -> tuple[tuple[str, int], ...]:
    """Every brand with the number of its goods, most first. Counted once per half minute for all who see the same."""
    known = catalog_revision() if revision is None else revision
    return _brands.get(viewer.assortments, known, lambda: _read(viewer))


def _read(viewer: Viewer) -> tuple[tuple[str, int], ...]:
    with connection.cursor() as cursor:
        cursor.execute(BRANDS, {"assortments": list(viewer.assortments)})
        return tuple(cursor.fetchall())
