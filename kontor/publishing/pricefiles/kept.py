"""The price file that was made last night, as long as it still says what its company may order, at which prices."""

from datetime import timedelta

from kontor.kernel import clock
from kontor.publishing.models import Schedule, ScheduleRun
from kontor.publishing.pricefiles.rows import mark_of
from kontor.search.queries import Viewer

FRESH = timedelta(hours=26)
"""A nightly file counts until the next one is due, and two hours more: what is available is that of the night."""


def kept_run(viewer: Viewer, form: str) -> ScheduleRun | None:
    """The run that made it in this form. None when there is none, or when goods or prices have become other ones."""
    done = ScheduleRun.objects.filter(
        schedule__company_id=viewer.company_id or 0,
        schedule__kind=Schedule.Kind.PRICES,
        schedule__options__form=form,
        status=ScheduleRun.Status.DONE,
        finished_at__gt=clock.now() - FRESH,
    )
    last = done.exclude(file="").order_by("-id").first()
    return last if last is not None and last.seen_as == mark_of(viewer) else None
