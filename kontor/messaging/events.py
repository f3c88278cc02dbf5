"""What happens in conversations, for the apps above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MessageWritten:
    """Somebody wrote to the other side."""

    message_id: int
    thread_id: int

    @property
    def key(self) -> str:
        return f"thread:{self.thread_id}"
