"""What became of the file: outcomes by count, and the books against the file, month by month, to the penny."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from rich.console import Console
from rich.table import Table

from kontor.kernel.money import ZERO
from kontor.replay.models import Line, Run
from kontor.replay.rules import MONTH_OF

OUTCOMES = """
SELECT outcome, reason, count(*), sum(round(quantity * unit_price, 2))
FROM replay_line WHERE run_id = %s GROUP BY 1, 2 ORDER BY 3 DESC
"""
# Each line rounded as an invoice rounds it: to the penny, half away from zero.
OF_THE_FILE = f"""
SELECT {MONTH_OF.format(moment="invoiced_at")}, count(*),
    sum(quantity), sum(round(quantity * unit_price, 2)), sum(quantity * unit_price),
    count(DISTINCT invoice) FILTER (WHERE outcome = 'sold'),
    count(DISTINCT customer) FILTER (WHERE outcome = 'sold')
FROM replay_line WHERE run_id = %s AND outcome NOT IN ('', 'refused', 'no_effect') GROUP BY 1 ORDER BY 1
"""
UNROUNDED = """
SELECT count(*), count(*) FILTER (WHERE outcome = ''), COALESCE(sum(quantity * unit_price), 0)
FROM replay_line WHERE run_id = %s
"""
REVENUE = f"""
SELECT {MONTH_OF.format(moment="i.issued_at")}, sum(CASE i.kind WHEN 'invoice' THEN i.net_total ELSE -i.net_total END)
FROM invoicing_invoice i WHERE i.seller_id = %s GROUP BY 1
"""
UNITS = f"""
SELECT month, sum(units) FROM (
    SELECT {MONTH_OF.format(moment="i.issued_at")} AS month,
        CASE WHEN i.kind = 'invoice' THEN l.quantity WHEN l.sku = 'B' THEN l.quantity ELSE -l.quantity END AS units
    FROM invoicing_line l JOIN invoicing_invoice i ON i.id = l.invoice_id WHERE i.seller_id = %(seller)s
    UNION ALL
    SELECT {MONTH_OF.format(moment="m.at")}, m.quantity
    FROM inventory_stock_movement m JOIN inventory_stock_item s ON s.id = m.stock_item_id
    JOIN inventory_warehouse w ON w.id = s.warehouse_id
    WHERE w.seller_id = %(seller)s AND m.reference = 'count'
) booked GROUP BY 1
"""
ORDERS = f"""
SELECT {MONTH_OF.format(moment="placed_at")}, count(*), count(DISTINCT buyer_id)
FROM orders_order WHERE seller_id = %s AND status <> 'cancelled' GROUP BY 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of the file beside the same month of the books."""

    month: date
    lines: int
    units: tuple[Decimal, Decimal]
    revenue: tuple[Decimal, Decimal]
    orders: tuple[int, int]
    customers: tuple[int, int]

    @property
    def agrees(self) -> bool:
        return all(file == books for file, books in (self.units, self.revenue, self.orders, self.customers))


def _rows(sql: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def months_of(run: Run) -> list[Month]:
    """The file's months and what the books say of them."""
    revenue = dict(_rows(REVENUE, [run.seller_id]))
    units = dict(_rows(UNITS, {"seller": run.seller_id}))
    orders = {month: (count, buyers) for month, count, buyers in _rows(ORDERS, [run.seller_id])}
    return [
        Month(
            month=month,
            lines=lines,
            units=(Decimal(quantity), units.get(month, ZERO)),
            revenue=(rounded, revenue.get(month, ZERO)),
            orders=(sold, orders.get(month, (0, 0))[0]),
            customers=(customers, orders.get(month, (0, 0))[1]),
        )
        for month, lines, quantity, rounded, _exact, sold, customers in _rows(OF_THE_FILE, [run.pk])
    ]


def print_report(run: Run, console: Console) -> int:
    """Print outcomes and months; 0 when all is booked and agrees, 1 when the books differ, 3 when lines are open."""
    lines, still_open, exact = _rows(UNROUNDED, [run.pk])[0]
    outcomes = Table("Outcome", "Reason", "Lines", "Net GBP", title=f"{run.file_name}: {lines:,} lines")
    labels = dict(Line.Outcome.choices)
    for outcome, reason, count, net in _rows(OUTCOMES, [run.pk]):
        outcomes.add_row(str(labels.get(outcome, "still to be booked")), reason, f"{count:,}", f"{net:,.2f}")
    console.print(outcomes)
    months = months_of(run)
    table = Table(
        "Month", "Lines", "Units", "Orders", "Customers", "Revenue of the file", "Revenue booked", ""
    )
    for one in months:
        table.add_row(
            f"{one.month:%Y-%m}",
            f"{one.lines:,}",
            f"{one.units[1]:,.0f}",
            f"{one.orders[1]:,}",
            f"{one.customers[1]:,}",
            f"{one.revenue[0]:,.2f}",
            f"{one.revenue[1]:,.2f}",
            "agrees" if one.agrees else f"DIFFERS {one}",
        )
    console.print(table)
    rounded = sum((one.revenue[0] for one in months), ZERO)
    console.print(
        f"The file, each line rounded: {rounded:,.2f}; unrounded: {exact:,.3f}; difference {rounded - exact:,.3f}"
    )
    if still_open:
        console.print(f"{still_open:,} lines are still to be booked; run the same command again.")
        return 3
    return 0 if all(one.agrees for one in months) else 1
