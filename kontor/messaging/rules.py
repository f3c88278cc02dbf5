"""How the text of a message is kept."""

import re

LONGEST = 10_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def cleaned_body(text: str) -> str:
    """A message without blanks around it, with plain line breaks, and without control characters.

    >>> cleaned_body("  When will it ship?\\r\\nWe need it on Monday.\\x00 ")
    'When will it ship?\\nWe need it on Monday.'
    """
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
