"""Reads of invoices and credit notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q

from kontor.carts.shown import by_reason
from kontor.fulfilment.models import Shipment, ShipmentLine, ShipmentQuerySet
from kontor.invoicing.models import Invoice, InvoiceCharge, InvoiceLine, InvoiceQuerySet
from kontor.invoicing.permissions import SEE_INVOICES
from kontor.kernel.actors import Actor, require
from kontor.kernel.money import ZERO
from kontor.orders.models import LinePart, Order, OrderQuerySet
from kontor.taxes.rules import TaxTotal, breakdown


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFilters:
    """What a list is narrowed to. `side` is ``buying``, ``selling`` or both (empty)."""

    side: str = ""
    kind: str = ""
    words: str = ""
    buyer_id: int | None = None
    issued_from: date | None = None
    issued_until: date | None = None


def invoices_for(actor: Actor, filters: InvoiceFilters | None = None) -> InvoiceQuerySet:
    """Invoices and credit notes that the actor may see, newest first, with companies and order. One query per page.

    For keyset paging order by ("-issued_at", "-id"). Raises NotAllowed.
    """
    require(actor, SEE_INVOICES)
    filters = filters or InvoiceFilters()
    found = Invoice.objects.visible_to(actor)
    if filters.side == "buying":
        found = found.filter(buyer_id=actor.buying_company_id)
    elif filters.side == "selling":
        found = found.filter(seller_id=actor.company_id)
    wanted = {
        "kind": filters.kind or None,
        "buyer_id": filters.buyer_id,
        "issued_at__date__gte": filters.issued_from,
        "issued_at__date__lte": filters.issued_until,
    }
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    words = filters.words.strip()[:100].replace("\x00", "")
    if words:
        found = found.filter(
            Q(number__istartswith=words)
            | Q(po_number__istartswith=words)
            | Q(order__number__istartswith=words)
            | Q(buyer__legal_name__icontains=words)
        )
    return found.select_related("buyer", "seller", "order").order_by("-issued_at", "-id")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDetail:
    """A document with its lines, charges and the tax by rate; `credits` are the notes that take back parts of it.

    `reductions` and `costs` are what was taken off and what was charged, by reason.
    """

    invoice: Invoice
    lines: list[InvoiceLine]
    charges: list[InvoiceCharge]
    reductions: list[tuple[str, Decimal]]
    costs: list[tuple[str, Decimal]]
    taxes: list[TaxTotal]
    credits: list[Invoice]

    @property
    def goods_total(self) -> Decimal:
        """The lines before anything was taken off."""
        return sum((line.full_net for line in self.lines), ZERO)


def invoice_detail(actor: Actor, reference: str | int) -> InvoiceDetail | None:
    """One document by number or primary key, or None when the actor may not see it. Raises NotAllowed.

    Numbers are unique per seller: a buyer with the same number from two sellers gets the newer one; use the key then.
    """
    by = {"pk": reference} if isinstance(reference, int) else {"number": reference}
    invoice = invoices_for(actor).filter(**by).order_by("-pk").first()
    if invoice is None:
        return None
    lines = list(
        InvoiceLine.objects.filter(invoice=invoice).select_related("credits__invoice").order_by("position")
    )
    charges = list(invoice.charges.all())
    notes = Invoice.objects.filter(lines__credits__invoice=invoice).distinct().order_by("pk")
    return InvoiceDetail(
        invoice=invoice,
        lines=lines,
        charges=charges,
        reductions=by_reason((line.allowance_reason, line.allowance) for line in lines),
        costs=by_reason((one.reason, one.net) for one in charges),
        taxes=taxes_of(invoice, lines, charges),
        credits=list(notes),
    )


def taxes_of(
    invoice: Invoice, lines: Sequence[InvoiceLine], charges: Sequence[InvoiceCharge]
) -> list[TaxTotal]:
    """Tax by rate over lines and charges."""
    paid = [(one.tax_code, one.tax_rate, one.net) for one in lines]
    paid += [(one.tax_code, one.tax_rate, one.net) for one in charges]
    return breakdown(paid, invoice.currency)


def invoices_of(order: Order, actor: Actor) -> list[Invoice]:
    """The documents of an order as this actor may see them, oldest first."""
    if not actor.may(SEE_INVOICES):
        return []
    return list(Invoice.objects.visible_to(actor).filter(order=order).order_by("pk"))


def orders_with_parts_to_invoice(actor: Actor) -> OrderQuerySet:
    """The seller's orders with single parts that left of kits of which the rest was cancelled, oldest first."""
    kits = Q(
        line__cancelled__gt=0, line__cancelled=F("line__base_quantity") - F("line__shipped"), kind="goods"
    )
    left = LinePart.objects.filter(kits, shipped__gt=F("quantity") * F("line__shipped"))
    invoiced = InvoiceLine.objects.filter(part__line=OuterRef("line"))
    found = Order.objects.visible_to(actor).filter(
        pk__in=left.exclude(Exists(invoiced)).values("line__order")
    )
    if not actor.is_system:
        found = found.filter(seller_id=actor.company_id)
    return found.select_related("buyer").order_by("placed_at", "id")


def shipments_to_invoice(actor: Actor) -> ShipmentQuerySet:
    """The seller's shipments that left and are not invoiced yet, oldest first."""
    left = [Shipment.Status.SHIPPED, Shipment.Status.DELIVERED]
    found = Shipment.objects.visible_to(actor).filter(status__in=left)
    if not actor.is_system:
        found = found.filter(order__seller_id=actor.company_id)
    invoiced = Invoice.objects.filter(shipment__isnull=False).values("shipment_id")
    # A parcel with parts of kits only is invoiced with the one that completes them, or by the order when none will.
    found = found.filter(Exists(ShipmentLine.objects.filter(shipment=OuterRef("pk"), part=None)))
    return found.exclude(pk__in=invoiced).select_related("order__buyer").order_by("shipped_at", "id")
