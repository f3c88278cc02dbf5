"""What a listing is made of: cards, filters, the window that is shown, and the statement around any set of hits."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from kontor.inventory.free import FREE
from kontor.search.filters import Filters as Filters
from kontor.search.queries.counted import Facets, Segment
from kontor.search.queries.viewer import Viewer

MAX_PER_PAGE = 100
MAX_PAGE = 400


@dataclass(frozen=True, slots=True)
class Card:
    """A product as a listing shows it.

    `unit` is the base unit: `amount` (None: no price for this company) buys `price_base` of it, when the smallest
    quantity is ordered. `sales_unit` is offered first: `factor` base units make one, `minimum` and `multiple` count in
    it. Of a model the price is that of its cheapest variant, and it has so many `variants` that this company may buy.
    `available` is in base units, None for services and models.
    `revision` is that of everything here but price and stock.
    """

    product_id: int
    revision: int
    seller_id: int
    sku: str
    name: str
    slug: str
    brand: str
    unit: str
    kind: str
    picture: str
    sales_unit: str
    factor: Decimal
    minimum: Decimal
    multiple: Decimal
    amount: Decimal | None
    price_base: Decimal | None
    currency: str | None
    from_break: bool
    available: Decimal | None
    variants: int

    @property
    def is_orderable(self) -> bool:
        """Whether it can go into the cart as it is: of a model a variant can, of a configurable one what was chosen."""
        return self.amount is not None and self.kind not in ("model", "configurable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which part of a listing: a numbered page, or (better, for machines) what comes after a cursor.

    Sorts: ``popular`` (default of a shelf), ``name newest price -price``, and ``relevance`` (default for words).
    Popularity moves between two requests: a machine that reads everything asks for ``name``. `facets` False saves
    counting brands and categories. `bought` are products that the reader's company bought, in the order that counts
    (last bought, or most often): the sort ``bought`` puts those among the hits first, and with `only_bought` there are
    no others. That is for words.
    """

    sort: str = ""
    page: int = 1
    after: str = ""
    per_page: int = 24
    facets: bool = True
    bought: tuple[int, ...] = ()
    only_bought: bool = False

    @property
    def size(self) -> int:
        return min(max(self.per_page, 1), MAX_PER_PAGE)

    @property
    def skipped(self) -> int:
        return (min(max(self.page, 1), MAX_PAGE) - 1) * self.size


EVERYTHING = Filters()
FIRST_PAGE = Window()


