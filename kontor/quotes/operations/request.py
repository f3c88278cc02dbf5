"""Ask for prices, ask again, take the request back."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.carts.models import Cart
from kontor.carts.operations import reopen_cart, submit_cart
from kontor.carts.queries import cart_view
from kontor.carts.shown import CartView
from kontor.companies.models import CustomerAccount
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.bulk import insert_rows
from kontor.kernel.events import publish
from kontor.kernel.numbering import next_number
from kontor.kernel.refusal import Refused, Stale
from kontor.kernel.texts import checked_text
from kontor.pricing.queries import chain_for
from kontor.quotes.events import BetterOfferAsked, QuoteRequested, RequestWithdrawn
from kontor.quotes.models import Offer, QuoteRequest, QuoteRequestLine
from kontor.quotes.operations.moving import TEXT_LENGTH, answer, move
from kontor.quotes.operations.wishes import Price, read_targets
from kontor.quotes.permissions import require_buyer_side

BEARABLE = frozenset({"no_price", "not_enough_stock"})
"""Problems of a cart line that an offer can solve; the others must be solved in the cart."""
RETARGET = """
UPDATE quotes_request_line AS l SET target_price = wish.price
FROM unnest(%s::bigint[], %s::numeric[]) AS wish (id, price), quotes_request_line old
WHERE l.id = wish.id AND l.request_id = %s AND old.id = l.id AND l.target_price IS DISTINCT FROM wish.price
RETURNING l.position, old.target_price, l.target_price
"""


@transaction.atomic
def request_quote(*, actor: Actor, cart: Cart, targets: Mapping[int, Price], note: str = "") -> QuoteRequest:
    """Send the cart to the seller as a request for prices; `targets` are wished prices by cart line.

    The list price of this moment is kept beside each target, both per the same price base. The cart is closed until
    the request is withdrawn or declined. Raises Refused at ``note``, ``lines/<line id>/target_price`` or
    ``lines/<line id>/quantity``.
    """
    require_buyer_side(actor, buyer_id=cart.buyer_id, seller_id=cart.seller_id)
    note = checked_text(note, field="note", limit=TEXT_LENGTH)
    wishes = read_targets(targets)
    _require_account(cart)
    submit_cart(cart=cart, status=Cart.Status.REQUESTED)
    view = cart_view(actor, cart, chain_for(cart.buyer_id))
    _check(view, wishes)
    request = QuoteRequest.objects.create(
        number=next_number("RQ", seller_id=cart.seller_id), buyer_id=cart.buyer_id, seller_id=cart.seller_id,
        cart=cart, requested_by_id=None if actor.acting_for_id else actor.membership_id,
        requested_by_name=actor.name[:150], currency=view.currency, note=note, requested_at=clock.now(),
    )  # fmt: skip
    lines = view.lines
    insert_rows(
        QuoteRequestLine,
        {
            "request_id": request.pk,
            "position": list(range(1, len(lines) + 1)),
            "product_id": [line.product_id for line in lines],
            "configuration_id": [line.configuration_id for line in lines],
            "unit": [line.unit for line in lines],
            "factor": [line.factor for line in lines],
            "quantity": [line.quantity for line in lines],
            "list_price": [line.amount for line in lines],
            "target_price": [wishes.get(line.id) for line in lines],
            "price_base": [line.price_base for line in lines],
            "note": [line.note for line in lines],
        },
    )
    facts = {"number": request.number, "lines": len(lines)}
    record(actor, "quotes.requested", ("quote", request.pk), changes=facts, note=note, shared=True)
    publish(QuoteRequested(request_id=request.pk))
    return request


def _require_account(cart: Cart) -> None:
    active = CustomerAccount.objects.active().filter(buyer_id=cart.buyer_id, seller_id=cart.seller_id)
    if not active.exists():
        message = _(
            "%(seller)s has not opened an account for your company yet. Your cart is kept until then."
        )
        raise Refused("account_not_active", message % {"seller": cart.seller})


def _check(view: CartView, wishes: dict[int, Decimal | None]) -> None:
    if not view.lines:
        raise Refused("empty_cart", _("The cart is empty. Add articles, then ask for prices."))
    blocked = [line for line in view.problems if line.problem not in BEARABLE]
    if blocked:
        fields = {f"lines/{line.id}/quantity": line.message for line in blocked}
        first = blocked[0]
        message = _("%(sku)s: %(problem)s") % {"sku": first.sku, "problem": first.message}
        raise Refused(first.problem or "", message, fields)
    if set(wishes) - {line.id for line in view.lines}:
        raise Stale("stale", _("A colleague has removed a line of this cart meanwhile. Look at it again."))


@transaction.atomic
def ask_again(*, actor: Actor, offer: Offer, targets: Mapping[int, Price], note: str = "") -> QuoteRequest:
    """Answer an offer with a wish: new targets by request line, a note, or both. It is the seller's turn again.

    An expired offer can be answered so. Raises Refused("nothing_asked"), or at `note` or
    ``lines/<line id>/target_price``; Stale("offer_superseded") when the seller has sent a newer version.
    """
    request = offer.request
    require_buyer_side(actor, buyer_id=request.buyer_id, seller_id=request.seller_id)
    note = checked_text(note, field="note", limit=TEXT_LENGTH)
    wishes = read_targets(targets)
    if set(wishes) - set(request.lines.values_list("pk", flat=True)):
        raise Refused("unknown_line", _("A target belongs to no line of this request. Reload the page."))
    move(request, "ask_again")
    answer(offer, Offer.Status.COUNTERED, actor, note)
    with connection.cursor() as cursor:
        cursor.execute(RETARGET, [list(wishes), list(wishes.values()), request.pk])
        changed = {f"line {position}": [old, new] for position, old, new in sorted(cursor.fetchall())}
    if not changed and not note:
        message = _("Say what you wish for: a target price, a note, or both.")
        raise Refused("nothing_asked", message, {"note": message})
    facts = {"version": offer.version} | changed
    record(actor, "quotes.asked_again", ("quote", request.pk), changes=facts, note=note, shared=True)
    publish(BetterOfferAsked(offer_id=offer.pk, request_id=request.pk))
    return request


@transaction.atomic
def withdraw_request(*, actor: Actor, request: QuoteRequest, reason: str = "") -> QuoteRequest:
    """Take a request back before it is answered; its cart is open again. Raises Refused("not_your_turn")."""
    require_buyer_side(actor, buyer_id=request.buyer_id, seller_id=request.seller_id)
    reason = checked_text(reason, field="reason", limit=TEXT_LENGTH)
    move(request, "withdraw", close_note=reason)
    if request.cart_id is not None:
        reopen_cart(cart_id=request.cart_id)
    record(actor, "quotes.withdrawn", ("quote", request.pk), note=reason, shared=True)
    publish(RequestWithdrawn(request_id=request.pk))
    return request
