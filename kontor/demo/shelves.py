"""The demo's goods onto the shelves: categories, products, prices, pictures, stock."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from kontor.catalog.models import Category, Medium, Product
from kontor.catalog.operations import (
    CategoryFacts,
    ProductFacts,
    TextFacts,
    UnitFacts,
    save_category,
    save_product,
    set_status,
)
from kontor.companies.models import Company
from kontor.demo.families import Family, families
from kontor.demo.pictures import picture
from kontor.demo.traits import AXES_IN_GERMAN, NOUNS, Described, describe, relate
from kontor.goods.media import StoredFile, store_picture
from kontor.inventory.models import StockItem, Warehouse
from kontor.inventory.operations import Receipt, receive_stock
from kontor.kernel.actors import Actor
from kontor.pricing.models import PriceList
from kontor.pricing.operations import PriceRow, set_prices

BRANDS = {
    "Fasteners": ("Norddraht", "Ferrofix", "Haltwerk"),
    "Hand tools": ("Griffwerk", "Ostersund", "Handl & Sohn"),
    "Power tools": ("Elbwerk", "Voltmark", "Rotag"),
    "Electrical": ("Lumatec", "Schaltwerk Kiel", "Ampera"),
    "Lighting": ("Lumatec", "Helion", "Nordlicht"),
    "Plumbing": ("Aquaris", "Rohrmann", "Ferrofix"),
    "Safety": ("Sekurit", "Ostersund", "Fjord Safety"),
    "Packaging": ("Packhaus", "Karton Weser", "Foliant"),
    "Chemicals": ("Chemsol", "Reinwerk", "Klebtec"),
    "Storage": ("Lagerix", "Stahlregal Harburg", "Rollmann"),
}
COUNTED = {"cores", "drawers", "poles", "steps", "teeth"}
CENT = Decimal("0.01")
BREAKS = ((10, "0.94"), (50, "0.88"))
"""From how many of the offered quantity on a lower price counts, and which part of the price it is."""
Shelves = dict[tuple[str, str], Category]
Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Article:
    """A product to be, with the price of `family.per` base units."""

    family: Family
    sku: str
    name: str
    finish: str
    size: int
    price: Decimal
    specifications: tuple[dict[str, str], ...]


def articles(chance: random.Random) -> Iterator[Article]:
    """All articles of all families; size and finish move the price."""
    for family in families():
        for i, first in enumerate(family.first_values):
            for j, second in enumerate(family.second_values):
                for k, finish in enumerate(family.finishes):
                    sizes = _sizes((_said(family.first, first), _said(family.second, second)))
                    growth = Decimal(100 + 17 * i + 9 * j + 14 * k + chance.randrange(6)) / 100
                    yield Article(
                        family=family,
                        sku=f"{family.prefix}-{i + 1}{j + 1}{k + 1}-{chance.randrange(1000, 9999)}",
                        name=f"{family.noun} {sizes}, {finish}",
                        finish=finish,
                        size=min(5, i + j),
                        price=(family.price * growth).quantize(CENT, ROUND_HALF_UP),
                        specifications=(
                            _spec(family.first, first), _spec(family.second, second),
                            {"name": "Finish", "value": finish, "unit": ""},
                        ),
                    )  # fmt: skip


def _sizes(said: tuple[str, str]) -> str:
    """``M8 × 40 mm`` for two lengths, else both after each other: ``4 steps, single``."""
    first, second = said
    across = second.endswith(" mm") and (first.endswith(" mm") or re.fullmatch(r"M\d+", first))
    return f"{first} × {second}" if across else f"{first}, {second}"


def _said(axis: str, value: str) -> str:
    """A bare figure or letter with its axis: ``4 steps``, ``size 42``, ``form A``."""
    if not (value.isdigit() or len(value) == 1):
        return value
    axis = axis.lower()
    if axis not in COUNTED:
        return f"{axis} {value}"
    return f"{value} {axis.removesuffix('s') if value == '1' else axis}"


def _spec(name: str, value: str) -> dict[str, str]:
    """``20 mm`` as value and unit."""
    figure, _space, unit = value.partition(" ")
    is_measure = unit and figure.replace(".", "").isdigit()
    return {"name": name, "value": figure if is_measure else value, "unit": unit if is_measure else ""}


def _measured(specification: dict[str, str]) -> str:
    return f"{specification['value']} {specification['unit']}".strip()


def stock_shelves(
    *,
    actor: Actor,
    seller: Company,
    lists: list[tuple[PriceList, Decimal]],
    chance: random.Random,
    report: Report,
) -> list[Product]:
    """Put everything on sale; `lists` are price lists with their part of the list price."""
    shelves, described = _categories(actor), describe(actor)
    wanted = list(articles(chance))
    products = []
    for count, article in enumerate(wanted, start=1):
        with transaction.atomic():
            products.append(_product(actor, article, (shelves, described), chance))
        if count % 50 == 0:
            report("Articles", count, len(wanted))
    relate([(article.family, one) for article, one in zip(wanted, products, strict=True)], described)
    for price_list, part in lists:
        set_prices(actor=actor, price_list=price_list, rows=list(_prices(products, wanted, part, chance)))
    _pictures(products, wanted, report)
    _show_models(actor, shelves, described)
    _goods(actor, seller, products, chance)
    return products


def _show_models(actor: Actor, shelves: Shelves, described: Described) -> None:
    """Models on sale beside their variants, with the picture of the first one."""
    by_prefix = {family.prefix: family for family in families()}
    for prefix, model in described.models.items():
        family = by_prefix[prefix]
        facts = ProductFacts(
            sku=model.sku,
            name=model.name,
            kind=Product.Kind.MODEL,
            family=described.families[prefix],
            category=shelves[family.department, family.category],
            summary=f"{family.noun} in {len(family.finishes)} finishes",
            description=f"By {family.first.lower()}, {family.second.lower()} and finish.",
            texts={"de": TextFacts(name=NOUNS[prefix])} if prefix in NOUNS else {},
        )
        shown = set_status(
            actor=actor,
            product=save_product(actor=actor, facts=facts, product=model),
            status=Product.Status.ACTIVE,
        )
        picture = Medium.objects.filter(product__variant_of=shown, kind="picture").order_by("product").first()
        if picture is not None:
            picture.pk, picture.product, picture.title = None, shown, shown.name
            picture.save(force_insert=True)


def _categories(actor: Actor) -> dict[tuple[str, str], Category]:
    shelves: dict[tuple[str, str], Category] = {}
    departments: dict[str, Category] = {}
    for position, family in enumerate(families()):
        name = family.department
        if name not in departments:
            departments[name] = save_category(actor=actor, facts=CategoryFacts(name=name, position=position))
        facts = CategoryFacts(name=family.category, parent=departments[name], position=position)
        shelves[name, family.category] = save_category(actor=actor, facts=facts)
    return shelves


def _product(
    actor: Actor,
    article: Article,
    places: tuple[dict[tuple[str, str], Category], Described],
    chance: random.Random,
) -> Product:
    family, (shelves, described) = article.family, places
    units = [UnitFacts(unit=family.unit, minimum=Decimal(family.per), multiple=Decimal(family.per))]
    if family.box:
        box = "XRO" if family.unit == "MTR" else "XBX"
        units.append(UnitFacts(unit=box, factor=Decimal(family.box)))
    brand = chance.choice(BRANDS[family.department])
    facts = ProductFacts(
        sku=article.sku,
        name=article.name,
        category=shelves[family.department, family.category],
        summary=f"{family.noun} by {brand}, {article.finish}",
        description=(
            f"{family.noun} for professional use. {family.first} {_measured(article.specifications[0])}, "
            f"{family.second.lower()} {_measured(article.specifications[1])}, {article.finish}. "
            f"Supplied {'per ' + str(family.per) if family.per > 1 else 'singly'}"
            f"{f', box of {family.box}' if family.box else ''}."
        ),
        brand=brand,
        manufacturer_part_number=f"{brand[:2].upper()}{chance.randrange(10_000, 99_999)}",
        base_unit=family.unit,
        weight_grams=chance.randrange(2, 40) if family.per > 1 else chance.randrange(60, 1500),
        lead_days=chance.choice((1, 1, 2, 3)),
        origin=chance.choice(("DE", "PL", "IT", "TW")),
        units=units,
        family=described.families[family.prefix],
        variant_of=described.models.get(family.prefix),
        attributes=_values(article, described),
        texts=_texts(article),
    )
    product = save_product(actor=actor, facts=facts)
    return set_status(actor=actor, product=product, status=Product.Status.ACTIVE)


def _values(article: Article, described: Described) -> dict[str, str]:
    """The typed values of an article, as a person would write them."""
    codes = described.codes[article.family.prefix]
    return dict(zip(codes, (_measured(row) for row in article.specifications), strict=True))


def _texts(article: Article) -> dict[str, TextFacts]:
    """In German as well, where somebody has begun with it."""
    noun = NOUNS.get(article.family.prefix)
    if noun is None:
        return {}
    one, two, finish = (
        f"{AXES_IN_GERMAN.get(row['name'], '')} {_measured(row)}".strip() for row in article.specifications
    )
    description = f"{noun} für Handwerk und Industrie, {one}, {two}, {finish}."
    return {"de": TextFacts(name=f"{noun} {_sizes((one, two))}, {finish}", description=description)}


def _prices(
    products: list[Product], wanted: list[Article], part: Decimal, chance: random.Random
) -> Iterator[PriceRow]:
    for product, article in zip(products, wanted, strict=True):
        per = Decimal(article.family.per)
        start = (article.price * part).quantize(CENT, ROUND_HALF_UP)
        yield PriceRow(product_id=product.pk, amount=start, min_quantity=per, price_base=per)
        if chance.randrange(100) < 70:
            for times, less in BREAKS:
                amount = (start * Decimal(less)).quantize(CENT, ROUND_HALF_UP)
                yield PriceRow(product_id=product.pk, amount=amount, min_quantity=per * times, price_base=per)


def _pictures(products: list[Product], wanted: list[Article], report: Report) -> None:
    """One drawing per shape, finish and size, shared by the articles that look like it."""
    drawn: dict[tuple[str, str, int], StoredFile] = {}
    rows = []
    for count, (product, article) in enumerate(zip(products, wanted, strict=True), start=1):
        look = (article.family.shape, article.finish, 4 if article.size > 2 else 1)
        if look not in drawn:
            drawn[look] = store_picture(picture(*look))
        file = drawn[look]
        rows.append(
            Medium(
                product=product, kind=Medium.Kind.PICTURE, title=product.name, file=file.path,
                media_type=file.media_type, byte_size=file.byte_size,
            )
        )  # fmt: skip
        rows.append(
            Medium(
                product=product,
                kind=Medium.Kind.DATASHEET,
                title="Data sheet",
                media_type="application/pdf",
                position=1,
            )
        )
        if count % 100 == 0:
            report("Pictures", count, len(products))
    Medium.objects.bulk_create(rows, batch_size=1000)


def _goods(actor: Actor, seller: Company, products: list[Product], chance: random.Random) -> None:
    """A first goods receipt into both warehouses; one article in twenty is out of stock."""
    warehouses = list(Warehouse.objects.filter(seller=seller).order_by("position"))
    for warehouse, most in zip(warehouses, (60, 25), strict=True):
        items = []
        for product in products:
            if chance.randrange(100) < 95:
                lots = chance.randrange(8, most)
                items.append(Receipt(product.pk, Decimal(lots * chance.choice((10, 50, 100)))))
        receive_stock(
            actor=actor, warehouse=warehouse, items=items, reference="opening", reason="Opening stock"
        )
        shelf_items = list(StockItem.objects.filter(warehouse=warehouse).order_by("id"))
        for item in shelf_items:
            item.bin = f"{chance.choice('ABCDEFGH')}-{chance.randrange(1, 40):02d}-{chance.randrange(1, 6)}"
        StockItem.objects.bulk_update(shelf_items, ["bin"], batch_size=1000)
