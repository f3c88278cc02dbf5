"""What people do in conversations."""

from kontor.messaging.operations.write import write_message

__all__ = ["write_message"]
