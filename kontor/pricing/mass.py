"""Many prices of a list changed by one formula: which ones, what they would become, and how much that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from kontor.kernel import clock
from kontor.kernel.refusal import Refused
from kontor.pricing.floors import RATE_DAYS
from kontor.pricing.models import PriceList
from kontor.pricing.rules import is_unit_price

# Prices in force at the moment, with what they become. The rounding is that of the formula of a list, but what costs
# something is not rounded to nothing: it costs the lowest price with this ending.
CHANGED = """
WITH told AS (
    SELECT DISTINCT ON (p.product_id, p.min_quantity, p.unit)
        p.product_id, t.sku, t.name, p.min_quantity, p.unit, p.amount AS before, p.price_base,
        CASE WHEN %(round_to)s::numeric IS NULL
            THEN GREATEST(round(p.amount * %(factor)s::numeric + p.price_base * %(addend)s::numeric, 6), 0)
            ELSE GREATEST(round((p.amount * %(factor)s::numeric + p.price_base * %(addend)s::numeric
                - %(ending)s::numeric) / %(round_to)s::numeric) * %(round_to)s::numeric + %(ending)s::numeric,
                CASE WHEN p.amount * %(factor)s::numeric + p.price_base * %(addend)s::numeric > 0
                    THEN %(least)s::numeric ELSE 0 END, 0)
        END AS after
    FROM pricing_price p
    JOIN catalog_product t ON t.id = p.product_id
    LEFT JOIN catalog_category c ON c.id = t.category_id
    WHERE p.price_list_id = %(list)s AND p.amount IS NOT NULL
        AND COALESCE(p.valid_from <= %(at)s, true) AND COALESCE(%(at)s < p.valid_until, true)
        AND (%(path)s = '' OR c.path = %(path)s OR starts_with(c.path, %(path)s || '/'))
        AND (%(brand)s = '' OR lower(t.brand) = lower(%(brand)s))
        AND t.sku || ' ' || t.name ILIKE ALL (%(words)s::text[])
    ORDER BY p.product_id, p.min_quantity, p.unit, p.valid_from IS NULL
), judged AS (
    SELECT told.*, k.cost * s.rate AS cost,
        GREATEST(k.floor, k.cost / (1 - k.least_margin / 100)) * s.rate AS floor
    FROM told
    CROSS JOIN (
        SELECT (%(at)s AT TIME ZONE y.timezone)::date AS day,
            pricing_rate(y.id, y.currency, l.currency, %(at)s, %(rate_days)s) AS rate
        FROM pricing_price_list l JOIN companies_company y ON y.id = l.seller_id WHERE l.id = %(list)s
    ) AS s
    LEFT JOIN LATERAL (
        SELECT c.cost, c.floor, c.least_margin FROM pricing_cost c
        WHERE c.product_id = told.product_id AND c.day <= s.day ORDER BY c.day DESC LIMIT 1
    ) AS k ON true
    WHERE COALESCE(told.before / told.price_base >= %(price_from)s::numeric, true)
        AND COALESCE(told.before / told.price_base <= %(price_to)s::numeric, true)
), changed AS (
    SELECT j.* FROM judged j
    WHERE (%(margin_below)s::numeric IS NULL OR (j.before > 0
            AND (j.before / j.price_base - j.cost) * 100 / (j.before / j.price_base) < %(margin_below)s::numeric))
        AND (%(margin_above)s::numeric IS NULL OR (j.before > 0
            AND (j.before / j.price_base - j.cost) * 100 / (j.before / j.price_base) >= %(margin_above)s::numeric))
)
"""
TOTALS = f"""{CHANGED}
SELECT count(*), count(*) FILTER (WHERE after > before), count(*) FILTER (WHERE after < before),
    count(*) FILTER (WHERE after / price_base < floor),
    round(avg((after - before) * 100 / NULLIF(before, 0)), 2)
FROM changed
"""
ROWS = f"""{CHANGED}
SELECT product_id, sku, name, min_quantity, unit, before, after, price_base, cost, floor FROM changed
WHERE after <> before
ORDER BY abs(after - before) / NULLIF(before, 0) DESC NULLS FIRST, sku, min_quantity, unit LIMIT %(most)s
"""
INTO_ROUND = f"""{CHANGED}
INSERT INTO pricing_round_price
    (price_round_id, price_list_id, product_id, min_quantity, unit, amount, price_base, was, was_base)
