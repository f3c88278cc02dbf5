"""Own part numbers from pasted rows or a CSV file: own number, then any number by which the article is known here."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from kontor.catalog.operations import number_problem
from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.entrances.csv_rows import find_delimiter, read_rows
from kontor.kernel.folding import code_key
from kontor.kernel.refusal import Refused
from kontor.search.queries import Viewer, lookup_skus

OWN = (
    "ownnumber",
    "ournumber",
    "yournumber",
    "customernumber",
    "unserenummer",
    "eigenenummer",
    "kundenartikelnummer",
)
ARTICLE = ("sku", "article", "articlenumber", "artikel", "artikelnummer", "gtin", "ean")
MOST_ROWS = 5000


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that cannot be taken, numbered as a spreadsheet numbers it, with the reason as a sentence."""

    number: int
    text: str
    problem: str


def read_part_numbers(text: str, viewer: Viewer) -> tuple[dict[int, str], list[WrongRow]]:
    """Own numbers by product, and the rows that cannot be taken. One statement.

    A header is recognised by its words; then the columns may stand in any order, and others are left alone.
    """
    rows = _rows(text)
    own, article = 0, 1
    if rows:
        header = [code_key(cell).lower() for cell in rows[0][1]]
        named = (_place(header, OWN), _place(header, ARTICLE))
        if None not in named:
            own, article = (place or 0 for place in named)
            rows = rows[1:]
    pairs = [(no, _cell(cells, own), _cell(cells, article), " ".join(cells)) for no, cells in rows]
    found = lookup_skus(viewer, list({number for _no, _own, number, _text in pairs if number}))
    taken: dict[int, str] = {}
    wrong: list[WrongRow] = []
    for no, number, sku, whole in pairs:
        hit = found.get(sku)
        problem = number_problem(number)
        if hit is None:
            problem = _("No article with this number is sold here.")
        elif hit.product_id in taken and not problem:
            problem = _("This article stands in the list twice.")
        if problem or hit is None:
            wrong.append(WrongRow(no, whole[:80], problem))
        else:
            taken[hit.product_id] = number
    return taken, wrong


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows that hold something, numbered from 1. Raises Refused at ``rows`` when quotes do not match."""
    text = text.removeprefix("\ufeff").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    document = io.BytesIO(text.encode(errors="replace"))
    reader = read_rows(document, "\t" if "\t" in text else find_delimiter(text))
    try:
        rows = [[cell.strip() for cell in cells] for cells in islice(reader, MOST_ROWS + 1)]
    except EntranceProblem as problem:
        raise Refused("unreadable", str(problem), {"rows": str(problem)}) from None
    return [(no, cells) for no, cells in enumerate(rows, 1) if any(cells)]


def _place(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((place for place, cell in enumerate(header) if cell in names), None)


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""
