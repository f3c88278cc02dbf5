"""Each state of a product is kept whole, and can be brought back."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from kontor.catalog.models import Category, Family, Product, ProductVersion
from kontor.catalog.operations.configurations import save_options
from kontor.catalog.operations.facts import (
    ClassFacts,
    ComponentFacts,
    HazardFacts,
    ProductFacts,
    TextFacts,
    UnitFacts,
    fitting_values,
)
from kontor.catalog.operations.products import save_product
from kontor.catalog.queries.families import effective_attributes
from kontor.goods.options import read_options
from kontor.kernel.actors import Actor

PLAIN = (
    "sku", "name", "summary", "description", "brand", "manufacturer_part_number", "gtin", "kind", "base_unit",
    "tax_category", "weight_grams", "lead_days", "origin", "customs_code",
)  # fmt: skip


@transaction.atomic
def restore_version(
    *, actor: Actor, product: Product, version: ProductVersion, revision: int | None = None
) -> Product:
    """Bring back what a version says, as an ordinary save that makes a new version. The status stays.

    What the version names and is there no more (a category, a choice) stays as it is today. Raises Refused as
    `save_product` does.
    """
    saved = save_product(
        actor=actor, product=product, facts=facts_of(product, version.facts), revision=revision
    )
    options = version.facts.get("options")
    if options is None:
        return saved
    return save_options(actor=actor, product=saved, options=read_options(options))  # type: ignore[arg-type]  # JSON


def facts_of(product: Product, kept: Mapping[str, Any]) -> ProductFacts:
    """A kept version as facts to save, as far as what it names is there."""
    own = product.seller_id
    parts = [one["sku"] for one in kept.get("components", ())]
    there = set(Product.objects.filter(seller_id=own, sku__in=parts).values_list("sku", flat=True))
    family = Family.objects.filter(seller_id=own, code=kept.get("family") or "").first()
    traits = effective_attributes(family.pk if family else None)
    return ProductFacts(
        **{name: kept[name] for name in PLAIN},
        category=Category.objects.filter(path=kept.get("category") or "").first() or product.category,
        family=family,
        variant_of=Product.objects.filter(seller_id=own, sku=kept.get("variant_of") or "").first(),
        on_sale_from=_moment(kept.get("on_sale_from")),
        on_sale_until=_moment(kept.get("on_sale_until")),
        specifications=kept["specifications"],
        units=[_unit(one) for one in kept["units"]],
        attributes=fitting_values(traits, kept["attributes"]),
        texts={language: TextFacts(**text) for language, text in kept["texts"].items()},
        classifications=[ClassFacts(**one) for one in kept["classifications"]],
        hazard=HazardFacts(**(kept["hazard"] or {})),
        components=[
            ComponentFacts(sku=one["sku"], quantity=Decimal(one["quantity"]))
            for one in kept.get("components", ())
            if one["sku"] in there
        ],
    )


def _unit(kept: Mapping[str, Any]) -> UnitFacts:
    numbers = {name: Decimal(kept[name]) for name in ("factor", "minimum", "multiple")}
    maximum = Decimal(kept["maximum"]) if kept["maximum"] else None
    return UnitFacts(
        unit=kept["unit"], package=kept["package"], gtin=kept["gtin"], maximum=maximum, **numbers
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
