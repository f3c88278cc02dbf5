"""`kontor import`: files, archives of pictures, and what a schedule would import."""

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Q

from kontor.commands.start import fail
from kontor.commands.steps import console, errors, step
from kontor.companies.models import Company
from kontor.exchange import folder
from kontor.exchange.archives import FORM as PICTURES
from kontor.exchange.archives import carry_out_pictures
from kontor.exchange.imports import carry_out
from kontor.exchange.models import ImportRun, SavedMapping
from kontor.exchange.operations import Incoming, set_plan, take_in
from kontor.exchange.plan import plan_from
from kontor.exchange.subjects import SUBJECTS
from kontor.kernel.actors import system_actor
from kontor.kernel.refusal import Refused
from kontor.publishing.models import Schedule, ScheduleRun
from kontor.publishing.schedules import carry_out_schedule, start

PIECE = 1_048_576
SHOWN = 20
NAMES = {"new": "new", "changed": "changed", "unchanged": "as before", "wrong": "wrong", "prices": "prices",
         "stock": "stock figures", "pictures": "pictures", "shortened": "texts shortened",
         "removed": "removed"}  # fmt: skip


IMPORTED, NOT_IMPORTED, LEFT_OUT, STOPPED = 0, 1, 3, 130
"""Exit codes: all of it, nothing of it, the good rows alone, stopped by a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person wants of a file. `errors` is where the wrong rows go, else they stay in the installation."""

    seller: str = ""
    subject: str = ""
    mapping: str = ""
    check: bool = False
    good_rows: bool = False
    errors: Path | None = None


def import_file(file: Path, wish: Wish) -> int:
    """Take a file (``-``: standard input) in and check or import it; the exit code."""
    if wish.subject and wish.subject not in SUBJECTS:
        fail(f"A file is about one of: {', '.join(SUBJECTS)}.")
    company = seller_called(wish.seller)
    actor = system_actor("kontor import", door="command")
    kept = SavedMapping.objects.filter(seller=company, name=wish.mapping).first()
    if wish.mapping and kept is None:
        names = ", ".join(SavedMapping.objects.filter(seller=company).values_list("name", flat=True)[:10])
        fail(f"There is no mapping called {wish.mapping!r}. There are: {names or 'none yet'}.")
    run: ImportRun | None = None
    try:
        with step("Reading the file") as running:
            name = file.name if str(file) != "-" else "standard input"
            incoming = Incoming(name=name, pieces=_pieces(file), subject=wish.subject)
            run = take_in(actor=actor, incoming=incoming, seller=company, mapping=kept)
            if run.form == PICTURES:
                fail("This is an archive. Pictures are imported with --pictures.")
            plan = plan_from(run.plan | {"takes_good_rows": wish.good_rows or run.plan["takes_good_rows"]})
            set_plan(actor=actor, run=run, plan=plan)
            meanings = f"{run.about['columns']} columns, {len(plan.columns)} with a meaning"
            running.result = f"{plan.subject}, {run.form}, {meanings}"
        _tell_columns(run, plan.columns)
        with step("Check" if wish.check else "Import") as running:
            carry_out(
                actor=actor, run=run, check=wish.check, progress=lambda done: running.report("rows", done)
            )
            running.result = _said(run)
    except Refused as refusal:
        console.print()
        for sentence in dict.fromkeys([refusal.message, *refusal.fields.values()]):
            errors.print(sentence, style="red", markup=False, soft_wrap=True)
        return NOT_IMPORTED
    except KeyboardInterrupt:
        return _stopped(run, wish)
    return _told(run, wish.errors)


def _tell_columns(run: ImportRun, meanings: Mapping[str, str]) -> None:
    """Which columns nothing is done with: a stranger takes a silent one for imported."""
    silent = [one["name"] for one in run.columns if not meanings.get(one["name"])]
    if silent:
        more = f" and {len(silent) - SHOWN:,} more" if len(silent) > SHOWN else ""
        text = f"  Not imported, because no meaning is known: {', '.join(silent[:SHOWN])}{more}"
        errors.print(text, markup=False, soft_wrap=True)


