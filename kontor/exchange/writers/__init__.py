"""Goods as files, their options, agreed quantities, prices and costs.

The columns are those that an import knows: what goes out comes in again and changes nothing.
"""

from kontor.exchange.writers.files import FORMS, Form, write_file
from kontor.exchange.writers.rows import Selection, columns_of, exported_rows
from kontor.exchange.writers.stated import STATED_FORMS, stated_columns, stated_rows

__all__ = [
    "FORMS",
    "STATED_FORMS",
    "Form",
    "Selection",
    "columns_of",
    "exported_rows",
    "stated_columns",
    "stated_rows",
    "write_file",
]
