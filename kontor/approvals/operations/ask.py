"""Something is put before an approver, or taken back."""

from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kontor.approvals.events import ApprovalRequested
from kontor.approvals.models import ApprovalRequest
from kontor.approvals.queries import who_can_approve
from kontor.audit.trail import record
from kontor.companies.models import Company
from kontor.kernel.actors import Actor
from kontor.kernel.events import publish
from kontor.kernel.refusal import NotAllowed, Refused, Stale


class Matter(TypedDict):
    """What is put before an approver; `subject` as ``("order", 17)``, `amount` net in `currency`."""

    company_id: int
    subject: tuple[str, int]
    title: str
    reason: str
    facts: dict[str, Any]
    amount: Decimal
    currency: str


@transaction.atomic
def request_approval(*, actor: Actor, **matter: Unpack[Matter]) -> ApprovalRequest:
    """Put a matter of the actor's company before its approvers.

    Called by the app whose subject it is, which has checked that the actor may have it. Raises
    Refused("no_approver") when nobody could ever decide, and Stale when it waits already.
    """
    company_id, amount, subject = matter["company_id"], matter["amount"], matter["subject"]
    if actor.membership_id is None or company_id != actor.company_id:
        raise NotAllowed("not_yours", _("Only the company’s own people can ask for its approval."))
    is_own_currency = Company.objects.filter(pk=company_id, currency=matter["currency"]).exists()
    if not who_can_approve(company_id, amount if is_own_currency else None):
        raise Refused(
            "no_approver",
            _(
                "This is above your limit, and nobody in your company may approve it. "
                "Ask your administrator to name an approver."
            ),
        )
    try:
        with transaction.atomic():
            request = ApprovalRequest.objects.create(
                company_id=company_id,
                subject_type=subject[0],
                subject_id=subject[1],
                subject_title=matter["title"],
                reason=matter["reason"],
                facts=matter["facts"],
                amount=amount,
                currency=matter["currency"],
                requested_by_id=actor.membership_id,
            )
    except IntegrityError:
        raise Stale("already_waiting", _("This waits for approval already. Reload the page.")) from None
    record(
        actor,
        "approvals.requested",
        subject,
        changes={name: matter[name] for name in ("reason", "amount", "currency")},
    )
    publish(ApprovalRequested(approval_id=request.pk))
    return request


@transaction.atomic
def withdraw(*, subject: tuple[str, int]) -> bool:
    """Take back what waits about a subject, because the subject is gone; whether anything waited."""
    waiting = ApprovalRequest.objects.waiting().filter(subject_type=subject[0], subject_id=subject[1])
    return bool(waiting.update(status=ApprovalRequest.Status.CANCELLED))