def _stopped(run: ImportRun | None, wish: Wish) -> int:
    """What is in when somebody pressed Ctrl-C: with good rows what was written up to then, otherwise nothing."""
    sentence = "Stopped. Nothing was imported."
    if run is not None and wish.good_rows and not wish.check:
        sentence = (
            "Stopped. What was written stays. Run the same command again: rows that are in are left alone."
        )
    errors.print(sentence, style="red", markup=False, soft_wrap=True)
    return STOPPED


def run_schedule(name: str, *, seller: str, kinds: Sequence[str]) -> int:
    """Carry out a schedule now, here; the exit code."""
    company = seller_called(seller)
    own = Schedule.objects.filter(company=company, kind__in=kinds)
    schedule = own.filter(name=name).first()
    if schedule is None:
        fail(
            f"There is no such schedule. There are: {', '.join(own.values_list('name', flat=True)) or 'none yet'}."
        )
    run = start(schedule)
    if run is None:
        fail("It is on its way already. Wait until it is done.")
    with step(f"Schedule {schedule.name}") as running:
        carry_out_schedule(run.pk)
        run.refresh_from_db()
        running.result = f"{schedule.name}: {run.get_status_display()}"
    errors.print(run.said, markup=False, soft_wrap=True)
    return NOT_IMPORTED if run.status == ScheduleRun.Status.FAILED else IMPORTED


def import_pictures(file: Path, *, seller: str, check: bool) -> int:
    """Take an archive of pictures in, and check or import it; the exit code is 1 when a file was left out."""
    actor = system_actor("kontor import", door="command")
    try:
        with step("Reading the archive") as running:
            incoming = Incoming(name=file.name, pieces=_pieces(file))
            run = take_in(actor=actor, incoming=incoming, seller=seller_called(seller))
            if run.form != PICTURES:
                fail(f"{file.name} is no ZIP archive of pictures.")
            running.result = f"{run.rows_total:,} files"
        with step("Check of pictures" if check else "Pictures") as running:
            carry_out_pictures(
                actor=actor, run=run, check=check, progress=lambda done: running.report("files", done)
            )
            running.result = _said(run)
    except Refused as refusal:
        console.print()
        errors.print(refusal.message, style="red", markup=False, soft_wrap=True)
        return 1
    return _told(run) or int(bool(run.errors))


def _told(run: ImportRun, kept_at: Path | None = None) -> int:
    for one in run.errors[:SHOWN]:
        where = f"line {one['line']}" + (f", {one['column']}" if one["column"] else "")
        errors.print(f"  {where}: {one['why']}", markup=False, soft_wrap=True)
    if run.error_file:
        file = folder.fetched(run.error_file)
        if kept_at is not None:
            file = Path(shutil.copyfile(file, kept_at))
        errors.print(f"All wrong rows, with the reason in each: {file}", markup=False, soft_wrap=True)
    if run.counts.get("price_round"):
        errors.print("The prices wait in a price round for a second person.", soft_wrap=True)
    if run.problem:
        errors.print(run.problem, style="red", markup=False, soft_wrap=True)
    if run.problem or run.status == ImportRun.Status.REFUSED:
        return NOT_IMPORTED
    wrong = run.counts.get("wrong", 0)
    if run.status == ImportRun.Status.CHECKED:
        return NOT_IMPORTED if wrong else IMPORTED
    return LEFT_OUT if wrong else IMPORTED


def _said(run: ImportRun) -> str:
    parts = [f"{run.counts[key]:,} {name}" for key, name in NAMES.items() if run.counts.get(key)]
    return f"{run.counts['rows']:,} rows: {', '.join(parts) or 'nothing'}"


def seller_called(wanted: str) -> Company:
    """The seller of that name or number, or the only one; else ends the command with their names."""
    sellers = Company.objects.filter(is_seller=True)
    if wanted:
        sellers = (
            sellers.filter(pk=int(wanted))
            if wanted.isdigit()
            else sellers.filter(Q(legal_name__iexact=wanted) | Q(trade_name__iexact=wanted))
        )
    found = list(sellers.order_by("id")[:2])
    if len(found) != 1:
        names = ", ".join(
            Company.objects.filter(is_seller=True).order_by("id").values_list("legal_name", flat=True)[:10]
        )
        fail(f"Say which seller with --seller: {names}.")
    return found[0]


def _pieces(file: Path) -> Iterator[bytes]:
    with nullcontext(sys.stdin.buffer) if str(file) == "-" else file.open("rb") as opened:
        while piece := opened.read(PIECE):
            yield piece
