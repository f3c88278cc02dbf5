from collections.abc import Mapping, Sequence
from itertools import product as combinations
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kontor.catalog.models import Product
from kontor.catalog.operations.facts import ProductFacts, UnitFacts
from kontor.catalog.operations.products import UNIT_COLUMNS, save_product
from kontor.catalog.queries.families import effective_attributes
from kontor.goods.attributes import Trait, parse_value, shown_value
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused

MOST = 200


@transaction.atomic
def add_variants(
    *, actor: Actor, model: Product, axes: Mapping[str, Sequence[Any]], language: str = ""
) -> list[Product]:
    """Add a draft for each combination of these values that the model has not yet, with the model's own data.

    `axes` gives raw values by the code of the attribute. Raises Refused("not_a_model"), ``incomplete`` at
    ``axes/<code>`` or, for more than 200 at once, at ``axes``, and as `save_product` does.
    """
    traits = effective_attributes(model.family_id)
    told = [one for one in traits if one.is_axis]
    if model.kind != Product.Kind.MODEL or not told:
        raise Refused("not_a_model", _("Only a model has variants."))
    values = {one.code: _read(one, axes.get(one.code, ()), language) for one in told}
    wanted = [dict(zip(values, chosen, strict=True)) for chosen in combinations(*values.values())]
    known = [
        tuple(row.get(one.code) for one in told)
        for row in model.variants.values_list("attributes", flat=True)
    ]
    missing = [one for one in wanted if tuple(one.values()) not in known]
    if len(missing) > MOST:
        message = _("These are %(count)s variants. Add at most %(most)s at once.") % {
            "count": len(missing),
            "most": MOST,
        }
        raise Refused("incomplete", message, {"axes": message})
    return [_add(actor, model, told, chosen, language) for chosen in missing]


def _read(axis: Trait, raw: Sequence[Any], language: str) -> list[Any]:
    at = f"axes/{axis.code}"
    try:
        found = [value for one in raw if (value := parse_value(axis, one, language)) is not None]
    except Refused as refusal:
        raise Refused("incomplete", refusal.message, {at: refusal.message}) from None
    if not found:
        message = _("Choose at least one value.")
        raise Refused("incomplete", message, {at: message})
    return list(dict.fromkeys(found))


def _add(
    actor: Actor, model: Product, axes: Sequence[Trait], chosen: Mapping[str, Any], language: str
) -> Product:
    shown = [" ".join(shown_value(one, chosen[one.code], language)).strip() for one in axes]
    ends = [slugify(shown_value(one, chosen[one.code], "")[0].replace("/", "-")).upper() for one in axes]
    facts = ProductFacts(
        sku="-".join([model.sku, *(end for end in ends if end)])[:40],
        name=", ".join([model.name, *shown])[:250],
        category=model.category,
        family=model.family,
        variant_of=model,
        summary=model.summary,
        description=model.description,
        brand=model.brand,
        base_unit=model.base_unit,
        tax_category=model.tax_category,
        lead_days=model.lead_days,
        origin=model.origin,
        customs_code=model.customs_code,
        specifications=model.specifications,
        units=[
            UnitFacts(**{name: getattr(one, name) for name in UNIT_COLUMNS})
            for one in model.sales_units.all()
        ],
        attributes={**model.attributes, **chosen},
    )
    return save_product(actor=actor, facts=facts)
