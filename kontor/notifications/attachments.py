"""Documents that go with mails. They are made when the mail is sent, so a mail that waits costs nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from kontor.invoicing.documents import invoice_pdf
from kontor.invoicing.models import Invoice
from kontor.notifications.models import Mail
from kontor.orders.documents import order_confirmation_pdf
from kontor.orders.models import Order

ORDER_CONFIRMATION = "order_confirmation"
INVOICE = "invoice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file: its name as the recipient sees it, its bytes, its media type."""

    name: str
    content: bytes
    media_type: str = "application/pdf"


def attachment_of(mail: Mail) -> Attachment | None:
    """The mail's document, freshly made, or None when it has none. Raises LookupError for a kind nobody makes."""
    if not mail.attachment_kind or mail.attachment_id is None:
        return None
    maker = MAKERS.get(mail.attachment_kind)
    if maker is None:
        raise LookupError(f"nobody makes documents of the kind {mail.attachment_kind}")
    return maker(mail.attachment_id, mail.language)


def _order_confirmation(order_id: int, language: str) -> Attachment:
    order = Order.objects.select_related("buyer", "seller", "account", "payment_term").get(pk=order_id)
    return Attachment(name=f"{order.number}.pdf", content=order_confirmation_pdf(order, language))


def _invoice(invoice_id: int, language: str) -> Attachment:
    invoice = Invoice.objects.select_related("buyer", "seller", "order", "shipment").get(pk=invoice_id)
    return Attachment(name=f"{invoice.number}.pdf", content=invoice_pdf(invoice, language))


Maker = Callable[[int, str], Attachment]
"""From the object's number and the reader's language."""

MAKERS: dict[str, Maker] = {ORDER_CONFIRMATION: _order_confirmation, INVOICE: _invoice}
