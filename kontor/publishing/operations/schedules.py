from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.ownership import require_own
from kontor.exchange.models import SavedMapping
from kontor.exchange.writers import FORMS
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.publishing.models import Schedule, ScheduleRun
from kontor.publishing.permissions import may_schedule
from kontor.publishing.pricefiles import FORMS as PRICE_FORMS
from kontor.publishing.schedules.due import begin
from kontor.publishing.schedules.sources import source_problem
from kontor.publishing.schedules.times import next_after, times_problem

KIND = Schedule.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleFacts:
    """A schedule as a form gives it; see `Schedule`. `mapping` None: the columns are recognised each time."""

    name: str
    times: str
    source: str = ""
    mapping: SavedMapping | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def save_schedule(
    *, actor: Actor, facts: ScheduleFacts, schedule: Schedule | None = None, kind: str = KIND.IMPORT
) -> Schedule:
    """Add a schedule of `kind` to the actor's company, or change one; from now on it runs with the actor's rights.

    Raises Refused("incomplete") with a sentence at every field that is wrong, ``taken`` at ``name``.
    """
    schedule = _locked(schedule) if schedule else Schedule(company_id=actor.company_id or 0, kind=kind)
    _require(actor, schedule)
    problems = _problems(schedule, facts)
    if problems:
        raise Refused("incomplete", _("The schedule was not saved. Correct the marked fields."), problems)
    if schedule.source != facts.source.strip():
        schedule.etag = schedule.digest = ""
    schedule.name, schedule.times = facts.name.strip(), " ".join(facts.times.split())
    schedule.source, schedule.mapping = facts.source.strip(), facts.mapping
    schedule.options, schedule.membership_id = dict(facts.options), actor.membership_id
    if not schedule.is_paused:
        schedule.next_at = next_after(schedule.times, schedule.company.timezone, clock.now())
    try:
        with transaction.atomic():
            schedule.save()
    except IntegrityError:
        message = _("You have a schedule of this name. Choose another one.")
        raise Refused("taken", message, {"name": message}) from None
    _note(actor, "publishing.schedule_saved", schedule)
    return schedule


@transaction.atomic
def pause_schedule(*, actor: Actor, schedule: Schedule) -> Schedule:
    """Let it rest until somebody continues it; what is on its way comes to its end."""
    schedule = _locked(schedule)
    _require(actor, schedule)
    schedule.is_paused, schedule.next_at = True, None
    schedule.paused_because = _("Paused by %(name)s.") % {"name": actor.name}
    schedule.save(update_fields=["is_paused", "next_at", "paused_because"])
    _note(actor, "publishing.schedule_paused", schedule)
    return schedule


@transaction.atomic
def continue_schedule(*, actor: Actor, schedule: Schedule) -> Schedule:
    """Let it run again at its times; past failures are forgotten."""
    schedule = _locked(schedule)
    _require(actor, schedule)
    schedule.is_paused, schedule.paused_because, schedule.failures = False, "", 0
    schedule.next_at = next_after(schedule.times, schedule.company.timezone, clock.now())
    schedule.save(update_fields=["is_paused", "next_at", "paused_because", "failures"])
    _note(actor, "publishing.schedule_continued", schedule)
    return schedule


@transaction.atomic
def run_schedule(*, actor: Actor, schedule: Schedule) -> ScheduleRun:
    """Have the worker carry it out now, besides its times. Raises Refused("busy") while a run is on its way."""
    schedule = _locked(schedule)
    _require(actor, schedule)
    run = begin(schedule)
    if run is None:
        raise Refused("busy", _("It is on its way already. Wait until it is done."))
    _note(actor, "publishing.schedule_run", schedule)
    return run


@transaction.atomic
def forget_schedule(*, actor: Actor, schedule: Schedule) -> None:
    """Remove it with the list of its runs; imports and their reports stay. Raises Refused("busy"), and "feed" for a
    feed's own, which goes with its feed."""
    schedule = _locked(schedule)
    _require(actor, schedule)
    if schedule.feed_id is not None:
        raise Refused("feed", _("Switch the feed off instead."))
    if any(run.is_busy for run in schedule.runs.all()):
        raise Refused("busy", _("It is on its way already. Wait until it is done."))
    _note(actor, "publishing.schedule_removed", schedule)
    schedule.delete()


def _require(actor: Actor, schedule: Schedule) -> None:
    if not may_schedule(actor, schedule.kind):
        raise NotAllowed("not_allowed", _("Your role does not include this."))
    require_own(actor, schedule.company_id)


def _locked(schedule: Schedule) -> Schedule:
    return Schedule.objects.select_related("company").select_for_update(of=("self",)).get(pk=schedule.pk)


def _problems(schedule: Schedule, facts: ScheduleFacts) -> dict[str, str]:
    problems = {}
    if not 0 < len(facts.name.strip()) <= 120:
        problems["name"] = _("Enter a name of up to 120 characters.")
    if wrong := times_problem(facts.times):
        problems["times"] = wrong
    if schedule.kind == KIND.IMPORT:
        if wrong := source_problem(facts.source.strip()):
            problems["source"] = wrong
        if facts.mapping is not None and facts.mapping.seller_id != schedule.company_id:
            problems["mapping"] = _("Choose a mapping of your own.")
    forms = PRICE_FORMS if schedule.kind == KIND.PRICES else FORMS
    if schedule.kind in (KIND.PRICES, KIND.EXPORT) and facts.options.get("form") not in forms:
        problems["form"] = _("Choose a kind of file.")
    return problems


def _note(actor: Actor, verb: str, schedule: Schedule) -> None:
    record(actor, verb, ("schedule", schedule.pk), changes={"name": schedule.name})
