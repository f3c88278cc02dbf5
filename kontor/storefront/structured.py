"""Facts about a page as schema.org JSON-LD: a data block, which no browser runs and the content policy lets stand."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson
from django.conf import settings
from markupsafe import Markup

from kontor.pricing.queries import Break
from kontor.search.queries import ProductDetail

Facts = dict[str, Any]
CONTEXT = "https://schema.org"
# A block ends at "</script", wherever that stands; and JSON inside HTML knows no entities.
ESCAPES = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}
GTIN_LENGTHS = (8, 12, 13, 14)


def as_script(facts: Sequence[Mapping[str, Any]]) -> Markup:
    """The facts as data blocks. Whatever a name holds, it cannot end the block."""
    blocks = [orjson.dumps({"@context": CONTEXT, **one}).decode().translate(ESCAPES) for one in facts]
    opened, closed = '<script type="application/ld+json">', "</script>"
    return Markup("\n".join(f"{opened}{block}{closed}" for block in blocks))  # noqa: S704  # escaped above


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> Facts:
    """The way from the first page to this one, as (name, path)."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": settings.SITE_URL + path}
            for at, (name, path) in enumerate(steps, 1)
        ],
    }


def shop(name: str, *, home: str, search: str) -> list[Facts]:
    """Who sells here, and how to search here."""
    address = settings.SITE_URL + home
    target = f"{settings.SITE_URL}{search}?q={{search_term_string}}"
    return [
        {"@type": "Organization", "@id": f"{address}#organization", "name": name, "url": address},
        {
            "@type": "WebSite",
            "name": name,
            "url": address,
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": target},
                "query-input": "required name=search_term_string",
            },
        },
    ]


def listed(name: str, products: Sequence[tuple[str, str]]) -> Facts:
    """A listing as (name, path) of its products."""
    return {
        "@type": "ItemList",
        "name": name,
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": title, "url": settings.SITE_URL + path}
            for at, (title, path) in enumerate(products, 1)
        ],
    }


def product(found: ProductDetail, *, path: str, image: str, category: str) -> Facts:
    """The product as anybody may see it; an offer only where `found` holds a price, as it does for visitors of shops
    that show prices."""
    facts: Facts = {
        "@type": "Product",
        "@id": f"{settings.SITE_URL}{path}#product",
        "name": found.name,
        "url": settings.SITE_URL + path,
        "sku": found.sku,
        "description": found.summary or found.description[:500],
        "image": settings.SITE_URL + image if image else "",
        "category": category,
        "mpn": found.manufacturer_part_number,
        "gtin": found.gtin if len(found.gtin) in GTIN_LENGTHS else "",
        "brand": {"@type": "Brand", "name": found.brand} if found.brand else "",
        "additionalProperty": [_property(one) for one in found.specifications],
    }
    if found.price is not None and found.status == "active":
        facts["offers"] = _offer(found, found.price, path)
    return {name: value for name, value in facts.items() if value}


def _property(one: Mapping[str, Any]) -> Facts:
    facts = {"@type": "PropertyValue", "name": one.get("name"), "value": str(one.get("value", ""))}
    return facts | ({"unitText": one["unit"]} if one.get("unit") else {})


def _offer(found: ProductDetail, price: Break, path: str) -> Facts:
    stocked = found.available is None or found.available > 0
    amount = {"price": plain(price.amount), "priceCurrency": price.currency}
    per = {"@type": "QuantitativeValue", "value": plain(price.price_base), "unitCode": found.unit}
    first = found.units[0]
    least = {"@type": "QuantitativeValue", "minValue": plain(first.minimum), "unitCode": first.unit}
    return {
        "@type": "Offer",
        "url": settings.SITE_URL + path,
        **amount,
        "priceSpecification": {
            "@type": "UnitPriceSpecification",
            **amount,
            "valueAddedTaxIncluded": False,
            "referenceQuantity": per,
        },
        "eligibleQuantity": least,
        "availability": f"{CONTEXT}/{'InStock' if stocked else 'OutOfStock'}",
        "itemCondition": f"{CONTEXT}/NewCondition",
        "seller": {"@type": "Organization", "name": found.seller_name},
    }


def plain(number: Decimal) -> str:
    """A number without empty decimals, as machines read it.

    >>> plain(Decimal("12.500000")), plain(Decimal(100))
    ('12.5', '100')
    """
    return f"{number.normalize():f}"
