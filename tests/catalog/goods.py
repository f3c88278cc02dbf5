"""Families and goods that tests of the catalog share."""

from typing import Any

from kontor.catalog.models import Attribute, Category, Family, Product
from kontor.catalog.operations import (
    AttributeFacts,
    ChoiceFacts,
    FamilyFacts,
    OwnAttribute,
    ProductFacts,
    save_attribute,
    save_family,
    save_product,
)
from kontor.kernel.actors import Actor


def attribute(actor: Actor, name: str, kind: str, *choices: str, **how: Any) -> Attribute:
    """An attribute named `name`; its choices by their labels."""
    facts = AttributeFacts(name=name, kind=kind, choices=[ChoiceFacts(label=one) for one in choices], **how)
    return save_attribute(actor=actor, facts=facts)


def screws(actor: Actor) -> tuple[Family, Family]:
    """Fasteners (material required) and, below them, screws: thread and length tell variants apart."""
    material = attribute(actor, "Material", "choice", "Steel", "Brass", names={"de": "Werkstoff"})
    length = attribute(actor, "Length", "number", unit="MMT", names={"de": "Länge"})
    thread = attribute(actor, "Thread", "choice", "M6", "M8")
    note = attribute(actor, "Remark", "text", is_localised=True)
    fasteners = save_family(
        actor=actor,
        facts=FamilyFacts(
            name="Fasteners",
            attributes=[OwnAttribute(attribute=material, group="Build", is_required=True, is_facet=True)],
        ),
    )
    below = save_family(
        actor=actor,
        facts=FamilyFacts(
            name="Screws",
            parent=fasteners,
            attributes=[
                OwnAttribute(attribute=thread, group="Size", is_axis=True, is_required=True),
                OwnAttribute(attribute=length, group="Size", is_axis=True, is_facet=True),
                OwnAttribute(attribute=note),
            ],
        ),
    )
    return fasteners, below


def screw(actor: Actor, family: Family, sku: str, model: Product | None = None, **values: Any) -> Product:
    """A screw in the first category, as a draft."""
    facts = ProductFacts(
        sku=sku,
        name=f"Screw {sku}",
        category=Category.objects.first(),
        family=family,
        variant_of=model,
        attributes=values,
    )
    return save_product(actor=actor, facts=facts)
