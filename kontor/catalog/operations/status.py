from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.events import ProductChanged
from kontor.catalog.models import Product
from kontor.catalog.ownership import require_own
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused, Stale

STATUS = Product.Status
MOVES = {
    STATUS.DRAFT: {STATUS.ACTIVE},
    STATUS.ACTIVE: {STATUS.DISCONTINUED},
    STATUS.DISCONTINUED: {STATUS.ACTIVE},
}


@transaction.atomic
def set_status(*, actor: Actor, product: Product, status: str) -> Product:
    """Put a product on sale, take it off, or put it back. Once on sale it never becomes a draft again.

    Raises Refused("illegal_move"), Refused("no_category") at field ``category`` for goods that stand nowhere in the
    shop, and Stale("stale") when a colleague was faster.
    """
    require(actor, EDIT_CATALOG)
    require_own(actor, product.seller_id)
    if status == product.status:
        return product
    if status not in MOVES[STATUS(product.status)]:
        raise Refused("illegal_move", _("A product that was on sale cannot become a draft again."))
    if status == STATUS.ACTIVE and product.is_stocked and product.category_id is None:
        message = _("Choose a category before the product goes on sale.")
        raise Refused("no_category", message, {"category": message})
    before = product.status
    revision = product.revision + 1
    same = Product.objects.filter(pk=product.pk, status=before, revision=product.revision)
    if not same.update(status=status, revision=revision, updated_at=clock.now()):
        raise Stale("stale", _("A colleague changed this product meanwhile. Reload the page."))
    product.status, product.revision = status, revision
    record(actor, "catalog.status_set", ("product", product.pk), changes={"status": [before, status]})
    publish(ProductChanged(product.pk))
    return product
