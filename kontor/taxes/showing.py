"""How prices are shown to a buyer: net, with tax, or both. Lists, sorting and totals stay net, whatever is shown.

The tax beside a price is what an order would bear now, decided as orders decide it. Where that cannot be said (a
category without a rate, states that tax by themselves), the price is shown net and says so.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import orjson
from django.db import connection

from kontor.kernel import clock
from kontor.kernel.money import ZERO, minor_units
from kontor.taxes.deciding import Item, Known, Supply, decide
from kontor.taxes.places import REGIONAL, SAME_AS, place_of
from kontor.taxes.queries import BEARING, known_from
from kontor.taxes.rules import UnknownRate

SOMEBODY_SHOWS = """(EXISTS (SELECT FROM taxes_policy WHERE prices <> 'net')
    OR EXISTS (SELECT FROM taxes_prices_shown WHERE prices <> 'net'))"""
"""Whether any seller shows more than net prices; part of the statement that every page makes anyway."""
SHOWN = f"""
WITH goods AS (
    SELECT p.id, p.seller_id, p.tax_category, p.kind FROM catalog_product p WHERE p.id = ANY (%(products)s)
), asked AS (
    SELECT s.id AS seller, b.id AS buyer, COALESCE(b.vat_id, '') AS vat_id, %(products)s::bigint[] AS products,
        (%(now)s::timestamptz AT TIME ZONE s.timezone)::date AS day, s.country AS home,
        COALESCE(%(same)s::jsonb ->> there.country, there.country) AS there,
        upper(trim(COALESCE(d.region, ''))) AS region, upper(trim(COALESCE(d.city, ''))) AS city,
        ARRAY(SELECT left(there.postal, n) FROM generate_series(0, length(there.postal)) n) AS prefixes,
        COALESCE(o.prices, p.prices) AS prices, s.vat_id AS seller_vat_id, b.country AS buyer_country,
        jsonb_build_object('country', there.country, 'region', d.region, 'city', d.city,
            'postal_code', d.postal_code) AS address
    FROM (SELECT DISTINCT seller_id FROM goods) g
    JOIN companies_company s ON s.id = g.seller_id
    LEFT JOIN companies_company b ON b.id = %(buyer)s
    LEFT JOIN LATERAL (
        SELECT * FROM companies_address WHERE company_id = b.id AND NOT is_archived
        ORDER BY is_default_delivery DESC, is_billing DESC, id LIMIT 1
    ) d ON TRUE
    CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(d.country, ''), b.country, s.country) AS country,
        upper(regexp_replace(COALESCE(d.postal_code, ''), '\\s', '', 'g')) AS postal) there
    LEFT JOIN companies_customer_account a ON a.seller_id = s.id AND a.buyer_id = b.id
    LEFT JOIN taxes_prices_shown o ON o.account_id = a.id
    LEFT JOIN taxes_policy p ON p.seller_id = s.id
    WHERE COALESCE(o.prices, p.prices) <> 'net'
)
SELECT asked.prices, jsonb_build_array(asked.seller, asked.buyer, asked.home, asked.seller_vat_id,
        asked.buyer_country, asked.vat_id, asked.day), asked.address,
    (SELECT jsonb_agg(jsonb_build_array(id, tax_category, kind)) FROM goods WHERE seller_id = asked.seller),
    {BEARING} FROM asked
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """How the prices of an article are shown: `prices` as `taxes.models.Prices` has it, `rate` in percent."""

    prices: str = "net"
    rate: Decimal = ZERO

    def gross(self, net: Decimal, currency: str) -> Decimal:
        """A unit price with its tax, in as many decimals as the net price has, at least those of the currency.

        >>> str(Shown("gross", Decimal(19)).gross(Decimal("12.40"), "EUR"))
        '14.76'
        >>> str(Shown("gross", Decimal(19)).gross(Decimal("0.0124"), "EUR"))
        '0.0148'
        """
        exponent = net.normalize().as_tuple().exponent
        decimals = max(-exponent if isinstance(exponent, int) else 0, minor_units(currency))
        with localcontext(prec=50):
            return (net * (1 + self.rate / 100)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


NET = Shown()


def shown_to(buyer_id: int | None, products: Collection[int]) -> dict[int, Shown]:
    """How prices of these articles are shown to a buying company (None: a visitor); net where none is named. One
    statement, none without articles."""
    if not products:
        return {}
    parameters = {
        "buyer": buyer_id,
        "products": sorted(products),
        "now": clock.now(),
        "same": orjson.dumps(SAME_AS).decode(),
    }
    with connection.cursor() as cursor:
        cursor.execute(SHOWN, parameters)
        rows = cursor.fetchall()
    found: dict[int, Shown] = {}
    for prices, trade, address, goods, *bearing in rows:
        supply = _supply(orjson.loads(trade), orjson.loads(address))
        rates = _rates_of(supply, known_from(bearing).without_holding(), orjson.loads(goods))
        found |= {product: Shown(prices, rate) for product, rate in rates.items()}
    return found


def _supply(trade: Sequence[Any], address: Mapping[str, Any]) -> Supply:
    seller, buyer, home, seller_vat_id, buyer_country, vat_id, day = trade
    return Supply(
        seller_id=seller,
        buyer_id=buyer or 0,
        seller_country=home,
        seller_vat_id=seller_vat_id,
        buyer_country=buyer_country or home,
        buyer_vat_id=vat_id,
        destination=place_of(address, country=home),
        day=date.fromisoformat(day),
    )


def _rates_of(supply: Supply, known: Known, goods: Iterable[tuple[int, str, str]]) -> dict[int, Decimal]:
    """Percent by product, where it can be said. Alike articles are decided together, unless certificates count."""
    if supply.destination.country in REGIONAL:
        return {}
    decided: dict[Item, Decimal | None] = {}
    rates = {}
    for product, category, kind in goods:
        item = Item.sold(category, kind, product)
        if not known.exemptions:
            item = replace(item, product_id=None)
        if item not in decided:
            decided[item] = _rate(supply, known, item)
        rate = decided[item]
        if rate is not None:
            rates[product] = rate
    return rates


def _rate(supply: Supply, known: Known, item: Item) -> Decimal | None:
    try:
        return decide(supply, [item], known).lines[0].rate
    except UnknownRate:
        return None
