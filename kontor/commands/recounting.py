"""`kontor rebates recount`: bonus agreements counted anew, one by one, so that invoices wait for one only."""

from kontor.commands.exchange import seller_called
from kontor.commands.steps import console, errors
from kontor.kernel.actors import system_actor
from kontor.kernel.refusal import Refused
from kontor.rebates.models import Rebate
from kontor.rebates.operations import recount_rebate


def recount(*, seller: str, name: str) -> int:
    """Count a seller's agreements in force anew, or the one of this name, and tell how many lines count in each."""
    actor = system_actor("kontor rebates", door="command")
    rows = Rebate.objects.filter(seller=seller_called(seller), state=Rebate.State.ACTIVE).order_by("id")
    found = list(rows.filter(name=name) if name else rows)
    if name and not found:
        text = f"There is no agreement in force called {name}."
        errors.print(text, style="red", markup=False, soft_wrap=True)
        return 1
    for rebate in found:
        try:
            told = f"{recount_rebate(actor=actor, rebate=rebate):,} lines count"
        except Refused:
            told = "settled in part, left as it is"
        console.print(f"{rebate.name}: {told}.", markup=False, soft_wrap=True)
    return 0
