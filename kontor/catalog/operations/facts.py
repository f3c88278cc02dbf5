"""A product as a form or a file gives it, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kontor.catalog.models import Category, Classification, Family, Product
from kontor.goods import units
from kontor.goods.attributes import Trait, parse_value
from kontor.goods.codes import (
    class_code_problem,
    customs_code_problem,
    is_country,
    is_package,
    un_number_problem,
)
from kontor.goods.rules import fits_thousandths, gtin_problem
from kontor.kernel.refusal import Refused

TAX_CATEGORIES = ("standard", "reduced", "zero", "exempt", "reduced_2", "reversed")
PACKING_GROUPS = ("", "I", "II", "III")
MOST_LANGUAGES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """A unit to sell in: `factor` base units make one; minimum, multiple and maximum count in the unit."""

    unit: str
    factor: Decimal = Decimal(1)
    minimum: Decimal = Decimal(1)
    multiple: Decimal = Decimal(1)
    maximum: Decimal | None = None
    package: str = ""
    gtin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentFacts:
    """So many base units of another product of the seller, by its SKU, in one base unit of a kit."""

    sku: str
    quantity: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFacts:
    """Name and texts in a further language; what is empty falls back along the seller's languages."""

    name: str = ""
    summary: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFacts:
    """A class in a system that trade shares; the code is checked by its form."""

    system: str
    code: str
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardFacts:
    """Dangerous goods; all empty means that the goods are not dangerous."""

    un_number: str = ""
    hazard_class: str = ""
    packing_group: str = ""
    signal_word: str = ""
    statements: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """A product as a form or a file gives it. The first unit is offered first; none: it is sold in the base unit.

    `attributes` are raw values by code, written in `language` ("": as they are kept). None keeps what is there, as far
    as the family has it; so it does for `texts`, `classifications`, `hazard` and `components`.
    """

    sku: str
    name: str
    category: Category | None = None
    family: Family | None = None
    variant_of: Product | None = None
    summary: str = ""
    description: str = ""
    brand: str = ""
    manufacturer_part_number: str = ""
    gtin: str = ""
    kind: str = Product.Kind.GOODS
    base_unit: str = "C62"
    tax_category: str = "standard"
    weight_grams: int | None = None
    lead_days: int = 2
    origin: str = ""
    customs_code: str = ""
    on_sale_from: datetime | None = None
    on_sale_until: datetime | None = None
    specifications: Sequence[Mapping[str, str]] = ()
    units: Sequence[UnitFacts] = field(default_factory=tuple)
    attributes: Mapping[str, Any] | None = None
    language: str = ""
    texts: Mapping[str, TextFacts] | None = None
    classifications: Sequence[ClassFacts] | None = None
    hazard: HazardFacts | None = None
    components: Sequence[ComponentFacts] | None = None


TEXTS = {
    "sku": 40,
    "name": 250,
    "summary": 400,
    "description": 20_000,
    "brand": 100,
    "manufacturer_part_number": 60,
    "gtin": 14,
    "origin": 2,
    "customs_code": 12,
}
OTHERS = (
    "category", "family", "variant_of", "kind", "base_unit", "tax_category", "weight_grams", "lead_days",
    "on_sale_from", "on_sale_until",
)  # fmt: skip


def problems_of(facts: ProductFacts) -> dict[str, str]:
    """A sentence at every field that is wrong by itself; values of attributes are `read_attributes`' affair."""
    problems = {name: _("This is needed.") for name in ("sku", "name") if not getattr(facts, name).strip()}
    for name, most in TEXTS.items():
        if len(getattr(facts, name)) > most:
            problems[name] = _("At most %(most)s characters.") % {"most": most}
    if gtin_problem(facts.gtin.strip()):
        problems["gtin"] = _("This is not a GTIN: 8, 12, 13 or 14 digits with a fitting check digit.")
    if not units.is_known(facts.base_unit):
        problems["base_unit"] = _("Choose a unit.")
    if facts.kind not in Product.Kind.values:
        problems["kind"] = _("Choose goods or service.")
    if facts.tax_category not in TAX_CATEGORIES:
        problems["tax_category"] = _("Choose a tax category.")
    if facts.weight_grams is not None and not 0 <= facts.weight_grams <= 2_000_000_000:
        problems["weight_grams"] = _("Enter the weight in grams.")
    if not 0 <= facts.lead_days <= 999:
        problems["lead_days"] = _("Enter working days, 0 to 999.")
    if facts.on_sale_from and facts.on_sale_until and facts.on_sale_until <= facts.on_sale_from:
        problems["on_sale_until"] = _("The end lies after the beginning.")
    return problems | _unit_problems(facts) | _trade_problems(facts) | _text_problems(facts)


