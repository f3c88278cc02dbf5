"""What each kind of schedule does. Each raises EntranceProblem or Refused with a sentence when it cannot be done."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.exchange import folder
from kontor.exchange.imports import carry_out
from kontor.exchange.models import ImportRun
from kontor.exchange.operations.decide import set_plan
from kontor.exchange.operations.take_in import Incoming, take_in
from kontor.exchange.plan import plan_from
from kontor.exchange.writers import FORMS, columns_of, exported_rows, write_file
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.publishing.feeds import KEEPS_OUT, make_feed
from kontor.publishing.models import Schedule, ScheduleRun
from kontor.publishing.pricefiles import PriceFile, mark_of, write_prices
from kontor.publishing.schedules.selecting import facts_of, selection_of
from kontor.publishing.schedules.sources import (
    fetched,
    inbox_of,
    is_address,
    pieces_of,
    put_away,
    waiting_in,
)
from kontor.search.queries import viewer_for

STATUS = ScheduleRun.Status


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it: a status, a sentence, and where there is one the import, or the file that was made."""

    status: str
    said: str
    import_run_id: int | None = None
    file: str = ""
    digest: str = ""
    byte_size: int = 0
    seen_as: str = ""
    etag: str = ""


def take_a_file(actor: Actor, schedule: Schedule) -> Came:
    """Import the file at the address when it is another than the last, or all files in the folder."""
    if not is_address(schedule.source):
        return _from_folder(actor, schedule)
    with fetched(schedule.source, schedule.etag) as found:
        if found is None or found.digest == schedule.digest:
            etag = found.etag if found else schedule.etag
            said = _("The file is the same as the last time.")
            return Came(STATUS.NOTHING, said, digest=schedule.digest, etag=etag)
        run = _imported(actor, schedule, Incoming(name=found.name, pieces=found.pieces))
        _refuse_unless_done(run)
        return Came(STATUS.DONE, _said(run), import_run_id=run.pk, digest=found.digest, etag=found.etag)


def _from_folder(actor: Actor, schedule: Schedule) -> Came:
    run: ImportRun | None = None
    said: list[str] = []
    for file in waiting_in(inbox_of(schedule.company, schedule.source)):
        try:
            with file.open("rb") as opened:
                run = _imported(actor, schedule, Incoming(name=file.name, pieces=pieces_of(opened)))
            _refuse_unless_done(run)
        except Refused as refusal:
            put_away(file, good=False)
            raise Refused(refusal.code, " ".join([*said, f"{file.name}: {refusal.message}"])) from None
        put_away(file, good=True)
        said.append(f"{file.name}: {_said(run)}")
    if run is None:
        return Came(STATUS.NOTHING, _("No file lay in the folder."))
    return Came(STATUS.DONE, " ".join(said), import_run_id=run.pk)


def _imported(actor: Actor, schedule: Schedule, incoming: Incoming) -> ImportRun:
    seller = schedule.company if actor.is_system else None
    run = take_in(actor=actor, incoming=incoming, seller=seller, mapping=schedule.mapping)
    good_rows = bool(schedule.options.get("good_rows"))
    set_plan(actor=actor, run=run, plan=plan_from(run.plan | {"takes_good_rows": good_rows}))
    return carry_out(actor=actor, run=run, check=False)


def _refuse_unless_done(run: ImportRun) -> None:
    if run.status != ImportRun.Status.DONE:
        why = run.errors[0]["why"] if run.errors else ""
        said = " ".join(filter(None, [run.problem, why]))
        raise Refused("not_imported", said)


def _said(run: ImportRun) -> str:
    counts = {name: run.counts.get(name, 0) for name in ("new", "changed", "wrong")}
    return _("%(new)s new, %(changed)s changed, %(wrong)s wrong.") % counts


def make_an_export(_actor: Actor, schedule: Schedule) -> Came:
    """Write the seller's goods into a file."""
    selection = selection_of(schedule)
    form = FORMS[schedule.options.get("form", "csv")]
    pieces = write_file(form.key, columns_of(selection), exported_rows(selection), facts_of(schedule))
    name, size = folder.keep(pieces, f"goods.{form.ending}", folder.MOST_MADE)
    return Came(STATUS.DONE, _("The file is made."), file=name, byte_size=size)


def make_a_feed(_actor: Actor, schedule: Schedule) -> Came:
    """Make both files of the feed anew."""
    if schedule.feed is None or not schedule.feed.is_on:
        return Came(STATUS.NOTHING, _("The feed is off."))
    feed = make_feed(schedule.feed)
    out = sum(count for name, count in feed.problems.items() if name in KEEPS_OUT)
    said = ngettext("%(count)s article", "%(count)s articles", feed.items) % {"count": feed.items}
    return Came(STATUS.DONE, _("%(articles)s; %(out)s left out.") % {"articles": said, "out": out})


def make_prices(_actor: Actor, schedule: Schedule) -> Came:
    """Write the buyer's price and stock file."""
    viewer = viewer_for(schedule.company_id)
    mark = mark_of(viewer)  # before the first row is read: a change from now on counts as one
    file = PriceFile(form=schedule.options.get("form", "csv"), viewer=viewer)
    name, size = folder.keep(write_prices(file), f"prices.{file.ending}", folder.MOST_MADE)
    digest = folder.digest_of(name)
    return Came(STATUS.DONE, _("The file is made."), file=name, digest=digest, byte_size=size, seen_as=mark)


Carry = Callable[[Actor, Schedule], Came]
KINDS: dict[Schedule.Kind, Carry] = {
    Schedule.Kind.IMPORT: take_a_file,
    Schedule.Kind.EXPORT: make_an_export,
    Schedule.Kind.FEED: make_a_feed,
    Schedule.Kind.PRICES: make_prices,
}
