"""Names the refusal when the database, the last judge in a race, finds a second order for the same thing."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError
from django.utils.translation import gettext as _

from kontor.kernel.refusal import Refused

P = ParamSpec("P")
R = TypeVar("R")


def naming_duplicates(operation: Callable[P, R]) -> Callable[P, R]:
    """Put around the transaction: a broken uniqueness becomes a sentence, any other breach goes on as it is."""

    @wraps(operation)
    def named(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return operation(*args, **kwargs)
        except IntegrityError as problem:
            refusal = _refusal(problem)
            if refusal is None:
                raise
            raise refusal from problem

    return named


def _refusal(problem: IntegrityError) -> Refused | None:
    broken = getattr(getattr(problem.__cause__, "diag", None), "constraint_name", None)
    if broken == "orders_po_number_once":
        return Refused(
            "duplicate_po_number",
            _("Your company has ordered with this order number already. Change it, or say that you mean it."),
            {"po_number": _("Used by another order.")},
        )
    if broken in ("orders_one_per_cart", "orders_one_per_offer"):
        return Refused("already_ordered", _("This has been ordered already. Look at your orders."))
    return None
