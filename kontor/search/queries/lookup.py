"""Products by many numbers at once: what pasted lines and files are read with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import connection

from kontor.catalog.queries import Configured, judged
from kontor.goods.options import MARK
from kontor.inventory.free import FREE
from kontor.kernel.folding import code_key
from kontor.search.queries.product import UNITS, DetailUnit, units_of
from kontor.search.queries.viewer import Viewer

LOOKUP = f"""
WITH asked AS (SELECT DISTINCT key FROM unnest(%(keys)s::text[]) AS k (key)
), best AS (
    SELECT DISTINCT ON (asked.key) asked.key, c.product_id
    FROM asked
    CROSS JOIN LATERAL (
        SELECT product_id, kind FROM search_code WHERE key = asked.key
        UNION ALL
        SELECT product_id, -1 FROM catalog_buyer_part_number WHERE buyer_id = %(company)s::bigint AND key = asked.key
    ) AS c
    JOIN catalog_product p ON p.id = c.product_id AND p.status IN ('active', 'discontinued')
        AND p.assortments && %(assortments)s::bigint[] {{seller}}
    JOIN companies_company s ON s.id = p.seller_id AND s.status = 'active'
    ORDER BY asked.key, p.status = 'active' DESC, c.kind,
        EXISTS (SELECT FROM pricing_price x WHERE x.product_id = p.id AND x.price_list_id = ANY (
            ARRAY(SELECT source FROM unnest(%(chain)s::pricing_step[]))))
        DESC, p.id
)
SELECT best.key, p.id, p.seller_id, p.sku, p.name, p.slug, p.status, p.kind, p.base_unit,
    {FREE},
    price.amount, price.price_base,
    (SELECT currency FROM pricing_price_list WHERE id = price.price_list_id),
    {UNITS}
FROM best
JOIN catalog_product p ON p.id = best.product_id
LEFT JOIN LATERAL pricing_resolve(%(chain)s::pricing_step[], p.id, 0) AS price ON true
"""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What a number stands for. `status` is ``active`` or ``discontinued``; the price is that of the lowest break.

    A SKU with the code of a configuration stands for its product, `configured` as the code says; the price is the base
    price then.
    """

    product_id: int
    seller_id: int
    sku: str
    name: str
    slug: str
    status: str
    kind: str
    unit: str
    available: Decimal | None
    amount: Decimal | None
    price_base: Decimal | None
    currency: str | None
    units: tuple[DetailUnit, ...]
    configured: Configured | None = None

    def sold_in(self, unit: str) -> DetailUnit | None:
        """The sales unit of that code, or the one offered first for ""; None when it is not sold so."""
        return next((one for one in self.units if unit in ("", one.unit)), None)


def lookup_skus(
    viewer: Viewer, numbers: Sequence[str], *, seller_id: int | None = None
) -> dict[str, LookedUp]:
    """What each number stands for, by the number as it was given; unknown ones are missing. One statement for all.

    The viewer's own part number before SKU before the maker's before GTIN; dashes, blanks and case do not matter.
    Without a seller, goods that this viewer has a price for come first when several sellers use one number.
    """
    keys = {number: code_key(number) for number in numbers}
    bases = {number: code_key(number.rpartition(MARK)[0]) for number in numbers if MARK in number}
    parameters = {"keys": [key for key in {*keys.values(), *bases.values()} if key]} | viewer.parameters
    seller = ""
    if seller_id is not None:
        seller = "AND p.seller_id = %(seller)s::bigint"
        parameters["seller"] = seller_id
    with connection.cursor() as cursor:
        cursor.execute(LOOKUP.format(seller=seller), parameters)
        found = {row[0]: LookedUp(*[*row[1:-1], units_of(row[-1], row[8])]) for row in cursor.fetchall()}
    whole = {number: found[key] for number, key in keys.items() if key in found}
    bases = {number: key for number, key in bases.items() if number not in whole}
    return whole | _configured({number: found[key] for number, key in bases.items() if key in found})


def _configured(found: dict[str, LookedUp]) -> dict[str, LookedUp]:
    """Those of these products that can be configured, each as its number says after the mark."""
    asked = {
        number: (one.product_id, number.rpartition(MARK)[2].strip())
        for number, one in found.items()
        if one.kind == "configurable"
    }
    stands = judged(list(asked.values()))
    return {number: replace(found[number], configured=stands[key]) for number, key in asked.items()}
