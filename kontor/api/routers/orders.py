"""Orders, for both sides: place and follow, enter and confirm."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router
from pydantic import BaseModel, Field

from kontor.api.articles import choices_of, ids_of_skus, without_code
from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.routers.carts import cart_of, paste_out
from kontor.api.shapes.carts import PasteOut
from kontor.api.shapes.companies import ReasonIn
from kontor.api.shapes.orders import (
    CancelIn,
    ConfirmIn,
    DateIn,
    DetailsIn,
    EnterIn,
    LinePartOut,
    NoteIn,
    OrderLineOut,
    OrderOut,
    OrderRow,
    PlaceIn,
    ReasonOut,
)
from kontor.api.taxed import charge_out, tax_out
from kontor.api.values import amount_text, price_text, quantity_text
from kontor.approvals.permissions import DECIDE
from kontor.companies.models import CustomerAccount
from kontor.orders import operations
from kontor.orders.grounds import sentence
from kontor.orders.intake import EnteredLine, EnteredOrder, OrderDetails
from kontor.orders.models import LinePart, Order, OrderLine
from kontor.orders.permissions import CONFIRM_ORDERS, ENTER_ORDERS, PLACE_ORDERS
from kontor.orders.queries import OrderDetail, OrderFilters, order_detail, orders_for

router = Router(tags=["Orders"])
PLACE_CODES = (
    "details_wrong",
    "lines_wrong",
    "no_price",
    "not_enough_stock",
    "duplicate_po_number",
    "mixed_currencies",
    "no_approver",
    "po_number_missing",
    "address_missing",
    "account_not_active",
    "account_blocked",
    "seller_not_active",
    "no_tax_rate",
    "total_too_large",
    "promotion_used_up",
    "commitment_used_up",
)
Status = Literal[
    "awaiting_approval",
    "sent_back",
    "placed",
    "confirmed",
    "partly_shipped",
    "shipped",
    "delivered",
    "cancelled",
]


class OrderAsk(BaseModel):
    """What a list of orders is narrowed to."""

    side: Literal["", "buying", "selling"] = Field("", description="For companies that buy and sell.")
    status: Status | None = None
    open: bool | None = Field(None, description="True: only orders on which something is still to happen.")
    search: str = Field("", max_length=100, description="Number, PO number, company or article.")


def row_facts(order: Order) -> dict[str, Any]:
    currency = order.currency
    return {
        "id": order.pk,
        "number": order.number,
        "status": order.status,
        "channel": order.channel,
        "placed_at": order.placed_at,
        "placed_by": order.placed_by_name,
        "sales_rep": order.sales_rep_name,
        "po_number": order.po_number,
        "buyer_id": order.buyer_id,
        "buyer": str(order.buyer),
        "seller_id": order.seller_id,
        "seller": str(order.seller),
        "currency": currency,
        "net_total": amount_text(order.net_total, currency),
        "tax_total": amount_text(order.tax_total, currency),
        "gross_total": amount_text(order.gross_total, currency),
        "wished_date": order.wished_date,
        "confirmed_date": order.confirmed_date,
    }


def order_out(detail: OrderDetail) -> OrderOut:
    order, currency = detail.order, detail.order.currency
    allowed = asdict(detail.allowed)
    return OrderOut(
        **row_facts(order),
        note=order.note,
        pay_by=order.pay_by,
        payment_term=order.payment_term.name if order.payment_term else None,
        net_days=order.net_days,
        tax_treatment=order.tax_treatment,
        delivery_address=order.delivery_address,
        billing_address=order.billing_address,
        first_confirmed_date=order.first_confirmed_date,
        external_reference=order.external_reference,
        lines=[_line_out(line, currency, detail.parts.get(line.pk, ())) for line in detail.lines],
        reductions=[
            ReasonOut(reason=reason, amount=amount_text(amount, currency))
            for reason, amount in detail.reductions
        ],
        charges=[charge_out(one, currency, detail.positions) for one in detail.charges],
        taxes=[tax_out(one, currency, order.tax_facts) for one in detail.taxes],
        allowed=[name for name, may in allowed.items() if may],
    )


def _line_out(line: OrderLine, currency: str, parts: Sequence[LinePart]) -> OrderLineOut:
    counted = (
        "quantity",
        "base_quantity",
        "price_base",
        "shipped",
        "delivered",
        "invoiced",
        "returned",
        "cancelled",
    )
    quantities = {name: quantity_text(getattr(line, name)) for name in counted}
    return OrderLineOut(
        id=line.pk,
        position=line.position,
        product_id=line.product_id,
        sku=line.sku,
        name=line.name,
        unit=line.unit,
        base_unit=line.base_unit,
        unit_price=price_text(line.unit_price, currency),
        price_source=line.price_source,
        price_explained=sentence(line.price_grounds, line.price_source, line.base_unit),
        allowance=amount_text(line.allowance, currency),
        net=amount_text(line.net, currency),
        tax_code=line.tax_code,
        tax_rate=quantity_text(line.tax_rate),
        note=line.note,
        parts=[
            LinePartOut(
                product_id=one.product_id,
                sku=one.sku,
                name=one.name,
                unit=one.base_unit,
                quantity=quantity_text(one.quantity),
                shipped=quantity_text(one.shipped),
            )
            for one in parts
        ],
        **quantities,
    )


def order_of(request: ApiRequest, order_id: int) -> Order:
    """An order that the caller's company may see, or 404."""
    orders = Order.objects.visible_to(request.actor).select_related("buyer", "seller", "account")
    return get_object_or_404(orders, pk=order_id)


