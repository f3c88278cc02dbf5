"""Mails about what waits for an approver, and what became of it."""

from django.utils.translation import gettext as _

from kontor.approvals.events import ApprovalDecided, ApprovalRequested
from kontor.approvals.models import ApprovalRequest
from kontor.approvals.queries import who_can_approve
from kontor.kernel.events import on, this_event
from kontor.notifications.audience import Recipient, people
from kontor.notifications.letters import Letter, money
from kontor.notifications.links import link
from kontor.notifications.operations import Posting, queue_mail
from kontor.notifications.topics import APPROVALS_DECIDED, APPROVALS_WAITING

PEOPLE = ("company", "requested_by__user", "decided_by__user")


@on(ApprovalRequested)
def tell_the_approvers(event: ApprovalRequested) -> None:
    request = _request(event.approval_id)
    if request.status != ApprovalRequest.Status.WAITING:
        return
    approvers = {member.pk for member in who_can_approve(request.company_id, request.amount_under_limits)}
    # Nobody approves what they asked for, unless nobody else could.
    others = approvers - {request.requested_by_id} or approvers

    def write(_to: Recipient) -> Letter:
        asker = request.requested_by
        names = {"title": request.subject_title, "name": asker.user.name, "amount": _amount(request)}
        facts = [(_("Net total"), names["amount"])]
        if asker.order_limit is not None:
            facts.append((_("Limit of %(name)s") % names, money(asker.order_limit, request.company.currency)))
        return Letter(
            subject=_("%(title)s of %(name)s waits for your approval: %(amount)s") % names,
            heading=_("%(title)s waits for your approval") % names,
            paragraphs=[
                _("%(name)s has placed an order above the own limit. The seller gets it once you approve.")
                % names
            ],
            facts=facts,
            action=(_("Approve or send back"), link("approval", request.pk)),
        )

    posting = Posting(
        topic=APPROVALS_WAITING,
        about=this_event(),
        thread=_thread(request),
        reply_to=request.requested_by.user.email,
    )
    queue_mail(
        posting=posting, to=people(APPROVALS_WAITING, request.company_id, concerned=others), write=write
    )


@on(ApprovalDecided)
def tell_who_asked(event: ApprovalDecided) -> None:
    request = _request(event.approval_id)
    approved = request.status == ApprovalRequest.Status.APPROVED
    decider = request.decided_by
    if decider is None or request.decided_by_id == request.requested_by_id:
        return

    def write(_to: Recipient) -> Letter:
        names = {"title": request.subject_title, "name": decider.user.name, "amount": _amount(request)}
        if approved:
            subject = heading = _("%(title)s is approved") % names
            told = _("%(name)s has approved it, and it is with the seller now.") % names
        else:
            subject = heading = _("%(title)s was sent back") % names
            told = (
                _(
                    "%(name)s did not approve it. Your cart is open again with its lines: change it and order again."
                )
                % names
            )
        return Letter(
            subject=subject,
            heading=heading,
            paragraphs=[told],
            words=request.note,
            words_by=decider.user.name if request.note else "",
            facts=[(_("Net total"), names["amount"])],
            action=(_("See the order"), _subject_link(request)),
        )

    posting = Posting(
        topic=APPROVALS_DECIDED,
        about=this_event(),
        thread=_thread(request),
        reply_to=decider.user.email,
    )
    to = people(APPROVALS_DECIDED, request.company_id, concerned=[request.requested_by_id])
    queue_mail(posting=posting, to=to, write=write)


def _request(pk: int) -> ApprovalRequest:
    return ApprovalRequest.objects.select_related(*PEOPLE).get(pk=pk)


def _amount(request: ApprovalRequest) -> str:
    return money(request.amount, request.currency)


def _thread(request: ApprovalRequest) -> str:
    return f"{request.subject_type}:{request.subject_id}"


def _subject_link(request: ApprovalRequest) -> str:
    return (
        link("order", request.subject_title.split()[-1]) if request.subject_type == "order" else link("home")
    )
