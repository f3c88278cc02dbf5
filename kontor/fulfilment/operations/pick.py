from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.fulfilment.models import PickList
from kontor.fulfilment.permissions import SHIP
from kontor.fulfilment.stale import moved_on
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO
from kontor.kernel.refusal import Refused
from kontor.orders.sides import require_seller_side
from kontor.orders.states import SHIPPABLE, lock_order

PICK = """
UPDATE fulfilment_pick_line p SET picked = given.quantity
FROM unnest(%(lines)s::bigint[], %(quantities)s::numeric[]) AS given (line, quantity)
WHERE p.id = given.line AND p.pick_list_id = %(list)s
"""


@transaction.atomic
def confirm_pick(
    *, actor: Actor, pick_list: PickList, picked: Mapping[int, Decimal] | None = None
) -> PickList:
    """Say what was found: base units by pick line; a line that is not named was not found. None: everything was.

    What was not found stays reserved and can go on another list. Raises Refused("more_than_listed"), with the sentence
    at ``lines/<id>/picked``, and Refused("nothing_picked").
    """
    require_seller_side(actor, pick_list.order, SHIP)
    lock_order(pick_list.order, SHIPPABLE)
    wanted = dict(pick_list.lines.values_list("pk", "quantity"))
    found = wanted if picked is None else {line: picked.get(line, ZERO) for line in wanted}
    _check(wanted, found, picked or {})
    now = clock.now()
    open_list = PickList.objects.filter(pk=pick_list.pk, status=PickList.Status.OPEN)
    if not open_list.update(status=PickList.Status.PICKED, picked_at=now, picked_by_name=actor.name):
        raise moved_on(pick_list)
    parameters: dict[str, Any] = {
        "list": pick_list.pk,
        "lines": list(found),
        "quantities": list(found.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(PICK, parameters)
    pick_list.status, pick_list.picked_at = PickList.Status.PICKED, now
    pick_list.picked_by_name = actor.name
    missing = sum(1 for line, quantity in wanted.items() if found[line] < quantity)
    changes = {"pick_list": pick_list.number, "short_lines": missing}
    record(actor, "fulfilment.picked", ("order", pick_list.order_id), changes=changes)
    return pick_list


def _check(wanted: Mapping[int, Decimal], found: Mapping[int, Decimal], given: Mapping[int, Decimal]) -> None:
    wrong = {}
    for line in given:
        if line not in wanted:
            wrong[f"lines/{line}/picked"] = _("This line is not on the list.")
        elif not (found[line].is_finite() and 0 <= found[line] <= wanted[line]):
            wrong[f"lines/{line}/picked"] = _("At most %(quantity)s are to be picked.") % {
                "quantity": f"{wanted[line].normalize():f}"
            }
    if wrong:
        raise Refused("more_than_listed", _("These quantities cannot be right."), wrong)
    if not any(found.values()):
        message = _("Nothing was picked. Drop the list instead; the goods stay reserved.")
        raise Refused("nothing_picked", message)
