from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.ownership import require_own
from kontor.inventory.models import ExpectedReceipt, Warehouse
from kontor.inventory.operations.receive import Receipt, by_shelf
from kontor.inventory.permissions import MOVE_STOCK
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused, Stale


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What a supplier promised, and for which day."""

    items: Sequence[Receipt]
    due_on: date
    reference: str = ""


@transaction.atomic
def expect_receipt(*, actor: Actor, warehouse: Warehouse, announced: Announcement) -> None:
    """Note goods on their way into a warehouse; customers see the day beside goods that are out of stock.

    Raises Refused: ``in_the_past`` at ``due_on``, ``too_long`` at ``reference``, and as `receive_stock`.
    """
    require(actor, MOVE_STOCK)
    require_own(actor, warehouse.seller_id)
    _check_day(announced.due_on)
    if len(announced.reference) > 60:
        message = _("At most %(most)s characters.") % {"most": 60}
        raise Refused("too_long", message, {"reference": message})
    ExpectedReceipt.objects.bulk_create(
        ExpectedReceipt(
            stock_item_id=shelf,
            quantity=quantity,
            remaining=quantity,
            due_on=announced.due_on,
            reference=announced.reference,
            actor_name=actor.name,
        )
        for shelf, quantity in by_shelf(warehouse, announced.items).items()
    )
    about = {"articles": len(announced.items), "day": announced.due_on, "reference": announced.reference}
    record(actor, "inventory.expected", ("warehouse", warehouse.pk), changes=about)


@transaction.atomic
def move_expected(*, actor: Actor, expected: ExpectedReceipt, due_on: date) -> None:
    """Another day for goods on their way. Raises Refused("in_the_past"), and Stale when they have arrived."""
    _own_shelf(actor, expected)
    _check_day(due_on)
    _change(actor, expected, {"due_on": due_on}, "inventory.expected_moved", {"day": due_on})


@transaction.atomic
def drop_expected(*, actor: Actor, expected: ExpectedReceipt) -> None:
    """What is still on its way will not come. Raises Stale when it has arrived."""
    _own_shelf(actor, expected)
    about = {"day": expected.due_on}
    _change(actor, expected, {"remaining": 0}, "inventory.expected_dropped", about)


def _own_shelf(actor: Actor, expected: ExpectedReceipt) -> None:
    require(actor, MOVE_STOCK)
    require_own(actor, expected.stock_item.warehouse.seller_id)


def _change(
    actor: Actor,
    expected: ExpectedReceipt,
    values: Mapping[str, object],
    verb: str,
    about: Mapping[str, object],
) -> None:
    if not ExpectedReceipt.objects.filter(pk=expected.pk, remaining__gt=0).update(**values):
        raise Stale("stale", _("These goods have arrived, or will not come any more."))
    record(actor, verb, ("product", expected.stock_item.product_id), changes=dict(about))


def _check_day(day: date) -> None:
    if day < clock.today():
        message = _("This day is over. Enter the day on which the goods are to arrive.")
        raise Refused("in_the_past", message, {"due_on": message})
