"""That agreements end, told 60 and 30 days before; the calendar sets it off, no event."""

from datetime import timedelta

from django.db import transaction

from kontor.agreements.queries import ending_within
from kontor.kernel import clock
from kontor.notifications.reactions.agreements import remind_of_ending

DAYS = (30, 60)
LATEST = timedelta(days=3)
"""How much later it is still told, where no worker ran in time."""


@transaction.atomic
def remind_of_ending_agreements() -> int:
    """Tell both sides of agreements that end in 60 and in 30 days, each once. Returns how many mails."""
    stages = [timedelta(days=days) for days in DAYS]
    mails = 0
    for agreement in ending_within(*((stage - LATEST, stage) for stage in stages)):
        left = (agreement.valid_until or clock.now()) - clock.now()
        days = next(days for days, stage in zip(DAYS, stages, strict=True) if left <= stage)
        mails += remind_of_ending(agreement, f"agreement_ends:{agreement.pk}:{agreement.last_day}:{days}")
    return mails