def _unit_problems(facts: ProductFacts) -> dict[str, str]:
    problems = {}
    seen = set()
    for index, one in enumerate(facts.units):
        at = f"units/{index}/"
        if not units.is_known(one.unit) or one.unit in seen:
            problems[at + "unit"] = _("Choose a unit that is not in the list yet.")
        seen.add(one.unit)
        if one.unit == facts.base_unit and one.factor != 1:
            problems[at + "factor"] = _("One base unit is always 1 base unit.")
        for name in ("factor", "minimum", "multiple"):
            if not fits_thousandths(getattr(one, name)):
                problems[at + name] = _("Enter a number above 0 with at most three decimals.")
        if one.maximum is not None and (not fits_thousandths(one.maximum) or one.maximum < one.minimum):
            problems[at + "maximum"] = _("The most in one order is not below the least.")
        if gtin_problem(one.gtin):
            problems[at + "gtin"] = _(
                "This is not a GTIN: 8, 12, 13 or 14 digits with a fitting check digit."
            )
        if not is_package(one.package):
            problems[at + "package"] = _("Enter the two characters of UN/ECE Recommendation 21, such as CT.")
    return problems


def _trade_problems(facts: ProductFacts) -> dict[str, str]:
    problems = {}
    if facts.origin and not is_country(facts.origin.strip().upper()):
        problems["origin"] = _("Enter a country by its two letters, such as DE.")
    if customs_code_problem(facts.customs_code.strip()):
        problems["customs_code"] = _("A customs code has 6 to 12 digits, in pairs.")
    seen = set()
    for index, one in enumerate(facts.classifications or ()):
        known = one.system in Classification.System.values
        if not known or (one.system, one.version) in seen:
            problems[f"classifications/{index}/system"] = _("Choose each system once.")
        elif wrong := class_code_problem(one.system, one.code):
            problems[f"classifications/{index}/code"] = wrong
        seen.add((one.system, one.version))
    hazard = facts.hazard or HazardFacts()
    if un_number_problem(hazard.un_number):
        problems["hazard/un_number"] = _("A UN number has four digits.")
    if hazard.packing_group not in PACKING_GROUPS:
        problems["hazard/packing_group"] = _("A packing group is I, II or III.")
    for name, most in {"hazard_class": 10, "signal_word": 20, "statements": 400}.items():
        if len(getattr(hazard, name)) > most:
            problems[f"hazard/{name}"] = _("At most %(most)s characters.") % {"most": most}
    return problems


def _text_problems(facts: ProductFacts) -> dict[str, str]:
    problems = {}
    for language, text in list((facts.texts or {}).items())[:MOST_LANGUAGES]:
        for name in ("name", "summary", "description"):
            if len(getattr(text, name)) > TEXTS[name]:
                problems[f"texts/{language}/{name}"] = _("At most %(most)s characters.") % {
                    "most": TEXTS[name]
                }
    return problems


def read_attributes(
    traits: Sequence[Trait], raw: Mapping[str, Any], language: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values to keep, in the family's order, and a sentence at each ``attributes/<code>`` that is wrong."""
    values: dict[str, Any] = {}
    problems = {
        f"attributes/{code}": _("The family has no such attribute.")
        for code in raw.keys() - {one.code for one in traits}
    }
    for trait in traits:
        try:
            value = parse_value(trait, raw.get(trait.code), language)
        except Refused as refusal:
            problems[f"attributes/{trait.code}"] = refusal.message
            continue
        if value is not None:
            values[trait.code] = value
    return values, problems


def fitting_values(traits: Sequence[Trait], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Of values kept earlier those that the family has and that still fit."""
    found = {}
    for trait in traits:
        try:
            value = parse_value(trait, kept.get(trait.code))
        except Refused:
            continue
        if value is not None:
            found[trait.code] = value
    return found
