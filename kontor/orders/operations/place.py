from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.approvals.operations import request_approval
from kontor.approvals.rules import needs_approval
from kontor.audit.trail import record
from kontor.carts.messages import line_problem
from kontor.carts.models import Cart
from kontor.carts.queries import codes_of
from kontor.carts.rules import LineProblem
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused
from kontor.orders.draft import Draft, DraftLine
from kontor.orders.duplicates import naming_duplicates
from kontor.orders.events import OrderAwaitsApproval, OrderPlaced
from kontor.orders.intake import OrderDetails, cleaned
from kontor.orders.models import Order
from kontor.orders.parties import Parties, claim_cart
from kontor.orders.permissions import right_to_order
from kontor.orders.reckoned import Circumstances, reckon_draft
from kontor.orders.wares import Ware, outdated, problems_of, refuse_lines, wares_of_cart
from kontor.pricing.queries import Chain, Wanted, chain_for, resolve


@naming_duplicates
@transaction.atomic
def place_order(*, actor: Actor, cart: Cart, details: OrderDetails) -> Order:
    """Turn an open cart into a binding order at the prices of this moment, with its stock reserved.

    Above the actor's limit the order waits for an approver and the seller does not see it yet. A sales representative
    who works for a customer places it with the right to enter orders. Raises Refused with the sentence at its field;
    nothing is changed then, and the cart stays open.
    """
    require(actor, right_to_order(actor))
    details = cleaned(details)
    buyer_id = cart.buyer_id if actor.is_system else actor.buying_company_id
    parties = claim_cart(cart.pk, buyer_id, details)
    if parties is None or (actor.acting_for_id and parties.seller_id != actor.company_id):
        raise _not_open(cart)
    chain = chain_for(parties.buyer_id)
    currency, lines = _priced(wares_of_cart(cart.pk), chain, seller_id=parties.seller_id)
    draft = Draft(parties=parties, currency=currency, lines=lines)
    asked = Circumstances(
        chain=chain,
        channel=str(details.channel),
        membership_id=actor.membership_id,
        codes=codes_of(cart.pk),
    )
    reckon_draft(draft, asked)
    draft.add_up()
    return submit(actor, draft, details)


def submit(actor: Actor, draft: Draft, details: OrderDetails, **facts: Any) -> Order:
    """Write the draft as an order of its buyer and send it on its way: to the seller, or to an approver first."""
    waits = _waits(actor, draft)
    facts |= facts_of(actor, draft.parties, details)
    if waits:
        facts |= {"status": Order.Status.AWAITING_APPROVAL.value}
    else:
        facts |= {"status": Order.Status.PLACED.value, "released_at": clock.now()}
    order = draft.write(facts | {"repeats_po": repeats_po(draft.parties, details)})
    record(
        actor,
        "orders.awaits_approval" if waits else "orders.placed",
        ("order", order.pk),
        changes=trail_facts(order),
        shared=not waits,
    )
    if waits:
        request_approval(
            actor=actor,
            company_id=order.buyer_id,
            subject=("order", order.pk),
            title=order.number,
            reason="over_limit",
            facts={"limit": str(actor.order_limit), "lines": len(draft.lines), "po_number": order.po_number},
            amount=order.net_total,
            currency=order.currency,
        )
        publish(OrderAwaitsApproval(order.pk))
    else:
        publish(OrderPlaced(order.pk))
    return order


def facts_of(actor: Actor, parties: Parties, details: OrderDetails) -> dict[str, Any]:
    """The columns that say who ordered, how and what for. Who has to prepay does not get terms by asking for them."""
    on_behalf = actor.acting_for_id is not None
    return {
        "channel": str(details.channel),
        "placed_by_id": actor.membership_id,
        "placed_by_name": actor.name,
        "order_limit": actor.order_limit,
        "sales_rep_id": actor.membership_id if on_behalf else None,
        "sales_rep_name": actor.name if on_behalf else "",
        "po_number": details.po_number,
        "note": details.note,
        "wished_date": details.wished_date,
        "pay_by": Order.PayBy.TRANSFER.value if parties.is_prepayment else str(details.pay_by),
    }


def repeats_po(parties: Parties, details: OrderDetails) -> bool:
    """Whether the buyer knowingly orders on a number that stands on another order; unknowingly is refused."""
    po_number = details.po_number
    if not (po_number and details.accept_duplicate_po):
        return False
    same = Order.objects.filter(buyer_id=parties.buyer_id, seller_id=parties.seller_id, po_number=po_number)
    return same.exclude(status__in=[Order.Status.CANCELLED, Order.Status.SENT_BACK]).exists()


def trail_facts(order: Order) -> dict[str, Any]:
    """What the timeline says beside "ordered"."""
    return {
        "order": order.number,
        "net_total": order.net_total,
        "currency": order.currency,
        "channel": order.channel,
        "po_number": order.po_number,
    }


def _waits(actor: Actor, draft: Draft) -> bool:
    if actor.order_limit is None:
        return False
    # A limit in another currency says nothing about this order, so somebody has to look at it.
    foreign = draft.currency != draft.parties.buyer_currency
    return foreign or needs_approval(actor.order_limit, draft.net_total)


def _priced(wares: list[Ware], chain: Chain, *, seller_id: int) -> tuple[str, list[DraftLine]]:
    """The lines at this buyer's prices of this moment, and their currency."""
    if not wares:
        raise Refused("cart_empty", _("This cart is empty. Add goods first."))
    refuse_lines(problems_of(wares, seller_id=seller_id, steps=True) or outdated(wares))
    lines = [ware.draft(number) for number, ware in enumerate(wares)]
    wanted = [Wanted(line.product_id, line.base_quantity, line.chosen, line.unit) for line in lines]
    prices = resolve(chain, wanted)
    unpriced = {}
    for number, (line, price) in enumerate(zip(lines, prices, strict=True)):
        if price is None or price.amount <= 0:
            unpriced[number] = line_problem(LineProblem.NO_PRICE)
        else:
            line.unit_price, line.price_base = price.amount, price.price_base
            line.price_source, line.price_break = f"list:{price.price_list_id}", price.min_quantity
    refuse_lines(unpriced)
    currencies = {price.currency for price in prices if price is not None}
    if len(currencies) > 1:
        raise Refused(
            "mixed_currencies", _("These goods are priced in several currencies. Order them apart.")
        )
    return currencies.pop(), lines


def _not_open(cart: Cart) -> Refused:
    order = Order.objects.filter(cart_id=cart.pk).exclude(status=Order.Status.SENT_BACK).first()
    if order is not None:
        return Refused(
            "already_ordered",
            _("This cart has been ordered already, as %(order)s.") % {"order": order.number},
        )
    return Refused("cart_closed", _("This cart is not open any more. Open your current cart."))
