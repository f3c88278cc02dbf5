"""What is asked, counted: by words and day, never by whom. Gathered in memory, as a search page writes nothing."""

import threading
from datetime import date

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from kontor.kernel import clock

log = structlog.get_logger(__name__)

MOST = 5000
"""Different words that are kept until they are written; of further ones nothing is counted."""
LONGEST = 200
WRITE = """
INSERT INTO search_asked AS a (day, words, shown, times, found)
SELECT * FROM unnest(%s::date[], %s::text[], %s::text[], %s::int[], %s::int[])
ON CONFLICT (day, words) DO UPDATE
SET times = a.times + excluded.times, found = excluded.found, shown = excluded.shown
"""
_lock = threading.Lock()
_noted: dict[tuple[date, str], tuple[str, int, int]] = {}
_writers: list[threading.Thread] = []


def note(words: str, shown: str, found: int) -> None:
    """Count that somebody asked for these words and how many products that found."""
    if not words:
        return
    key = (clock.now().date(), words[:LONGEST])
    with _lock:
        if key in _noted or len(_noted) < MOST:
            _noted[key] = (shown[:LONGEST], _noted.get(key, ("", 0, 0))[1] + 1, found)
        if settings.SEARCH_NOTES_EVERY and not any(one.is_alive() for one in _writers):
            _writers[:] = [threading.Thread(target=_write_sometimes, name="search-notes", daemon=True)]
            _writers[0].start()


def write_notes() -> int:
    """Write what was counted since; returns how many rows."""
    with _lock:
        taken = dict(_noted)
        _noted.clear()
    if taken:
        rows = [(day, words, *counted) for (day, words), counted in sorted(taken.items())]
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [list(column) for column in zip(*rows, strict=True)])
    return len(taken)


def _write_sometimes() -> None:
    ending = threading.Event()
    while not ending.wait(settings.SEARCH_NOTES_EVERY):
        try:
            if not write_notes():
                return
        except DatabaseError as problem:
            log.warning("search_notes_lost", problem=str(problem))
        finally:
            connection.close()
