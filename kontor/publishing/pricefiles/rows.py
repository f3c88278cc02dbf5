"""What a buying company may order, at which prices: the rule of `pricing.queries.resolve`, for all that it sees."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import get_language

from kontor.catalog.queries.texts import texts_of
from kontor.inventory.free import FREE
from kontor.pricing.queries import NO_STEPS
from kontor.publishing.sight import VISIBLE
from kontor.search.queries import Viewer

BATCH = 2_000
# Decimals travel as texts: as JSON numbers they would become binary fractions.
FACTS = """p.id, p.seller_id, COALESCE(NULLIF(s.trade_name, ''), s.legal_name), p.sku,
    COALESCE((SELECT b.number FROM catalog_buyer_part_number b
        WHERE b.product_id = p.id AND b.buyer_id = %(buyer)s::bigint), ''),
    p.brand, p.manufacturer_part_number, p.gtin, p.base_unit, COALESCE(u.unit, p.base_unit), COALESCE(u.factor, 1),
    COALESCE(u.minimum, 1), COALESCE(u.multiple, 1), p.lead_days, l.currency,
    (SELECT json_agg(json_build_array(trim_scale(r.min_quantity)::text, trim_scale(r.amount)::text,
        trim_scale(r.price_base)::text) ORDER BY r.min_quantity)
     FROM pricing_breaks(%(chain)s::pricing_step[], p.id, COALESCE(u.unit, '')) AS r)::text,
    (SELECT min(switch.moment) FROM pricing_price d CROSS JOIN LATERAL (VALUES (d.valid_from), (d.valid_until))
         AS switch (moment)
     WHERE d.product_id = p.id AND d.price_list_id = ANY (ARRAY(SELECT source FROM unnest(%(chain)s::pricing_step[])))
        AND d.valid_from IS NOT NULL AND switch.moment > now())"""
OFFERED = f"""
FROM catalog_product p
JOIN companies_company s ON s.id = p.seller_id
LEFT JOIN LATERAL (SELECT unit, factor, minimum, multiple FROM catalog_units_for(p.id, %(buyer)s::bigint)
    ORDER BY place LIMIT 1) AS u ON true
LEFT JOIN LATERAL pricing_resolve(%(chain)s::pricing_step[], p.id, 0, COALESCE(u.unit, '')) AS price ON true
LEFT JOIN pricing_price_list l ON l.id = price.price_list_id
WHERE {VISIBLE} AND (%(seller)s::bigint IS NULL OR p.seller_id = %(seller)s::bigint)
"""
ROWS = f"SELECT {FACTS}, {FREE} {OFFERED} AND p.id > %(after)s ORDER BY p.id LIMIT {BATCH}"
# Names in further languages raise the product's revision. What is available changes by the minute and does not count.
MARK = f"""
SELECT count(*), COALESCE(sum(hashtextextended(told::text, 0)), 0) FROM (SELECT p.revision, {FACTS} {OFFERED}) AS told
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From `least` base units upwards, `amount` buys `base` of them."""

    least: Decimal
    amount: Decimal
    base: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An article as this company buys it. `factor` base units make the `unit` offered first; `minimum` and `multiple`
    count in it. `available` is in base units, None where stock is not counted; no `steps`: a price on request.
    `changes_at` is when its prices change by what is known today."""

    product_id: int
    seller_id: int
    seller: str
    sku: str
    own_number: str
    brand: str
    manufacturer_part_number: str
    gtin: str
    base_unit: str
    unit: str
    factor: Decimal
    minimum: Decimal
    multiple: Decimal
    available: Decimal | None
    lead_days: int
    currency: str
    name: str
    steps: tuple[Step, ...]
    changes_at: datetime | None = None

    def price_at(self, quantity: Decimal) -> Step | None:
        """The step that counts for so many base units; below the lowest one, that one."""
        reached = [one for one in self.steps if one.least <= quantity]
        return reached[-1] if reached else next(iter(self.steps), None)


_COLUMNS = (
    "product_id", "seller_id", "seller", "sku", "own_number", "brand", "manufacturer_part_number", "gtin", "base_unit",
    "unit", "factor", "minimum", "multiple", "lead_days",
)  # fmt: skip


def offers(viewer: Viewer, *, seller_id: int | None = None) -> Iterator[Offer]:
    """All that this company may order, of one seller or of all. Two statements a batch, flat memory."""
    after = 0
    about = _parameters(viewer, seller_id)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(ROWS, about | {"after": after})
            rows = cursor.fetchall()
        told = texts_of([row[0] for row in rows], get_language() or "")
        for *plain, currency, steps, changes_at, available in rows:
            facts = dict(zip(_COLUMNS, plain, strict=True))
            yield Offer(
                **facts, available=available, currency=currency or "", name=told[facts["product_id"]].name,
                steps=tuple(_step(one) for one in orjson.loads(steps or "[]")), changes_at=changes_at,
            )  # fmt: skip
        if len(rows) < BATCH:
            return
        after = rows[-1][0]


def mark_of(viewer: Viewer) -> str:
    """The same as long as a file of all `offers` would say the same, but for what is available. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(MARK, _parameters(viewer, None))
        return hashlib.sha256(repr((viewer.company_id, cursor.fetchone())).encode()).hexdigest()


def _parameters(viewer: Viewer, seller_id: int | None) -> dict[str, Any]:
    return {
        "buyer": viewer.company_id,
        "chain": viewer.chain or NO_STEPS,
        "assortments": list(viewer.assortments),
        "seller": seller_id,
    }


def _step(texts: list[str]) -> Step:
    least, amount, base = map(Decimal, texts)
    return Step(least=least, amount=amount, base=base)
