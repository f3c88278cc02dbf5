"""Which schedules are due, and their runs on the way: at most one each."""

from django.db import transaction

from kontor.kernel import clock
from kontor.kernel.jobs import defer
from kontor.publishing.models import Schedule, ScheduleRun
from kontor.publishing.schedules.times import next_after

QUEUE = "default"
AT_ONCE = 200
BUSY = (ScheduleRun.Status.WAITING, ScheduleRun.Status.RUNNING)


@transaction.atomic
def begin_due() -> int:
    """Put what is due into the queue; how many. Times missed while nothing ran here are caught up once.

    One that is still on its way is left alone: its next time comes.
    """
    now = clock.now()
    due = (
        Schedule.objects.filter(is_paused=False, next_at__lte=now)
        .select_related("company")
        .order_by("next_at")
        .select_for_update(skip_locked=True, of=("self",))[:AT_ONCE]
    )
    begun = 0
    for schedule in due:
        schedule.next_at = next_after(schedule.times, schedule.company.timezone, now)
        schedule.save(update_fields=["next_at"])
        begun += begin(schedule) is not None
    return begun


def begin(schedule: Schedule) -> ScheduleRun | None:
    """A new run in the queue; None when one is on its way. The caller holds the schedule's row."""
    run = _new_run(schedule)
    if run is not None:
        defer("carry_out_schedule", queue=QUEUE, run_id=run.pk)
    return run


@transaction.atomic
def start(schedule: Schedule) -> ScheduleRun | None:
    """A new run for the caller to carry out itself; None when one is on its way."""
    Schedule.objects.select_for_update(of=("self",)).get(pk=schedule.pk)
    return _new_run(schedule)


def _new_run(schedule: Schedule) -> ScheduleRun | None:
    if schedule.runs.filter(status__in=BUSY).exists():
        return None
    return ScheduleRun.objects.create(schedule=schedule)
