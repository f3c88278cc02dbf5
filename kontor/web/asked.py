"""What an address or a form says, read as a day, a row's key, a box: None or False where it says nothing sensible."""

from datetime import date

from django.http import HttpRequest, QueryDict

from kontor.kernel import clock

LONGEST_KEY = 18


def day_of(text: str) -> date | None:
    """A day as a date field sends it, or None when there is none, it is no day, or of a year that nobody means."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if day.year in clock.USUAL_YEARS else None


def day_asked(request: HttpRequest, name: str) -> date | None:
    """The day in the address, or None."""
    return day_of(request.GET.get(name, ""))


def key_of(text: str) -> int | None:
    """A row's key as an address or a form names it, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY else None


def ticked(data: QueryDict, name: str) -> bool:
    """Whether a box is ticked; browsers send "on", addresses that people write say 1."""
    return data.get(name, "") not in ("", "0")
