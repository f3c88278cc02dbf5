"""Rows into tables by COPY: into a temporary one per batch, or straight into the one where they stay."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

NEXT_IDS = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
# Statistics of a table that is four times what it was when they were made lead to plans for a small one.
OUTGROWN = """
SELECT quote_ident(relname) FROM pg_class WHERE oid = ANY (%s::regclass[])
AND pg_relation_size(oid) / current_setting('block_size')::int > 4 * greatest(relpages, 250)
"""


def stage(table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Fill the temporary table `table` anew; `columns` maps names to types."""
    define(table, columns)
    run(f"TRUNCATE {table}", {})
    copy(table, columns, rows)
    run(f"ANALYZE {table} ({next(iter(columns))})", {})


def define(table: str, columns: Mapping[str, str]) -> None:
    """Make a temporary table, on first use in this transaction."""
    defined = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    run(f"CREATE TEMP TABLE IF NOT EXISTS {table} ({defined}) ON COMMIT DROP", {})


def copy(table: str, columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows to a table. Raises Django's errors of the database, not the driver's."""
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as into,
    ):
        for row in rows:
            into.write_row(row)


def copy_lines(table: str, columns: Iterable[str], pieces: Iterable[str]) -> None:
    """The same from lines in PostgreSQL's own text format; rows that came before are left as they are."""
    names = ", ".join(f'"{name}"' for name in columns)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as into,
    ):
        for piece in pieces:
            into.write(piece)


def next_ids(table: str, count: int) -> list[int]:
    """Ids for rows that are about to be added."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_IDS, [table, count])
        return [row[0] for row in cursor.fetchall()]


def refresh_statistics(*tables: str) -> None:
    """Tell the planner which of these tables have grown: what it believed when they were small makes batches slow."""
    with connection.cursor() as cursor:
        cursor.execute(OUTGROWN, [list(tables)])
        if outgrown := [row[0] for row in cursor.fetchall()]:
            cursor.execute(f"ANALYZE {', '.join(outgrown)}")


@contextmanager
def planned_for_many() -> Iterator[None]:
    """Statements of the block are planned for the rows that they get, not prepared.

    A plan that is kept on a connection may be one for a single row, as pages write them: nested loops over thousands.
    (`plan_cache_mode` would do the same to the checks of foreign keys, one plan a row.)
    """
    connection.ensure_connection()
    kept = connection.connection
    usual, kept.prepare_threshold = kept.prepare_threshold, None
    try:
        yield
    finally:
        kept.prepare_threshold = usual


def ids(sql: str, parameters: dict[str, Any]) -> list[int]:
    """The first column of what a statement returns."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


def run(sql: str, parameters: dict[str, Any]) -> int:
    """Execute it; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


def amount(sql: str, parameters: dict[str, Any]) -> int:
    """The one figure that a statement returns."""
    return ids(sql, parameters)[0]
