"""What a kit consists of, saved with its product."""

from django.utils.translation import gettext as _

from kontor.catalog.models import KitComponent, Product
from kontor.catalog.operations.facts import ProductFacts
from kontor.goods import units
from kontor.goods.rules import fits_thousandths

MOST = 100
ON_SALE = (Product.Status.APPROVED, Product.Status.ACTIVE)
PARTS = (Product.Kind.GOODS, Product.Kind.SERVICE)


def component_problems(product: Product, facts: ProductFacts) -> dict[str, str]:
    """What is wrong between a kit and its components, at ``components/<n>/sku`` and ``components/<n>/quantity``.

    A kit is counted whole, consists of goods and services of its own seller, and of some goods once it is on sale: what
    is only services is a service itself. Kits are not nested. A component stays what the kits count in.
    """
    problems = _as_component(product, facts)
    if facts.kind != Product.Kind.KIT:
        if facts.components:
            problems["components"] = _("Only a kit has components. Choose the kind “Kit”, or remove them.")
        return problems
    problems |= _whole(facts)
    if facts.components is None:
        return problems
    skus = {one.sku.strip() for one in facts.components}
    parts = {
        one.sku: one
        # Held, so that none of them becomes something else meanwhile.
        for one in Product.objects.filter(seller=product.seller_id, sku__in=skus)
        .select_for_update(no_key=True)
        .order_by("pk")
    }
    seen = set()
    for index, one in enumerate(facts.components):
        sku, at = one.sku.strip(), f"components/{index}/"
        part = parts.get(sku)
        if part is None:
            problems[at + "sku"] = _("You have no product with the SKU “%(sku)s”.") % {"sku": sku[:40]}
        elif part.kind not in PARTS or part.pk == product.pk:
            problems[at + "sku"] = _("A kit consists of goods and services, not of kits or models.")
        elif sku in seen:
            problems[at + "sku"] = _("This product is in the kit already. Raise its quantity instead.")
        if not fits_thousandths(one.quantity):
            problems[at + "quantity"] = _("Enter a number above 0 with at most three decimals.")
        elif part is not None and one.quantity != round(one.quantity, units.decimals(part.base_unit)):
            problems[at + "quantity"] = _("“%(unit)s” cannot be divided so.") % {
                "unit": units.name(part.base_unit)
            }
        seen.add(sku)
    if len(facts.components) > MOST:
        problems["components"] = _("At most %(most)s components.") % {"most": MOST}
    has_goods = any(one.kind == Product.Kind.GOODS for one in parts.values())
    if product.status in ON_SALE and not has_goods and len(parts) == len(skus):
        problems["components"] = nothing_inside()
    return problems


def nothing_inside() -> str:
    """Why a kit cannot be on sale yet."""
    return _("A kit on sale consists of at least one product from stock.")


def save_components(product: Product, facts: ProductFacts) -> dict[str, object]:
    """Replace the components where they differ; what to say of it on the trail. `facts` are checked."""
    if facts.kind != Product.Kind.KIT:
        product.components.all().delete()
        return {}
    if facts.components is None:
        return {}
    ids = dict(
        Product.objects.filter(
            seller=product.seller_id, sku__in={one.sku.strip() for one in facts.components}
        ).values_list("sku", "pk")
    )
    wanted = [(ids[one.sku.strip()], one.quantity) for one in facts.components]
    kept = product.components.order_by("position", "id")
    if list(kept.values_list("component", "quantity")) == wanted:
        return {}
    kept.delete()
    KitComponent.objects.bulk_create(
        KitComponent(kit=product, component_id=part, quantity=quantity, position=position)
        for position, (part, quantity) in enumerate(wanted)
    )
    return {"components": [f"{one.sku.strip()} x {one.quantity.normalize():f}" for one in facts.components]}


def _as_component(product: Product, facts: ProductFacts) -> dict[str, str]:
    if not product.pk or (facts.kind, facts.base_unit) == (product.kind, product.base_unit):
        return {}
    kit = KitComponent.objects.filter(component=product).select_related("kit").first()
    if kit is None:
        return {}
    message = _("The kit %(sku)s counts on it as it is. Take it out of the kit first.") % {"sku": kit.kit.sku}
    return {name: message for name in ("kind", "base_unit") if getattr(facts, name) != getattr(product, name)}


def _whole(facts: ProductFacts) -> dict[str, str]:
    """A kit is neither counted nor sold in fractions."""
    problems = {}
    if units.decimals(facts.base_unit):
        problems["base_unit"] = _("A kit is counted in whole units, such as sets or pieces.")
    for index, one in enumerate(facts.units):
        if one.factor != round(one.factor):
            problems[f"units/{index}/factor"] = _("A kit is counted in whole units, such as sets or pieces.")
    return problems
