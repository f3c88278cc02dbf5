"""Carrying out a schedule, and what follows when it goes wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from kontor.companies.models import Membership
from kontor.exchange import folder
from kontor.kernel import clock
from kontor.kernel.actors import Actor, system_actor
from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused
from kontor.publishing.events import ScheduleFailed
from kontor.publishing.models import Schedule, ScheduleRun
from kontor.publishing.permissions import may_schedule
from kontor.publishing.schedules.kinds import KINDS, Came

log = structlog.get_logger(__name__)
MOST_FAILURES = 5
"""So many in a row, and the schedule pauses."""
RUNS_KEPT, FILES_KEPT = 30, 3
STATUS = ScheduleRun.Status
LOCK = "SELECT pg_try_advisory_lock(hashtext('publishing_schedule'), %s)"
UNLOCK = "SELECT pg_advisory_unlock(hashtext('publishing_schedule'), %s)"


def carry_out_schedule(run_id: int) -> None:
    """Do what a run in the queue is for, with the rights that its person has now. Repeating it does no harm."""
    related = ("schedule__company", "schedule__mapping", "schedule__feed__seller")
    run = ScheduleRun.objects.select_related(*related).filter(pk=run_id).first()
    if run is None or not run.is_busy:
        return
    with _alone(run.schedule_id) as alone:
        if alone:
            _carry_out(run)


@contextmanager
def _alone(schedule_id: int) -> Iterator[bool]:
    """Nobody else carries it out meanwhile, also not after a worker that was taken for dead."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [schedule_id % 2**31])
        (alone,) = cursor.fetchone() or (False,)
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute(UNLOCK, [schedule_id % 2**31])


def _carry_out(run: ScheduleRun) -> None:
    schedule = run.schedule
    ScheduleRun.objects.filter(pk=run.pk).update(status=STATUS.RUNNING, started_at=clock.now())
    actor, language = _actor_of(schedule)
    with override(language):
        try:
            if actor is None:
                message = _(
                    "Who set this up does not work here any more. Save the schedule to make it yours."
                )
                raise Refused("nobody", message)
            if not may_schedule(actor, schedule.kind):
                message = _("Who set this up may not do it any more. Save the schedule to make it yours.")
                raise Refused("not_allowed", message)
            came = KINDS[Schedule.Kind(schedule.kind)](actor, schedule)
        except (EntranceProblem, Refused) as problem:
            came = Came(STATUS.FAILED, problem.message)
        except Exception:
            log.exception("schedule_failed", schedule=schedule.pk)
            came = Came(
                STATUS.FAILED, _("It stopped with an error of ours. Tell the operator when it happens again.")
            )
        _finish(run, came)


def _actor_of(schedule: Schedule) -> tuple[Actor | None, str]:
    if schedule.membership_id is None:
        return system_actor("schedule"), schedule.company.language
    members = Membership.objects.active().select_related("user", "company")
    member = members.filter(pk=schedule.membership_id, company_id=schedule.company_id).first()
    if member is None:
        return None, schedule.company.language
    return member.as_actor("worker"), member.user.language or settings.LANGUAGE_CODE


@transaction.atomic
def _finish(run: ScheduleRun, came: Came) -> None:
    schedule = Schedule.objects.select_for_update().get(pk=run.schedule_id)
    failed = came.status == STATUS.FAILED
    ScheduleRun.objects.filter(pk=run.pk).update(
        status=came.status, said=came.said[:400], import_run_id=came.import_run_id, file=came.file, digest=came.digest,
        byte_size=came.byte_size, seen_as=came.seen_as, finished_at=clock.now(),
    )  # fmt: skip
    schedule.failures = schedule.failures + 1 if failed else 0
    if not failed and schedule.source == run.schedule.source:  # else these are marks of another file
        schedule.etag, schedule.digest = came.etag, came.digest
    if schedule.failures >= MOST_FAILURES and not schedule.is_paused:
        schedule.is_paused, schedule.next_at = True, None
        reason = _("It failed %(count)s times in a row. Correct it, then continue.")
        schedule.paused_because = reason % {"count": schedule.failures}
    schedule.save(update_fields=["failures", "etag", "digest", "is_paused", "next_at", "paused_because"])
    _forget_old(schedule)
    if failed:
        publish(ScheduleFailed(run.pk))


def _forget_old(schedule: Schedule) -> None:
    """The last runs stay, and the last files that were made."""
    made = list(schedule.runs.exclude(file="").order_by("-id")[FILES_KEPT:])
    old = list(schedule.runs.order_by("-id").values_list("pk", flat=True)[RUNS_KEPT:])
    schedule.runs.filter(pk__in=[one.pk for one in made]).update(file="")
    schedule.runs.filter(pk__in=old).delete()
    for one in made:
        transaction.on_commit(partial(folder.forget, one.file))
