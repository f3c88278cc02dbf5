"""Write many rows with one statement: columns travel as arrays, PostgreSQL unnests them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import orjson
from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def insert_rows(model: type[models.Model], columns: Mapping[str, Sequence[Any] | Any]) -> list[int]:
    """Insert rows given by column and return their ids in the order of the rows.

    A list or tuple holds a value per row, anything else is the same in every row; fields are named as on the model
    (``order_id``). There must be at least one list. Model defaults do not apply: name every column without a default
    in the database.
    """
    spread = tuple(name for name, values in columns.items() if isinstance(values, (list, tuple)))
    same = tuple(name for name in columns if name not in spread)
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, spread, same), [_bound(columns[name]) for name in (*same, *spread)])
        return [row[0] for row in cursor.fetchall()]


def insert_row(row: M) -> M:
    """Insert a new instance as it stands, at a third of the cost of `save()`: no signals, no hooks, no defaults."""
    concrete = _fields(type(row))
    columns = {name: getattr(row, name) for name in concrete if name != "id"}
    first = next(iter(columns))
    (row.pk,) = insert_rows(type(row), columns | {first: [columns[first]]})
    row._state.adding = False  # noqa: SLF001  # as Model.save() does
    return row


def _bound(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, dict) else value


@cache
def _fields(model: type[models.Model]) -> dict[str, "models.Field[Any, Any]"]:
    concrete = model._meta.concrete_fields  # noqa: SLF001  # Django documents Model._meta as public
    return {field.attname: field for field in concrete}


@cache
def _statement(model: type[models.Model], spread: tuple[str, ...], same: tuple[str, ...]) -> str:
    fields = _fields(model)
    table = model._meta.db_table  # noqa: SLF001  # as above
    target = ", ".join(f'"{fields[name].column}"' for name in (*same, *spread))
    constants = "".join(f"%s::{_type(fields[name])}, " for name in same)
    arrays = ", ".join(f"%s::{_type(fields[name])}[]" for name in spread)
    names = ", ".join(f"c{number}" for number in range(len(spread)))
    return (
        f"INSERT INTO {table} ({target}) SELECT {constants}{names} "
        f"FROM unnest({arrays}) WITH ORDINALITY AS given({names}, n) ORDER BY n RETURNING id"
    )


def _type(field: "models.Field[Any, Any]") -> str:
    # Without the length: a cast to varchar(40) would cut silently where the column itself refuses.
    return (field.db_type(connection) or "text").partition("(")[0]
