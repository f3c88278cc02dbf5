from collections.abc import Collection, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.queries import today_at
from kontor.kernel.actors import Actor, require
from kontor.kernel.staging import run
from kontor.pricing.bulk.judged import JUDGED, STAGE, FigureRows
from kontor.pricing.models import ProductCost
from kontor.pricing.permissions import EDIT_PRICES, SEE_COSTS

COST_COLUMNS = {
    "sku": "text",
    "cost": "numeric",
    "lowest_price": "numeric",
    "least_margin": "numeric",
    "from": "date",
}
KEY, FIGURES = "product_id, day", "cost, floor, least_margin"
# A column that the file lacks keeps what counts on that day.
JUDGE = f"""
CREATE TEMP TABLE {JUDGED} ON COMMIT DROP AS
SELECT t.*, c.id AS known,
    (c.cost, c.floor, c.least_margin) IS DISTINCT FROM (t.cost, t.floor, t.least_margin) AS differs,
    CASE WHEN t.product_id IS NULL THEN 'sku' WHEN t.kind = 'model' THEN 'model'
        WHEN t.least_margin IS NOT NULL AND t.cost IS NULL THEN 'cost'
        WHEN row_number() OVER same > 1 THEN 'twice' ELSE '' END AS problem,
    CASE WHEN row_number() OVER same > 1 THEN (first_value(t.line) OVER same)::text ELSE '' END AS about
FROM (
    SELECT s.line, p.id AS product_id, p.kind, COALESCE(s."from", %(today)s) AS day,
        CASE WHEN %(cost)s THEN s.cost ELSE k.cost END AS cost,
        CASE WHEN %(floor)s THEN s.lowest_price ELSE k.floor END AS floor,
        CASE WHEN %(least_margin)s THEN s.least_margin ELSE k.least_margin END AS least_margin
    FROM {STAGE} s
    LEFT JOIN catalog_product p ON p.seller_id = %(seller)s AND p.sku = s.sku
    LEFT JOIN LATERAL (SELECT o.cost, o.floor, o.least_margin FROM pricing_cost o
        WHERE NOT (%(cost)s AND %(floor)s AND %(least_margin)s) AND o.product_id = p.id
            AND o.day <= COALESCE(s."from", %(today)s) ORDER BY o.day DESC LIMIT 1) AS k ON true
) AS t
LEFT JOIN pricing_cost c ON c.product_id = t.product_id AND c.day = t.day
WINDOW same AS (PARTITION BY t.product_id, t.day ORDER BY t.line)
"""
WRITE = f"""
INSERT INTO pricing_cost ({KEY}, {FIGURES})
SELECT {KEY}, {FIGURES} FROM {JUDGED} WHERE problem = '' AND differs ORDER BY {KEY}
ON CONFLICT ({KEY}) DO UPDATE SET cost = EXCLUDED.cost, floor = EXCLUDED.floor, least_margin = EXCLUDED.least_margin
"""


class CostRows(FigureRows):
    """Costs, lowest prices and least margins of one seller's articles, each from a day on."""

    columns = COST_COLUMNS

    def __init__(self, seller_id: int) -> None:
        self._seller_id = seller_id

    def judge(self, actor: Actor, given: Collection[str]) -> None:
        require(actor, EDIT_PRICES)
        require(actor, SEE_COSTS)
        run(f"ANALYZE {STAGE}", {})
        about = {
            "cost": "cost" in given,
            "floor": "lowest_price" in given,
            "least_margin": "least_margin" in given,
        }
        run(JUDGE, about | {"seller": self._seller_id, "today": today_at(self._seller_id)})

    def write(self, actor: Actor, file_name: str) -> int:
        if count := run(WRITE, {}):
            record(actor, "pricing.costs_set", ("company", self._seller_id), changes={"rows": count})
        return 0

    def sentence(self, problem: str, about: str) -> tuple[str, str]:
        if problem == "cost":
            return "cost", _("A least margin needs a cost.")
        return "", _("This article and day stand in line %(line)s already.") % {"line": about}


def cost_cells(seller_id: int) -> Iterator[dict[str, str]]:
    """All costs of a seller in the columns of a file."""
    kept = ProductCost.objects.filter(product__seller_id=seller_id).order_by("product__sku", "day")
    names = ("product__sku", "cost", "floor", "least_margin")
    for *cells, day in kept.values_list(*names, "day").iterator(2000):
        texts = ["" if one is None else _plain(one) for one in cells]
        yield dict(zip(COST_COLUMNS, [*texts, day.isoformat()], strict=True))


def _plain(cell: Decimal | str) -> str:
    return f"{cell.normalize():f}" if isinstance(cell, Decimal) else cell
