"""Instances from hand-written statements: for hot reads, where Django would take longer to make the SQL than
PostgreSQL takes to answer it."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


class Reader(Generic[M]):
    """All columns of a model, in the order in which Django wants their values."""

    def __init__(self, model: type[M]) -> None:
        self.model = model

    @cached_property
    def fields(self) -> list["models.Field[Any, Any]"]:
        return list(self.model._meta.concrete_fields)  # noqa: SLF001  # Django documents Model._meta as public

    @cached_property
    def names(self) -> list[str]:
        return [field.attname for field in self.fields]

    @cached_property
    def _converted(self) -> list[tuple[int, Any]]:
        """Places and fields of values that are not what the database driver returns, as JSON."""
        return [(at, field) for at, field in enumerate(self.fields) if hasattr(field, "from_db_value")]

    def columns(self, table: str) -> str:
        """The columns for a SELECT or RETURNING; `table` is the table's name or alias there."""
        return ", ".join(f"{table}.{field.column}" for field in self.fields)

    def read(self, values: Sequence[Any]) -> M:
        """The instance whose `columns` these are."""
        row = list(values)
        for at, field in self._converted:
            row[at] = field.from_db_value(row[at], None, connection)
        return self.model.from_db("default", self.names, row)

    def read_several(self, rows: Sequence[Sequence[Any]]) -> list[M]:
        """An instance for each row."""
        return [self.read(row) for row in rows]
