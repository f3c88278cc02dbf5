"""Rows of a file that were copied and judged: which are wrong, and what the others come to."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple, Protocol

from django.db import connection
from django.utils.translation import gettext as _

from kontor.kernel.actors import Actor
from kontor.kernel.staging import run

STAGE, JUDGED = "pricing_staged", "pricing_judged"
WRONG = f"SELECT line, problem, about FROM {JUDGED} WHERE problem <> '' ORDER BY line"
OUTCOME = f"""
SELECT count(*) FILTER (WHERE known IS NULL), count(*) FILTER (WHERE known IS NOT NULL AND differs),
    count(*) FILTER (WHERE known IS NOT NULL AND NOT differs)
FROM {JUDGED} WHERE problem = ''
"""


class Wrong(NamedTuple):
    """A row that cannot be written: its line, the column that is wrong ("": the row), and why."""

    line: int
    column: str
    why: str


class Outcome(NamedTuple):
    """How many rows are new, say something else than what is there, and say the same."""

    new: int
    changed: int
    unchanged: int


class FigureRows(Protocol):
    """A kind of rows. They are copied into the stage after `begin`, judged together, then written."""

    columns: Mapping[str, str]
    """Those of a file, with their types."""

    def begin(self) -> None:
        """An empty stage; a second file in the same transaction finds nothing of the first."""
        defined = ", ".join(f'"{name}" {kind}' for name, kind in self.columns.items())
        run(f"DROP TABLE IF EXISTS {STAGE}, {JUDGED}", {})
        run(f"CREATE TEMP TABLE {STAGE} (line int, {defined}) ON COMMIT DROP", {})

    def judge(self, actor: Actor, given: Collection[str]) -> None:
        """Look at all that was copied; `given` are the columns that the file has. Raises NotAllowed."""
        ...

    def write(self, actor: Actor, file_name: str) -> int:
        """Write what differs. The id of the price round that holds it until somebody approves; 0: it counts."""
        ...

    def sentence(self, problem: str, about: str) -> tuple[str, str]:
        """The column of a problem of these rows, and the problem in words."""
        ...


def wrong_rows(rows: FigureRows) -> Iterator[Wrong]:
    """What is wrong, by line, read as it is asked for."""
    of_article = {
        "sku": _("You have no article of this number."),
        "model": _("A model has no price; its variants have."),
    }
    with connection.chunked_cursor() as cursor:
        cursor.execute(WRONG)
        for line, problem, about in cursor:
            told = ("sku", of_article[problem]) if problem in of_article else rows.sentence(problem, about)
            yield Wrong(line, *told)


def outcome() -> Outcome:
    """What the good rows come to."""
    with connection.cursor() as cursor:
        cursor.execute(OUTCOME)
        return Outcome(*cursor.fetchall()[0])
