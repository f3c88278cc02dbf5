"""Price files and the paper: what they say of a quantity, read as their reader would."""

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import orjson
from django.urls import reverse

from kontor.orders.documents import price_cell
from kontor.orders.letterhead import Writer, speaking
from kontor.orders.price_paper import price_list_paper
from kontor.pricing.queries import ResolvedPrice
from tests.proof.surfaces import Asker, Figures, Question, by_breaks


def _file(asker: Asker, question: Question) -> Figures:
    text = asker.page(reverse("storefront:price_file_download"), form="jsonl")
    (row,) = (one for one in map(orjson.loads, text.splitlines()) if one["sku"] == question.product.sku)
    return by_breaks(row["prices"], question, "from", "price", "per")


def _table(asker: Asker, question: Question) -> Figures:
    rows = csv.DictReader(
        io.StringIO(asker.page(reverse("storefront:price_file_download"), form="csv").lstrip("\ufeff"))
    )
    return _steps_of(next(dict(row) for row in rows if row["sku"] == question.product.sku), question)


def _steps_of(row: dict[str, str], question: Question) -> Figures:
    names = [("from", "price", "per"), *((f"from_{n}", f"price_{n}", f"per_{n}") for n in range(2, 11))]
    steps = [dict(zip(("from", "price", "per"), map(row.get, name), strict=True)) for name in names]
    filled = [{key: str(value) for key, value in one.items()} for one in steps if one["price"]]
    return by_breaks(filled, question, "from", "price", "per")


def _workbook(asker: Asker, question: Question) -> Figures:
    assert asker.account is not None
    address = reverse("backoffice:customer_prices_xlsx", args=[asker.account.pk])
    answer: Any = asker.desk.get(address)
    sheet = ZipFile(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    return _steps_of(_sheet_row(sheet, question.product.sku), question)


def _sheet_row(book: ZipFile, sku: str) -> dict[str, str]:
    shared = (
        re.findall(r"<si>(.*?)</si>", book.read("xl/sharedStrings.xml").decode(), re.DOTALL)
        if ("xl/sharedStrings.xml" in book.namelist())
        else []
    )
    rows: list[dict[str, str]] = []
    for row in re.findall(r"<row.*?</row>", book.read("xl/worksheets/sheet1.xml").decode(), re.DOTALL):
        cells = {}
        for column, facts, inner in re.findall(r'<c r="([A-Z]+)\d+"([^>]*)>(.*?)</c>', row, re.DOTALL):
            text = re.sub(r"<[^>]+>", "", inner)
            cells[column] = re.sub(r"<[^>]+>", "", shared[int(text)]) if 't="s"' in facts else text
        rows.append(cells)
    heading, *rest = rows
    named = [{heading.get(column, column): text for column, text in one.items()} for one in rest]
    return next(one for one in named if one.get("sku") == sku)


def paper(asker: Asker, question: Question) -> str:
    """The cell of the paper's row that counts for the quantity."""
    assert asker.account is not None
    rows = iter([[list(cell or ()) for cell in row] for row in price_list_paper(asker.account, "en").rows])
    mine = [next(row for row in rows if question.product.sku in row[0])]
    for row in rows:
        if row[0] != [""]:
            break
        mine.append(row)
    reached = [
        row for row in mine if row[2] != [""] and _number(row[2][0]) <= question.base_quantity
    ] or mine[:1]
    return " ".join(reached[-1][3])


def _number(text: str) -> Decimal:
    found = re.match(r"[\d.,]+", text)
    assert found is not None, text
    return Decimal(found[0].replace(",", ""))


def on_paper(asker: Asker, question: Question, price: ResolvedPrice | None) -> str:
    """A price as the paper writes it."""
    if price is None:
        return "on request"
    with speaking("en"):
        cell = price_cell(
            price.amount, price.price_base, question.product.base_unit, price.currency, Writer("en")
        )
    cell[0] = f"{cell[0]} {price.currency}"
    return " ".join(cell)


FILES: dict[str, Callable[[Asker, Question], Figures | str]] = {
    "the price file": _file,
    "the price file as a table": _table,
    "the seller's workbook": _workbook,
}
"""What tells all breaks of the unit offered first, of a buyer."""