def order_reply(request: ApiRequest, order_id: int, status: int = 200) -> Reply:
    """The order whole, as the caller sees it now."""
    detail = order_detail(request.actor, order_id)
    if detail is None:
        raise Http404
    location = reverse("api:getOrder", args=[order_id]) if status == 201 else ""
    return Reply(body=order_out(detail), status=status, location=location)


def details_of(body: DetailsIn) -> OrderDetails:
    """The details of an order that comes in through the API."""
    names = {field.name for field in fields(OrderDetails)} - {"channel", "delivery_address"}
    address = body.delivery_address.model_dump(exclude={"label"}) if body.delivery_address else None
    return OrderDetails(
        **{name: getattr(body, name) for name in names}, delivery_address=address, channel=Order.Channel.API
    )


@router.get("orders", response=Page[OrderRow], operation_id="listOrders", summary="Orders, newest first")
@reads(refuses=("bad_cursor",))
def orders(
    request: ApiRequest, ask: Annotated[OrderAsk, Query()], paging: Annotated[PageAsk, Query()]
) -> Page[OrderRow]:
    """Buyers see their company's orders; sellers those placed with them, once released."""
    filters = OrderFilters(
        side=ask.side,
        statuses=[ask.status] if ask.status else (),
        is_open=ask.open,
        words=ask.search,
    )
    found = newest_first(orders_for(request.actor, filters), paging, name="orders", by="placed_at")
    return page(request, found, lambda order: OrderRow(**row_facts(order)))


@router.post(
    "orders", response={201: OrderOut}, operation_id="placeOrder", summary="Place an order from a cart"
)
@needs(PLACE_ORDERS, ENTER_ORDERS)
@changes(refuses=("cart_empty", "cart_closed", "already_ordered", *PLACE_CODES))
def place(request: ApiRequest, body: PlaceIn) -> Reply:
    """Prices are copied in, stock is reserved. Above the caller's limit the order waits for an approver."""
    cart = cart_of(request, body.cart_id)
    order = operations.place_order(actor=request.actor, cart=cart, details=details_of(body))
    return order_reply(request, order.pk, 201)


@router.post(
    "orders/entered",
    response={201: OrderOut},
    operation_id="enterOrder",
    summary="Enter an order for a customer",
)
@needs(ENTER_ORDERS)
@changes(refuses=("unknown_article", "not_configured", "not_your_customer", "no_lines", *PLACE_CODES))
def enter(request: ApiRequest, body: EnterIn) -> Reply:
    """For sales: an order by phone, mail or counter, marked with channel, representative and customer."""
    own = CustomerAccount.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    account = get_object_or_404(own, pk=body.account_id)
    apart = [without_code(line.sku) for line in body.lines]
    named = [(line.product_id, sku) for line, (sku, _code) in zip(body.lines, apart, strict=True)]
    ids = ids_of_skus(request.actor, account.seller_id, named)
    chosen = choices_of([(product_id, code) for product_id, (_sku, code) in zip(ids, apart, strict=True)])
    lines = [
        EnteredLine(
            product_id=product_id,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            price_base=line.price_base or Decimal(1),
            note=line.note,
            chosen=choices,
        )
        for product_id, choices, line in zip(ids, chosen, body.lines, strict=True)
    ]
    details = asdict(details_of(body)) | {"channel": body.channel}
    entered = EnteredOrder(
        account_id=account.pk,
        lines=lines,
        codes=body.codes,
        external_reference=body.external_reference,
        **details,
    )
    order = operations.enter_order(actor=request.actor, entered=entered)
    return order_reply(request, order.pk, 201)


