"""Prices and costs in bulk: whole files copied into a temporary table, judged by statements over all rows, written.

The same results as the operations of single rows, and the same rights. The caller holds the transaction.
"""

from kontor.pricing.bulk.costs import COST_COLUMNS, CostRows, cost_cells
from kontor.pricing.bulk.judged import STAGE, FigureRows, outcome, wrong_rows
from kontor.pricing.bulk.prices import PRICE_COLUMNS, PriceRows
from kontor.pricing.bulk.taken_out import ON_REQUEST, price_cells

__all__ = [
    "COST_COLUMNS",
    "ON_REQUEST",
    "PRICE_COLUMNS",
    "STAGE",
    "CostRows",
    "FigureRows",
    "PriceRows",
    "cost_cells",
    "outcome",
    "price_cells",
    "wrong_rows",
]
