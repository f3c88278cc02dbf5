"""Mails about files that should have come in or gone out by themselves."""

from django.utils.translation import gettext as _

from kontor.kernel.events import on, this_event
from kontor.notifications.audience import Recipient, people
from kontor.notifications.letters import Letter
from kontor.notifications.links import link
from kontor.notifications.operations import Posting, queue_mail
from kontor.notifications.topics import PRICE_FILES, SCHEDULES, SELLER
from kontor.publishing.events import ScheduleFailed
from kontor.publishing.models import Schedule, ScheduleRun


@on(ScheduleFailed)
def tell_of_a_failure(event: ScheduleFailed) -> None:
    """Tell who set it up what went wrong and what to do; colleagues when that person is gone."""
    run = ScheduleRun.objects.select_related("schedule").filter(pk=event.run_id).first()
    if run is None:
        return
    schedule = run.schedule
    own = schedule.kind == Schedule.Kind.PRICES
    topic = PRICE_FILES if own else SCHEDULES

    def write(_to: Recipient) -> Letter:
        names = {"name": schedule.name}
        what_now = [
            _("It is tried again at its next time. Nothing has to be done unless it fails again."),
        ]
        if schedule.is_paused:
            what_now = [schedule.paused_because]
        elif schedule.kind == Schedule.Kind.IMPORT:
            what_now = [
                _("Nothing of the file was imported. Correct it at its source, or change the schedule.")
            ]
        return Letter(
            subject=_("Failed: %(name)s") % names,
            heading=_("%(name)s did not come about") % names,
            paragraphs=[run.said, *what_now],
            action=(
                _("Look at it"), link("price_file") if own else link("schedule", schedule.pk, side=SELLER)
            ),
        )  # fmt: skip

    posting = Posting(topic=topic, about=this_event(), thread=f"schedule:{schedule.pk}")
    otherwise = ("admin",) if own else ("catalog", "seller_admin")
    to = people(topic, schedule.company_id, concerned=[schedule.membership_id], otherwise=otherwise)
    queue_mail(posting=posting, to=to, write=write)
