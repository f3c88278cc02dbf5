"""What happens to requests for approval, for the apps above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApprovalRequested:
    """Something waits for an approver."""

    approval_id: int

    @property
    def key(self) -> str:
        return f"approval:{self.approval_id}"


@dataclass(frozen=True, slots=True)
class ApprovalDecided:
    """An approver has approved or sent back; which, stands in the row."""

    approval_id: int

    @property
    def key(self) -> str:
        return f"approval:{self.approval_id}"
