"""What people do with invoices: issue them and take them back. Nobody changes one."""

from kontor.invoicing.operations.bonus import BonusNote, BonusPart, issue_bonus_note
from kontor.invoicing.operations.credit import issue_credit_note
from kontor.invoicing.operations.free import FreeLine, issue_free_credit, issue_free_invoice
from kontor.invoicing.operations.invoice import issue_invoice, issue_invoice_for_services
from kontor.invoicing.operations.parts import issue_invoice_for_parts

__all__ = [
    "BonusNote",
    "BonusPart",
    "FreeLine",
    "issue_bonus_note",
    "issue_credit_note",
    "issue_free_credit",
    "issue_free_invoice",
    "issue_invoice",
    "issue_invoice_for_parts",
    "issue_invoice_for_services",
]
