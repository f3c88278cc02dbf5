"""Lines as a map from id or position, so that a problem can point at the line: ``#/lines/12/quantity``."""

from collections.abc import Mapping
from typing import TypeVar

from django.utils.translation import gettext as _

from kontor.kernel.refusal import Refused

Line = TypeVar("Line")


def numbered(lines: Mapping[str, Line]) -> dict[int, Line]:
    """The lines by number. Raises Refused("unknown_line") at each key that is no plain number."""
    message = _("This belongs to no line.")
    wrong = {f"lines/{key[:40]}": message for key in lines if not _is_number(key)}
    if wrong:
        raise Refused("unknown_line", message, wrong)
    return {int(key): line for key, line in lines.items()}


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) <= 18 and str(int(key)) == key
