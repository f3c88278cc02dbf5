"""What is known of a product as rows of a table: attributes under their headings, then what no attribute stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.catalog.models import Classification
from kontor.catalog.queries import attributes_of_families
from kontor.goods.attributes import Trait, shown_value
from kontor.search.queries.sheet import Sheet
from kontor.web.names import country_name
from kontor.web.numbers import number
from kontor.web.values import quantity_text


@dataclass(slots=True)
class Section:
    """Rows under one heading ("" is the first, without one) as (name, value with unit)."""

    heading: str
    rows: list[tuple[str, str]] = field(default_factory=list)


def sections_of(sheet: Sheet, traits: Sequence[Trait]) -> list[Section]:
    """The specifications of one product, whose family has these attributes."""
    language, sections = get_language() or "en", dict[str, Section]()
    for trait, name, value in _attributes(sheet, traits):
        heading = trait.heading(language)
        sections.setdefault(heading, Section(heading)).rows.append((name, value))
    loose = [(str(one.get("name", "")), _with_unit(one)) for one in sheet.specifications]
    if loose:
        sections.setdefault("", Section("")).rows.extend(loose)
    return sorted(sections.values(), key=lambda one: bool(one.heading))


def compared(sheets: Sequence[Sheet]) -> list[tuple[str, str, list[str]]]:
    """The specifications of several products beside each other as (heading, name, values); "" where one has none.

    One statement, however many there are.
    """
    by_family = attributes_of_families([one.family_id for one in sheets])
    language = get_language() or "en"
    rows: dict[str, tuple[str, str, dict[int, str]]] = {}
    for sheet in sheets:
        traits = by_family.get(sheet.family_id or 0, [])
        for trait, name, value in _attributes(sheet, traits):
            key = (trait.heading(language), name, dict[int, str]())
            rows.setdefault(f"a.{trait.code}", key)[2][sheet.product_id] = value
        for one in sheet.specifications:
            name = str(one.get("name", ""))
            rows.setdefault(f"s.{name.casefold()}", ("", name, {}))[2][sheet.product_id] = _with_unit(one)
    headings = list(dict.fromkeys(["", *(heading for heading, _name, _values in rows.values())]))
    return [
        (heading, name, [values.get(one.product_id, "") for one in sheets])
        for heading, name, values in sorted(rows.values(), key=lambda row: headings.index(row[0]))
    ]


def _weight(grams: int) -> str:
    """In kilograms from one kilogram on."""
    return quantity_text(Decimal(grams) / 1000, "KGM") if grams >= 1000 else quantity_text(grams, "GRM")


def trade_facts(sheet: Sheet) -> list[tuple[str, str]]:
    """What customs, storage and catalogs want to know of a product."""
    systems = dict(Classification.System.choices)
    facts = [
        (_("Country of origin"), country_name(sheet.origin) if sheet.origin else ""),
        (_("Customs code"), sheet.customs_code),
        (_("Weight"), _weight(sheet.weight_grams) if sheet.weight_grams else ""),
        *(
            (f"{systems.get(system, system)} {version}".strip(), code)
            for system, version, code in sheet.classes
        ),
    ]
    if sheet.hazard:
        un, hazard_class, group, signal, statements = sheet.hazard
        parts = [f"UN {un}" if un else "", hazard_class, group, signal]
        facts.append((_("Dangerous goods"), " · ".join(filter(None, parts))))
        facts.append((_("Hazard statements"), statements))
    return [fact for fact in facts if fact[1]]


def _attributes(sheet: Sheet, traits: Sequence[Trait]) -> list[tuple[Trait, str, str]]:
    language = get_language() or "en"
    found = []
    for trait in traits:
        value = sheet.attributes.get(trait.code)
        if value in (None, "", [], {}) or trait.kind == "file":
            continue
        text, unit = shown_value(trait, value, language)
        found.append((trait, trait.label(language), f"{text} {unit}".strip()))
    return found


def _with_unit(one: Mapping[str, Any]) -> str:
    value = one.get("value", "")
    text = number(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return f"{text} {one.get('unit') or ''}".strip()
