"""Approvals: what waits for a decision, and the decision."""

from typing import Annotated, Literal

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.routers.orders import order_of
from kontor.api.shapes.orders import ApprovalOut, DecideIn
from kontor.api.values import amount_text
from kontor.approvals.models import ApprovalRequest
from kontor.approvals.permissions import DECIDE
from kontor.orders import operations

router = Router(tags=["Approvals"])


def approval_out(one: ApprovalRequest) -> ApprovalOut:
    return ApprovalOut(
        id=one.pk,
        subject_type=one.subject_type,
        subject_id=one.subject_id,
        title=one.subject_title,
        reason=one.reason,
        amount=amount_text(one.amount, one.currency),
        currency=one.currency,
        requested_by=one.requested_by.user.name,
        requested_at=one.requested_at,
        status=one.status,
        note=one.note,
        decided_at=one.decided_at,
    )


@router.get(
    "approvals", response=Page[ApprovalOut], operation_id="listApprovals", summary="Approvals, newest first"
)
@reads(refuses=("bad_cursor",))
def approvals(
    request: ApiRequest,
    paging: Annotated[PageAsk, Query()],
    status: Literal["waiting", "approved", "sent_back", "cancelled"] | None = None,
) -> Page[ApprovalOut]:
    """What the own company's people have asked approval for. `status=waiting` is what is to be decided."""
    rows = ApprovalRequest.objects.visible_to(request.actor).select_related("requested_by__user")
    if status:
        rows = rows.filter(status=status)
    return page(request, newest_first(rows, paging, name="approvals"), approval_out)


@router.post(
    "approvals/{int:approval_id}/decide",
    response=ApprovalOut,
    operation_id="decideApproval",
    summary="Approve or send back",
)
@needs(DECIDE)
@changes(refuses=("note_needed", "own_request", "above_own_limit", "wrong_status", "changed_meanwhile"))
def decide(request: ApiRequest, approval_id: int, body: DecideIn) -> ApprovalOut:
    """The first decision stands; who comes later is told so with 409."""
    rows = ApprovalRequest.objects.visible_to(request.actor).select_related("requested_by__user")
    waiting = get_object_or_404(rows, pk=approval_id)
    order = order_of(request, waiting.subject_id)
    if body.approved:
        operations.approve_order(actor=request.actor, order=order, note=body.note)
    else:
        operations.send_back_order(actor=request.actor, order=order, reason=body.note)
    waiting.refresh_from_db()
    return approval_out(waiting)
