"""What orders do when an app below them reports something."""

from kontor.approvals.events import ApprovalDecided
from kontor.approvals.models import ApprovalRequest
from kontor.kernel.events import on
from kontor.orders.models import Order
from kontor.orders.operations.approve import release_approved, undo_sent_back


@on(ApprovalDecided)
def follow_the_decision(event: ApprovalDecided) -> None:
    """A decision that was not taken on the order itself moves the order all the same."""
    request = ApprovalRequest.objects.select_related("decided_by__user", "decided_by__company").get(
        pk=event.approval_id
    )
    if request.subject_type != "order" or request.decided_by is None:
        return
    waiting = Order.objects.select_for_update(no_key=True).filter(
        pk=request.subject_id, status=Order.Status.AWAITING_APPROVAL
    )
    order = waiting.first()
    if order is None:
        return
    actor = request.decided_by.as_actor("worker")
    if request.status == ApprovalRequest.Status.APPROVED:
        release_approved(actor, order, request.note)
    elif request.status == ApprovalRequest.Status.SENT_BACK:
        undo_sent_back(actor, order, request.note)
