"""Mails about orders, to the people who ordered and to the seller's people who answer for them."""

from django.utils.translation import gettext as _

from kontor.carts.shown import by_reason
from kontor.kernel.events import on, this_event
from kontor.kernel.money import ZERO
from kontor.notifications.attachments import ORDER_CONFIRMATION
from kontor.notifications.audience import Recipient, people
from kontor.notifications.letters import Letter, Writer, day, money
from kontor.notifications.links import link
from kontor.notifications.operations import Posting, queue_mail
from kontor.notifications.reactions.sides import rep_address, sales_reps
from kontor.notifications.sums import Sums, and_more, letter_lines
from kontor.notifications.topics import ORDERS, SELLER, SELLER_ORDERS
from kontor.orders.events import OrderCancelled, OrderConfirmed, OrderDateChanged, OrderPlaced
from kontor.orders.models import Order, OrderLine
from kontor.orders.queries import reductions_of, taxes_of


@on(OrderPlaced)
def thank_the_buyer(event: OrderPlaced) -> None:
    order, lines = _order(event.order_id), _lines(event.order_id)
    sums = _sums(order, lines)

    def write(_to: Recipient) -> Letter:
        names = _names(order)
        told = _("%(seller)s has received your order and will confirm it.") % names
        if order.sales_rep_id:
            told = _("%(rep)s of %(seller)s has entered this order for you.") % names
        return Letter(
            sender=names["seller"],
            subject=_("Order %(number)s received") % names,
            heading=_("Order %(number)s received") % names,
            paragraphs=[told],
            facts=_facts(order),
            lines=letter_lines(lines, order.currency),
            totals=sums.told(),
            action=(_("Follow the order"), link("order", order.pk)),
            closing=[*and_more(lines), *sums.notes()],
        )

    _tell_buyer(order, write)


@on(OrderPlaced)
def tell_sales_of_an_order(event: OrderPlaced) -> None:
    order, lines = _order(event.order_id), _lines(event.order_id)
    sums = _sums(order, lines)
    if order.sales_rep_id:
        return

    def write(_to: Recipient) -> Letter:
        names = _names(order)
        return Letter(
            subject=_("%(buyer)s ordered for %(amount)s: %(number)s") % names,
            heading=_("New order %(number)s of %(buyer)s") % names,
            paragraphs=[_("%(name)s has placed it. Check it and confirm a day.") % names],
            facts=_facts(order),
            lines=letter_lines(lines, order.currency),
            totals=sums.told(),
            words=order.note,
            words_by=order.placed_by_name if order.note else "",
            action=(_("See and confirm the order"), link("order", order.pk, side=SELLER)),
            closing=[*and_more(lines), *sums.notes()],
        )

    _tell_seller(order, write)


@on(OrderConfirmed)
def send_the_confirmation(event: OrderConfirmed) -> None:
    order, lines = _order(event.order_id), _lines(event.order_id)
    sums = _sums(order, lines)

    def write(_to: Recipient) -> Letter:
        names = _names(order)
        told = _("%(seller)s has confirmed your order. The order confirmation is attached.") % names
        return Letter(
            sender=names["seller"],
            subject=_("Order %(number)s confirmed") % names,
            heading=_("Order %(number)s is confirmed") % names,
            paragraphs=[told],
            facts=_facts(order),
            lines=letter_lines(lines, order.currency),
            totals=sums.told(),
            action=(_("Follow the order"), link("order", order.pk)),
            closing=[*and_more(lines), *sums.notes()],
        )

    _tell_buyer(order, write, attachment=(ORDER_CONFIRMATION, order.pk))


