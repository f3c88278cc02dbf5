"""An approver decides."""

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.approvals.events import ApprovalDecided
from kontor.approvals.models import ApprovalRequest
from kontor.approvals.permissions import DECIDE
from kontor.approvals.queries import who_can_approve
from kontor.approvals.rules import may_approve
from kontor.audit.trail import record
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import NotAllowed, Refused, Stale

NOTE_LENGTH = 2000
Status = ApprovalRequest.Status


@transaction.atomic
def decide(*, actor: Actor, request: ApprovalRequest, approved: bool, note: str = "") -> ApprovalRequest:
    """Approve a waiting request, or send it back with a note that the requester reads.

    The first decision stands: the WHERE clause is the lock, whoever comes later gets Stale. Raises
    NotAllowed("not_yours", "own_request", "above_own_limit") and Refused("note_needed", "note_too_long") at `note`.
    """
    require(actor, DECIDE)
    if (
        actor.membership_id is None
        or actor.acting_for_id is not None
        or actor.company_id != request.company_id
    ):
        raise NotAllowed("not_yours", _("Only the company’s own approvers can decide this."))
    if approved:
        _require_authority(actor, request)
    note = _cleaned(note, needed=not approved)
    decided = ApprovalRequest.objects.waiting().filter(pk=request.pk)
    facts = {"decided_by_id": actor.membership_id, "decided_at": clock.now(), "note": note}
    status = Status.APPROVED if approved else Status.SENT_BACK
    if not decided.update(status=status, **facts):
        request.refresh_from_db()
        raise Stale(
            "already_decided",
            _("This was decided meanwhile: “%(status)s”. Reload the page.")
            % {"status": request.get_status_display()},
        )
    request.refresh_from_db()
    verb = "approvals.approved" if approved else "approvals.sent_back"
    record(actor, verb, (request.subject_type, request.subject_id), note=note)
    publish(ApprovalDecided(approval_id=request.pk))
    return request


def _require_authority(actor: Actor, request: ApprovalRequest) -> None:
    """Four eyes where there are four: one's own request only when nobody else could approve it."""
    if not may_approve(actor.order_limit, request.amount_under_limits):
        raise NotAllowed(
            "above_own_limit",
            _("This is above your own limit. Another approver must decide."),
        )
    if request.requested_by_id == actor.membership_id:
        others = [
            one
            for one in who_can_approve(request.company_id, request.amount_under_limits)
            if one.pk != actor.membership_id
        ]
        if others:
            raise NotAllowed(
                "own_request",
                _("You asked for this yourself. %(names)s can approve it.")
                % {"names": ", ".join(one.user.name for one in others[:3])},
            )


def _cleaned(note: str, *, needed: bool) -> str:
    note = note.replace("\r\n", "\n").replace("\x00", "").strip()
    if needed and not note:
        message = _("Say what should be changed, so that your colleague can send it again.")
        raise Refused("note_needed", message, {"note": message})
    if len(note) > NOTE_LENGTH:
        message = _("At most %(longest)s characters fit here; these are %(given)s.")
        message %= {"longest": NOTE_LENGTH, "given": len(note)}
        raise Refused("note_too_long", message, {"note": message})
    return note
