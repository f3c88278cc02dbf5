"""Documents that go with mails. They are made when the mail is sent, so a mail that waits costs nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from kontor.notifications.models import Mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file: its name as the recipient sees it, its bytes, its media type."""

    name: str
    content: bytes
    media_type: str = "application/pdf"


Maker = Callable[[int, str], Attachment]
"""From the object's number and the reader's language."""

MAKERS: dict[str, Maker] = {}


def attachment_of(mail: Mail) -> Attachment | None:
    """The mail's document, freshly made, or None when it has none. Raises LookupError for a kind nobody makes."""
    if not mail.attachment_kind or mail.attachment_id is None:
        return None
    maker = MAKERS.get(mail.attachment_kind)
    if maker is None:
        raise LookupError(f"nobody makes documents of the kind {mail.attachment_kind}")
    return maker(mail.attachment_id, mail.language)
