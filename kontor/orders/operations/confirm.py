from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Max
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.queries import today_at
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import checked_text
from kontor.orders.events import OrderConfirmed, OrderDateChanged
from kontor.orders.models import Order, OrderLine
from kontor.orders.permissions import CONFIRM_ORDERS
from kontor.orders.rules import promised_day
from kontor.orders.sides import require_seller_side
from kontor.orders.states import CONFIRMABLE, SHIPPABLE, lock_order

REASON_LENGTH = 2000
DAYS = F("product__lead_days") + Coalesce(F("configuration__lead_days"), 0)
FARTHEST = timedelta(days=3 * 365)


@transaction.atomic
def confirm_order(*, actor: Actor, order: Order, confirmed_date: date | None = None) -> Order:
    """Promise to deliver. Without a day the wished one is promised, or the earliest that lead times allow."""
    require_seller_side(actor, order, CONFIRM_ORDERS)
    lock_order(order, CONFIRMABLE)
    today = today_at(order.seller_id)
    day = _checked(confirmed_date, today) if confirmed_date else _earliest(order, today)
    order.status = Order.Status.CONFIRMED
    order.confirmed_date = order.first_confirmed_date = day
    order.confirmed_at = clock.now()
    order.save(update_fields=["status", "confirmed_date", "first_confirmed_date", "confirmed_at"])
    record(actor, "orders.confirmed", ("order", order.pk), changes={"date": day.isoformat()}, shared=True)
    publish(OrderConfirmed(order.pk))
    return order


@transaction.atomic
def change_confirmed_date(*, actor: Actor, order: Order, confirmed_date: date, reason: str = "") -> Order:
    """Promise another day; the first promise stays on record, to measure deliveries by."""
    require_seller_side(actor, order, CONFIRM_ORDERS)
    lock_order(order, SHIPPABLE)
    day = _checked(confirmed_date, today_at(order.seller_id))
    if day == order.confirmed_date:
        raise Refused(
            "same_date", _("This day is promised already."), {"confirmed_date": _("Choose another day.")}
        )
    before, order.confirmed_date = order.confirmed_date, day
    order.save(update_fields=["confirmed_date"])
    dates = [before.isoformat() if before else None, day.isoformat()]
    record(
        actor,
        "orders.date_changed",
        ("order", order.pk),
        changes={"date": dates},
        note=checked_text(reason, field="reason", limit=REASON_LENGTH),
        shared=True,
    )
    publish(OrderDateChanged(order.pk))
    return order


def _checked(day: date, today: date) -> date:
    if not today <= day <= today + FARTHEST:
        sentence = _("Choose a day from today on, within three years.")
        raise Refused("date_wrong", sentence, {"confirmed_date": sentence})
    return day


def _earliest(order: Order, today: date) -> date:
    if order.wished_date is not None and order.wished_date >= today:
        return order.wished_date
    slowest = OrderLine.objects.filter(order_id=order.pk).aggregate(days=Max(DAYS))["days"]
    return promised_day(today, slowest or 0)
