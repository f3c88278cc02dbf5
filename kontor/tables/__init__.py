"""Files as tables: CSV, Excel, JSON lines and BMEcat, read a row at a time; and BMEcat written.

Not here: what the columns mean and what becomes of the rows (`exchange`).
"""

from kontor.tables.opening import ReadOptions, open_table
from kontor.tables.table import Column, Row, Table

__all__ = ["Column", "ReadOptions", "Row", "Table", "open_table"]