@on(OrderDateChanged)
def tell_the_new_date(event: OrderDateChanged) -> None:
    order = _order(event.order_id)

    def write(_to: Recipient) -> Letter:
        names = _names(order) | {"day": day(order.confirmed_date)}
        subject = _("Order %(number)s: new date %(day)s") % names
        return Letter(
            sender=names["seller"],
            subject=subject,
            heading=subject,
            paragraphs=[_("%(seller)s now promises your order for %(day)s.") % names],
            facts=_facts(order),
            action=(_("Follow the order"), link("order", order.pk)),
        )

    _tell_buyer(order, write)


@on(OrderCancelled)
def tell_both_sides_of_a_cancellation(event: OrderCancelled) -> None:
    order = _order(event.order_id)
    whole = order.status == Order.Status.CANCELLED

    def write_for(side: str) -> Writer:
        def write(_to: Recipient) -> Letter:
            names = _names(order)
            subject = _("Part of order %(number)s is cancelled") % names
            told = _("Some lines of the order, or what was still open of them, will not be delivered.")
            if whole:
                subject = _("Order %(number)s is cancelled") % names
                told = _("Nothing of this order will be delivered.")
            return Letter(
                sender="" if side == SELLER else names["seller"],
                subject=f"{subject} ({names['buyer']})" if side == SELLER else subject,
                heading=subject,
                paragraphs=[told],
                facts=_facts(order),
                action=(_("See the order"), link("order", order.pk, side=side)),
            )

        return write

    _tell_buyer(order, write_for(""))
    if order.released_at is not None:
        _tell_seller(order, write_for(SELLER))


def _tell_buyer(order: Order, write: Writer, *, attachment: tuple[str, int] | None = None) -> None:
    """A mail of the topic "orders" to who placed it; answers go to the customer's sales rep."""
    posting = Posting(
        topic=ORDERS,
        about=this_event(),
        thread=f"order:{order.pk}",
        reply_to=rep_address(order),
        attachment=attachment,
    )
    to = people(ORDERS, order.buyer_id, concerned=[order.placed_by_id], otherwise=("admin", "buyer"))
    queue_mail(posting=posting, to=to, write=write)


def _tell_seller(order: Order, write: Writer) -> None:
    by = order.placed_by.user.email if order.placed_by else ""
    posting = Posting(topic=SELLER_ORDERS, about=this_event(), thread=f"order:{order.pk}", reply_to=by)
    reps = sales_reps(order.buyer_id, order.seller_id)
    to = people(SELLER_ORDERS, order.seller_id, concerned=reps, otherwise=SELLER_ORDERS.roles)
    queue_mail(posting=posting, to=to, write=write)


def _order(pk: int) -> Order:
    related = ("buyer", "seller", "placed_by__user", "sales_rep__user", "account__sales_rep__user")
    return Order.objects.select_related(*related).get(pk=pk)


def _lines(order_id: int) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order_id=order_id).order_by("position"))


def _names(order: Order) -> dict[str, str]:
    return {
        "number": order.number,
        "buyer": str(order.buyer),
        "seller": str(order.seller),
        "name": order.placed_by_name,
        "rep": order.sales_rep_name,
        "amount": money(order.net_total, order.currency),
    }


def _facts(order: Order) -> list[tuple[str, str]]:
    address = order.delivery_address or {}
    place = ", ".join(filter(None, (address.get("recipient"), address.get("street"), address.get("city"))))
    facts = [
        (_("Your order number"), order.po_number),
        (_("Deliver to"), place),
        (_("Wished for"), day(order.wished_date)),
        (_("Promised for"), day(order.confirmed_date)),
    ]
    return [fact for fact in facts if fact[1]]


def _sums(order: Order, lines: list[OrderLine]) -> Sums:
    charges = list(order.charges.all())
    return Sums(
        currency=order.currency,
        goods=sum((line.full_net for line in lines), ZERO),
        reductions=reductions_of(order, lines),
        costs=by_reason((one.reason, one.net) for one in charges),
        net=order.net_total,
        taxes=taxes_of(order, lines, charges),
        facts=order.tax_facts,
        total=order.gross_total,
    )
