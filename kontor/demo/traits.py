"""How the demo's goods are described: a family per shelf below one per department, with typed attributes; variants of
some models, and what goes with what."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.text import slugify

from kontor.catalog.models import Attribute, Family, Product, ProductRelation
from kontor.catalog.operations import (
    AttributeFacts,
    ChoiceFacts,
    FamilyFacts,
    OwnAttribute,
    ProductFacts,
    save_attribute,
    save_family,
    save_product,
    set_languages,
)
from kontor.demo.families import Family as Shelf
from kontor.demo.families import families
from kontor.goods import measures
from kontor.goods.attributes import figure_from
from kontor.kernel.actors import Actor

GERMAN = {
    "Attenuation": "Dämmwert",
    "Base": "Basis",
    "Blade": "Klinge",
    "Bolt": "Bolzen",
    "Capacity": "Aufnahme",
    "Class": "Klasse",
    "Coating": "Beschichtung",
    "Colour": "Farbe",
    "Connection": "Anschluss",
    "Content": "Inhalt",
    "Cores": "Adern",
    "Current": "Strom",
    "Deck": "Ladefläche",
    "Depth": "Tiefe",
    "Diameter": "Durchmesser",
    "Disc": "Scheibe",
    "Drawers": "Schubladen",
    "Duration": "Dauer",
    "Finish": "Ausführung",
    "Fit": "Passform",
    "Form": "Form",
    "Format": "Format",
    "Gloss": "Glanz",
    "Grade": "Festigkeitsklasse",
    "Grit": "Körnung",
    "Handle": "Stiel",
    "Head": "Kopf",
    "Height": "Höhe",
    "Insulation": "Dämmung",
    "Length": "Länge",
    "Lens": "Scheibe",
    "Level": "Schnittschutz",
    "Load": "Traglast",
    "Mounting": "Montage",
    "Outlet": "Auslauf",
    "Pack": "Packung",
    "Poles": "Pole",
    "Power": "Leistung",
    "Pressure": "Druck",
    "Protection": "Schutzart",
    "Reach": "Ausladung",
    "Section": "Querschnitt",
    "Size": "Größe",
    "Steps": "Stufen",
    "Supply": "Versorgung",
    "Suspension": "Aufhängung",
    "Teeth": "Zähne",
    "Thickness": "Dicke",
    "Thread": "Gewinde",
    "Tip": "Spitze",
    "Torque": "Drehmoment",
    "Type": "Art",
    "Voltage": "Spannung",
    "Wheel": "Rad",
    "Width": "Breite",
}
NOUNS = {
    "HB": "Sechskantschraube",
    "SC": "Zylinderschraube",
    "WS": "Holzschraube",
    "HN": "Sechskantmutter",
    "FW": "Unterlegscheibe",
    "EA": "Spreizdübel",
}
"""Shelves whose goods are described in German as well."""
AXES_IN_GERMAN = {"Grade": "Güte", "Form": "Form"}
"""Axes of these shelves whose bare values need a word before them."""
MODELS = ("HB", "SC", "HN", "DB", "GL", "SH")
"""Shelves whose articles are the variants of one model."""
GOES_WITH = (
    ("HB", "HN", 0),
    ("HB", "FW", 0),
    ("SC", "FW", 0),
    ("AG", "CU", 0),
    ("CD", "DB", None),
    ("CA", "CL", None),
)
"""Accessories: a shelf, another shelf, and the axis whose value both share (None: any)."""


@dataclass(slots=True)
class Described:
    """The families by the prefix of their shelf, the codes of their axes and finish, and the models."""

    families: dict[str, Family] = field(default_factory=dict)
    codes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    models: dict[str, Product] = field(default_factory=dict)


def describe(actor: Actor) -> Described:
    """Attributes, families and models of the demo's seller, which keeps its catalog in English and German."""
    set_languages(actor=actor, languages=["en", "de"])
    shelves, found = families(), Described()
    kept = _axes(actor, shelves)
    departments: dict[str, Family] = {}
    finishes: dict[str, Attribute] = {}
    for shelf in shelves:
        if shelf.department not in departments:
            looks = sorted(
                {one for other in shelves if other.department == shelf.department for one in other.finishes}
            )
            finishes[shelf.department] = _attribute(actor, "Finish", looks, of=shelf.department)
            finish = finishes[shelf.department]
            facts = FamilyFacts(
                name=shelf.department,
                attributes=[OwnAttribute(attribute=finish, group="Build", is_facet=True, is_required=True)],
            )
            departments[shelf.department] = save_family(actor=actor, facts=facts)
        axes = kept[_key(shelf.first, shelf.first_values)], kept[_key(shelf.second, shelf.second_values)]
        is_model, finish = shelf.prefix in MODELS, finishes[shelf.department]
        own = [
            OwnAttribute(attribute=one, group="Size", is_required=True, is_facet=True, is_axis=is_model)
            for one in axes
        ]
        if is_model:
            own.append(
                OwnAttribute(attribute=finish, group="Build", is_required=True, is_facet=True, is_axis=True)
            )
        facts = FamilyFacts(name=shelf.category, parent=departments[shelf.department], attributes=own)
        found.families[shelf.prefix] = save_family(actor=actor, facts=facts)
        found.codes[shelf.prefix] = axes[0].code, axes[1].code, finish.code
        if is_model:
            model = ProductFacts(
                sku=shelf.prefix,
                name=shelf.noun,
                kind=Product.Kind.MODEL,
                family=found.families[shelf.prefix],
            )
            found.models[shelf.prefix] = save_product(actor=actor, facts=model)
    return found


