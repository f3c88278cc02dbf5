"""Carts: shared by a company's people, priced when they are read."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router

from kontor.api.articles import article_of, configuration_of, first_unit, without_code
from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page
from kontor.api.preconditions import revision_asked
from kontor.api.shapes.carts import (
    CartChargeOut,
    CartIn,
    CartOut,
    CartPartOut,
    CartPatch,
    CartRow,
    CouponIn,
    CouponOut,
    GiftOut,
    LineBrief,
    LineIn,
    LineOut,
    LinePatch,
    PasteIn,
    PasteOut,
    RejectedOut,
    TakenOut,
)
from kontor.api.shapes.orders import ReasonOut
from kontor.api.values import amount_text, maybe_amount, maybe_price, maybe_quantity, quantity_text
from kontor.carts import operations
from kontor.carts.models import Cart, CartLine
from kontor.carts.operations import PasteReport, TakenLine
from kontor.carts.permissions import EDIT_CARTS
from kontor.carts.queries import cart_by_id, cart_view, open_carts
from kontor.carts.rules import PastedLine
from kontor.carts.shown import CartLineView, CartView
from kontor.companies.models import Company
from kontor.companies.queries import house_seller
from kontor.web.attempts import count_code

router = Router(tags=["Carts"])
LINE_CODES = (
    "wrong_unit",
    "not_available",
    "below_minimum",
    "above_maximum",
    "not_a_multiple",
    "no_fractions",
    "too_large",
    "not_configured",
)


def cart_of(request: ApiRequest, cart_id: int) -> Cart:
    """A cart of the company that the caller buys for, or 404."""
    found = cart_by_id(request.actor, cart_id)
    if found is None:
        raise Http404
    return found


def line_of(request: ApiRequest, cart_id: int, line_id: int) -> CartLine:
    own = Cart.objects.visible_to(request.actor).filter(pk=cart_id)
    return get_object_or_404(CartLine.objects.select_related("cart").filter(cart__in=own), pk=line_id)


def cart_reply(request: ApiRequest, cart: Cart, status: int = 200) -> Reply:
    view = cart_view(request.actor, cart, request.identity.chain, channel="api")
    location = reverse("api:getCart", args=[cart.pk]) if status == 201 else ""
    return Reply(body=cart_out(cart, view), status=status, version=str(view.revision), location=location)


def cart_out(cart: Cart, view: CartView) -> CartOut:
    return CartOut(
        id=cart.pk,
        name=cart.name,
        status=cart.status,
        is_current=cart.is_current,
        seller_id=cart.seller_id,
        revision=view.revision,
        currency=view.currency,
        net_total=amount_text(view.net_total, view.currency),
        can_be_ordered=view.can_be_ordered and cart.status == Cart.Status.OPEN,
        sent_back_note=cart.sent_back_note,
        lines=[_line_out(line, view.currency) for line in view.lines],
        gifts=[
            GiftOut(
                product_id=gift.product_id,
                sku=gift.sku,
                name=gift.name,
                unit=gift.unit,
                quantity=quantity_text(gift.quantity),
                reason=gift.reason,
            )
            for gift in view.gifts
        ],
        reductions=[
            ReasonOut(reason=reason, amount=amount_text(amount, view.currency))
            for reason, amount in view.reductions
        ],
        charges=[
            CartChargeOut(
                code=one.code,
                reason=one.reason,
                net=amount_text(one.net, view.currency),
                line_id=None if one.line is None else view.lines[one.line].id,
            )
            for one in view.charges
        ],
        coupons=[CouponOut(code=code, problem=problem) for code, problem in view.codes.items()],
        hints=list(view.missed),
    )


def _line_out(line: CartLineView, currency: str) -> LineOut:
    return LineOut(
        id=line.id,
        product_id=line.product_id,
        sku=line.sku,
        name=line.name,
        unit=line.unit,
        quantity=quantity_text(line.quantity),
        base_unit=line.base_unit,
        base_quantity=quantity_text(line.base_quantity),
        minimum=quantity_text(line.minimum),
        multiple=quantity_text(line.multiple),
        note=line.note,
        revision=line.revision,
        amount=maybe_price(line.amount, currency),
        price_base=quantity_text(line.price_base),
        net=maybe_amount(line.net, currency),
        allowance=amount_text(line.allowance, currency),
        available=maybe_quantity(line.available),
        choices=line.choices,
        own_number=line.own_number,
        agreed=line.agreed,
        added_by=line.added_by_name,
        problem=line.problem,
        message=line.message,
        parts=[
            CartPartOut(sku=one.sku, name=one.name, unit=one.base_unit, quantity=quantity_text(one.quantity))
            for one in line.parts
        ],
    )


def _brief(line: CartLine, status: int = 200) -> Reply:
    body = LineBrief(
        id=line.pk,
        product_id=line.product_id,
        unit=line.unit,
        quantity=quantity_text(line.quantity),
        note=line.note,
        revision=line.revision,
    )
    location = reverse("api:getCartLine", args=[line.cart_id, line.pk]) if status == 201 else ""
    return Reply(body=body, status=status, version=str(line.revision), location=location)


def paste_out(cart: Cart, report: PasteReport) -> PasteOut:
    return PasteOut(
        cart_id=cart.pk,
        added=[_taken(one) for one in report.added],
        changed=[_taken(one) for one in report.changed],
        rejected=[
            RejectedOut(no=one.no, text=one.text, code=one.code, message=one.message)
            for one in report.rejected
        ],
    )


def _taken(one: TakenLine) -> TakenOut:
    return TakenOut(
        no=one.no,
        product_id=one.product_id,
        sku=one.sku,
        name=one.name,
        quantity=quantity_text(one.quantity),
        unit=one.unit,
        in_all=quantity_text(one.in_all),
    )


@router.get("carts", response=Page[CartRow], operation_id="listCarts", summary="Open carts")
@reads()
def carts(request: ApiRequest) -> Page[CartRow]:
    """The company's open carts, those that "add to cart" fills first."""
    rows = [
        CartRow(
            id=one.id,
            name=one.name,
            is_current=one.is_current,
            seller_id=one.seller_id,
            seller=one.seller_name,
            created_at=one.created_at,
            lines=one.lines,
            sent_back_note=one.sent_back_note,
        )
        for one in open_carts(request.actor)
    ]
    return Page(items=rows, next=None)


