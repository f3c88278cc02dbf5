"""How many SQL statements each page takes, against the figures in sql_counts.toml, which may only become smaller.

KONTOR_TEST_WRITE_COUNTS=1 writes the file anew.
"""

import os
import tomllib
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.proof.doorway import Door, content, undone
from tests.proof.permission_table import ROLES, Call, Route, calls, routes

pytestmark = pytest.mark.django_db
FILE = Path(__file__).with_name("sql_counts.toml")
OURS = ("pg_stat_xact", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET LOCAL")


def measured(door: Door, route: Route) -> int | None:
    """Statements of the page, opened by the first role that may; the second time, as caches are warm then."""
    for role in reversed(ROLES):
        if role.key or not role.trade or not route.admits(role):
            continue
        own, other = door.trades[role.trade].ids, door.trades["globex"].ids
        call: Call = calls(route, own, other, role)[0]
        with undone():
            if door.send(call, role).status_code != 200:
                continue
            with CaptureQueriesContext(connection) as taken:
                content(door.send(call, role))
        return sum(1 for one in taken.captured_queries if not one["sql"].startswith(OURS))
    return None


def test_no_page_takes_more_statements_than_it_did(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    pages = [one for one in routes()[0] if one.kind == "page" and one.method == "GET"]
    found = {one.address: number for one in pages if (number := measured(door, one)) is not None}
    if os.environ.get("KONTOR_TEST_WRITE_COUNTS"):
        lines = [f'"{address}" = {number}' for address, number in sorted(found.items())]
        FILE.write_text("# SQL statements of each page: may only become fewer\n" + "\n".join(lines) + "\n")
    allowed = tomllib.loads(FILE.read_text())
    with capsys.disabled():
        fewer = {one: number for one, number in found.items() if number < allowed.get(one, 0)}
        print(
            f"\nSQL: {len(found)} pages, {sum(found.values())} statements, most {max(found.values())}"
            + (f"; lower these in {FILE.name}: {fewer}" if fewer else "")
        )
    assert sorted(set(found) - set(allowed)) == [], "pages without a figure"
    assert {one: (number, allowed[one]) for one, number in found.items() if number > allowed[one]} == {}
    assert sorted(set(allowed) - set(found)) == [], "figures without a page"
