"""Which charges a basket bears."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection

from kontor.charges.places import plain_code
from kontor.charges.rules import Borne, Charge, Goods, Near, Rung, Terms, bear
from kontor.pricing.basket import Basket

__all__ = ["Borne", "Charge", "Near", "borne_by", "charges_of"]

TERMS = """
SELECT rule_id, kind, measure, name, code, tax_category, is_refundable, per, is_targeted, free_from, index_id,
    index_base, index_value, index_per, hazards, rungs
FROM (
    SELECT DISTINCT ON (r.position, r.id) r.id AS rule_id, r.kind, r.measure, r.name, r.code, r.tax_category,
        r.is_refundable, r.per, t.free_from, r.index_id, t.index_base, t.is_none, r.position, r.hazards,
        EXISTS (SELECT FROM charges_rule_category c WHERE c.rule_id = r.id)
            OR EXISTS (SELECT FROM charges_rule_product p WHERE p.rule_id = r.id) AS is_targeted,
        COALESCE(i.per, 1) AS index_per,
        (SELECT v.value FROM charges_index_value v JOIN companies_company s ON s.id = r.seller_id
         WHERE v.index_id = r.index_id AND v.day <= (%(at)s AT TIME ZONE s.timezone)::date
         ORDER BY v.day DESC LIMIT 1) AS index_value,
        ARRAY(SELECT ARRAY[x.start, x.amount, x.percent] FROM charges_step x WHERE x.tariff_id = t.id) AS rungs
    FROM charges_rule r
    JOIN charges_tariff t ON t.rule_id = r.id
    LEFT JOIN charges_index i ON i.id = r.index_id
    LEFT JOIN companies_customer_account a ON a.id = %(account)s
    WHERE r.seller_id = %(seller)s AND t.currency = %(currency)s
        AND (r.channels = '{}' OR %(channel)s = ANY (r.channels))
        AND COALESCE(t.valid_from <= %(at)s, true) AND COALESCE(%(at)s < t.valid_until, true)
        AND (t.countries = '{}' OR %(country)s = ANY (t.countries))
        AND (t.postcodes = '{}' OR %(postcode)s <> '' AND charges_places(t.countries::text[], t.postcodes::text[])
            @> charges_postcode(%(country)s, %(postcode)s, '0'))
        AND (t.account_id = a.id OR t.group_id = a.group_id OR (t.account_id IS NULL AND t.group_id IS NULL))
    ORDER BY r.position, r.id, t.account_id IS NULL, t.group_id IS NULL, t.postcodes = '{}',
        t.countries = '{}'
) AS near
WHERE NOT is_none
ORDER BY position, rule_id
"""
GOODS = """
SELECT p.id, COALESCE(p.weight_grams, 0), COALESCE(NULLIF(h.hazard_class, ''), NULLIF(h.un_number, ''), '')
FROM catalog_product p LEFT JOIN catalog_hazard h ON h.product_id = p.id WHERE p.id = ANY (%s)
"""
TARGETS = """
SELECT p.id, x.rule_id
FROM catalog_product p JOIN charges_rule_product x ON x.product_id IN (p.id, p.variant_of_id)
WHERE p.id = ANY (%(products)s) AND x.rule_id = ANY (%(rules)s)
UNION
SELECT p.id, x.rule_id
FROM catalog_product p
JOIN catalog_category c ON c.id = p.category_id
JOIN catalog_category above ON c.path = above.path OR starts_with(c.path, above.path || '/')
JOIN charges_rule_category x ON x.category_id = above.id
WHERE p.id = ANY (%(products)s) AND x.rule_id = ANY (%(rules)s)
"""
CONTENTS = """
SELECT product_id, index_id, amount FROM charges_content WHERE index_id = ANY (%s) AND product_id = ANY (%s)
"""


@dataclass(slots=True)
class _Facts:
    """What the rules in force want to know of the products of a basket; `goods` are grams and hazard class."""

    goods: dict[int, tuple[int, str]] = field(default_factory=dict)
    targets: dict[int, set[int]] = field(default_factory=dict)
    contents: dict[int, dict[int, Decimal]] = field(default_factory=dict)


def charges_of(basket: Basket, *, free_freight: bool = False) -> Sequence[Charge]:
    """The charges and allowances of a basket, in the order of the paper; changes nothing."""
    return borne_by(basket, free_freight=free_freight).charges


def borne_by(basket: Basket, *, free_freight: bool = False) -> Borne:
    """The charges of a basket, and those that it would be free of if it were larger. Four statements at most.

    Lines of an accepted offer bear nothing: it binds as it is written.
    """
    bearing = {
        number: line for number, line in enumerate(basket.lines) if not line.price_source.startswith("offer:")
    }
    terms = _terms(basket) if bearing else []
    if not terms:
        return Borne()
    facts = _facts(terms, {line.product_id for line in bearing.values()})
    goods = {
        number: Goods(
            net=line.net - line.allowance,
            base_quantity=line.base_quantity,
            tax_category=line.tax_category,
            kilograms=line.base_quantity * facts.goods.get(line.product_id, (0, ""))[0] / 1000,
            hazard=facts.goods.get(line.product_id, (0, ""))[1],
            is_free=line.price_source == "free",
            targets=frozenset(facts.targets.get(line.product_id, ())),
            contents=facts.contents.get(line.product_id, {}),
        )
        for number, line in bearing.items()
    }
    return bear(terms, goods, basket.currency, free_freight=free_freight)


def _terms(basket: Basket) -> list[Terms]:
    """The rules that are about this basket, each with the tariff that counts."""
    asked = {
        "seller": basket.seller_id,
        "account": basket.account_id,
        "currency": basket.currency,
        "channel": basket.channel,
        "country": basket.delivery_country,
        "postcode": plain_code(basket.delivery_postcode),
        "at": basket.at,
    }
    with connection.cursor() as cursor:
        cursor.execute(TERMS, asked)
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [Terms(**row | {"rungs": [Rung(*rung) for rung in row["rungs"]]}) for row in rows]


def _facts(terms: Sequence[Terms], products: Iterable[int]) -> _Facts:
    ids, facts = list(products), _Facts()
    rules = [one.rule_id for one in terms if one.is_targeted]
    indices = [one.index_id for one in terms if one.measure == "content"]
    with connection.cursor() as cursor:
        if any(one.measure == "weight" or one.hazards for one in terms):
            cursor.execute(GOODS, [ids])
            facts.goods = {key: (grams, hazard) for key, grams, hazard in cursor.fetchall()}
        if rules:
            cursor.execute(TARGETS, {"products": ids, "rules": rules})
            for product_id, rule_id in cursor.fetchall():
                facts.targets.setdefault(product_id, set()).add(rule_id)
        if indices:
            cursor.execute(CONTENTS, [indices, ids])
            for product_id, index_id, amount in cursor.fetchall():
                facts.contents.setdefault(product_id, {})[index_id] = amount
    return facts
