"""Time as the business sees it: UTC, and settable, so that tests and `kontor replay` can live in another year."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

_frozen: ContextVar[datetime | None] = ContextVar("kontor_clock", default=None)


def now() -> datetime:
    """The current moment in UTC, aware."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The current day in UTC. For a day in a company's own zone convert `now()` at the edge."""
    return now().date()


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
