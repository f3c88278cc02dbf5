"""Document numbers, per type and seller.

Two kinds. `next_number` draws from a PostgreSQL sequence: it never waits, and a rolled-back order leaves a gap.
`next_gapless` locks a row until the transaction ends, so the series has no holes, as tax law wants for invoices: take
it late, just before the document is written.
"""

from functools import partial

from django.db import connection, transaction

CREATE = """
SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))
"""
GAPLESS = """
INSERT INTO kernel_gapless_number AS n (series, last) VALUES (%(series)s, %(first)s + %(count)s - 1)
ON CONFLICT (series) DO UPDATE SET last = n.last + %(count)s RETURNING last
"""
_known: set[tuple[str, str]] = set()
"""Sequences that exist, with the name of their database."""


def next_number(prefix: str, *, seller_id: int, first: int = 1001) -> str:
    """The next number of a series that may have gaps, as ``SO-7-1001`` without the seller when it is told apart.

    Numbers are unique per prefix and seller; they rise, but not in order of commit.
    """
    sequence = f"number_{prefix.lower()}_{int(seller_id)}"
    if not sequence.replace("_", "").isalnum():
        raise ValueError(f"not a document prefix: {prefix}")
    known = (str(connection.settings_dict["NAME"]), sequence)
    with connection.cursor() as cursor:
        if known not in _known:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [sequence])
            row = cursor.fetchone()
            if row is None or not row[0]:
                cursor.execute(CREATE, [sequence])
                cursor.execute(f"CREATE SEQUENCE IF NOT EXISTS {sequence} START {int(first)}")
            # Only a committed sequence is remembered: one that we made a moment ago may yet roll back.
            transaction.on_commit(partial(_known.add, known))
        cursor.execute("SELECT nextval(%s)", [sequence])
        (value,) = cursor.fetchone() or (0,)
    return f"{prefix}-{value}"


def next_gapless(prefix: str, *, seller_id: int, year: int, count: int = 1) -> list[str]:
    """The next `count` numbers of a gap-free series (``INV-2026-00001``); holds the series until commit."""
    parameters: dict[str, str | int] = {"series": f"{prefix}:{seller_id}:{year}", "first": 1, "count": count}
    with connection.cursor() as cursor:
        cursor.execute(GAPLESS, parameters)
        (last,) = cursor.fetchone() or (0,)
    return [f"{prefix}-{year}-{number:05d}" for number in range(last - count + 1, last + 1)]
