"""What must always be true, as SQL that finds where it is not: the substance of `kontor check`."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Invariant:
    """A sentence, a query that counts what was examined, and one that returns a row per violation."""

    name: str
    tried: str
    bad: str


@dataclass(frozen=True, slots=True)
class Finding:
    """An invariant's outcome. `examples` are the first violations as the query returned them."""

    name: str
    tried: int
    bad: int
    examples: list[tuple[object, ...]]


_invariants: list[Invariant] = []


def invariant(name: str, *, tried: str, bad: str) -> None:
    """Register an invariant. `tried` returns one number; `bad` returns the offending rows."""
    _invariants.append(Invariant(name, tried, bad))


def check_all(examples: int = 5) -> list[Finding]:
    """Check every invariant in one snapshot of the database."""
    findings = []
    with connection.cursor() as cursor:
        for one in _invariants:
            cursor.execute(one.tried)
            (tried,) = cursor.fetchone() or (0,)
            cursor.execute(f"SELECT count(*) FROM ({one.bad}) AS bad")
            (bad,) = cursor.fetchone() or (0,)
            rows: list[tuple[object, ...]] = []
            if bad:
                cursor.execute(f"SELECT * FROM ({one.bad}) AS bad LIMIT {int(examples)}")
                rows = cursor.fetchall()
            findings.append(Finding(one.name, tried, bad, rows))
    return findings
