"""One field of many products at once: what would change, the change, and back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import get_language, ngettext

from kontor.catalog.models import Product, ProductVersion
from kontor.catalog.operations.facts import (
    OTHERS,
    TEXTS,
    ProductFacts,
    UnitFacts,
    problems_of,
    read_attributes,
)
from kontor.catalog.operations.products import UNIT_COLUMNS, save_product
from kontor.catalog.operations.versions import restore_version
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries.families import attributes_of_families, effective_attributes
from kontor.goods.attributes import shown_value
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import NotAllowed, Refused

PREFIX = "attributes/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field of `ProductFacts`, or ``attributes/<code>``, and what it becomes; raw values are of `language`."""

    field: str
    value: Any
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a change would do to one product; with a `problem` it would be refused."""

    product: Product
    before: str
    after: str
    problem: str


def plan_together(*, actor: Actor, products: Sequence[Product], change: Change) -> list[Planned]:
    """What the change would do, product by product; those that it leaves as they are stay out."""
    require(actor, EDIT_CATALOG)
    families = attributes_of_families(one.family_id for one in products)
    planned = []
    for one in products:
        traits = families.get(one.family_id or 0, [])
        if change.field.startswith(PREFIX):
            code = change.field.removeprefix(PREFIX)
            values, problems = read_attributes(traits, {code: change.value}, change.language)
            problem = problems.get(change.field, "")
            trait = next((two for two in traits if two.code == code), None)
            before, after = (
                " ".join(shown_value(trait, kept[code], get_language() or "")).strip()
                if trait and code in kept
                else ""
                for kept in (one.attributes, values)
            )
        else:
            problem = problems_of(changed_facts(one, change)).get(change.field, "")
            before, after = str(getattr(one, change.field) or ""), str(change.value or "")
        if before != after or problem:
            planned.append(Planned(product=one, before=before, after=after, problem=problem))
    return planned


@transaction.atomic
def change_together(*, actor: Actor, products: Sequence[Product], change: Change) -> list[Product]:
    """Change the field in all products, all or none; those that changed.

    Raises Refused("not_all") that names the products with what is wrong, and as `save_product` does.
    """
    wrong = [
        f"{one.product.sku}: {one.problem}"
        for one in plan_together(actor=actor, products=products, change=change)
        if one.problem
    ]
    done = []
    for one in sorted(products, key=lambda product: product.pk):
        if wrong:
            break
        facts = changed_facts(one, change)
        if _is_same(one, change):
            continue
        try:
            done.append(save_product(actor=actor, product=one, revision=one.revision, facts=facts))
        except NotAllowed:
            raise
        except Refused as refusal:
            wrong.append(f"{one.sku}: {' '.join(dict.fromkeys(refusal.fields.values())) or refusal.message}")
    if wrong:
        message = ngettext(
            "Nothing was changed, because one article would be wrong: %(which)s",
            "Nothing was changed, because %(n)s articles would be wrong: %(which)s",
            len(wrong),
        ) % {"n": len(wrong), "which": "; ".join(wrong[:5])}
        raise Refused("not_all", message, {"value": message})
    return done


def undo_together(*, actor: Actor, changed: Sequence[Sequence[int]]) -> tuple[int, list[str]]:
    """Bring back what was before these (product, revision) were saved. How many; and SKUs that changed again since."""
    require(actor, EDIT_CATALOG)
    back, left = 0, []
    for product_id, revision in changed:
        product = Product.objects.filter(pk=product_id, seller_id=actor.company_id).first()
        version = ProductVersion.objects.filter(product=product_id, revision__lt=revision).first()
        if product is None or version is None:
            continue
        if product.revision != revision:
            left.append(product.sku)
            continue
        restore_version(actor=actor, product=product, version=version, revision=revision)
        back += 1
    return back, left


def _is_same(product: Product, change: Change) -> bool:
    if change.field.startswith(PREFIX):
        code = change.field.removeprefix(PREFIX)
        values, _problems = read_attributes(
            effective_attributes(product.family_id), {code: change.value}, change.language
        )
        return bool(product.attributes.get(code) == values.get(code))
    return bool(getattr(product, change.field) == change.value)


def changed_facts(product: Product, change: Change) -> ProductFacts:
    """The product as it is, as facts, with the one change."""
    facts = ProductFacts(
        **{name: getattr(product, name) for name in (*TEXTS, *OTHERS)},
        specifications=product.specifications,
        units=[
            UnitFacts(**{name: getattr(one, name) for name in UNIT_COLUMNS})
            for one in product.sales_units.order_by("position", "id")
        ],
    )
    if not change.field.startswith(PREFIX):
        return replace(facts, **{change.field: change.value})
    code = change.field.removeprefix(PREFIX)
    traits = effective_attributes(product.family_id)
    values, _problems = read_attributes(traits, {code: change.value}, change.language)
    kept = {name: value for name, value in product.attributes.items() if name != code}
    return replace(facts, attributes=kept | values)
