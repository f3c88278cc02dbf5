"""What people do with approvals."""

from kontor.approvals.operations.ask import request_approval, withdraw
from kontor.approvals.operations.decide import decide
from kontor.approvals.queries import who_can_approve

__all__ = ["decide", "request_approval", "who_can_approve", "withdraw"]