@dataclass(slots=True)
class Listing:
    """A page of cards. `total` counts all, or says "at least" when capped; `next_after` continues, "" at the end.

    `corrected` is what was searched for instead of the words typed, when those found nothing; `suggestion` is another
    wording that would find more. `matching_all` says how many of `total` have all words, when that was told apart: they
    come first. `redirect` is the address to which these words lead. `highlights` are the names of
    cards in pieces, by product; a product without an entry has no hit in its name. `revision` is that of the catalog:
    hand it to `catalog.queries.category_tree`.
    """

    cards: list[Card] = field(default_factory=list)
    total: int = 0
    total_is_capped: bool = False
    page: int = 1
    per_page: int = 24
    next_after: str = ""
    facets: Facets = field(default_factory=Facets)
    corrected: str = ""
    revision: int = 0
    suggestion: str = ""
    redirect: str = ""
    matching_all: int | None = None
    highlights: dict[int, tuple[Segment, ...]] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return min(max(-(-self.total // self.per_page), 1), MAX_PAGE)


def own_price(company: str, chain: str, assortments: str) -> str:
    """SQL that joins `price` to a product `p`, for a company, price lists and assortments that are SQL themselves.

    A model costs what the cheapest of its variants does that the company may buy. `u` is the unit offered first.
    """
    return f"""
    LEFT JOIN LATERAL (
        SELECT unit, factor, minimum, multiple FROM catalog_units_for(p.id, {company})
        ORDER BY place LIMIT 1) AS u ON true
    LEFT JOIN LATERAL (
        SELECT r.*, p.base_unit
        FROM pricing_resolve({chain}, p.id, COALESCE(u.minimum * u.factor, 1), COALESCE(u.unit, '')) AS r
        WHERE p.kind <> 'model'
        UNION ALL
        (SELECT r.*, v.base_unit
         FROM catalog_product v
         LEFT JOIN LATERAL (
            SELECT unit, minimum * factor AS smallest FROM catalog_units_for(v.id, {company})
            ORDER BY place LIMIT 1) AS first ON true
         CROSS JOIN LATERAL pricing_resolve(
            {chain}, v.id, COALESCE(first.smallest, 1), COALESCE(first.unit, '')) AS r
         WHERE p.kind = 'model' AND v.variant_of_id = p.id AND v.status = 'active'
            AND v.assortments && {assortments}
         ORDER BY r.amount / r.price_base LIMIT 1)
    ) AS price ON true
"""


OWN_PRICE = own_price("%(company)s::bigint", "%(chain)s::pricing_step[]", "%(assortments)s::bigint[]")
# `hit` gives product_id, the place in the order, and the total or NULL. Everything a card shows is read from the rows
# themselves, so that a changed product, price or stock is right at once whatever the search knows of it.
CARDS = f"""
SELECT r.last_value, card.*
FROM catalog_revision r LEFT JOIN (
    SELECT hit.place, hit.total, p.id, p.revision, p.seller_id, p.sku, p.name, p.slug, p.brand,
        COALESCE(price.base_unit, p.base_unit), p.kind, COALESCE(m.file, ''), COALESCE(u.unit, p.base_unit),
        COALESCE(u.factor, 1), COALESCE(u.minimum, 1), COALESCE(u.multiple, 1), price.amount, price.price_base,
        (SELECT currency FROM pricing_price_list WHERE id = price.price_list_id),
        price.amount IS NOT NULL AND (p.kind IN ('model', 'configurable') OR EXISTS (
            SELECT FROM pricing_price b WHERE b.product_id = p.id AND b.price_list_id = price.source_id
            AND b.min_quantity > price.min_quantity)),
        {FREE},
        CASE WHEN p.kind = 'model' THEN (SELECT count(*) FROM catalog_product v WHERE v.variant_of_id = p.id
            AND v.status = 'active' AND v.assortments && %(assortments)s::bigint[]) ELSE 0 END,
        hit.no
    FROM ({{hits}}) AS hit
    JOIN catalog_product p ON p.id = hit.product_id AND p.status = 'active'
        AND p.assortments && %(assortments)s::bigint[]
    JOIN companies_company s ON s.id = p.seller_id AND s.status = 'active'
    {OWN_PRICE}
    LEFT JOIN LATERAL (
        SELECT file FROM catalog_medium WHERE product_id = p.id AND kind = 'picture'
        ORDER BY position, id LIMIT 1) AS m ON true
) AS card ON true
ORDER BY card.no
"""


@dataclass(frozen=True, slots=True)
class Hits:
    """What the statement brought: the catalog's revision, and per card its place in the order and the total."""

    revision: int
    cards: list[Card]
    places: list[Any]
    total: int | None


def bounds(window: Window, parameters: dict[str, Any]) -> dict[str, str]:
    """LIMIT and OFFSET of a window, one row more than is shown, so that the next page is known.

    Where they can be few they are part of the statement: PostgreSQL keeps the plan of a prepared statement only when it
    can tell that it is good, and planning takes longer than running.
    """
    if not window.skipped:
        return {"limit": str(window.size + 1), "offset": "0"}
    parameters["offset"] = window.skipped
    return {"limit": str(window.size + 1), "offset": "%(offset)s::int"}


def read_cards(viewer: Viewer, hits: str, parameters: dict[str, Any]) -> Hits:
    """The cards of what `hits` selects, as this viewer sees them. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(CARDS.format(hits=hits), parameters | viewer.parameters)
        rows = cursor.fetchall()
    if rows[0][3] is None:
        return Hits(rows[0][0], [], [], None)
    return Hits(rows[0][0], [Card(*row[3:-1]) for row in rows], [row[1] for row in rows], rows[0][2])