def _unit_of(values: Sequence[str]) -> str | None:
    """The unit of values that are all figures of one unit ("": without), None when they are not."""
    read = [figure_from(one) for one in values]
    written = {one[1] for one in read if one}
    if None in read or len(written) != 1:
        return None
    unit = written.pop()
    return measures.code_of(unit) or None if unit else ""


def _key(name: str, values: Sequence[str]) -> tuple[str, str | None]:
    return name, _unit_of(values)


def _axes(actor: Actor, shelves: Sequence[Shelf]) -> dict[tuple[str, str | None], Attribute]:
    """One attribute for all axes of the same name and unit; its choices are those of all these shelves."""
    told: dict[tuple[str, str | None], dict[str, None]] = {}
    for shelf in shelves:
        for name, values in ((shelf.first, shelf.first_values), (shelf.second, shelf.second_values)):
            told.setdefault(_key(name, values), {}).update(dict.fromkeys(values))
    kept: dict[tuple[str, str | None], Attribute] = {}
    for (name, unit), choices in told.items():
        if unit is None:
            kept[name, unit] = _attribute(actor, name, list(choices))
        else:
            code = slugify(f"{name} {measures.sign(unit).replace('²', '2').replace('µ', 'u')}")
            facts = AttributeFacts(
                name=name, names={"de": GERMAN[name]}, kind="number", unit=unit, code=f"{code}-number"
            )
            kept[name, unit] = save_attribute(actor=actor, facts=facts)
    return kept


def _attribute(actor: Actor, name: str, values: Sequence[str], *, of: str = "") -> Attribute:
    codes = {
        slugify(one.replace("/", "-").replace(".", "-")) or f"v{place}": one
        for place, one in enumerate(values)
    }
    choices = [ChoiceFacts(label=label, code=code) for code, label in codes.items()]
    facts = AttributeFacts(
        name=name, names={"de": GERMAN[name]}, kind="choice", choices=choices, code=slugify(f"{name} {of}")
    )
    return save_attribute(actor=actor, facts=facts)


def relate(products: Sequence[tuple[Shelf, Product]], described: Described) -> None:
    """Say what goes with what, and which articles differ in finish only."""
    rows: list[ProductRelation] = []
    by_shelf: dict[str, list[Product]] = {}
    for shelf, product in products:
        by_shelf.setdefault(shelf.prefix, []).append(product)
    for one, other, axis in GOES_WITH:
        for product in by_shelf[one]:
            fitting = by_shelf[other]
            if axis is not None:
                value = product.attributes[described.codes[one][axis]]
                fitting = [two for two in fitting if two.attributes[described.codes[other][axis]] == value]
            rows += _relations(product, fitting[:3], ProductRelation.Kind.ACCESSORY)
    for prefix, family in by_shelf.items():
        if prefix not in MODELS:
            alike: dict[tuple[str, ...], list[Product]] = {}
            for product in family:
                key = tuple(str(product.attributes[code]) for code in described.codes[prefix][:2])
                alike.setdefault(key, []).append(product)
            for group in alike.values():
                for product in group:
                    others = [two for two in group if two is not product]
                    rows += _relations(product, others[:2], ProductRelation.Kind.ALTERNATIVE)
    ProductRelation.objects.bulk_create(rows, batch_size=2000)


def _relations(product: Product, others: Sequence[Product], kind: str) -> list[ProductRelation]:
    return [
        ProductRelation(product=product, other=other, kind=kind, position=place)
        for place, other in enumerate(others)
    ]
