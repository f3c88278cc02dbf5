"""A workbench that is configured: one product of the demo with options, rules and surcharges."""

from collections.abc import Sequence
from decimal import Decimal

from kontor.catalog.models import Category, Product
from kontor.catalog.operations import (
    CategoryFacts,
    ProductFacts,
    TextFacts,
    add_picture,
    save_category,
    save_options,
    save_product,
    set_status,
)
from kontor.demo.pictures import picture
from kontor.goods.options import Choice, Group, Options, Rule
from kontor.kernel.actors import Actor
from kontor.pricing.models import PriceList
from kontor.pricing.operations import PriceRow, set_prices

PRICE = Decimal("489.00")
BREAKS = ((1, "1.00"), (5, "0.95"), (10, "0.90"))
# group: English | German | least-most; choice: code | English | German | surcharge | grams | working days
TABLE = """
width: Width | Breite | 1-1
    150* | 1500 mm | 1500 mm | 0 | 0 | 0
    200 | 2000 mm | 2000 mm | 96.00 | 14000 | 0
top: Worktop | Arbeitsplatte | 1-1
    BEECH* | Beech multiplex, 40 mm | Buche Multiplex, 40 mm | 0 | 0 | 0
    STEEL | Sheet steel cover | Stahlblechbelag | 12 % | 9000 | 3
    ESD | Conductive laminate (ESD) | Leitfähiges Laminat (ESD) | 148.00 | 2000 | 5
frame: Frame | Gestell | 1-1
    FIX* | Fixed height, 840 mm | Feste Höhe, 840 mm | 0 | 0 | 0
    CRANK | Height adjusted by crank | Höhe mit Kurbel verstellbar | 210.00 | 11000 | 3
    LIFT | Height adjusted electrically | Höhe elektrisch verstellbar | 540.00 | 18000 | 8
below: Below the top | Unterbau | 0-2
    DRAW | Drawer block, 4 drawers | Schubladenblock, 4 Schubladen | 219.00 | 32000 | 0
    CUPB | Cupboard, lockable | Schrank, abschließbar | 185.00 | 26000 | 0
extras: Extras | Zubehör | 0-4
    VISE | Parallel vise, 125 mm | Parallelschraubstock, 125 mm | 134.50 | 15000 | 0
    PANEL | Perforated rear panel | Lochplatten-Rückwand | 118.00 | 12000 | 0
    POWER | Power strip, 6 sockets | Steckdosenleiste, 6-fach | 64.90 | 1800 | 0
    GROUND | Earthing set (ESD) | Erdungsset (ESD) | 39.00 | 400 | 0
"""
RULES = (
    Rule("LIFT", "requires", "POWER"),
    Rule("ESD", "requires", "GROUND"),
    Rule("ESD", "excludes", "VISE"),
    Rule("LIFT", "excludes", "CUPB"),
    Rule("GROUND", "requires", "ESD"),
)


def add_workbench(actor: Actor, lists: Sequence[tuple[PriceList, Decimal]]) -> Product:
    """Put the workbench on sale, in the lists at their part of the list price."""
    storage = Category.objects.get(path="storage")
    shelf = save_category(actor=actor, facts=CategoryFacts(name="Workbenches", parent=storage, position=90))
    facts = ProductFacts(
        sku="WB-2000",
        name="Workbench Series 2000",
        kind=Product.Kind.CONFIGURABLE,
        category=shelf,
        summary="Welded steel workbench, made to order in the width, worktop and equipment that you choose",
        description="Carries 1,000 kg. Built to order in Kassel; delivered assembled, with levelling feet.",
        brand="Nordwerk",
        weight_grams=62_000,
        lead_days=10,
        origin="DE",
        texts={
            "de": TextFacts(
                name="Werkbank Serie 2000",
                summary="Geschweißte Stahlwerkbank, nach Wahl in Breite, Platte und Ausstattung gefertigt",
            )
        },
    )
    product = save_product(actor=actor, facts=facts)
    product = save_options(actor=actor, product=product, options=Options(groups=_groups(), rules=RULES))
    for price_list, part in lists:
        rows = [
            PriceRow(
                product_id=product.pk,
                amount=(PRICE * part * Decimal(share)).quantize(Decimal("0.01")),
                min_quantity=Decimal(least),
            )
            for least, share in BREAKS
        ]
        set_prices(actor=actor, price_list=price_list, rows=rows)
    product = set_status(actor=actor, product=product, status=Product.Status.ACTIVE)
    add_picture(actor=actor, product=product, data=picture("bench", "Beech wood", 2))
    return product


def _groups() -> tuple[Group, ...]:
    groups: list[Group] = []
    choices: list[Choice] = []
    for line in reversed(TABLE.strip().splitlines()):
        if line.startswith(" "):
            choices.insert(0, _choice(line))
            continue
        code, _colon, rest = line.partition(": ")
        name, german, span = (part.strip() for part in rest.split("|"))
        least, most = map(int, span.split("-"))
        groups.insert(
            0,
            Group(code=code, name=name, names={"de": german}, least=least, most=most, choices=tuple(choices)),
        )
        choices = []
    return tuple(groups)


def _choice(line: str) -> Choice:
    code, name, german, surcharge, grams, days = (part.strip() for part in line.split("|"))
    amount, _space, percent = surcharge.partition(" ")
    return Choice(
        code=code.rstrip("*"),
        name=name,
        names={"de": german},
        amount=Decimal(0) if percent else Decimal(amount),
        currency="EUR" if Decimal(amount) and not percent else "",
        percent=Decimal(amount) if percent else Decimal(0),
        weight_grams=int(grams),
        lead_days=int(days),
        is_default=code.endswith("*"),
    )
