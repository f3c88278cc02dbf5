"""Mails about goods on their way out and back."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from kontor.fulfilment.events import (
    PickListsCreated,
    ReturnAccepted,
    ReturnDeclined,
    ReturnReceived,
    ReturnRequested,
    ShipmentArrivesToday,
    ShipmentDelivered,
    ShipmentShipped,
)
from kontor.fulfilment.models import PickList, Return, Shipment
from kontor.fulfilment.queries import shipment_lines
from kontor.kernel.events import on, this_event
from kontor.notifications.audience import Recipient, people
from kontor.notifications.letters import Letter, LetterLine, Writer, day, moment, quantity
from kontor.notifications.links import link
from kontor.notifications.operations import Posting, queue_mail
from kontor.notifications.reactions.sides import rep_address, sales_reps
from kontor.notifications.topics import RETURNS, SELLER, SELLER_PICKING, SELLER_RETURNS, SHIPMENTS

MOST_LINES = 20
ORDER_OF = ("order__buyer", "order__seller", "order__sales_rep__user", "order__account__sales_rep__user")


@on(PickListsCreated)
def tell_the_warehouse(event: PickListsCreated) -> None:
    open_lists = PickList.objects.filter(order_id=event.order_id, status=PickList.Status.OPEN)
    lists = list(open_lists.select_related("order__seller", "order__buyer", "warehouse").order_by("pk"))
    if not lists:
        return
    order = lists[0].order

    def write(_to: Recipient) -> Letter:
        names = {"number": order.number, "buyer": str(order.buyer)}
        subject = _("To pick: order %(number)s for %(buyer)s") % names
        facts = [(one.number, str(one.warehouse)) for one in lists]
        if order.confirmed_date:
            facts.append((_("Promised for"), day(order.confirmed_date)))
        return Letter(
            subject=subject,
            heading=subject,
            paragraphs=[_("The goods are reserved and wait on the shelf.")],
            facts=facts,
            action=(_("See the pick list"), link("pick_list", lists[0].pk, side=SELLER)),
        )

    posting = Posting(topic=SELLER_PICKING, about=this_event(), thread=f"order:{order.pk}")
    queue_mail(posting=posting, to=people(SELLER_PICKING, order.seller_id), write=write)


@on(ShipmentShipped)
def tell_the_buyer_what_is_on_its_way(event: ShipmentShipped) -> None:
    shipment = _shipment(event.shipment_id)
    lines = shipment_lines(shipment)[: MOST_LINES + 1]

    def write(_to: Recipient) -> Letter:
        names = _names(shipment)
        arrives = _("It should arrive on %(day)s.") % {"day": day(shipment.arrives_on)}
        return Letter(
            sender=names["seller"],
            subject=_("On its way: delivery %(shipment)s for order %(number)s") % names,
            heading=_("Your goods are on their way"),
            paragraphs=[
                _("%(seller)s has shipped goods of your order %(number)s.") % names,
                *([arrives] if shipment.arrives_on else []),
            ],
            facts=_facts(shipment),
            lines=[
                LetterLine(
                    name=line.article.name,
                    sku=line.article.sku,
                    quantity=quantity(line.quantity, line.article.base_unit),
                )
                for line in lines[:MOST_LINES]
            ],
            action=(_("Follow the delivery"), link("order", shipment.order_id)),
            closing=[_("There are more articles; the page shows them all.")]
            if len(lines) > MOST_LINES
            else (),
        )

    _tell_receiver(shipment, write)


@on(ShipmentArrivesToday)
def tell_the_buyer_to_expect_goods(event: ShipmentArrivesToday) -> None:
    shipment = _shipment(event.shipment_id)
    if shipment.status != Shipment.Status.SHIPPED:
        return

    def write(_to: Recipient) -> Letter:
        names = _names(shipment)
        subject = _("Arriving today: delivery %(shipment)s for order %(number)s") % names
        return Letter(
            sender=names["seller"],
            subject=subject,
            heading=_("Your goods should arrive today"),
            paragraphs=[_("Somebody should be there to take them in and to check them.")],
            facts=_facts(shipment),
            action=(_("Follow the delivery"), link("order", shipment.order_id)),
        )

    _tell_receiver(shipment, write)


@on(ShipmentDelivered)
def tell_the_buyer_of_delivery(event: ShipmentDelivered) -> None:
    shipment = _shipment(event.shipment_id)

    def write(_to: Recipient) -> Letter:
        names = _names(shipment)
        facts = [(_("Delivered"), moment(shipment.delivered_at)), (_("Taken in by"), shipment.received_by)]
        return Letter(
            sender=names["seller"],
            subject=_("Delivered: %(shipment)s for order %(number)s") % names,
            heading=_("Your goods were delivered"),
            paragraphs=[
                _("If something is missing or damaged, announce a return or ask a question on the order.")
            ],
            facts=[fact for fact in facts if fact[1]],
            action=(_("See the order"), link("order", shipment.order_id)),
        )

    _tell_receiver(shipment, write)


@on(ReturnRequested)
def tell_the_seller_of_a_return(event: ReturnRequested) -> None:
    back = _return(event.return_id)
    lines = list(back.lines.select_related("order_line").order_by("pk")[: MOST_LINES + 1])

    def write(_to: Recipient) -> Letter:
        names = _return_names(back)
        return Letter(
            subject=_("%(buyer)s wants to return goods: %(return)s") % names,
            heading=_("%(buyer)s wants to return goods of order %(number)s") % names,
            paragraphs=[_("Look at the reasons, then accept or decline the return.")],
            lines=[
                LetterLine(
                    name=line.order_line.name,
                    sku=line.order_line.sku,
                    quantity=quantity(line.quantity, line.order_line.base_unit),
                    detail=str(line.get_reason_display()),
                )
                for line in lines[:MOST_LINES]
            ],
            words=back.note,
            words_by=back.requested_by_name if back.note else "",
            action=(_("Answer the return"), link("return", back.pk, side=SELLER)),
        )

    reps = sales_reps(back.order.buyer_id, back.order.seller_id)
    to = people(SELLER_RETURNS, back.order.seller_id, concerned=reps, otherwise=SELLER_RETURNS.roles)
    posting = Posting(topic=SELLER_RETURNS, about=this_event(), thread=f"order:{back.order_id}")
    queue_mail(posting=posting, to=to, write=write)


@on(ReturnAccepted)
def tell_the_buyer_to_send_goods_back(event: ReturnAccepted) -> None:
    _tell_returner(
        event.return_id,
        lambda names: _("Return %(return)s is accepted") % names,
        lambda names: _("Send the goods back and put the number %(return)s on the parcel.") % names,
    )


@on(ReturnDeclined)
def tell_the_buyer_to_keep_goods(event: ReturnDeclined) -> None:
    _tell_returner(
        event.return_id,
        lambda names: _("Return %(return)s is declined") % names,
        lambda names: _("%(seller)s does not take these goods of order %(number)s back.") % names,
    )


@on(ReturnReceived)
def tell_the_buyer_that_goods_are_back(event: ReturnReceived) -> None:
    _tell_returner(
        event.return_id,
        lambda names: _("The goods of return %(return)s have arrived") % names,
        lambda names: _("%(seller)s has received them and will send you a credit note.") % names,
    )


Wording = Callable[[dict[str, str]], str]


def _tell_returner(return_id: int, title: Wording, told: Wording) -> None:
    back = _return(return_id)

    def write(_to: Recipient) -> Letter:
        names = _return_names(back)
        return Letter(
            sender=names["seller"],
            subject=title(names),
            heading=title(names),
            paragraphs=[told(names)],
            words=back.answer_note,
            words_by=names["seller"] if back.answer_note else "",
            facts=[(_("Order"), back.order.number)],
            action=(_("See the return"), link("return", back.pk)),
        )

    order = back.order
    posting = Posting(
        topic=RETURNS, about=this_event(), thread=f"order:{order.pk}", reply_to=rep_address(order)
    )
    to = people(RETURNS, order.buyer_id, concerned=[order.placed_by_id], otherwise=("admin", "buyer"))
    queue_mail(posting=posting, to=to, write=write)


def _tell_receiver(shipment: Shipment, write: Writer) -> None:
    order = shipment.order
    posting = Posting(
        topic=SHIPMENTS, about=this_event(), thread=f"order:{order.pk}", reply_to=rep_address(order)
    )
    to = people(SHIPMENTS, order.buyer_id, concerned=[order.placed_by_id], otherwise=("admin", "buyer"))
    queue_mail(posting=posting, to=to, write=write)


def _shipment(pk: int) -> Shipment:
    return Shipment.objects.select_related(*ORDER_OF).get(pk=pk)


def _return(pk: int) -> Return:
    return Return.objects.select_related(*ORDER_OF).get(pk=pk)


def _names(shipment: Shipment) -> dict[str, str]:
    order = shipment.order
    return {"shipment": shipment.number, "number": order.number, "seller": str(order.seller)}


def _return_names(back: Return) -> dict[str, str]:
    order = back.order
    return {
        "return": back.number,
        "number": order.number,
        "buyer": str(order.buyer),
        "seller": str(order.seller),
    }


def _facts(shipment: Shipment) -> list[tuple[str, str]]:
    facts = [
        (_("Carrier"), shipment.carrier),
        (_("Tracking number"), shipment.tracking_number),
        (_("Tracking"), shipment.tracking_url),
        (_("Packages"), str(shipment.packages)),
        (_("Your order number"), shipment.order.po_number),
    ]
    return [fact for fact in facts if fact[1]]
