from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.events import ProductChanged
from kontor.catalog.models import (
    Classification,
    Hazard,
    Product,
    ProductOptions,
    ProductText,
    SalesUnit,
)
from kontor.catalog.operations.components import component_problems, save_components
from kontor.catalog.operations.facts import (
    OTHERS,
    TEXTS,
    HazardFacts,
    ProductFacts,
    UnitFacts,
    fitting_values,
    problems_of,
    read_attributes,
)
from kontor.catalog.ownership import require_own, selling_company_id
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries.families import effective_attributes
from kontor.catalog.snapshots import keep_versions
from kontor.catalog.visibility import hold_rules, place
from kontor.companies.models import Company
from kontor.goods.attributes import Trait, asked_of
from kontor.goods.rules import clean_specifications
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused, Stale

UNIT_COLUMNS = ("unit", "factor", "minimum", "multiple", "maximum", "package", "gtin")
ON_SALE = (Product.Status.APPROVED, Product.Status.ACTIVE)


@transaction.atomic
def save_product(
    *,
    actor: Actor,
    facts: ProductFacts,
    product: Product | None = None,
    revision: int | None = None,
    seller: Company | None = None,
) -> Product:
    """Add a product of the actor's company (the system names the seller) as a draft, or change one.

    Keeps a version of it and publishes ProductChanged.

    `revision` is that of the product the person edited: Stale("stale") when a colleague was faster. Raises
    Refused("incomplete") with a sentence at every field that is wrong (a value at ``attributes/<code>``), ``sku_taken``
    at ``sku``, ``variant_taken`` at the attributes that tell variants apart, and ``base_unit_fixed`` or ``kind_fixed``
    once the product was on sale, because prices, stock and orders count in it.
    """
    require(actor, EDIT_CATALOG)
    hold_rules(product.seller_id if product else selling_company_id(actor, seller))
    if product is None:
        product = Product(seller_id=selling_company_id(actor, seller))
    else:
        product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
        _check_editable(actor, product, facts, revision)
    traits = effective_attributes(facts.family.pk if facts.family else None)
    raw = fitting_values(traits, product.attributes) if facts.attributes is None else facts.attributes
    values, wrong = read_attributes(traits, raw, "" if facts.attributes is None else facts.language)
    problems = problems_of(facts) | wrong | _relative_problems(product, facts, traits, values)
    if problems:
        raise Refused("incomplete", _("The product was not saved. Correct the marked fields."), problems)
    _check_variant(product, facts, traits, values)
    former_model, changes = product.variant_of_id, _take_over(product, facts, values)
    try:
        with transaction.atomic():
            product.save()
    except IntegrityError:
        message = _("Another of your products has this SKU.")
        raise Refused("sku_taken", message, {"sku": message}) from None
    if _save_units(product, facts):
        changes["units"] = [one.unit for one in facts.units]
    if "kind" in changes:
        ProductOptions.objects.filter(product=product).delete()
    changes |= _save_further(product, facts)
    touched = {product.pk, former_model or product.pk}
    place(product.seller_id, touched)
    record(actor, "catalog.product_saved", ("product", product.pk), changes=changes)
    keep_versions(actor, [product.pk])
    for changed in sorted(touched):
        publish(ProductChanged(changed))
    return product


def _check_editable(actor: Actor, product: Product, facts: ProductFacts, revision: int | None) -> None:
    require_own(actor, product.seller_id)
    if revision is not None and revision != product.revision:
        raise Stale("stale", _("A colleague changed this product meanwhile. Compare, then save again."))
    if product.status == Product.Status.DRAFT:
        return
    if facts.base_unit != product.base_unit:
        message = _(
            "The base unit stays as it is, because prices and stock count in it. Add a new product instead."
        )
        raise Refused("base_unit_fixed", message, {"base_unit": message})
    if facts.kind != product.kind:
        message = _("Goods cannot become a service, nor the other way round. Add a new product instead.")
        raise Refused("kind_fixed", message, {"kind": message})


