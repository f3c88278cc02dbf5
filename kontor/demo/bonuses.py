"""A bonus for Acme, half-way to its next tier."""

from datetime import date, timedelta
from decimal import Decimal

from kontor.companies.models import CustomerAccount
from kontor.companies.queries import today_at
from kontor.kernel.actors import Actor
from kontor.rebates.models import Rebate
from kontor.rebates.operations import RebateFacts, begin_rebate, save_rebate
from kontor.rebates.queries import progress_of

STEP = Decimal(1000)
RATES = (Decimal(1), Decimal(2), Decimal(3))


def agree_on_a_bonus(*, actor: Actor, account: CustomerAccount) -> None:
    """Agree on a bonus for the year that began half a year ago, with a tier behind and two ahead."""
    today = today_at(account.seller_id)
    begin = (today.replace(day=1) - timedelta(days=160)).replace(day=1)
    days = (begin, begin.replace(year=begin.year + 1) - timedelta(days=1))
    rebate = begin_rebate(actor=actor, rebate=_save(actor, account, days, [STEP]))
    bought = progress_of([rebate])[0].value
    middle = max(round(bought / STEP), 2) * STEP
    _save(actor, account, days, [middle / 2, middle * 3 / 2, middle * 3], rebate)


def _save(
    actor: Actor,
    account: CustomerAccount,
    days: tuple[date, date],
    starts: list[Decimal],
    rebate: Rebate | None = None,
) -> Rebate:
    facts = RebateFacts(
        name=f"Annual bonus from {days[0]:%Y-%m}", currency="EUR", begins_on=days[0], ends_on=days[1],
        accounts=[account], tiers=list(zip(starts, RATES, strict=False)),
    )  # fmt: skip
    return save_rebate(actor=actor, facts=facts, rebate=rebate)
