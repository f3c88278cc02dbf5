from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.audit.trail import record
from kontor.catalog.models import Product, SalesUnit
from kontor.catalog.ownership import require_own
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused
from kontor.pricing.events import PricesChanged
from kontor.pricing.held import refuse_held
from kontor.pricing.models import Price, PriceList
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.rules import is_price_quantity, is_unit_price

UPSERT = """
INSERT INTO pricing_price AS p
    (price_list_id, product_id, min_quantity, unit, valid_from, amount, price_base, valid_until)
SELECT %s, t.* FROM unnest(%s::bigint[], %s::numeric[], %s::text[], %s::timestamptz[], %s::numeric[], %s::numeric[],
    %s::timestamptz[]) AS t (product_id, min_quantity, unit, valid_from, amount, price_base, valid_until)
ORDER BY 2, 3, 4, 5
ON CONFLICT (product_id, price_list_id, min_quantity, unit, valid_from)
DO UPDATE SET amount = EXCLUDED.amount, price_base = EXCLUDED.price_base, valid_until = EXCLUDED.valid_until
WHERE (p.amount, p.price_base, p.valid_until)
    IS DISTINCT FROM (EXCLUDED.amount, EXCLUDED.price_base, EXCLUDED.valid_until)
"""
REPLACED = """
DELETE FROM pricing_price p WHERE p.price_list_id = %s AND p.product_id = ANY (%s::bigint[]) AND p.valid_from IS NULL
AND NOT EXISTS (SELECT FROM unnest(%s::bigint[], %s::numeric[], %s::text[]) AS t (product_id, min_quantity, unit)
    WHERE t.product_id = p.product_id AND t.min_quantity = p.min_quantity AND t.unit = p.unit)
"""
OVERLAPPING = """
WITH typed AS (
    SELECT * FROM unnest(%(products)s::bigint[], %(minimums)s::numeric[], %(units)s::text[], %(begins)s::timestamptz[],
        %(ends)s::timestamptz[]) WITH ORDINALITY AS t (product_id, min_quantity, unit, begins, ends, no)
    WHERE begins IS NOT NULL
), kept AS (
    SELECT product_id, min_quantity, unit, valid_from AS begins, valid_until AS ends, 0::bigint AS no
    FROM pricing_price k WHERE price_list_id = %(list)s AND product_id = ANY (%(products)s::bigint[])
        AND valid_from IS NOT NULL AND NOT EXISTS (SELECT FROM typed t WHERE t.product_id = k.product_id
            AND t.min_quantity = k.min_quantity AND t.unit = k.unit AND t.begins = k.valid_from)
)
SELECT DISTINCT ON (t.no) t.no - 1, o.begins, o.ends
FROM typed t JOIN (SELECT * FROM typed UNION ALL SELECT * FROM kept) o
    ON o.product_id = t.product_id AND o.min_quantity = t.min_quantity AND o.unit = t.unit AND o.no <> t.no
    AND o.begins <> t.begins AND tstzrange(o.begins, o.ends) && tstzrange(t.begins, t.ends)
ORDER BY t.no, o.begins
"""


@dataclass(frozen=True, slots=True)
class PriceRow:
    """`amount` buys `price_base` base units, from `min_quantity` base units upwards; None is a price on request.

    With a `unit` it counts only for what is ordered in this sales unit. With `valid_from` it goes before the price
    without dates from then on, to before `valid_until` (None: for ever). Both are aware moments.
    """

    product_id: int
    amount: Decimal | None
    min_quantity: Decimal = Decimal(1)
    price_base: Decimal = Decimal(1)
    unit: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@transaction.atomic
def set_prices(
    *,
    actor: Actor,
    price_list: PriceList,
    rows: Sequence[PriceRow],
    replace: bool = False,
    agreed: bool = False,
) -> int:
    """Write prices into a list, new ones and changed ones; the number of rows that made a difference.

    A row takes the place of the one with the same article, quantity, unit and beginning. With `replace`, other prices
    without dates of the same products go. All rows or none: Refused("wrong_prices") names every wrong row at
    ``rows/<i>/<field>``, as one that overlaps another at ``valid_from``. A fixed number of statements, however many
    rows. Refused("needs_round") where a second person approves prices, but for those that are `agreed` with a customer,
    as an offer or agreement says. Publishes PricesChanged.
    """
    require(actor, EDIT_PRICES)
    require_own(actor, price_list.seller_id)
    if not agreed:
        refuse_held(actor, price_list.seller_id)
    check_prices(price_list, rows)
    keys: list[list[Any]] = [
        [row.product_id for row in rows],
        [row.min_quantity for row in rows],
        [row.unit for row in rows],
    ]
    dated: list[Any] = [row.valid_from for row in rows]
    figures: list[list[Any]] = [
        [row.amount for row in rows],
        [row.price_base for row in rows],
        [row.valid_until for row in rows],
    ]
    changed = 0
    with connection.cursor() as cursor:
        if replace and rows:
            cursor.execute(REPLACED, [price_list.pk, keys[0], *keys])
            changed += cursor.rowcount
        if rows:
            cursor.execute(UPSERT, [price_list.pk, *keys, dated, *figures])
            changed += cursor.rowcount
    if changed:
        record(actor, "pricing.prices_set", ("price_list", price_list.pk), changes={"rows": changed})
        publish(PricesChanged(price_list.pk))
    return changed


