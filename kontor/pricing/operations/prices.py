from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.audit.trail import record
from kontor.catalog.models import Product
from kontor.catalog.ownership import require_own
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused
from kontor.pricing.events import PricesChanged
from kontor.pricing.models import Price, PriceList
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.rules import is_price_quantity, is_unit_price

UPSERT = """
INSERT INTO pricing_price AS p (price_list_id, product_id, min_quantity, amount, price_base)
SELECT %s, t.* FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[], %s::numeric[])
    AS t (product_id, min_quantity, amount, price_base)
ORDER BY 2, 3
ON CONFLICT (product_id, price_list_id, min_quantity)
DO UPDATE SET amount = EXCLUDED.amount, price_base = EXCLUDED.price_base
WHERE (p.amount, p.price_base) IS DISTINCT FROM (EXCLUDED.amount, EXCLUDED.price_base)
"""
REPLACED = """
DELETE FROM pricing_price p WHERE p.price_list_id = %s AND p.product_id = ANY (%s::bigint[])
AND NOT EXISTS (SELECT FROM unnest(%s::bigint[], %s::numeric[]) AS t (product_id, min_quantity)
                WHERE t.product_id = p.product_id AND t.min_quantity = p.min_quantity)
"""


@dataclass(frozen=True, slots=True)
class PriceRow:
    """`amount` buys `price_base` base units, from `min_quantity` base units upwards."""

    product_id: int
    amount: Decimal
    min_quantity: Decimal = Decimal(1)
    price_base: Decimal = Decimal(1)


@transaction.atomic
def set_prices(
    *, actor: Actor, price_list: PriceList, rows: Sequence[PriceRow], replace: bool = False
) -> int:
    """Write prices into a list, new ones and changed ones; the number of rows that made a difference.

    With `replace`, other breaks of the same products go. All rows or none: Refused("wrong_prices") names every wrong
    row at ``rows/<i>/<field>``. A fixed number of statements, however many rows. Publishes PricesChanged.
    """
    require(actor, EDIT_PRICES)
    require_own(actor, price_list.seller_id)
    _check(price_list, rows)
    products = [row.product_id for row in rows]
    minimums = [row.min_quantity for row in rows]
    columns: list[list[Any]] = [
        products,
        minimums,
        [row.amount for row in rows],
        [row.price_base for row in rows],
    ]
    changed = 0
    with connection.cursor() as cursor:
        if replace and rows:
            cursor.execute(REPLACED, [price_list.pk, products, products, minimums])
            changed += cursor.rowcount
        if rows:
            cursor.execute(UPSERT, [price_list.pk, *columns])
            changed += cursor.rowcount
    if changed:
        record(actor, "pricing.prices_set", ("price_list", price_list.pk), changes={"rows": changed})
        publish(PricesChanged(price_list.pk))
    return changed


@transaction.atomic
def remove_prices(*, actor: Actor, price_list: PriceList, price_ids: Sequence[int]) -> int:
    """Take prices out of a list; how many there were. Publishes PricesChanged."""
    require(actor, EDIT_PRICES)
    require_own(actor, price_list.seller_id)
    removed, _by_model = Price.objects.filter(price_list=price_list, pk__in=list(price_ids)).delete()
    if removed:
        record(actor, "pricing.prices_removed", ("price_list", price_list.pk), changes={"rows": removed})
        publish(PricesChanged(price_list.pk))
    return removed


def _check(price_list: PriceList, rows: Sequence[PriceRow]) -> None:
    asked = {row.product_id for row in rows}
    own = set(
        Product.objects.filter(pk__in=asked, seller_id=price_list.seller_id)
        .exclude(kind=Product.Kind.MODEL)
        .values_list("pk", flat=True)
    )
    seen: set[tuple[int, Decimal]] = set()
    problems: dict[str, str] = {}
    for index, row in enumerate(rows):
        at = f"rows/{index}"
        if row.product_id not in own:
            problems[f"{at}/product"] = _("This is not one of your products that can be priced.")
        if not is_unit_price(row.amount):
            problems[f"{at}/amount"] = _("Enter a price of 0 or more with at most six decimals.")
        if not is_price_quantity(row.price_base):
            problems[f"{at}/price_base"] = _("Enter the quantity that the price is for, above 0.")
        if not is_price_quantity(row.min_quantity):
            problems[f"{at}/min_quantity"] = _("Enter the quantity from which the price counts, above 0.")
        elif (row.product_id, row.min_quantity) in seen:
            problems[f"{at}/min_quantity"] = _("This quantity is in the list twice.")
        seen.add((row.product_id, row.min_quantity))
    if problems:
        message = ngettext(
            "%(count)s price is wrong. Nothing was saved.",
            "%(count)s prices are wrong. Nothing was saved.",
            len(problems),
        )
        raise Refused("wrong_prices", message % {"count": len(problems)}, problems)
