"""Invoices and credit notes: gap-free numbers, amounts rounded as invoices round, never changed once issued."""
