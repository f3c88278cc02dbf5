"""Files of prices and of costs: copied as they are read, judged and written by statements over all rows."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.exchange import folder
from kontor.exchange.drafts import Draft, meant
from kontor.exchange.fields import CellProblem, Read, Signs
from kontor.exchange.plan import Plan
from kontor.exchange.report import repeated
from kontor.exchange.stated import Stated
from kontor.exchange.stated.blocks import tell
from kontor.exchange.subjects import PRICES
from kontor.exchange.writing import NothingKept, one_import_at_a_time
from kontor.kernel.staging import copy_lines
from kontor.pricing.bulk import STAGE, CostRows, FigureRows, PriceRows, outcome, wrong_rows
from kontor.tables import ReadOptions, Row, Table, open_table

BATCH = 2_000
REMEMBERED = 100_000
NOTHING = "\\N"
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
NEEDED = {
    "sku": gettext_lazy("The row has no SKU."),
    "price": gettext_lazy("Write a price, or “on request”."),
}


def carry_figures(work: Stated, *, check: bool) -> str:
    """Check a file of prices or costs, or write it in one transaction; what keeps it out, or ""."""
    plan, run, counts = work.plan, work.run, work.report.counts
    table = open_table(folder.fetched(run.file), ReadOptions(plan.sheet, plan.header))
    work.report.columns = repeated(table.names, plan.columns)
    is_price = plan.subject == PRICES
    rows: FigureRows = PriceRows(run.seller_id, plan.price_list) if is_price else CostRows(run.seller_id)
    given = [name for name in rows.columns if plan.column_of(name)]
    try:
        with transaction.atomic():
            rows.begin()
            copy_lines(STAGE, ["line", *given], _lines(work, table, given))
            one_import_at_a_time(run.seller_id)
            rows.judge(work.actor, given)
            _tell(work, table, rows)
            counts.new, counts.changed, counts.unchanged = outcome()
            if check or (counts.wrong and not plan.takes_good_rows):
                raise NothingKept
            counts.price_round = rows.write(work.actor, run.file_name)
    except NothingKept:
        return "" if check else _("Some rows are wrong, so nothing was imported.")
    except IntegrityError:
        return _(
            "Somebody changed the same articles or prices at this moment. Nothing was imported; try again."
        )
    return ""


def _lines(work: Stated, table: Table, given: Sequence[str]) -> Iterator[str]:
    """The rows that can be read, as COPY takes them; the others are reported."""
    rows, lines_of = table.rows(), _reader(work.plan, given)
    while batch := list(islice(rows, BATCH)):
        lines, wrong = lines_of(batch)
        for draft in wrong:
            work.report.wrong(draft)
        work.report.counts.rows += len(batch)
        work.progress(work.report.counts.rows)
        yield "".join(lines)


class _Texts(dict[str, Any]):
    """What the texts of a column are in a line for COPY, or the CellProblem that says why they cannot be there."""

    def __init__(self, read: Read, signs: Signs, target: str) -> None:
        self._read, self._signs = read, signs
        self[""] = CellProblem(NEEDED[target]) if target in NEEDED else NOTHING

    def __missing__(self, text: str) -> Any:
        if text.isspace():
            return self[""]
        found: Any
        try:
            value = self._read(meant(text), self._signs)
            found = NOTHING if value is None else str(value).translate(ESCAPED)
        except CellProblem as problem:
            found = problem
        if len(self) < REMEMBERED:
            self[text] = found
        return found


def _reader(plan: Plan, given: Sequence[str]) -> Callable[[Sequence[Row]], tuple[list[str], list[Draft]]]:
    """A function that reads a batch, column by column: its lines, and the rows that cannot be read."""
    sku = plan.column_of("sku")
    columns = {
        plan.column_of(target): _Texts(plan.about.fields[target].read, plan.signs, target) for target in given
    }

    def lines_of(rows: Sequence[Row]) -> tuple[list[str], list[Draft]]:
        cells = [row.cells for row in rows]
        read = [[texts[one.get(column, "")] for one in cells] for column, texts in columns.items()]
        lines, wrong = [], []
        for row, *values in zip(rows, *read, strict=True):
            try:
                if row.problem:
                    raise TypeError
                lines.append(f"{row.line}\t{'	'.join(values)}\n")
            except TypeError:  # one of them is a CellProblem
                found = [
                    (name, str(one))
                    for name, one in zip(columns, values, strict=True)
                    if one.__class__ is CellProblem
                ]
                problems = [("", row.problem)] if row.problem else found
                wrong.append(Draft(row.line, row.cells, sku=row.cells.get(sku, ""), problems=problems))
        return lines, wrong

    return lines_of


def _tell(work: Stated, table: Table, rows: FigureRows) -> None:
    """Report what is wrong with rows that were copied. The file is read once more, up to the last of them."""
    read, sku = table.rows(), work.plan.column_of("sku")
    for line, column, why in wrong_rows(rows):
        row = next(one for one in read if one.line == line)
        draft = Draft(line, row.cells, sku=row.cells.get(sku, ""))
        tell(work.plan, draft, column, why)
        work.report.wrong(draft)
    work.report.first.sort(key=lambda one: one["line"])
