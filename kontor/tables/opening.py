import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from kontor.kernel.entrances import EntranceProblem
from kontor.tables.bmecat import read_bmecat
from kontor.tables.json_lines import read_json_lines
from kontor.tables.sheets import read_csv, read_workbook
from kontor.tables.table import Table

LOOK = 16_384


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person knows better: the sheet of a workbook, the line of the header (0: find it)."""

    sheet: str = ""
    header: int = 0


def open_table(file: Path, options: ReadOptions = ReadOptions()) -> Table:
    """The file as a table; its kind is told by its first bytes, not by its name.

    Raises EntranceProblem with a sentence for people: what the entrances of the kinds raise, old_excel, pdf, packed.
    """
    with file.open("rb") as opened:
        form = form_of(opened)
    if form == "xlsx":
        return read_workbook(file, options.sheet, options.header)
    if form == "bmecat":
        return read_bmecat(file)
    return read_json_lines(file) if form == "jsonl" else read_csv(file, options.header)


def form_of(file: BinaryIO) -> str:
    """``xlsx``, ``bmecat``, ``jsonl`` or ``csv``. Raises EntranceProblem for what is none of them."""
    file.seek(0, io.SEEK_SET)
    start = file.read(LOOK)
    if start.startswith(b"PK\x03\x04"):
        return "xlsx"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        message = _("This is the old Excel format (.xls). Save the file as .xlsx or as CSV.")
        raise EntranceProblem("old_excel", message)
    if start.startswith(b"%PDF-"):
        raise EntranceProblem("pdf", _("This is a PDF file. Send the table itself as CSV or Excel."))
    if start.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf")):
        raise EntranceProblem("packed", _("The file is packed. Unpack it first."))
    text = start.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    if b"<!ELEMENT" in text and b"<!DOCTYPE" not in text:
        raise EntranceProblem("dtd", _("This is the description of a file format (DTD), not a catalog."))
    if text.startswith((b"<", b"\x00<")):
        return "bmecat"
    return "jsonl" if text.startswith(b"{") else "csv"
