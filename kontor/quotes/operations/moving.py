"""How a request moves along `rules.MOVES`: the WHERE of the update is the lock, a stale page cannot win.

Every operation takes the request's row first and its offers after it, so two sides never wait for each other in a
circle.
"""

from typing import Any

from django.utils.translation import gettext as _

from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused, Stale
from kontor.quotes.models import Offer, QuoteRequest
from kontor.quotes.rules import MOVES, OPEN

TEXT_LENGTH = 10_000
REASON_LENGTH = 2_000


def move(request: QuoteRequest, name: str, **facts: Any) -> None:
    """Take the request's row and move it. Raises Refused("not_your_turn"), Stale when it had just been possible."""
    rule = MOVES[name]
    facts["status"] = rule.after
    if rule.after not in OPEN:
        facts["closed_at"] = clock.now()
    moved = QuoteRequest.objects.filter(pk=request.pk, status__in=rule.before).update(**facts)
    if not moved:
        raise not_your_turn(request, was_possible=request.status in rule.before)
    for field, value in facts.items():
        setattr(request, field, value)


def not_your_turn(request: QuoteRequest, *, was_possible: bool) -> Refused:
    """The refusal for a request that is in another state than the move needs."""
    status = QuoteRequest.objects.values_list("status", flat=True).get(pk=request.pk)
    told = {
        QuoteRequest.Status.SUBMITTED.value: _("%(number)s waits for the seller’s offer."),
        QuoteRequest.Status.OFFERED.value: _("%(number)s has an offer that waits for the buyer’s answer."),
        QuoteRequest.Status.ACCEPTED.value: _(
            "The offer of %(number)s has been accepted; its order is placed."
        ),
        QuoteRequest.Status.REFUSED.value: _("The buyer has refused the offer of %(number)s."),
        QuoteRequest.Status.DECLINED.value: _("The seller has declined %(number)s."),
        QuoteRequest.Status.WITHDRAWN.value: _("The buyer has withdrawn %(number)s."),
    }[status] % {"number": request.number}
    kind = Stale if was_possible else Refused
    return kind("not_your_turn", _("%(state)s Nothing was changed.") % {"state": told})


def locked(request: QuoteRequest) -> QuoteRequest:
    """The request's row, held until the end of the transaction, while offers may still be prepared for it."""
    fresh = QuoteRequest.objects.select_for_update().get(pk=request.pk)
    if fresh.status not in MOVES["send"].before:
        raise not_your_turn(request, was_possible=request.status in OPEN)
    return fresh


def answer(offer: Offer, status: Offer.Status, actor: Actor, note: str) -> None:
    """Write the buyer's answer on the current offer. Raises Stale("offer_superseded") when it is not current."""
    facts = {
        "status": status,
        "answered_at": clock.now(),
        "answered_by_id": None if actor.acting_for_id else actor.membership_id,
        "answered_by_name": actor.name[:150],
        "answer_note": note,
    }
    if not Offer.objects.filter(pk=offer.pk, status=Offer.Status.SENT).update(**facts):
        raise superseded(offer)
    for field, value in facts.items():
        setattr(offer, field, value)


def superseded(offer: Offer) -> Stale:
    """The refusal for an offer that is not the current version."""
    return Stale(
        "offer_superseded",
        _(
            "Version %(version)d is not the current offer any more. Look at the newest version and answer that one."
        )
        % {"version": offer.version},
    )
