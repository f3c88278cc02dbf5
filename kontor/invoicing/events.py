"""What happened to invoices."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InvoiceIssued:
    """An invoice was written, for good."""

    invoice_id: int

    @property
    def key(self) -> str:
        return f"invoice:{self.invoice_id}"


@dataclass(frozen=True, slots=True)
class CreditNoteIssued:
    """A credit note was written, for good."""

    invoice_id: int

    @property
    def key(self) -> str:
        return f"invoice:{self.invoice_id}"
