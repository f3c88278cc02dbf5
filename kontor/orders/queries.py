"""Reads of orders: lists, one order whole, what waits for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Exists, Min, OuterRef, Q, Sum

from kontor.approvals.permissions import DECIDE
from kontor.carts.shown import by_reason
from kontor.companies.models import Company, CustomerAccount, PaymentTerm
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO
from kontor.kernel.rows import Reader
from kontor.orders.models import LineAllowance, LinePart, Order, OrderCharge, OrderLine, OrderQuerySet
from kontor.orders.permissions import CONFIRM_ORDERS, right_to_order
from kontor.orders.sides import buys, sees, sells
from kontor.orders.states import (
    CANCELLABLE_BY_BUYER,
    CANCELLABLE_BY_SELLER,
    CONFIRMABLE,
    SHIPPABLE,
    WITH_APPROVER,
)
from kontor.taxes.rules import TaxTotal, breakdown

LIST_COLUMNS = (
    "id", "number", "status", "channel", "placed_at", "placed_by_name", "sales_rep_name", "po_number", "currency",
    "net_total", "tax_total", "gross_total", "wished_date", "confirmed_date", "buyer_id", "seller_id",
    "buyer__legal_name", "buyer__trade_name", "seller__legal_name", "seller__trade_name",
)  # fmt: skip
LINES = Reader(OrderLine)
WHOLE_PARTS: dict[str, Reader[Any]] = {
    "o": Reader(Order), "b": Reader(Company), "s": Reader(Company), "a": Reader(CustomerAccount),
    "t": Reader(PaymentTerm),
}  # fmt: skip
WHOLE = f"""
SELECT {", ".join(reader.columns(table) for table, reader in WHOLE_PARTS.items())}
FROM orders_order o
JOIN companies_company b ON b.id = o.buyer_id
JOIN companies_company s ON s.id = o.seller_id
JOIN companies_customer_account a ON a.id = o.account_id
LEFT JOIN companies_payment_term t ON t.id = o.payment_term_id
WHERE o.id = %s
"""
WHOLE_LINES = f"SELECT {LINES.columns('l')} FROM orders_line l WHERE l.order_id = %s ORDER BY l.position"
OPEN = [
    Order.Status.AWAITING_APPROVAL,
    Order.Status.PLACED,
    Order.Status.CONFIRMED,
    Order.Status.PARTLY_SHIPPED,
    Order.Status.SHIPPED,
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilters:
    """What a list is narrowed to. `side` is ``buying``, ``selling`` or both (empty).

    `words` look into number, PO number, company, article number and name; `late_on` keeps what was promised before that
    day and has not left yet.
    """

    side: str = ""
    statuses: Sequence[str] = ()
    is_open: bool | None = None
    words: str = ""
    buyer_id: int | None = None
    seller_id: int | None = None
    placed_by_id: int | None = None
    placed_from: date | None = None
    placed_until: date | None = None
    late_on: date | None = None


def orders_for(actor: Actor, filters: OrderFilters | None = None) -> OrderQuerySet:
    """The orders that the actor may see, newest first, with the columns of a list and both companies' names.

    For keyset paging order by ("-placed_at", "-id"). One query per page.
    """
    filters = filters or OrderFilters()
    found = Order.objects.visible_to(actor)
    if filters.side == "buying":
        found = found.filter(buyer_id=actor.buying_company_id)
    elif filters.side == "selling":
        found = found.filter(seller_id=actor.company_id)
    if filters.statuses:
        found = found.filter(status__in=list(filters.statuses))
    if filters.is_open is not None:
        found = found.filter(status__in=OPEN) if filters.is_open else found.exclude(status__in=OPEN)
    found = found.filter(**_exact(filters))
    if filters.late_on is not None:
        found = found.filter(status__in=SHIPPABLE, confirmed_date__lt=filters.late_on)
    if filters.words.strip():
        found = found.filter(_words(filters.words.strip()))
    return found.select_related("buyer", "seller").only(*LIST_COLUMNS).order_by("-placed_at", "-id")


def _exact(filters: OrderFilters) -> dict[str, object]:
    wanted = {
        "buyer_id": filters.buyer_id,
        "seller_id": filters.seller_id,
        "placed_by_id": filters.placed_by_id,
        "placed_at__date__gte": filters.placed_from,
        "placed_at__date__lte": filters.placed_until,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _words(words: str) -> Q:
    words = words[:100].replace("\x00", "")
    lines = OrderLine.objects.filter(order_id=OuterRef("pk")).filter(
        Q(sku__istartswith=words) | Q(name__icontains=words)
    )
    return (
        Q(number__istartswith=words)
        | Q(po_number__istartswith=words)
        | Q(external_reference__iexact=words)
        | Q(buyer__legal_name__icontains=words)
        | Q(seller__legal_name__icontains=words)
        | Q(Exists(lines))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What this actor could do with the order now, for the buttons; the operations ask again."""

    approve: bool
    confirm: bool
    cancel: bool
    change_date: bool
    reorder: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDetail:
    """An order whole: header with its companies, lines, what is in kits by line, charges, what was taken off by reason,
    tax by rate, the lines' open value."""

    order: Order
    lines: list[OrderLine]
    parts: dict[int, list[LinePart]]
    charges: list[OrderCharge]
    reductions: list[tuple[str, Decimal]]
    taxes: list[TaxTotal]
    open_net: Decimal
    cancelled_net: Decimal
    is_buyer: bool
    is_seller: bool
    allowed: Allowed

    @property
    def goods_total(self) -> Decimal:
        """The lines at their prices, before anything is taken off."""
        return sum((line.full_net for line in self.lines), ZERO)

    @property
    def costs(self) -> list[tuple[str, Decimal]]:
        """What is charged beside the lines, by reason."""
        return by_reason((one.reason, one.net) for one in self.charges)

    @property
    def positions(self) -> dict[int, int]:
        """Of each line by its id."""
        return {line.pk: line.position for line in self.lines}


