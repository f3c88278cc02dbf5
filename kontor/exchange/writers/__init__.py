"""Goods as files: the columns that an import knows, so that what goes out comes in again and changes nothing."""

from kontor.exchange.writers.files import FORMS, Form, write_file
from kontor.exchange.writers.rows import Selection, columns_of, exported_rows

__all__ = ["FORMS", "Form", "Selection", "columns_of", "exported_rows", "write_file"]
