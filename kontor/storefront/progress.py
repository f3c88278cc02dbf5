"""How far something has come, as steps: the way of an order, of a request, of a return."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from kontor.fulfilment.models import Return, Shipment
from kontor.orders.models import Order
from kontor.web.dates import date_text

Step = dict[str, Any]


def _steps(labels: Sequence[tuple[str, str]], reached: int, *, finished: bool = False) -> list[Step]:
    """`reached` is the index of the step that is going on; the ones before are done."""
    return [
        {
            "label": label,
            "hint": hint,
            "url": "",
            "state": "done" if at < reached or finished else "current" if at == reached else "next",
        }
        for at, (label, hint) in enumerate(labels)
    ]


def order_steps(order: Order, shipments: Sequence[Shipment]) -> list[Step]:
    """Placed, approved where somebody must, confirmed, shipped, delivered; nothing for an order that ended early."""
    status = Order.Status
    if order.status in (status.CANCELLED, status.SENT_BACK):
        return []
    approves = order.status == status.AWAITING_APPROVAL or (
        order.released_at is not None and (order.released_at - order.placed_at).total_seconds() > 1
    )
    arrives = max((one.arrives_on for one in shipments if one.arrives_on), default=None)
    left = max((one.shipped_at for one in shipments if one.shipped_at), default=None)
    labels = [(_("Placed"), date_text(order.placed_at))]
    if approves:
        labels.append((_("Approved"), date_text(order.released_at)))
    promised = _("for %(day)s") % {"day": date_text(order.confirmed_date)} if order.confirmed_date else ""
    labels += [
        (_("Confirmed"), promised),
        (_("Partly shipped") if order.status == status.PARTLY_SHIPPED else _("Shipped"), date_text(left)),
        (_("Delivered"), _arrival(order, arrives)),
    ]
    own = 1 if approves else 0
    reached = {
        status.AWAITING_APPROVAL: 1,
        status.PLACED: 1 + own,
        status.CONFIRMED: 2 + own,
        status.PARTLY_SHIPPED: 2 + own,
        status.SHIPPED: 3 + own,
        status.DELIVERED: 4 + own,
    }[Order.Status(order.status)]
    return _steps(labels, reached)


def _arrival(order: Order, arrives: Any) -> str:
    if order.status == Order.Status.DELIVERED:
        return date_text(order.closed_at)
    return _("expected %(day)s") % {"day": date_text(arrives)} if arrives else ""


def return_steps(found: Return) -> list[Step]:
    """Announced, accepted, received, credited; nothing for one that was declined."""
    if found.status == Return.Status.DECLINED:
        return []
    labels = [
        (_("Announced"), date_text(found.requested_at)),
        (_("Accepted"), date_text(found.answered_at)),
        (_("Received"), date_text(found.received_at)),
        (_("Credited"), ""),
    ]
    reached = {"requested": 1, "accepted": 2, "received": 3, "credited": 4}[found.status]
    return _steps(labels, reached)
