import structlog
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.events import ProductChanged
from kontor.catalog.models import Product, ProductOptions
from kontor.catalog.operations.components import nothing_inside
from kontor.catalog.ownership import require_own
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries.families import effective_attributes
from kontor.catalog.snapshots import keep_versions
from kontor.catalog.visibility import hold_rules, place
from kontor.goods.attributes import asked_of
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require, system_actor
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused, Stale

log = structlog.get_logger(__name__)

STATUS = Product.Status
MOVES = {
    STATUS.DRAFT: {STATUS.REVIEW, STATUS.APPROVED, STATUS.ACTIVE},
    STATUS.REVIEW: {STATUS.DRAFT, STATUS.APPROVED, STATUS.ACTIVE},
    STATUS.APPROVED: {STATUS.DRAFT, STATUS.ACTIVE},
    STATUS.ACTIVE: {STATUS.DISCONTINUED},
    STATUS.DISCONTINUED: {STATUS.ACTIVE},
}
READY = (STATUS.APPROVED, STATUS.ACTIVE)
AT_ONCE = 500


@transaction.atomic
def set_status(*, actor: Actor, product: Product, status: str) -> Product:
    """Move a product along: draft, in review, approved, active (on sale), discontinued, and back on sale.

    Once on sale it never becomes a draft again. Raises Refused("illegal_move"); before it is approved or goes on sale
    Refused("no_category") at ``category`` for goods that stand nowhere in the shop, Refused("no_components") for a kit
    of nothing, and Refused("values_missing") at the attributes that its family requires; Stale("stale") when a
    colleague was faster.
    """
    require(actor, EDIT_CATALOG)
    require_own(actor, product.seller_id)
    if status == product.status:
        return product
    if status not in MOVES[STATUS(product.status)]:
        if product.status in (STATUS.ACTIVE, STATUS.DISCONTINUED) and status == STATUS.DRAFT:
            raise Refused("illegal_move", _("A product that was on sale cannot become a draft again."))
        raise Refused("illegal_move", _("From its present status the product cannot get this one."))
    if status in READY:
        _check_ready(product)
    hold_rules(product.seller_id)
    before = product.status
    revision = product.revision + 1
    same = Product.objects.filter(pk=product.pk, status=before, revision=product.revision)
    if not same.update(status=status, revision=revision, updated_at=clock.now()):
        raise Stale("stale", _("A colleague changed this product meanwhile. Reload the page."))
    product.status, product.revision = status, revision
    if product.variant_of_id is not None:
        place(product.seller_id, [product.pk])
    record(actor, "catalog.status_set", ("product", product.pk), changes={"status": [before, status]})
    keep_versions(actor, [product.pk])
    publish(ProductChanged(product.pk))
    return product


def _check_ready(product: Product) -> None:
    goods_inside = product.components.filter(component__kind=Product.Kind.GOODS)
    if product.kind == Product.Kind.KIT and not goods_inside.exists():
        raise Refused("no_components", nothing_inside(), {"components": nothing_inside()})
    if product.kind != Product.Kind.SERVICE and product.category_id is None:
        message = _("Choose a category before the product goes on sale.")
        raise Refused("no_category", message, {"category": message})
    if (
        product.kind == Product.Kind.CONFIGURABLE
        and not ProductOptions.objects.filter(product=product).exists()
    ):
        message = _("Enter the options before the product goes on sale.")
        raise Refused("no_options", message, {"options": message})
    missing = [
        one
        for one in asked_of(product.kind, effective_attributes(product.family_id))
        if one.is_required and one.code not in product.attributes
    ]
    if missing:
        message = _("Fill in what the family requires before the product goes on sale.")
        raise Refused(
            "values_missing", message, {f"attributes/{one.code}": _("This is needed.") for one in missing}
        )


def follow_sale_dates() -> tuple[int, int]:
    """Put approved products on sale whose day has come, and take off sale those whose time is over. How many each.

    What is not ready stays approved and is told in the log; it goes on sale when it is completed.
    """
    now, actor = clock.now(), system_actor(str(_("Calendar")))
    due = Product.objects.filter(status=STATUS.APPROVED, on_sale_from__lte=now)
    due = due.filter(Q(on_sale_until__isnull=True) | Q(on_sale_until__gt=now))
    over = Product.objects.filter(status=STATUS.ACTIVE, on_sale_until__lte=now)
    begun = sum(_moved(actor, one, STATUS.ACTIVE) for one in due.order_by("on_sale_from", "id")[:AT_ONCE])
    ended = sum(
        _moved(actor, one, STATUS.DISCONTINUED) for one in over.order_by("on_sale_until", "id")[:AT_ONCE]
    )
    return begun, ended


def _moved(actor: Actor, product: Product, status: str) -> bool:
    try:
        set_status(actor=actor, product=product, status=status)
    except Refused as refusal:
        log.warning("sale_date_not_followed", product=product.pk, why=refusal.code)
        return False
    return True
