"""What is asked for most, and what is asked for in vain."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from kontor.kernel import clock

REPORT = """
SELECT DISTINCT ON (words) words, shown, sum(times) OVER whole AS times, found, max(day) OVER whole AS last
FROM search_asked WHERE day >= %(since)s
WINDOW whole AS (PARTITION BY words) ORDER BY words, day DESC
"""
MOST = 50


@dataclass(frozen=True, slots=True)
class AskedFor:
    """Words, how often they were asked for, how many products they found the last time, and when that was."""

    words: str
    shown: str
    times: int
    found: int
    last: date


def asked_most(days: int = 30) -> list[AskedFor]:
    """The words most often asked for."""
    return _report("true", days)


def asked_in_vain(days: int = 30) -> list[AskedFor]:
    """The words most often asked for that found nothing when they were asked last."""
    return _report("found = 0", days)


def _report(which: str, days: int) -> list[AskedFor]:
    since = clock.now().date() - timedelta(days=days)
    sql = f"SELECT * FROM ({REPORT}) r WHERE {which} ORDER BY times DESC, words LIMIT {MOST}"
    with connection.cursor() as cursor:
        cursor.execute(sql, {"since": since})
        return [AskedFor(*row) for row in cursor.fetchall()]
