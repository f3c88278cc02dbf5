"""BMEcat 1.01, 1.2 and 2005: articles as rows, with columns named as the standard's elements (those of 2005).

The file is read twice: shelves and the articles on them stand behind the articles that they are about.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.entrances.xml_stream import Element, Record, records
from kontor.tables.bmecat_parts import cells_of
from kontor.tables.table import Column, Row, Table

ARTICLES = frozenset({"ARTICLE", "PRODUCT"})
SHELVES = frozenset({"CATALOG_STRUCTURE"})
MAPS = frozenset({"ARTICLE_TO_CATALOGGROUP_MAP", "PRODUCT_TO_CATALOGGROUP_MAP"})
WANTED = ARTICLES | SHELVES | MAPS | {"HEADER"}
MOST_COLUMNS = 2_000
DEEPEST = 20


@dataclass(slots=True)
class _Surroundings:
    """What the file says besides its articles. `language` is the first, whose texts have no mark in the column."""

    language: str = ""
    currency: str = ""
    version: str = ""
    groups: dict[str, tuple[str, str]] = field(default_factory=dict)
    placed: dict[str, str] = field(default_factory=dict)

    def note(self, element: Element) -> None:
        if element.tag == "HEADER":
            catalog = element.find("CATALOG")
            self.language = (element.findtext("CATALOG/LANGUAGE") or "").strip().lower()
            self.currency = (element.findtext("CATALOG/CURRENCY") or "").strip().upper()
            self.version = "" if catalog is None else (catalog.findtext("CATALOG_VERSION") or "").strip()
        elif element.tag in SHELVES:
            key = (element.findtext("GROUP_ID") or "").strip()
            name = " ".join((element.findtext("GROUP_NAME") or "").split())
            self.groups[key] = (name, (element.findtext("PARENT_ID") or "").strip())
        else:
            article = element.findtext("ART_ID") or element.findtext("PROD_ID") or ""
            self.placed.setdefault(article.strip(), (element.findtext("CATALOG_GROUP_ID") or "").strip())

    def shelf_of(self, sku: str) -> str:
        """``Tools > Pliers``; the root of the shelves, which is the catalog itself, is left out."""
        key, names = self.placed.get(sku, ""), list[str]()
        for _step in range(DEEPEST):
            name, parent = self.groups.get(key, ("", ""))
            if not name or (parent in ("", "0") and names):
                break
            names.append(name)
            key = parent
        return " > ".join(reversed(names))


def read_bmecat(file: Path) -> Table:
    """Raises EntranceProblem: what `xml_stream` raises, not_bmecat, no_articles."""
    around = _Surroundings()
    columns = {"SUPPLIER_PID": Column("SUPPLIER_PID")}
    articles = 0
    with file.open("rb") as opened:
        found = records(opened, frozenset(WANTED))
        _check_root(next(found, ""))
        for record in found:
            if not isinstance(record, Record):
                continue
            if record.element.tag not in ARTICLES:
                around.note(record.element)
            elif record.element.get("mode") is not None or len(record.element) > 1:
                articles += 1
                for name, value in cells_of(record.element, around.language).items():
                    if len(columns) < MOST_COLUMNS:
                        columns.setdefault(name, Column(name)).note(value)
    if not articles:
        message = _("There is no article in this BMEcat file.")
        raise EntranceProblem("no_articles", message)
    if around.placed:
        columns["CATALOG_GROUP"] = Column("CATALOG_GROUP")
        for sku in list(around.placed)[:200]:
            columns["CATALOG_GROUP"].note(around.shelf_of(sku))
    about = {"language": around.language, "currency": around.currency, "catalog": around.version}
    return Table(
        form="bmecat",
        about=about,
        columns=list(columns.values()),
        rows=lambda: _rows(file, around, columns),
        constants={"PRICE_CURRENCY": around.currency} if around.currency else {},
    )


def _check_root(root: Record | str) -> None:
    if root == "BMECAT":
        return
    if root == "schema":
        message = _("This is the description of a file format (XSD), not a catalog.")
    else:
        message = _("This XML file is not a BMEcat catalog: it begins with <%(root)s>.") % {"root": root}
    raise EntranceProblem("not_bmecat", message)


def _rows(file: Path, around: _Surroundings, columns: Mapping[str, Column]) -> Iterator[Row]:
    with file.open("rb") as opened:
        for record in records(opened, ARTICLES):
            # In old files references between articles are elements of the same name, with nothing in them.
            if isinstance(record, Record) and (
                record.element.get("mode") is not None or len(record.element) > 1
            ):
                yield _row(record, around, columns)


def _row(record: Record, around: _Surroundings, columns: Mapping[str, Column]) -> Row:
    cells = {
        name: value for name, value in cells_of(record.element, around.language).items() if name in columns
    }
    sku = cells.get("SUPPLIER_PID", "")
    if "CATALOG_GROUP" in columns:
        cells["CATALOG_GROUP"] = around.shelf_of(sku)
    return Row(record.line, cells, _problem(record.element, sku))


def _problem(element: Element, sku: str) -> str:
    if not sku:
        return _("The article has no number: SUPPLIER_AID (SUPPLIER_PID) is missing or empty.")
    if element.get("mode") == "delete":
        return _("The file asks for this article to be deleted. Take it off sale instead.")
    for name in ("ARTICLE_DETAILS", "PRODUCT_DETAILS"):
        if element.find(f"{name}//{name}") is not None:
            return _("%(name)s stands inside of another %(name)s.") % {"name": name}
    return ""
