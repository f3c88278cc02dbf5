"""The data sheet of a product as PDF, made from the product's data when somebody asks for it."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from kontor.catalog.models import Product, SalesUnit
from kontor.catalog.queries.families import effective_attributes
from kontor.catalog.queries.texts import texts_of
from kontor.goods import units
from kontor.goods.attributes import shown_value
from kontor.kernel.pdf import Column, Note, Paper, Sender, render


def datasheet_pdf(product: Product, language: str) -> bytes:
    """What is known of a product, in the reader's language. The caller has checked that it may be seen."""
    with override(language):
        return render(datasheet(product, language))


def datasheet(product: Product, language: str) -> Paper:
    """The paper behind the PDF: numbers at the top, specifications and units in the table, never a price."""
    seller, told = product.seller, texts_of([product.pk], language)[product.pk]
    contact = [one for one in (seller.phone, seller.website) if one]
    return Paper(
        language=language,
        title=_("Data sheet"),
        number=product.sku,
        sender=Sender(name=str(seller), lines=contact, return_line=""),
        accent=seller.accent,
        footer=[[seller.legal_name, *contact]],
        page_word=_("Page"),
        recipient=[told.name, *([told.summary] if told.summary else [])],
        facts=_facts(product),
        columns=[Column(_("Property"), wide=True), Column(_("Value"))],
        rows=[
            [[name], [value]]
            for name, value in [
                *_values(product, language),
                *_specifications(product.specifications),
                *_units(product),
            ]
        ],
        notes=[Note(told.description.splitlines())] if told.description else [],
    )


def _facts(product: Product) -> list[tuple[str, str]]:
    facts = [
        (_("Article number"), product.sku),
        (_("Brand"), product.brand),
        (_("Manufacturer’s number"), product.manufacturer_part_number),
        (_("GTIN"), product.gtin),
        (_("Country of origin"), product.origin),
        (_("Customs code"), product.customs_code),
        (_("Range"), product.category.name if product.category else ""),
    ]
    return [(label, value) for label, value in facts if value]


def _values(product: Product, language: str) -> list[tuple[str, str]]:
    """The values of the family's attributes, each heading on a line of its own."""
    rows: list[tuple[str, str]] = []
    above = ""
    for trait in effective_attributes(product.family_id):
        if trait.code not in product.attributes or trait.kind == "file":
            continue
        if (heading := trait.heading(language)) != above:
            rows.append((heading.upper(), ""))
            above = heading
        value = " ".join(shown_value(trait, product.attributes[trait.code], language)).strip()
        rows.append((trait.label(language), value))
    return rows


def _specifications(kept: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(str(one["name"]), f"{one['value']} {one.get('unit') or ''}".strip()) for one in kept]


def _units(product: Product) -> list[tuple[str, str]]:
    """How it is packed and what it weighs."""
    rows = [
        (_("Sold in"), _("%(unit)s of %(quantity)s") % {"unit": units.name(one.unit), "quantity": contents})
        if one.factor != 1
        else (_("Sold in"), units.name(one.unit))
        for one, contents in _packed(product)
    ]
    if product.weight_grams:
        weight = units.plain(Decimal(product.weight_grams) / 1000)
        unit = units.name(product.base_unit)
        rows.append((_("Weight"), _("%(weight)s kg per %(unit)s") % {"weight": weight, "unit": unit}))
    return rows


def _packed(product: Product) -> list[tuple[SalesUnit, str]]:
    sold = SalesUnit.objects.filter(product=product).order_by("position")
    return [(one, units.counted(one.factor, product.base_unit)) for one in sold]