@router.post("carts", response={201: CartOut}, operation_id="openCart", summary="Open a cart")
@needs(EDIT_CARTS)
@changes(refuses=("own_store",))
def open_(request: ApiRequest, body: CartIn) -> Reply:
    """A key gets a new cart of its own; the one that people fill on the pages stays as it is. A person gets the
    current cart at the seller, made when there is none: two who open at once get the same, unless `start_new`."""
    sellers = Company.objects.filter(is_seller=True, status=Company.Status.ACTIVE)
    house = house_seller() if body.seller_id is None else None
    seller = house or get_object_or_404(sellers, pk=body.seller_id)
    if body.start_new:
        cart = operations.start_new_cart(actor=request.actor, seller=seller, name=body.name)
    else:
        cart = operations.open_cart(actor=request.actor, seller=seller)
    return cart_reply(request, cart, 201)


@router.get("carts/{int:cart_id}", response=CartOut, operation_id="getCart", summary="One cart, priced now")
@reads()
def cart(request: ApiRequest, cart_id: int) -> Reply:
    """Prices, stock and what is wrong with each line, as of this moment."""
    return cart_reply(request, cart_of(request, cart_id))


@router.patch("carts/{int:cart_id}", response=CartOut, operation_id="renameCart", summary="Name a cart")
@needs(EDIT_CARTS)
@changes(refuses=("cart_closed", "text_too_long"))
def rename(request: ApiRequest, cart_id: int, body: CartPatch) -> Reply:
    """An empty name takes it away."""
    renamed = operations.rename_cart(actor=request.actor, cart=cart_of(request, cart_id), name=body.name)
    return cart_reply(request, renamed)


@router.delete(
    "carts/{int:cart_id}", response={204: None}, operation_id="discardCart", summary="Discard a cart"
)
@needs(EDIT_CARTS)
@changes(refuses=("cart_closed",))
def discard(request: ApiRequest, cart_id: int) -> None:
    """Takes the cart out of the list."""
    operations.discard_cart(actor=request.actor, cart=cart_of(request, cart_id))


@router.post(
    "carts/{int:cart_id}/current",
    response=CartOut,
    operation_id="makeCartCurrent",
    summary="Let “add to cart” fill this cart",
)
@needs(EDIT_CARTS)
@changes(refuses=("cart_closed",))
def current(request: ApiRequest, cart_id: int) -> Reply:
    """The cart that was current stays open beside it."""
    return cart_reply(request, operations.make_current(actor=request.actor, cart=cart_of(request, cart_id)))


@router.post("carts/{int:cart_id}/clear", response=CartOut, operation_id="clearCart", summary="Empty a cart")
@needs(EDIT_CARTS)
@changes(refuses=("cart_closed",))
def clear(request: ApiRequest, cart_id: int) -> Reply:
    """Takes all lines out."""
    operations.clear_cart(actor=request.actor, cart=cart_of(request, cart_id))
    return cart_reply(request, cart_of(request, cart_id))


def _count(request: ApiRequest) -> None:
    count_code(request, request.actor)


