from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.models import Product
from kontor.discovery.models import Rhythm, Watch
from kontor.discovery.permissions import require_watcher
from kontor.discovery.queries import price_now
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused

MOST = 500


@transaction.atomic
def watch_product(*, actor: Actor, product: Product, kind: str, rhythm: str = Rhythm.INSTANT) -> Watch:
    """Tell this person when the product is back in stock, or costs their company something else.

    Raises NotAllowed; Refused("unknown_kind", "too_many").
    """
    membership_id = require_watcher(actor)
    if kind not in Watch.Kind.values:
        raise Refused("unknown_kind", _("Choose what you want to be told: stock or price."))
    if Watch.objects.filter(membership_id=membership_id).count() >= MOST:
        raise Refused("too_many", _("You watch %(most)s products already. End one first.") % {"most": MOST})
    known: tuple[Decimal | None, str] = (None, "")
    amount, currency = price_now(actor.buying_company_id, product.pk) if kind == Watch.Kind.PRICE else known
    watch, _new = Watch.objects.update_or_create(
        membership_id=membership_id,
        product=product,
        kind=kind,
        defaults={"rhythm": _known(rhythm)},
        create_defaults={
            "rhythm": _known(rhythm),
            "amount": amount,
            "currency": currency,
            "looked_at": clock.now(),
        },
    )
    record(actor, "discovery.watch_begun", ("watch", watch.pk), changes={"sku": product.sku, "kind": kind})
    return watch


@transaction.atomic
def change_watch(*, actor: Actor, watch: Watch, rhythm: str) -> Watch:
    """Tell sooner or later. Raises NotAllowed."""
    _require_own(actor, watch)
    watch.rhythm = _known(rhythm)
    watch.save(update_fields=["rhythm"])
    record(actor, "discovery.watch_changed", ("watch", watch.pk), changes={"sku": watch.product.sku})
    return watch


@transaction.atomic
def end_watch(*, actor: Actor, watch: Watch) -> None:
    """Stop telling. Raises NotAllowed."""
    _require_own(actor, watch)
    pk, sku = watch.pk, watch.product.sku
    watch.delete()
    record(actor, "discovery.watch_ended", ("watch", pk), changes={"sku": sku})


def _require_own(actor: Actor, watch: Watch) -> None:
    if watch.membership_id != require_watcher(actor):
        raise NotAllowed("not_allowed", _("This alert belongs to somebody else."))


def _known(rhythm: str) -> Rhythm:
    return Rhythm(rhythm) if rhythm in Rhythm.values else Rhythm.INSTANT