SELECT %(round)s, %(list)s, product_id, min_quantity, unit, after, price_base, before, price_base
FROM changed WHERE after <> before ORDER BY product_id, min_quantity, unit
ON CONFLICT (price_round_id, price_list_id, product_id, min_quantity, unit)
DO UPDATE SET amount = EXCLUDED.amount, price_base = EXCLUDED.price_base
"""
SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which prices of a list: of a category and those below it, a brand, with these words in number or name, between
    two prices of a base unit, with a margin in percent below or from. Empty is no limit."""

    words: str = ""
    category_path: str = ""
    brand: str = ""
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    margin_below: Decimal | None = None
    margin_above: Decimal | None = None

    @property
    def by_margin(self) -> bool:
        """Whether costs decide, which not everybody may see."""
        return self.margin_below is not None or self.margin_above is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """By how much: `percent` of the price, then `addend` per base unit, rounded to a multiple of `round_to` plus
    `ending` (None: to six decimals)."""

    percent: Decimal = Decimal(0)
    addend: Decimal = Decimal(0)
    round_to: Decimal | None = None
    ending: Decimal = Decimal(0)


class Totals(NamedTuple):
    """What a change comes to: how many prices fit, go up, go down, end below the floor; the mean change in %."""

    fitting: int
    up: int
    down: int
    below_floor: int
    mean: Decimal | None


class Shifted(NamedTuple):
    """A price before and after; cost and floor of a base unit in the list's currency where they are known."""

    product_id: int
    sku: str
    name: str
    min_quantity: Decimal
    unit: str
    before: Decimal
    after: Decimal
    price_base: Decimal
    cost: Decimal | None
    floor: Decimal | None

    @property
    def percent(self) -> Decimal | None:
        """The change in percent, to a tenth; None from 0."""
        return round((self.after - self.before) * 100 / self.before, 1) if self.before else None


def preview(
    price_list: PriceList, which: Which, shift: Shift, at: datetime | None = None
) -> tuple[Totals, list[Shifted]]:
    """What a change comes to, and the prices that change most. Two statements, however many prices."""
    about = parameters(price_list, which, shift, at)
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, about)
        totals = Totals(*(cursor.fetchone() or ()))
        cursor.execute(ROWS, about | {"most": SHOWN})
        return totals, [Shifted(*row) for row in cursor.fetchall()]


def parameters(
    price_list: PriceList, which: Which, shift: Shift, at: datetime | None = None
) -> dict[str, Any]:
    """What the statements ask for. Raises Refused("wrong_change") at the fields."""
    _check(shift)
    return {
        "list": price_list.pk,
        "at": at or clock.now(),
        "rate_days": RATE_DAYS,
        "path": which.category_path,
        "brand": which.brand.strip(),
        "words": _patterns(which.words.split()[:8]),
        "price_from": which.price_from,
        "price_to": which.price_to,
        "margin_below": which.margin_below,
        "margin_above": which.margin_above,
        "factor": 1 + shift.percent / 100,
        "addend": shift.addend,
        "round_to": shift.round_to,
        "ending": shift.ending,
        "least": shift.ending if shift.ending > 0 else (shift.round_to or 0) + shift.ending,
    }


def _patterns(words: Sequence[str]) -> list[str]:
    signs = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})
    return [f"%{word.translate(signs)}%" for word in words] or ["%"]


def _check(shift: Shift) -> None:
    wrong = {}
    if not (-100 <= shift.percent <= 1000 and shift.percent == round(shift.percent, 4)):
        wrong["percent"] = _("Enter a percentage from -100 to 1,000.")
    if not is_unit_price(abs(shift.addend)):
        wrong["addend"] = _("Enter an amount with at most six decimals.")
    if shift.round_to is not None and (not is_unit_price(shift.round_to) or shift.round_to == 0):
        wrong["round_to"] = _("Enter the step to round to, such as 0.05.")
    if not is_unit_price(abs(shift.ending)):
        wrong["ending"] = _("Enter an amount with at most six decimals.")
    if wrong:
        raise Refused("wrong_change", _("The change cannot be worked out. Correct the marked fields."), wrong)
