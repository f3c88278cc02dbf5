"""Free text from people, fit for the database: right length, no characters that no one can see or store."""

from django.utils.translation import gettext as _

from kontor.kernel.refusal import Refused


def printable(text: str) -> str:
    """The text with line breaks as ``\\n``, without NUL, lone surrogates and other control characters, trimmed.

    >>> printable(" one\\r\\ntwo\\x00 ")
    'one\\ntwo'
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in "\n\t" or (c >= " " and c != "\x7f" and not "\ud800" <= c <= "\udfff"))
    return "".join(kept).strip()


def checked_text(text: str, *, field: str, limit: int) -> str:
    """`printable(text)`. Raises Refused("text_too_long") at `field` beyond `limit` characters."""
    clean = printable(text)
    if len(clean) > limit:
        message = _("This text has %(length)d characters; at most %(limit)d fit. Shorten it.") % {
            "length": len(clean),
            "limit": limit,
        }
        raise Refused("text_too_long", message, {field: message})
    return clean
