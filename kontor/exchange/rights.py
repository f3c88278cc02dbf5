"""Which right each part of a file asks for, on top of the right to hand one in."""

from django.utils.translation import gettext as _

from kontor.catalog.permissions import AGREE_QUANTITIES, EDIT_CATALOG
from kontor.exchange.fields import split_target
from kontor.exchange.plan import Plan
from kontor.inventory.permissions import MOVE_STOCK
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused
from kontor.pricing.permissions import EDIT_PRICES, SEE_COSTS

RIGHTS = {
    "product": EDIT_CATALOG, "picture": EDIT_CATALOG, "price": EDIT_PRICES, "stock": MOVE_STOCK,
    "options": EDIT_CATALOG, "agreed": AGREE_QUANTITIES,
    "prices": EDIT_PRICES, "costs": SEE_COSTS,
}  # fmt: skip
IMPORTERS = (EDIT_CATALOG, EDIT_PRICES, MOVE_STOCK, AGREE_QUANTITIES)
"""Whoever has one of these may hand in files; what a file then changes is checked against each right."""


def require_all(actor: Actor, plan: Plan) -> None:
    """Raises NotAllowed unless the actor may change all that the plan changes."""
    for group in sorted(plan.groups):
        require(actor, RIGHTS[group])


def refuse_columns(actor: Actor, plan: Plan) -> None:
    """Raises Refused("column_not_allowed") at ``columns/<name>`` of each that changes what the actor may not change."""
    fields = {
        f"columns/{column}": _("Your role does not include this. Leave the column out.")
        for column, target in plan.columns.items()
        if (meant := plan.about.fields.get(split_target(target)[0]))
        and not actor.may(RIGHTS.get(meant.group, EDIT_CATALOG))
    }
    if fields:
        message = _(
            "This file changes more than your role may. Leave the marked columns out, or ask a colleague."
        )
        raise Refused("column_not_allowed", message, fields)
