from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.events import ProductChanged
from kontor.catalog.models import Product, ProductRelation
from kontor.catalog.ownership import require_own
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.snapshots import keep_versions
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationFacts:
    """Another product of the same seller, by its SKU, as an accessory, successor and so on."""

    kind: str
    sku: str


@transaction.atomic
def save_relations(*, actor: Actor, product: Product, relations: Sequence[RelationFacts]) -> Product:
    """State all relations of a product, in the order in which they are shown. Publishes ProductChanged.

    Raises Refused("incomplete") at ``relations/<n>/sku`` and ``relations/<n>/kind``.
    """
    require(actor, EDIT_CATALOG)
    product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    require_own(actor, product.seller_id)
    wanted = list(dict.fromkeys((one.kind, one.sku.strip()) for one in relations if one.sku.strip()))
    skus = {sku for _kind, sku in wanted}
    others = dict(Product.objects.filter(seller=product.seller_id, sku__in=skus).values_list("sku", "pk"))
    problems = {}
    for index, (kind, sku) in enumerate(wanted):
        if kind not in ProductRelation.Kind.values:
            problems[f"relations/{index}/kind"] = _("Choose how the products belong together.")
        if sku not in others:
            problems[f"relations/{index}/sku"] = _("You have no product with the SKU “%(sku)s”.") % {
                "sku": sku[:40]
            }
        elif others[sku] == product.pk:
            problems[f"relations/{index}/sku"] = _("A product is not related to itself.")
    if len(wanted) > MOST:
        problems["relations"] = _("At most %(most)s related products.") % {"most": MOST}
    if problems:
        raise Refused("incomplete", _("The relations were not saved. Correct the marked fields."), problems)
    before = list(product.relations.values_list("kind", "other_id"))
    after = [(kind, others[sku]) for kind, sku in wanted]
    if before == after:
        return product
    product.relations.all().delete()
    ProductRelation.objects.bulk_create(
        ProductRelation(product=product, other_id=other, kind=kind, position=position)
        for position, (kind, other) in enumerate(after)
    )
    product.revision += 1
    product.updated_at = clock.now()
    product.save(update_fields=["revision", "updated_at"])
    record(actor, "catalog.relations_saved", ("product", product.pk), changes={"count": len(after)})
    keep_versions(actor, [product.pk])
    publish(ProductChanged(product.pk))
    return product
