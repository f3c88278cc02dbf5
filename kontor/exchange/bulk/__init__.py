"""Many rows at once: COPY into a temporary table, then statements over all of them. The same results as the operations.

Each function gets rows that were judged and writes only those that differ. The caller holds the transaction.
"""
