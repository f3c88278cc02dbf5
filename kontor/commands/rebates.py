"""`kontor rebates recount`: bonus agreements counted anew."""

from kontor.commands.exchange import seller_called
from kontor.commands.steps import console, errors
from kontor.kernel.actors import system_actor
from kontor.rebates.operations import recount_rebates


def recount(*, seller: str, name: str) -> int:
    """Count a seller's agreements in force anew and tell what changed; 1 when there is none of this name."""
    counted = recount_rebates(
        actor=system_actor("kontor rebates", door="command"), seller=seller_called(seller), name=name
    )
    if name and not counted:
        errors.print(
            f"There is no agreement in force called {name}.", style="red", markup=False, soft_wrap=True
        )
        return 1
    for rebate, lines in counted:
        told = "settled in part, left as it is" if lines is None else f"{lines:,} lines count"
        console.print(f"{rebate.name}: {told}.", markup=False, soft_wrap=True)
    return 0
