"""Excel workbooks (.xlsx), a row at a time. Nothing is executed: of a formula counts what Excel last worked out.

The archive is checked before it is opened, so that a small file cannot unpack to a large one; the XML in it is read
without entities. Numbers come as the text that Excel shows (15 digits), so a GTIN typed as a number stays one.
"""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from decimal import Decimal
from importlib import import_module
from itertools import chain
from typing import Any, BinaryIO

from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _

from kontor.kernel.entrances.archive import ArchiveLimits, check_file
from kontor.kernel.entrances.problem import EntranceProblem

LIMITS = ArchiveLimits(packed=500_000_000, member=1_500_000_000, unpacked=2_000_000_000, ratio=400)
STRINGS = ArchiveLimits(packed=500_000_000, member=150_000_000, unpacked=2_000_000_000, ratio=400)
"""Excel keeps the texts of all cells in one member, which is held in memory whole."""
COLUMNS = 2_000
ROWS = 1_048_576


def sheet_names(file: BinaryIO) -> list[str]:
    """The names of the sheets that hold cells. Raises EntranceProblem: what `check_file` raises, not_a_workbook."""
    with closing(_opened(file)) as book:
        return [sheet.title for sheet in book.worksheets]


def rows_of(file: BinaryIO, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """(row, cells) of each row that is not blank, numbered as Excel does.

    Raises EntranceProblem: not_a_workbook, no_sheet, too_many_columns.
    """
    with closing(_opened(file)) as book:
        if sheet not in book.sheetnames:
            message = _("The workbook has no sheet called %(sheet)s.") % {"sheet": sheet}
            raise EntranceProblem("no_sheet", message)
        found = book[sheet]
        if hasattr(found, "reset_dimensions"):
            found.reset_dimensions()  # what a workbook says about its own size is not believed
        try:
            for number, cells in enumerate(found.iter_rows(values_only=True), 1):
                if len(cells) > COLUMNS:
                    most = {"row": number, "most": COLUMNS}
                    message = _("Row %(row)s has more than %(most)s cells.") % most
                    raise EntranceProblem("too_many_columns", message, number)
                texts = ["" if cell is None else text_of(cell) for cell in cells]
                if any(texts):
                    yield number, texts
        except EntranceProblem:
            raise
        except Exception:  # the library fails in its own way on each kind of damage
            raise _damaged() from None


def text_of(cell: Any) -> str:
    """A cell as people see it: ``4006381333931``, ``12.4``, ``2026-11-22``, ``true``."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return f"{Decimal(f'{cell:.15g}'):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell).strip()


def _opened(file: BinaryIO) -> Any:
    file.seek(0)
    names = check_file(file, LIMITS)
    if "[Content_Types].xml" not in names:
        raise EntranceProblem(
            "not_a_workbook", _("This is a ZIP archive, but not an Excel workbook (.xlsx).")
        )
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            if info.filename.endswith("sharedStrings.xml") and info.file_size > STRINGS.member:
                message = _("The workbook has too many different texts. Save it as CSV.")
                raise EntranceProblem("too_big", message)
    file.seek(0)
    library = _library()
    try:
        return library.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except DefusedXmlException:
        message = _("The XML document declares entities; send it without them.")
        raise EntranceProblem("entities", message) from None
    except Exception:  # as above
        raise _damaged() from None


def _damaged() -> EntranceProblem:
    message = _("The workbook cannot be read. Open it in Excel and save it as .xlsx again, or as CSV.")
    return EntranceProblem("not_a_workbook", message)


def write_workbook(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[str | int | Decimal | None]]
) -> None:
    """A workbook of one sheet. A text is a text, so nothing in it is ever worked out as a formula."""
    library = _library()
    book = library.Workbook(write_only=True)
    sheet = book.create_sheet("Kontor")
    sheet.freeze_panes = "B2"
    for cells in chain([columns], rows):
        sheet.append([_cell(library, sheet, one) for one in cells])
    book.save(file)


def _library() -> Any:
    """6 MB of memory that a process takes with its first workbook only."""
    return import_module("openpyxl")


def _cell(library: Any, sheet: Any, value: str | int | Decimal | None) -> Any:
    if not isinstance(value, str) or not value:
        return None if value == "" else value
    cell = library.cell.WriteOnlyCell(sheet, library.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"  # the library takes what begins with = for a formula
    return cell
