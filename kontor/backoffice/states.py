"""The shape that goes with each state as the seller sees it: what waits for the seller is "waiting"."""

from django.utils.translation import gettext as _

from kontor.fulfilment.models import PickList, Return, Shipment
from kontor.orders.models import Order
from kontor.quotes.models import Offer, QuoteRequest

ORDER_KINDS: dict[str, str] = {
    Order.Status.AWAITING_APPROVAL: "neutral",
    Order.Status.SENT_BACK: "off",
    Order.Status.PLACED: "waiting",
    Order.Status.CONFIRMED: "active",
    Order.Status.PARTLY_SHIPPED: "active",
    Order.Status.SHIPPED: "active",
    Order.Status.DELIVERED: "done",
    Order.Status.CANCELLED: "off",
}
REQUEST_KINDS: dict[str, str] = {
    QuoteRequest.Status.SUBMITTED: "waiting",
    QuoteRequest.Status.OFFERED: "active",
    QuoteRequest.Status.ACCEPTED: "done",
    QuoteRequest.Status.REFUSED: "bad",
    QuoteRequest.Status.DECLINED: "off",
    QuoteRequest.Status.WITHDRAWN: "off",
}
OFFER_KINDS: dict[str, str] = {
    Offer.Status.DRAFT: "waiting",
    Offer.Status.SENT: "active",
    Offer.Status.SUPERSEDED: "off",
    Offer.Status.COUNTERED: "neutral",
    Offer.Status.ACCEPTED: "done",
    Offer.Status.REFUSED: "bad",
}
ACCOUNT_KINDS = {"requested": "waiting", "active": "done", "declined": "off", "blocked": "bad"}
SHIPMENT_KINDS: dict[str, str] = {
    Shipment.Status.PACKED: "waiting",
    Shipment.Status.SHIPPED: "active",
    Shipment.Status.DELIVERED: "done",
    Shipment.Status.CANCELLED: "off",
}
PICK_KINDS: dict[str, str] = {
    PickList.Status.OPEN: "waiting",
    PickList.Status.PICKED: "active",
    PickList.Status.PACKED: "done",
    PickList.Status.CANCELLED: "off",
}
RETURN_KINDS: dict[str, str] = {
    Return.Status.REQUESTED: "waiting",
    Return.Status.ACCEPTED: "active",
    Return.Status.DECLINED: "off",
    Return.Status.RECEIVED: "waiting",
    Return.Status.CREDITED: "done",
}


def order_word(status: str) -> str:
    """The state of an order as the seller says it."""
    return _("To confirm") if status == Order.Status.PLACED else str(Order.Status(status).label)


def request_word(status: str) -> str:
    """The state of a request as the seller says it."""
    own = {
        QuoteRequest.Status.SUBMITTED.value: _("To answer"),
        QuoteRequest.Status.OFFERED.value: _("Offer sent"),
        QuoteRequest.Status.DECLINED.value: _("Declined by us"),
    }
    return own.get(status) or str(QuoteRequest.Status(status).label)
