"""The price file that was made last night, as long as it still is what its company may see."""

from datetime import timedelta

from kontor.exchange.models import Schedule, ScheduleRun
from kontor.kernel import clock
from kontor.publishing.sight import seen_as
from kontor.search.queries import Viewer

FRESH = timedelta(hours=26)
"""A nightly file counts until the next one is due, and two hours more."""


def kept_run(viewer: Viewer, form: str) -> ScheduleRun | None:
    """The run that made it in this form. One made through other eyes, or an old one, does not count."""
    done = ScheduleRun.objects.filter(
        schedule__company_id=viewer.company_id or 0,
        schedule__kind=Schedule.Kind.PRICES,
        schedule__options__form=form,
        status=ScheduleRun.Status.DONE,
        seen_as=seen_as(viewer),
        finished_at__gt=clock.now() - FRESH,
    )
    return done.exclude(file="").order_by("-id").first()