@transaction.atomic
def remove_prices(*, actor: Actor, price_list: PriceList, price_ids: Sequence[int]) -> int:
    """Take prices out of a list; how many there were. Refused as `set_prices`. Publishes PricesChanged."""
    require(actor, EDIT_PRICES)
    require_own(actor, price_list.seller_id)
    refuse_held(actor, price_list.seller_id)
    removed, _by_model = Price.objects.filter(price_list=price_list, pk__in=list(price_ids)).delete()
    if removed:
        record(actor, "pricing.prices_removed", ("price_list", price_list.pk), changes={"rows": removed})
        publish(PricesChanged(price_list.pk))
    return removed


def check_prices(price_list: PriceList, rows: Sequence[PriceRow]) -> None:
    """Raises Refused("wrong_prices") with every wrong row at ``rows/<i>/<field>``."""
    asked = {row.product_id for row in rows}
    own = set(
        Product.objects.filter(pk__in=asked, seller_id=price_list.seller_id)
        .exclude(kind=Product.Kind.MODEL)
        .values_list("pk", flat=True)
    )
    sold = _units_sold(asked) if any(row.unit for row in rows) else set()
    seen: set[tuple[Any, ...]] = set()
    problems: dict[str, str] = {}
    for index, row in enumerate(rows):
        found = _problems(row)
        if row.product_id not in own:
            found["product"] = _("This is not one of your products that can be priced.")
        elif row.unit and (row.product_id, row.unit) not in sold:
            found["unit"] = _("The article is not sold in this unit.")
        key = (row.product_id, row.min_quantity, row.unit, row.valid_from)
        if key in seen:
            found.setdefault("min_quantity", _("This quantity is in the list twice."))
        seen.add(key)
        problems |= {f"rows/{index}/{name}": sentence for name, sentence in found.items()}
    problems = problems or _overlaps(price_list, rows)
    if problems:
        message = ngettext(
            "%(count)s price is wrong. Nothing was saved.",
            "%(count)s prices are wrong. Nothing was saved.",
            len(problems),
        )
        raise Refused("wrong_prices", message % {"count": len(problems)}, problems)


def _problems(row: PriceRow) -> dict[str, str]:
    found = {}
    if row.amount is not None and not is_unit_price(row.amount):
        found["amount"] = _("Enter a price of 0 or more with at most six decimals.")
    if not is_price_quantity(row.price_base):
        found["price_base"] = _("Enter the quantity that the price is for, above 0.")
    if not is_price_quantity(row.min_quantity):
        found["min_quantity"] = _("Enter the quantity from which the price counts, above 0.")
    if row.valid_until is not None and row.valid_from is None:
        found["valid_from"] = _("Say from when the price counts.")
    elif row.valid_until is not None and row.valid_from is not None and row.valid_until <= row.valid_from:
        found["valid_until"] = _("The price must end after it begins.")
    return found


def _units_sold(product_ids: Collection[int]) -> set[tuple[int, str]]:
    return set(SalesUnit.objects.filter(product__in=product_ids).values_list("product_id", "unit"))


def _overlaps(price_list: PriceList, rows: Sequence[PriceRow]) -> dict[str, str]:
    """What the database would refuse, at the rows. Two people at the same moment meet its constraint."""
    dated = [(index, row) for index, row in enumerate(rows) if row.valid_from is not None]
    if not dated:
        return {}
    about: dict[str, Any] = {
        "list": price_list.pk,
        "products": [row.product_id for _index, row in dated],
        "minimums": [row.min_quantity for _index, row in dated],
        "units": [row.unit for _index, row in dated],
        "begins": [row.valid_from for _index, row in dated],
        "ends": [row.valid_until for _index, row in dated],
    }
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPPING, about)
        found = cursor.fetchall()
    message = _("Another price of this quantity counts from %(begin)s on. End one before the other begins.")
    return {
        f"rows/{dated[no][0]}/valid_from": message
        % {"begin": date_format(localtime(begins), "DATETIME_FORMAT")}
        for no, begins, _ends in found
    }