def _relative_problems(
    product: Product, facts: ProductFacts, traits: Sequence[Trait], values: Mapping[str, Any]
) -> dict[str, str]:
    """What is wrong between the product and its family, its model and its variants."""
    problems = component_problems(product, facts)
    seller, model, family = product.seller_id, facts.variant_of, facts.family
    axes = [one for one in traits if one.is_axis]
    if family is not None and family.seller_id != seller:
        problems["family"] = _("Choose a family of your own.")
    if facts.kind == Product.Kind.MODEL and not axes:
        problems["family"] = _("A model needs a family with an attribute that tells variants apart.")
    has_variants = bool(product.pk) and product.variants.exists()
    if has_variants and (
        facts.kind != Product.Kind.MODEL or family is None or family.pk != product.family_id
    ):
        problems["family"] = _("This model has variants, so its kind and family stay.")
    if model is not None:
        if model.seller_id != seller or model.kind != Product.Kind.MODEL or facts.kind == Product.Kind.MODEL:
            problems["variant_of"] = _("Choose one of your models.")
        elif family is None or family.pk != model.family_id:
            problems["family"] = _("A variant has the family of its model.")
        for axis in axes:
            if axis.code not in values:
                problems.setdefault(
                    f"attributes/{axis.code}", _("This is needed to tell the variants apart.")
                )
    if product.status in ON_SALE:
        for trait in asked_of(facts.kind, traits):
            if trait.is_required and trait.code not in values and trait.code in product.attributes:
                problems.setdefault(f"attributes/{trait.code}", _("This is needed while it is on sale."))
    return problems


def _check_variant(
    product: Product, facts: ProductFacts, traits: Sequence[Trait], values: Mapping[str, Any]
) -> None:
    """No two variants of a model are alike. The lock on the model lets one come after the other."""
    if facts.variant_of is None:
        return
    Product.objects.select_for_update(no_key=True).get(pk=facts.variant_of.pk)
    axes = [one.code for one in traits if one.is_axis]
    alike = Q(attributes__contains={code: values[code] for code in axes})
    twin = facts.variant_of.variants.filter(alike).exclude(pk=product.pk).first()
    if twin is not None:
        message = _("%(sku)s is this variant already.") % {"sku": twin.sku}
        raise Refused("variant_taken", message, {f"attributes/{code}": message for code in axes})


def _take_over(product: Product, facts: ProductFacts, values: dict[str, Any]) -> dict[str, object]:
    """Write the facts onto the product; what changed, as ``[before, after]``."""
    after: dict[str, object] = {name: getattr(facts, name).strip() for name in TEXTS}
    after |= {name: getattr(facts, name) for name in OTHERS}
    after["origin"] = facts.origin.strip().upper()
    after["specifications"] = clean_specifications(facts.specifications)
    changes: dict[str, object] = {}
    is_new = not product.sku
    if not is_new:
        changed = {
            code for code in product.attributes | values if product.attributes.get(code) != values.get(code)
        }
        changes |= {
            f"attributes/{code}": [str(product.attributes.get(code, "")), str(values.get(code, ""))]
            for code in changed
        }
    product.attributes = values
    for name, value in after.items():
        before = getattr(product, name)
        if not is_new and before != value and name != "description":
            changes[name] = [str(before), str(value)]
        setattr(product, name, value)
    product.slug = slugify(product.name)[:280] or slugify(product.sku) or "product"
    product.updated_at = clock.now()
    if not is_new:
        product.revision += 1
    return changes


def _save_units(product: Product, facts: ProductFacts) -> bool:
    """Replace the sales units where they differ. Whether they did."""
    wanted = list(facts.units) or [UnitFacts(unit=product.base_unit)]
    rows = [tuple(getattr(one, name) for name in UNIT_COLUMNS) for one in wanted]
    kept = product.sales_units.order_by("position", "id")
    if list(kept.values_list(*UNIT_COLUMNS)) == rows:
        return False
    kept.delete()
    SalesUnit.objects.bulk_create(
        SalesUnit(product=product, position=position, **dict(zip(UNIT_COLUMNS, row, strict=True)))
        for position, row in enumerate(rows)
    )
    return True


def _save_further(product: Product, facts: ProductFacts) -> dict[str, object]:
    """Texts in further languages, classes, dangerous goods and components, as far as the facts name them.

    Returns which components a kit has now, where they changed.
    """
    if facts.texts is not None:
        product.texts.all().delete()
        ProductText.objects.bulk_create(
            ProductText(
                product=product, language=language[:8], name=one.name.strip(), summary=one.summary.strip(),
                description=one.description.strip(),
            )
            for language, one in facts.texts.items()
            if one.name.strip() or one.summary.strip() or one.description.strip()
        )  # fmt: skip
    if facts.classifications is not None:
        product.classifications.all().delete()
        Classification.objects.bulk_create(
            Classification(
                product=product, system=one.system, version=one.version.strip()[:20], code=one.code
            )
            for one in facts.classifications
        )
    if facts.hazard == HazardFacts():
        Hazard.objects.filter(product=product).delete()
    elif facts.hazard is not None:
        names = ("un_number", "hazard_class", "packing_group", "signal_word", "statements")
        given = {name: getattr(facts.hazard, name).strip() for name in names}
        Hazard.objects.update_or_create(product=product, defaults=given)
    return save_components(product, facts)