@router.get("orders/{int:order_id}", response=OrderOut, operation_id="getOrder", summary="One order")
@reads()
def order(request: ApiRequest, order_id: int) -> Reply:
    """Header, lines with what was shipped, invoiced and returned, tax by rate."""
    return order_reply(request, order_id)


@router.post(
    "orders/{int:order_id}/approve",
    response=OrderOut,
    operation_id="approveOrder",
    summary="Approve an order",
)
@needs(DECIDE)
@changes(refuses=("own_request", "above_own_limit", "already_decided", "wrong_status", "changed_meanwhile"))
def approve(request: ApiRequest, order_id: int, body: NoteIn) -> Reply:
    """Releases the order to the seller."""
    operations.approve_order(actor=request.actor, order=order_of(request, order_id), note=body.note)
    return order_reply(request, order_id)


@router.post(
    "orders/{int:order_id}/send-back",
    response=OrderOut,
    operation_id="sendOrderBack",
    summary="Send an order back to its buyer",
)
@needs(DECIDE)
@changes(refuses=("note_needed", "already_decided", "wrong_status", "changed_meanwhile"))
def send_back(request: ApiRequest, order_id: int, body: ReasonIn) -> Reply:
    """Stock is free again, and the cart is open again with the reason on it."""
    operations.send_back_order(actor=request.actor, order=order_of(request, order_id), reason=body.reason)
    return order_reply(request, order_id)


@router.post(
    "orders/{int:order_id}/confirm",
    response=OrderOut,
    operation_id="confirmOrder",
    summary="Confirm an order",
)
@needs(CONFIRM_ORDERS)
@changes(refuses=("date_wrong", "wrong_status", "changed_meanwhile"))
def confirm(request: ApiRequest, order_id: int, body: ConfirmIn) -> Reply:
    """For the seller: promise a day."""
    order = order_of(request, order_id)
    operations.confirm_order(actor=request.actor, order=order, confirmed_date=body.confirmed_date)
    return order_reply(request, order_id)


@router.post(
    "orders/{int:order_id}/confirmed-date",
    response=OrderOut,
    operation_id="changeConfirmedDate",
    summary="Promise another day",
)
@needs(CONFIRM_ORDERS)
@changes(refuses=("date_wrong", "same_date", "wrong_status", "changed_meanwhile"))
def change_date(request: ApiRequest, order_id: int, body: DateIn) -> Reply:
    """The buyer is told; the first promise stays on record."""
    order = order_of(request, order_id)
    operations.change_confirmed_date(
        actor=request.actor, order=order, confirmed_date=body.confirmed_date, reason=body.reason
    )
    return order_reply(request, order_id)


@router.post(
    "orders/{int:order_id}/cancel",
    response=OrderOut,
    operation_id="cancelOrder",
    summary="Cancel what is open of an order",
)
@needs(PLACE_ORDERS, ENTER_ORDERS, CONFIRM_ORDERS)
@changes(refuses=("nothing_open", "reason_missing", "whole_order_only", "wrong_status", "changed_meanwhile"))
def cancel(request: ApiRequest, order_id: int, body: CancelIn) -> Reply:
    """Buyers until the seller has confirmed, sellers as long as something is not shipped."""
    order = order_of(request, order_id)
    operations.cancel_order(actor=request.actor, order=order, reason=body.reason, line_ids=body.line_ids)
    return order_reply(request, order_id)


@router.post(
    "orders/{int:order_id}/reorder",
    response=PasteOut,
    operation_id="reorder",
    summary="Put an order's lines into the cart",
)
@needs(PLACE_ORDERS, ENTER_ORDERS)
@changes()
def reorder(request: ApiRequest, order_id: int) -> PasteOut:
    """At today’s prices, into a person’s current cart or a new one of the key; what is no longer sold is reported."""
    cart, report = operations.reorder(actor=request.actor, order=order_of(request, order_id))
    return paste_out(cart, report)