@router.post(
    "carts/{int:cart_id}/coupons", response=CartOut, operation_id="addCoupon", summary="Enter a coupon code"
)
@needs(EDIT_CARTS)
@changes(
    refuses=("code_missing", "too_many_codes", "cart_closed", "text_too_long", "too_many_attempts"),
    first=_count,
)
def add_coupon(request: ApiRequest, cart_id: int, body: CouponIn) -> Reply:
    """Kept with the cart; the cart says what it gives, or why nothing."""
    cart = cart_of(request, cart_id)
    operations.add_coupon(actor=request.actor, cart=cart, code=body.code)
    return cart_reply(request, cart)


@router.delete(
    "carts/{int:cart_id}/coupons/{code}",
    response={204: None},
    operation_id="removeCoupon",
    summary="Take a coupon code out",
)
@needs(EDIT_CARTS)
@changes(refuses=("cart_closed",))
def remove_coupon(request: ApiRequest, cart_id: int, code: str) -> None:
    """One that is not there is passed over."""
    operations.remove_coupon(actor=request.actor, cart=cart_of(request, cart_id), code=code)


@router.post(
    "carts/{int:cart_id}/lines",
    response={201: LineBrief},
    operation_id="addToCart",
    summary="Add an article",
)
@needs(EDIT_CARTS)
@changes(refuses=(*LINE_CODES, "cart_closed", "too_many_lines", "text_too_long"))
def add(request: ApiRequest, cart_id: int, body: LineIn) -> Reply:
    """What is there already of the article in this unit adds up; the sum is what is judged."""
    cart = cart_of(request, cart_id)
    sku, code = without_code(body.sku)
    product = article_of(request.actor, cart.seller_id, product_id=body.product_id, sku=sku)
    amount: dict[str, Any] = {
        "quantity": body.quantity,
        "unit": body.unit or first_unit(product),
        "note": body.note,
    }
    if code:
        configuration = configuration_of(product, code)
        line = operations.add_configured(
            actor=request.actor, cart=cart, configuration=configuration, **amount
        )
    else:
        line = operations.add_to_cart(actor=request.actor, cart=cart, product_id=product.pk, **amount)
    return _brief(line, 201)


@router.post(
    "carts/{int:cart_id}/paste", response=PasteOut, operation_id="pasteIntoCart", summary="Add many articles"
)
@needs(EDIT_CARTS)
@changes(refuses=("nothing_pasted", "too_many_lines", "cart_closed"))
def paste(request: ApiRequest, cart_id: int, body: PasteIn) -> PasteOut:
    """Up to 5,000 lines; those that cannot go in are reported one by one and stop nobody."""
    cart = cart_of(request, cart_id)
    rows = [
        PastedLine(no=no, sku=line.sku, quantity=line.quantity, unit=line.unit, raw=line.sku, note=line.note)
        for no, line in enumerate(body.lines or (), 1)
    ]
    report = operations.add_lines(actor=request.actor, cart=cart, text_or_rows=body.text or rows)
    return paste_out(cart, report)


@router.get(
    "carts/{int:cart_id}/lines/{int:line_id}",
    response=LineBrief,
    operation_id="getCartLine",
    summary="One line",
)
@reads()
def line(request: ApiRequest, cart_id: int, line_id: int) -> Reply:
    """A line with the ETag that a change of it must name. Prices stand in the cart."""
    return _brief(line_of(request, cart_id, line_id))


@router.patch(
    "carts/{int:cart_id}/lines/{int:line_id}",
    response=LineBrief,
    operation_id="changeCartLine",
    summary="Change a line",
)
@needs(EDIT_CARTS)
@changes(refuses=(*LINE_CODES, "cart_closed", "stale", "text_too_long"), if_match=True)
def change(request: ApiRequest, cart_id: int, line_id: int, body: LinePatch) -> Reply:
    """Refused with 412, the colleague's name and value when the line has changed since it was read."""
    line = line_of(request, cart_id, line_id)
    changed = operations.change_line(
        actor=request.actor,
        line=line,
        quantity=body.quantity,
        note=body.note,
        revision=revision_asked(request, line.revision),
    )
    return _brief(changed)


@router.delete(
    "carts/{int:cart_id}/lines/{int:line_id}",
    response={204: None},
    operation_id="removeCartLine",
    summary="Take a line out",
)
@needs(EDIT_CARTS)
@changes(refuses=("cart_closed", "stale", "line_removed"), if_match=True)
def remove(request: ApiRequest, cart_id: int, line_id: int) -> None:
    """Refused with 412 when a colleague has changed the line since it was read."""
    line = line_of(request, cart_id, line_id)
    operations.remove_line(actor=request.actor, line=line, revision=revision_asked(request, line.revision))
