from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog import units
from kontor.catalog.events import ProductChanged
from kontor.catalog.models import Category, Product, SalesUnit
from kontor.catalog.ownership import require_own, selling_company_id
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.rules import clean_specifications, fits_thousandths, gtin_problem
from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused, Stale

TAX_CATEGORIES = ("standard", "reduced", "zero")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """A unit to sell in: `factor` base units make one; minimum and multiple count in the unit."""

    unit: str
    factor: Decimal = Decimal(1)
    minimum: Decimal = Decimal(1)
    multiple: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """A product as a form or a file gives it. The first unit is offered first; none: it is sold in the base unit."""

    sku: str
    name: str
    category: Category | None = None
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
    specifications: Sequence[Mapping[str, str]] = ()
    units: Sequence[UnitFacts] = field(default_factory=tuple)


_TEXTS = {
    "sku": 40,
    "name": 250,
    "summary": 400,
    "description": 20_000,
    "brand": 100,
    "manufacturer_part_number": 60,
    "gtin": 14,
}
_OTHERS = ("category", "kind", "base_unit", "tax_category", "weight_grams", "lead_days")


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

    Publishes ProductChanged.

    `revision` is that of the product the person edited: Stale("stale") when a colleague was faster. Raises
    Refused("incomplete") with a sentence at every field that is wrong, ``sku_taken`` at ``sku``, and
    ``base_unit_fixed`` or ``kind_fixed`` once the product was on sale, because prices, stock and orders count in it.
    """
    require(actor, EDIT_CATALOG)
    if product is None:
        product = Product(seller_id=selling_company_id(actor, seller))
    else:
        product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
        _check_editable(actor, product, facts, revision)
    problems = _problems(facts)
    if problems:
        raise Refused("incomplete", _("The product was not saved. Correct the marked fields."), problems)
    changes = _take_over(product, facts)
    try:
        with transaction.atomic():
            product.save()
    except IntegrityError:
        message = _("Another of your products has this SKU.")
        raise Refused("sku_taken", message, {"sku": message}) from None
    if _save_units(product, facts):
        changes["units"] = [one.unit for one in facts.units]
    record(actor, "catalog.product_saved", ("product", product.pk), changes=changes)
    publish(ProductChanged(product.pk))
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


def _problems(facts: ProductFacts) -> dict[str, str]:
    problems = {name: _("This is needed.") for name in ("sku", "name") if not getattr(facts, name).strip()}
    for name in _TEXTS:
        if len(getattr(facts, name)) > _TEXTS[name]:
            problems[name] = _("At most %(most)s characters.") % {"most": _TEXTS[name]}
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
    return problems | _unit_problems(facts)


def _unit_problems(facts: ProductFacts) -> dict[str, str]:
    problems = {}
    seen = set()
    for index, one in enumerate(facts.units):
        if not units.is_known(one.unit) or one.unit in seen:
            problems[f"units/{index}/unit"] = _("Choose a unit that is not in the list yet.")
        seen.add(one.unit)
        if one.unit == facts.base_unit and one.factor != 1:
            problems[f"units/{index}/factor"] = _("One base unit is always 1 base unit.")
        for name in ("factor", "minimum", "multiple"):
            if not fits_thousandths(getattr(one, name)):
                problems[f"units/{index}/{name}"] = _("Enter a number above 0 with at most three decimals.")
    return problems


def _take_over(product: Product, facts: ProductFacts) -> dict[str, object]:
    """Write the facts onto the product; what changed, as ``[before, after]``."""
    after: dict[str, object] = {name: getattr(facts, name).strip() for name in _TEXTS}
    after |= {name: getattr(facts, name) for name in _OTHERS}
    after["specifications"] = clean_specifications(facts.specifications)
    changes: dict[str, object] = {}
    is_new = not product.sku
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
    rows = [(one.unit, one.factor, one.minimum, one.multiple) for one in wanted]
    kept = product.sales_units.order_by("position", "id")
    if list(kept.values_list("unit", "factor", "minimum", "multiple")) == rows:
        return False
    kept.delete()
    SalesUnit.objects.bulk_create(
        SalesUnit(
            product=product, unit=unit, factor=factor, minimum=minimum, multiple=multiple, position=position
        )
        for position, (unit, factor, minimum, multiple) in enumerate(rows)
    )
    return True
