"""A temporary table per batch, filled by COPY."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection


def stage(table: str, columns: dict[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Fill the temporary table `table`, made on first use in this transaction; `columns` maps names to types."""
    defined = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} ({defined}) ON COMMIT DROP")
        cursor.execute(f"TRUNCATE {table}")
        with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"ANALYZE {table}")


def refresh_statistics() -> None:
    """Tell the planner that the tables have grown: what it believed when they were small makes each batch slower."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_product, catalog_sales_unit")


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
