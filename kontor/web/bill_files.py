"""The columns in which files tell what orders and invoices consist of, for both sides."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.entrances.csv_rows import Cell
from kontor.orders.bill_rows import KINDS, BillRow
from kontor.web.spreadsheets import cents, plain

ROW_COLUMNS = (
    _("Row"), _("Line"), _("Number"), _("Text"), _("Quantity"), _("Unit"), _("Unit price"), _("Per"), _("Net"),
    _("Tax rate"), _("Tax code"), _("Tax"), _("Currency"),
)  # fmt: skip


def row_cells(row: BillRow, currency: str, *, sign: int = 1) -> list[Cell]:
    """A row in ROW_COLUMNS; `sign` is -1 on credit notes."""
    line = row.line if row.kind == "line" else None
    sold: list[Cell] = [None, None, None, None]
    if line is not None:
        sold = [plain(row.quantity), row.unit, plain(line.unit_price), plain(line.price_base)]
    net, tax = (None if one is None else sign * cents(one, currency) for one in (row.net, row.tax))
    return [
        str(KINDS[row.kind]), row.line.position if row.line else None, row.number, row.text, *sold, net,
        plain(row.tax_rate), row.tax_code, tax, currency,
    ]  # fmt: skip
