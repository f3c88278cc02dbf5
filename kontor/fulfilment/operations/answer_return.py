"""The seller says whether it takes announced goods back."""

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.fulfilment.events import ReturnAccepted, ReturnDeclined
from kontor.fulfilment.models import Return
from kontor.fulfilment.permissions import ACCEPT_RETURNS
from kontor.fulfilment.stale import moved_on
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import checked_text
from kontor.orders.sides import require_seller_side
from kontor.orders.states import SENT, lock_order

NOTE_LENGTH = 2000


@transaction.atomic
def accept_return(*, actor: Actor, return_order: Return, note: str = "") -> Return:
    """Ask for the goods; `note` may say where to send them."""
    note = checked_text(note, field="note", limit=NOTE_LENGTH)
    _answer(actor, return_order, Return.Status.ACCEPTED, note)
    publish(ReturnAccepted(return_order.pk))
    return return_order


@transaction.atomic
def decline_return(*, actor: Actor, return_order: Return, reason: str) -> Return:
    """Do not take the goods back, and say why. Raises Refused("reason_missing")."""
    reason = checked_text(reason, field="reason", limit=NOTE_LENGTH)
    if not reason:
        sentence = _("Say why; the buyer reads it.")
        raise Refused("reason_missing", sentence, {"reason": sentence})
    _answer(actor, return_order, Return.Status.DECLINED, reason)
    publish(ReturnDeclined(return_order.pk))
    return return_order


def _answer(actor: Actor, return_order: Return, status: Return.Status, note: str) -> None:
    order = return_order.order
    require_seller_side(actor, order, ACCEPT_RETURNS)
    lock_order(order, SENT)
    facts = {"status": status, "answer_note": note, "answered_at": clock.now()}
    announced = Return.objects.filter(pk=return_order.pk, status=Return.Status.REQUESTED)
    if not announced.update(**facts):
        raise moved_on(return_order)
    for name, value in facts.items():
        setattr(return_order, name, value)
    changes = {"return": return_order.number}
    record(
        actor,
        f"fulfilment.return_{status.value}",
        ("order", order.pk),
        changes=changes,
        note=note,
        shared=True,
    )
