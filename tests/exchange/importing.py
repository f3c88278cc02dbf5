"""A file imported as a page does it, in one call."""

from collections.abc import Mapping
from typing import Any

from kontor.companies.models import Company
from kontor.exchange.imports import carry_out
from kontor.exchange.models import ImportRun
from kontor.exchange.operations import Incoming, set_plan, take_in
from kontor.exchange.plan import plan_from
from kontor.kernel.actors import Actor, system_actor

SYSTEM = system_actor("import")


def imported(
    content: bytes | str,
    seller: Company,
    *,
    name: str = "goods.csv",
    actor: Actor = SYSTEM,
    check: bool = False,
    **plan: Any,
) -> ImportRun:
    """Take it in, change the suggested plan, check or import it."""
    data = content.encode() if isinstance(content, str) else content
    run = take_in(
        actor=actor, incoming=Incoming(name=name, pieces=[data]), seller=seller if actor.is_system else None
    )
    if plan:
        set_plan(actor=actor, run=run, plan=plan_from(run.plan | plan))
    return carry_out(actor=actor, run=run, check=check)


def outcome(run: ImportRun) -> Mapping[str, int]:
    """The counts that are not zero."""
    return {name: count for name, count in run.counts.items() if count}


def reasons(run: ImportRun) -> list[tuple[int, str, str]]:
    return [(one["line"], one["column"], one["why"]) for one in run.errors]
