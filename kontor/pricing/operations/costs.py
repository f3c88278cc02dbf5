from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.audit.trail import record
from kontor.catalog.models import Product
from kontor.catalog.ownership import selling_company_id
from kontor.companies.models import Company
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused
from kontor.pricing.models import ProductCost
from kontor.pricing.permissions import EDIT_PRICES, SEE_COSTS
from kontor.pricing.rules import is_least_margin, is_unit_price

UPSERT = """
INSERT INTO pricing_cost AS c (product_id, day, cost, floor, least_margin)
SELECT t.* FROM unnest(%s::bigint[], %s::date[], %s::numeric[], %s::numeric[], %s::numeric[])
    AS t (product_id, day, cost, floor, least_margin)
ORDER BY 1, 2
ON CONFLICT (product_id, day)
DO UPDATE SET cost = EXCLUDED.cost, floor = EXCLUDED.floor, least_margin = EXCLUDED.least_margin
WHERE (c.cost, c.floor, c.least_margin) IS DISTINCT FROM (EXCLUDED.cost, EXCLUDED.floor, EXCLUDED.least_margin)
"""


@dataclass(frozen=True, slots=True)
class CostRow:
    """From `day` on: cost and least price of a base unit in the seller's currency; least margin in % of the price.

    None is not known, or no limit; a row says everything that counts from its day on.
    """

    product_id: int
    day: date
    cost: Decimal | None = None
    floor: Decimal | None = None
    least_margin: Decimal | None = None


@transaction.atomic
def set_costs(*, actor: Actor, rows: Sequence[CostRow], seller: Company | None = None) -> int:
    """Write costs and least prices of the actor's products (the system names the seller); how many rows were changed.

    A row takes the place of the one of the same product and day. All rows or none: Refused("wrong_costs") names every
    wrong row at ``rows/<i>/<field>``.
    """
    require(actor, EDIT_PRICES)
    require(actor, SEE_COSTS)
    seller_id = selling_company_id(actor, seller)
    _check(seller_id, rows)
    if not rows:
        return 0
    columns: list[list[Any]] = [
        [one.product_id for one in rows],
        [one.day for one in rows],
        [one.cost for one in rows],
        [one.floor for one in rows],
        [one.least_margin for one in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, columns)
        changed = cursor.rowcount
    if changed:
        record(actor, "pricing.costs_set", ("company", seller_id), changes={"rows": changed})
    return changed


@transaction.atomic
def remove_costs(*, actor: Actor, cost_ids: Sequence[int], seller: Company | None = None) -> int:
    """Take rows of costs away; how many there were. What stood before them counts again."""
    require(actor, EDIT_PRICES)
    require(actor, SEE_COSTS)
    seller_id = selling_company_id(actor, seller)
    mine = ProductCost.objects.filter(pk__in=list(cost_ids), product__seller_id=seller_id)
    removed, _by_model = mine.delete()
    if removed:
        record(actor, "pricing.costs_removed", ("company", seller_id), changes={"rows": removed})
    return removed


def _check(seller_id: int, rows: Sequence[CostRow]) -> None:
    asked = {row.product_id for row in rows}
    own = set(
        Product.objects.filter(pk__in=asked, seller_id=seller_id)
        .exclude(kind=Product.Kind.MODEL)
        .values_list("pk", flat=True)
    )
    seen: set[tuple[int, date]] = set()
    problems: dict[str, str] = {}
    for index, row in enumerate(rows):
        found = _problems(row)
        if row.product_id not in own:
            found["product"] = _("This is not one of your products that can be priced.")
        if (row.product_id, row.day) in seen:
            found.setdefault("day", _("This article and day stand here twice."))
        seen.add((row.product_id, row.day))
        problems |= {f"rows/{index}/{name}": sentence for name, sentence in found.items()}
    if problems:
        message = ngettext(
            "%(count)s figure is wrong. Nothing was saved.",
            "%(count)s figures are wrong. Nothing was saved.",
            len(problems),
        )
        raise Refused("wrong_costs", message % {"count": len(problems)}, problems)


def _problems(row: CostRow) -> dict[str, str]:
    found = {}
    if row.cost is not None and not is_unit_price(row.cost):
        found["cost"] = _("Enter an amount of 0 or more with at most six decimals.")
    if row.floor is not None and not is_unit_price(row.floor):
        found["floor"] = _("Enter an amount of 0 or more with at most six decimals.")
    if row.least_margin is not None and not is_least_margin(row.least_margin):
        found["least_margin"] = _("Enter a percentage from 0 to below 100.")
    elif row.least_margin is not None and row.cost is None:
        found["cost"] = _("A least margin needs a cost.")
    return found
