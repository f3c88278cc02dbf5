"""Files as rows: each reader gives columns, and rows one at a time, whatever the size of the file."""

from kontor.exchange.readers.opening import ReadOptions, open_table
from kontor.exchange.readers.table import Column, Row, Table

__all__ = ["Column", "ReadOptions", "Row", "Table", "open_table"]
