"""Reads of the tax tables."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection

from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.taxes.deciding import (
    ON_EVIDENCE,
    Exemption,
    Item,
    Known,
    LineTax,
    Proof,
    RateRow,
    Supply,
    Taxation,
    decide,
)
from kontor.taxes.models import Policy, VatCheck
from kontor.taxes.rules import vat_member_state

RATES = """
SELECT DISTINCT ON (category) category, rate FROM taxes_rate
WHERE country = %s AND region = '' AND city = '' AND postal_prefix = '' AND NOT adds AND valid_from <= %s
ORDER BY category, valid_from DESC
"""
# Everything that bears on a supply, in one statement. Answers of registries that never came do not count: the last word
# is the last one that was given, and it ages.
BEARING = """
    (SELECT jsonb_agg(jsonb_build_array(r.country, r.region, r.number, r.scheme) ORDER BY r.region DESC, r.id)
     FROM taxes_registration r WHERE r.seller_id = asked.seller AND r.valid_from <= asked.day
        AND (r.valid_until IS NULL OR r.valid_until >= asked.day)),
    (SELECT jsonb_build_array(p.evidence, p.max_age_days, p.unproven, p.deposits)
     FROM taxes_policy p WHERE p.seller_id = asked.seller),
    (SELECT jsonb_build_array(c.id, c.outcome, c.asked_at, c.reference) FROM taxes_vat_check c
     WHERE c.seller_id = asked.seller AND c.vat_id = asked.vat_id AND c.outcome IN ('valid', 'invalid')
     ORDER BY c.asked_at DESC, c.id DESC LIMIT 1),
    (SELECT jsonb_agg(jsonb_build_array(c.id, c.number, c.country, c.region, c.covers_all, covered.products,
            c.reason, COALESCE(c.valid_until::text, '')) ORDER BY c.id)
     FROM taxes_certificate c CROSS JOIN LATERAL (
        SELECT COALESCE(jsonb_agg(p.id), '[]') AS products FROM catalog_product p
        LEFT JOIN catalog_category k ON k.id = p.category_id
        WHERE NOT c.covers_all AND p.id = ANY (asked.products) AND (
            EXISTS (SELECT FROM taxes_certificate_product s WHERE s.certificate_id = c.id
                AND s.product_id IN (p.id, p.variant_of_id))
            OR EXISTS (SELECT FROM taxes_certificate_category s JOIN catalog_category o ON o.id = s.category_id
                WHERE s.certificate_id = c.id AND (k.path = o.path OR starts_with(k.path, o.path || '/'))))
     ) covered
     WHERE c.seller_id = asked.seller AND c.buyer_id = asked.buyer AND c.status = 'approved'
        AND c.valid_from <= asked.day AND (c.valid_until IS NULL OR c.valid_until >= asked.day)),
    (SELECT jsonb_agg(jsonb_build_array(jsonb_build_array(r.country, r.region, r.city, r.postal_prefix), r.name,
            r.category, r.rate::text, r.adds))
     FROM (SELECT DISTINCT ON (country, region, city, postal_prefix, name, category) * FROM taxes_rate
        WHERE valid_from <= asked.day AND (
            (country = asked.home AND region = '' AND city = '' AND postal_prefix = '')
            OR (country = asked.there AND region IN ('', asked.region) AND city IN ('', asked.city)
                AND postal_prefix = ANY (asked.prefixes)))
        ORDER BY country, region, city, postal_prefix, name, category, valid_from DESC) r)
"""
KNOWN = f"""
WITH asked AS (SELECT %(seller)s::bigint AS seller, %(buyer)s::bigint AS buyer, %(vat_id)s::text AS vat_id,
    %(day)s::date AS day, %(products)s::bigint[] AS products, %(home)s::text AS home, %(there)s::text AS there,
    %(region)s::text AS region, %(city)s::text AS city, %(prefixes)s::text[] AS prefixes)
