"""Time as the business sees it: UTC, and settable, so that tests and `kontor replay` can live in another year."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("kontor_clock", default=None)


def now() -> datetime:
    """The current moment in UTC, aware."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The current day in UTC, for the machine's own notes. What stands on paper is a day in a company's zone."""
    return now().date()


def day_in(zone: str) -> date:
    """The current day in a zone such as ``Europe/Berlin``: the day that a company there writes on its papers."""
    return now().astimezone(ZoneInfo(zone)).date()


def set_clock(moment: datetime | None) -> None:
    """Stop the clock of this context at `moment` (aware), or let it run again with None."""
    if moment is not None and moment.tzinfo is None:
        raise ValueError("the clock takes aware datetimes only")
    _frozen.set(moment)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Run the block as if it were `moment`."""
    if moment.tzinfo is None:
        raise ValueError("the clock takes aware datetimes only")
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
