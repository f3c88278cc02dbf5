"""An article as an item of a feed by the product data specification of Google Merchant Center. No database.

The rules: support.google.com/merchants, "Product data specification" (read in November 2026). An article that would be
turned down there stays out and is counted under its reason; what is only poorer for something is in, and counted too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kontor.goods.rules import gtin_problem
from kontor.kernel.texts import printable
from kontor.publishing.feeds.goods import Detail, Goods

Value = str | list[str] | list[Detail]
CENT = Decimal("0.01")
LONGEST = {
    "id": 50, "title": 150, "description": 5000, "brand": 70, "mpn": 70, "product_type": 750, "item_group_id": 50,
    "link": 2000, "image_link": 2000,
}  # fmt: skip
LONGEST_DETAIL = (140, 140, 1000)
MOST_DETAILS = 100
MOST_MORE_PICTURES = 10
HEAVIEST = 1_000_000
"""Grams: a shipping weight of more than 1,000 kg is turned down."""
MEASURES = {
    "C62": "ct", "H87": "ct", "EA": "ct", "MTR": "m", "CMT": "cm", "KGM": "kg", "GRM": "g", "LTR": "l", "MLT": "ml",
    "MTK": "sqm", "MTQ": "cbm",
}  # fmt: skip
"""Base unit -> unit of unit prices; pieces are counted."""
BASES = (1, 2, 4, 8, 10, 100)
"""Figures for which a unit price may be given."""
IN_HOUSE = ("02", "04", "2", "98", "99")
"""Beginnings of 13 digits that count inside of one house only, or are coupons."""

KEEPS_OUT: dict[str, str | Promise] = {
    "no_picture": _("without a picture"),
    "no_price": _("without a price that visitors see"),
    "price_zero": _("with a price of zero"),
}
"""What keeps an article out of the feed, by its key in `ProductFeed.problems`."""
POORER: dict[str, str | Promise] = {
    "no_identifier": _("without GTIN, and without brand and part number of the maker"),
    "wrong_gtin": _("with a GTIN that is wrong or counts in one house only; it is left out"),
    "no_description": _("without a description; the name stands in for it"),
    "cut": _("with a name or text that is too long; it is cut"),
    "too_heavy": _("heavier than 1,000 kg; the weight is left out"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a feed is to be: `product` is the address of a product with ``{id}`` and ``{slug}`` in it, `picture` that of
    a picture with ``{file}``; `rates` percent of tax by tax category, empty for prices without tax."""

    product: str
    picture: str
    rates: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class Item:
    """The attributes of an article in their order (`product_detail` is a list of details), and its problems."""

    values: dict[str, Value]
    problems: list[str]

    @property
    def is_kept_out(self) -> bool:
        return any(one in KEEPS_OUT for one in self.problems)


def item_of(goods: Goods, shape: Shape) -> Item:
    """The item of an article. What is empty is left out."""
    problems: list[str] = []
    pictures = [shape.picture.format(file=file) for file in goods.pictures]
    gtin = _gtin(goods.gtin, problems)
    if not gtin and not (goods.brand and goods.manufacturer_part_number):
        problems.append("no_identifier")
    if not pictures:
        problems.append("no_picture")
    values: dict[str, Value] = {
        "id": goods.sku,
        "title": goods.told.name,
        "description": _description(goods, problems),
        "link": shape.product.format(id=goods.id, slug=goods.slug),
        "image_link": pictures[0] if pictures else "",
        "additional_image_link": pictures[1 : 1 + MOST_MORE_PICTURES],
        "availability": "in_stock"
        if goods.available is None or goods.available >= goods.quantity
        else "out_of_stock",
        "price": _price(goods, shape.rates, problems),
        "brand": goods.brand,
        "gtin": gtin,
        "mpn": goods.manufacturer_part_number,
        "identifier_exists": "no" if "no_identifier" in problems else "",
        "condition": "new",
        "is_bundle": "yes" if goods.kind == "kit" else "",
        "item_group_id": goods.group,
        "product_type": goods.category,
        "product_detail": _details(goods.details),
        "shipping_weight": _weight(goods, problems),
        **_unit_price(goods),
    }
    for name, most in LONGEST.items():
        text = printable(str(values[name]))
        if len(text) > most:
            problems.append("cut")
            text = text[:most].rsplit(" ", 1)[0] if " " in text[:most] else text[:most]
        values[name] = text
    return Item({name: value for name, value in values.items() if value}, list(dict.fromkeys(problems)))


def _gtin(gtin: str, problems: list[str]) -> str:
    in_house = len(gtin) >= 12 and gtin.zfill(13)[-13:].startswith(IN_HOUSE)
    if gtin and (in_house or gtin_problem(gtin)):
        problems.append("wrong_gtin")
        return ""
    return gtin


def _description(goods: Goods, problems: list[str]) -> str:
    text = goods.told.description or goods.told.summary
    if not text:
        problems.append("no_description")
    return text or goods.told.name


def _price(goods: Goods, rates: Mapping[str, Decimal], problems: list[str]) -> str:
    """What the least that can be bought costs, as portals compare what is paid at the till."""
    if goods.amount is None or not goods.price_base:
        problems.append("no_price")
        return ""
    net = goods.amount * goods.quantity / goods.price_base
    total = (net * (1 + rates.get(goods.tax_category, Decimal()) / 100)).quantize(CENT, ROUND_HALF_UP)
    if total <= 0:
        problems.append("price_zero")
        return ""
    return f"{total} {goods.currency}"


def _unit_price(goods: Goods) -> dict[str, str]:
    """For goods sold by measure, and for several pieces at once: how much one gets, and for how much to compare."""
    unit = MEASURES.get(goods.unit)
    if unit is None or (unit == "ct" and goods.quantity == 1):
        return {}
    base = int(goods.price_base or 1)
    measures = {
        "unit_pricing_measure": f"{goods.quantity.normalize():f} {unit}",
        "unit_pricing_base_measure": f"{base if base in BASES else 1} {unit}",
    }
    whole = goods.quantity == goods.quantity.to_integral_value()
    return measures | ({"multipack": f"{goods.quantity:.0f}"} if unit == "ct" and whole else {})


def _weight(goods: Goods, problems: list[str]) -> str:
    if not goods.weight_grams:
        return ""
    grams = goods.weight_grams * goods.quantity
    if grams > HEAVIEST:
        problems.append("too_heavy")
        return ""
    return f"{(grams / 1000).normalize():f} kg"


def _details(details: Sequence[Detail]) -> list[Detail]:
    found = []
    for detail in details[:MOST_DETAILS]:
        heading, name, value = (
            printable(text)[:most].strip() for text, most in zip(detail, LONGEST_DETAIL, strict=True)
        )
        if name and value:
            found.append((heading, name, value))
    return found
