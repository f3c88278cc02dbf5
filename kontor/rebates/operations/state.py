from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.ownership import require_own
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused, Stale
from kontor.rebates.counting import count_anew, hold
from kontor.rebates.models import Rebate
from kontor.rebates.permissions import EDIT_REBATES


@transaction.atomic
def begin_rebate(*, actor: Actor, rebate: Rebate) -> Rebate:
    """Put a draft into force. What was invoiced in its period before counts at once.

    Raises Refused("contradicts") when a customer has another binding agreement for the same goods on one of its days,
    Stale when it is no draft any more.
    """
    _held(actor, rebate)
    _move(rebate, Rebate.State.DRAFT, Rebate.State.ACTIVE)
    counted = count_anew(rebate)
    changes = {"name": rebate.name, "lines": counted}
    record(actor, "rebates.begun", ("rebate", rebate.pk), changes=changes)
    return rebate


@transaction.atomic
def end_rebate(*, actor: Actor, rebate: Rebate) -> Rebate:
    """End an agreement in force without settling it; nothing is owed by it any more.

    Raises Refused("settled_in_part") once something was paid on account, Stale when it is not in force.
    """
    _held(actor, rebate)
    refuse_settled(rebate)
    _move(rebate, Rebate.State.ACTIVE, Rebate.State.ENDED)
    count_anew(rebate)
    record(actor, "rebates.ended", ("rebate", rebate.pk), changes={"name": rebate.name})
    return rebate


@transaction.atomic
def recount_rebate(*, actor: Actor, rebate: Rebate) -> int:
    """Count all invoices anew by what goods are today; how many lines count. Raises Refused("settled_in_part")."""
    _held(actor, rebate)
    refuse_settled(rebate)
    counted = count_anew(rebate)
    record(actor, "rebates.recounted", ("rebate", rebate.pk), changes={"name": rebate.name, "lines": counted})
    return counted


@transaction.atomic
def delete_rebate(*, actor: Actor, rebate: Rebate) -> None:
    """Remove a draft. Raises Stale when it is in force by now."""
    _held(actor, rebate)
    if rebate.state != Rebate.State.DRAFT:
        raise moved_on()
    pk, name = rebate.pk, rebate.name
    rebate.delete()
    record(actor, "rebates.deleted", ("rebate", pk), changes={"name": name})


def refuse_settled(rebate: Rebate) -> None:
    """Raises Refused("settled_in_part") once anything of the agreement was settled."""
    if rebate.settlements.exists():
        message = _(
            "Something of this agreement is settled already, so what counts stays as it is. Settle the rest."
        )
        raise Refused("settled_in_part", message)


def contradiction() -> Refused:
    message = _(
        "One of these customers has an agreement in force for the same goods on some of these days. "
        "Choose other goods or days, or say that both may stand beside each other."
    )
    return Refused("contradicts", message, {"is_cumulative": message})


def moved_on() -> Stale:
    return Stale("changed_meanwhile", _("Somebody else changed this agreement. Reload the page."))


def _held(actor: Actor, rebate: Rebate) -> None:
    require(actor, EDIT_REBATES)
    require_own(actor, rebate.seller_id)
    hold(rebate.seller_id)
    rebate.refresh_from_db()


def _move(rebate: Rebate, old: Rebate.State, new: Rebate.State) -> None:
    try:
        with transaction.atomic():
            moved = Rebate.objects.filter(pk=rebate.pk, state=old).update(state=new)
    except IntegrityError:
        raise contradiction() from None
    if not moved:
        raise moved_on()
    rebate.state = new