def order_detail(actor: Actor, order_id: int) -> OrderDetail | None:
    """One order whole, or None when the actor may not see it. Three statements, more for kits and allowances."""
    with connection.cursor() as cursor:
        cursor.execute(WHOLE, [order_id])
        row = cursor.fetchone()
        order = _whole(row) if row else None
        if order is None or not sees(actor, order):
            return None
        cursor.execute(WHOLE_LINES, [order.pk])
        lines = LINES.read_several(cursor.fetchall())
    charges = list(order.charges.all())
    for line in lines:
        line.order = order
    return OrderDetail(
        order=order,
        lines=lines,
        parts=parts_of(lines),
        charges=charges,
        reductions=reductions_of(order, lines),
        taxes=taxes_of(order, lines, charges),
        open_net=sum((line.net_of(line.open_quantity) for line in lines), ZERO),
        cancelled_net=sum((line.net_of(line.cancelled) for line in lines), ZERO),
        is_buyer=buys(actor, order),
        is_seller=sells(actor, order),
        allowed=_allowed(actor, order),
    )


def reductions_of(order: Order, lines: Sequence[OrderLine]) -> list[tuple[str, Decimal]]:
    """What was taken off an order's lines, by reason. One statement, none where nothing was."""
    if not any(line.allowance for line in lines):
        return []
    found = LineAllowance.objects.filter(line__order=order).order_by()
    sums = found.values("reason").annotate(sum=Sum("amount"), first=Min("pk")).order_by("first")
    return [(one["reason"], one["sum"]) for one in sums]


def taxes_of(order: Order, lines: Sequence[OrderLine], charges: Sequence[OrderCharge]) -> list[TaxTotal]:
    """Tax by rate over lines and charges."""
    paid = [(one.tax_code, one.tax_rate, one.net) for one in lines]
    paid += [(one.tax_code, one.tax_rate, one.net) for one in charges]
    return breakdown(paid, order.currency)


def parts_of(lines: Sequence[OrderLine]) -> dict[int, list[LinePart]]:
    """What is in the kits among these lines, by line. One statement, none without kits."""
    found: dict[int, list[LinePart]] = {}
    kits = [line.pk for line in lines if line.kind == "kit"]
    for part in LinePart.objects.filter(line__in=kits) if kits else ():
        found.setdefault(part.line_id, []).append(part)
    return found


def _whole(row: Sequence[Any]) -> Order:
    values = iter(row)
    parts: list[Any] = [
        reader.read(list(islice(values, len(reader.fields)))) for reader in WHOLE_PARTS.values()
    ]
    order: Order
    order, order.buyer, order.seller, order.account, term = parts
    order.payment_term = term if order.payment_term_id else None
    return order


def _allowed(actor: Actor, order: Order) -> Allowed:
    buyer, seller = buys(actor, order), sells(actor, order) and actor.acting_for_id is None
    orders, confirms = actor.may(right_to_order(actor)), actor.may(CONFIRM_ORDERS)
    return Allowed(
        approve=buyer and actor.may(DECIDE) and order.status in WITH_APPROVER,
        confirm=seller and confirms and order.status in CONFIRMABLE,
        cancel=(buyer and orders and order.status in CANCELLABLE_BY_BUYER)
        or (seller and confirms and order.status in CANCELLABLE_BY_SELLER),
        change_date=seller and confirms and order.status in SHIPPABLE,
        reorder=buyer and orders,
    )


USUAL = """
SELECT product_id, sku, name, unit, times, quantity FROM (
    SELECT DISTINCT ON (l.product_id) l.product_id, p.sku, p.name, l.unit, l.quantity,
        count(*) OVER (PARTITION BY l.product_id) AS times, o.placed_at
    FROM orders_line l JOIN orders_order o ON o.id = l.order_id JOIN catalog_product p ON p.id = l.product_id
    WHERE o.buyer_id = %(buyer)s AND o.released_at IS NOT NULL AND o.status <> 'cancelled' AND p.status = 'active'
      AND p.kind IN ('goods', 'kit') AND o.placed_at > %(since)s
      AND (%(seller)s::bigint IS NULL OR o.seller_id = %(seller)s::bigint)
    ORDER BY l.product_id, o.placed_at DESC, l.id DESC
) recent ORDER BY times DESC, placed_at DESC, sku LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class UsualItem:
    """A product that a company buys again and again, with unit and quantity of the last time."""

    product_id: int
    sku: str
    name: str
    unit: str
    times: int
    last_quantity: Decimal


def usual_items(actor: Actor, *, limit: int = 20) -> list[UsualItem]:
    """What the actor's company ordered most often in the last year and still can, for quick orders. One query."""
    parameters = {
        "buyer": actor.buying_company_id,
        "seller": actor.company_id if actor.acting_for_id else None,
        "since": clock.now() - timedelta(days=365),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(USUAL, parameters)
        return [UsualItem(*row) for row in cursor.fetchall()]
