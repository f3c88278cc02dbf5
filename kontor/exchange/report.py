"""What came of a file's rows: the counts, the first problems for the page, and all of them as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from kontor.exchange.drafts import Draft
from kontor.kernel.entrances.csv_rows import line_of, write
from kontor.tables.report_columns import MOST_COLUMNS_KEPT, report_columns

SHOWN = 200
LONGEST_CELL = 300


@dataclass(slots=True)
class Counts:
    """Rows of the file, and what came of them. Prices and stock count figures that made a difference.

    `removed` are choices and agreements that rows about the same article or customer leave out, `price_round` the key
    of the round into which prices went instead, because a second person approves them.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: int = 0
    prices: int = 0
    stock: int = 0
    pictures: int = 0
    shortened: int = 0
    removed: int = 0
    price_round: int = 0

    def as_json(self) -> dict[str, int]:
        return asdict(self)


@dataclass(slots=True)
class Report:
    """Collects problems; the file with all of them is begun with the first and holds the rows as they came."""

    path: Path
    columns: Sequence[str]
    counts: Counts = field(default_factory=Counts)
    first: list[dict[str, Any]] = field(default_factory=list)
    _file: BinaryIO | None = None

    def wrong(self, draft: Draft) -> None:
        """A row that cannot be imported."""
        self.counts.wrong += 1
        for column, message in draft.problems[:5]:
            self._show(draft, column, message, "problem")
        why = " ".join(
            _("%(column)s: %(why)s") % {"column": column, "why": message} if column else message
            for column, message in draft.problems
        )
        self._write(draft, why)

    def waits(self, draft: Draft, why: str) -> None:
        """A row that is right and is not imported because of another; only the file has it."""
        self.counts.wrong += 1
        self._write(draft, why)

    def noted(self, draft: Draft) -> None:
        """A row that was imported, but not quite as it stood."""
        self.counts.shortened += len(draft.notes)
        for column, message in draft.notes[:2]:
            self._show(draft, column, message, "note")

    def close(self) -> bool:
        """Finish the file; whether there is one."""
        if self._file is None:
            return False
        self._file.close()
        return True

    def _show(self, draft: Draft, column: str, message: str, kind: str) -> None:
        if len(self.first) < SHOWN:
            cell = str(draft.cells.get(column, ""))[:LONGEST_CELL]
            self.first.append(
                {
                    "line": draft.line,
                    "sku": draft.sku,
                    "column": column,
                    "cell": cell,
                    "why": message,
                    "kind": kind,
                }
            )

    def _write(self, draft: Draft, why: str) -> None:
        if self._file is None:
            self._file = self.path.open("wb")
            self._file.writelines(write([*report_columns(), *self.columns], []))
        cells = (draft.cells.get(name, "") for name in self.columns)
        self._file.write(line_of([str(draft.line), why, *cells]))


def repeated(names: Sequence[str], meanings: Mapping[str, str]) -> list[str]:
    """The columns that a report repeats, in the order of the file: all, or of a very wide file those with a meaning."""
    if len(names) <= MOST_COLUMNS_KEPT:
        return list(names)
    return [name for name in names if meanings.get(name)][:MOST_COLUMNS_KEPT]