SELECT {BEARING} FROM asked
"""


def rates_on(*, country: str, day: date) -> dict[str, Decimal]:
    """Percent by tax category in a country on a day: of each category the latest row that has begun. One query."""
    with connection.cursor() as cursor:
        cursor.execute(RATES, [country, day])
        return dict(cursor.fetchall())


def tax_of(supply: Supply, items: Sequence[Item]) -> Taxation:
    """What the lines of a document bear, today's evidence and the rates of the supply's day. One query.

    Raises UnknownRate when a taxed category has no rate there, Unproven when the seller takes no order without proof.
    """
    return decide(supply, items, known_about(supply, {item.product_id for item in items if item.product_id}))


def tax_still(supply: Supply, items: Sequence[Item], agreed: Sequence[LineTax]) -> tuple[Taxation, bool]:
    """The taxes of what was agreed before and is invoiced now, and whether evidence has lapsed meanwhile.

    Rates stay as agreed. A line that was untaxed on evidence is looked at again: when the evidence does not count any
    more, it is taxed. Raises as `tax_of`, and Unproven never: what is delivered must be invoiced.
    """
    known = known_about(supply, {item.product_id for item in items if item.product_id})
    now = decide(supply, items, known.without_holding())
    lapsed = [old.code in ON_EVIDENCE and new.rate > 0 for old, new in zip(agreed, now.lines, strict=True)]
    lines = tuple(new if old.code in ON_EVIDENCE else old for old, new in zip(agreed, now.lines, strict=True))
    return now.with_lines(lines), any(lapsed)


def known_about(supply: Supply, products: Collection[int]) -> Known:
    """Registrations, policy, proof, certificates and rates that bear on a supply. One query."""
    there = supply.destination
    parameters: dict[str, Any] = {
        "seller": supply.seller_id,
        "buyer": supply.buyer_id,
        "vat_id": supply.buyer_vat_id,
        "day": supply.day,
        "products": sorted(products),
        "home": supply.home.tables,
        "there": there.tables,
        "region": there.region,
        "city": there.city,
        "prefixes": there.prefixes,
    }
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, parameters)
        return known_from(cursor.fetchone() or (None,) * 5)


def known_from(found: Sequence[Any]) -> Known:
    """What the five columns of `BEARING` say."""
    registrations, policy, proof, certificates, rates = map(_json, found)
    settings = dict(zip(("evidence", "max_age_days", "unproven", "deposits"), policy or (), strict=False))
    return Known(
        registrations=[tuple(one) for one in registrations or ()],
        proof=Proof(proof[0], proof[1], datetime.fromisoformat(proof[2]), proof[3]) if proof else None,
        exemptions=[
            Exemption(key, number, country, region, covers_all, frozenset(covered), reason, until)
            for key, number, country, region, covers_all, covered, reason, until in certificates or ()
        ],
        rates=[
            RateRow(tuple(place), name, category, Decimal(rate), adds)
            for place, name, category, rate, adds in rates or ()
        ],
        now=clock.now(),
        **settings,
    )


def _json(found: Any) -> Any:
    # a raw cursor under Django hands jsonb over as text
    return orjson.loads(found) if isinstance(found, str) else found


@dataclass(frozen=True, slots=True)
class Standing:
    """How a buyer's VAT id stands with a seller today; `check` is the registry's last word about it, if any.

    `code` is proven, too_old, invalid, unproven (never answered) or no_id (none with right check digits).
    """

    code: str
    check: VatCheck | None = None


def standings(seller_id: int, buyers: Sequence[Company]) -> dict[int, Standing]:
    """By buyer. Two queries, however many buyers."""
    policy = policy_of(seller_id)
    answered = VatCheck.objects.filter(
        seller_id=seller_id,
        vat_id__in=[one.vat_id for one in buyers if one.vat_id],
        outcome__in=[VatCheck.Outcome.VALID, VatCheck.Outcome.INVALID],
    )
    last = {one.vat_id: one for one in answered.order_by("vat_id", "-asked_at", "-id").distinct("vat_id")}
    oldest = clock.now() - timedelta(days=policy.max_age_days)
    return {one.pk: _standing(one, last.get(one.vat_id), oldest) for one in buyers}


def _standing(buyer: Company, check: VatCheck | None, oldest: datetime) -> Standing:
    if vat_member_state(buyer.vat_id) is None:
        return Standing("no_id")
    if check is None:
        return Standing("unproven")
    if check.outcome == VatCheck.Outcome.INVALID:
        return Standing("invalid", check)
    return Standing("proven" if check.asked_at >= oldest else "too_old", check)


def policy_of(seller_id: int) -> Policy:
    """How a seller deals with evidence; the defaults, unsaved, when it never said."""
    return Policy.objects.filter(seller_id=seller_id).first() or Policy(seller_id=seller_id)
