"""A refusal leaves no trace: nothing in any table differs afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from django.apps import apps
from django.db import connection

from kontor.kernel.refusal import Refused


@cache
def tables() -> tuple[str, ...]:
    """Our tables in the test database."""
    ours = {model._meta.db_table for model in apps.get_models() if model.__module__.startswith("kontor.")}
    return tuple(sorted(ours.intersection(connection.introspection.table_names())))


def snapshot() -> dict[str, str]:
    """A fingerprint of the rows of each of our tables; one statement."""
    parts = [
        f"SELECT '{table}', coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t"
        for table in tables()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


@contextmanager
def refused(code: str, *fields: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """The block is refused with this code and exactly these fields, and every table is as it was."""
    before = snapshot()
    with pytest.raises(Refused) as refusal:
        yield refusal
    assert refusal.value.code == code, refusal.value
    assert set(refusal.value.fields) == set(fields)
    after = snapshot()
    assert {table for table in after if after[table] != before[table]} == set()


@contextmanager
def unchanged() -> Iterator[None]:
    """Nothing in any table differs after the block."""
    before = snapshot()
    yield
    after = snapshot()
    assert {table for table in after if after[table] != before[table]} == set()
