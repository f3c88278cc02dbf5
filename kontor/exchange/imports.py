"""Check or import a file: read, draft, judge, write, a batch at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.ownership import require_own
from kontor.catalog.visibility import hold_rules
from kontor.exchange import folder
from kontor.exchange.attributes import make_attributes
from kontor.exchange.drafts import Draft, drafter
from kontor.exchange.figures import carry_figures
from kontor.exchange.judging import Judge, judge_for
from kontor.exchange.models import ImportRun, SavedMapping
from kontor.exchange.pictures import order_pictures, pictures_to_order, send_for_pictures
from kontor.exchange.plan import Plan, check_plan, expanded, plan_from
from kontor.exchange.report import Report, repeated
from kontor.exchange.rights import require_all
from kontor.exchange.stated import Stated, state_file
from kontor.exchange.subjects import COSTS, GOODS, PRICES
from kontor.exchange.surroundings import Known, existing
from kontor.exchange.writing import Good, NothingKept, Writer, one_import_at_a_time, places_of
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused
from kontor.kernel.staging import planned_for_many
from kontor.pricing.events import PricesChanged
from kontor.pricing.held import refuse_held
from kontor.tables import ReadOptions, Row, open_table
from kontor.tables.ahead import ahead, seldom_collected

BATCH = 4_000
STATUS = ImportRun.Status
ERROR_FILE = "errors.csv"
Progress = Callable[[int], None]
"""Told how many rows are done; called outside of the import's own transaction."""


@dataclass(slots=True)
class _Work:
    """One import on its way."""

    actor: Actor
    run: ImportRun
    plan: Plan
    writer: Writer
    report: Report
    progress: Progress
    rows: Callable[[], Iterator[Row]]
    drafts_of: Callable[[Sequence[Row]], list[Draft]]
    judge: Judge | None = None


def carry_out(
    *, actor: Actor, run: ImportRun, check: bool, progress: Progress = lambda done: None
) -> ImportRun:
    """Check a file (`check`: everything is compared, nothing is kept) or import it; the run has the report afterwards.

    With `takes_good_rows` each batch is a transaction of its own, otherwise the whole file is one: all rows or none.
    Repeating it after a crash is safe, because rows that say nothing new touch nothing. Raises NotAllowed, and Refused
    when the plan cannot be carried out; a file that cannot be read to its end leaves its reason in `problem`.
    """
    plan = plan_from(run.plan)
    require_own(actor, run.seller_id)
    require_all(actor, plan)
    if "price" in plan.groups:
        refuse_held(actor, run.seller_id)
    check_plan(plan)
    status = STATUS.CHECKING if check else STATUS.RUNNING
    begun = {"status": status, "started_at": clock.now(), "rows_done": 0, "finished_at": None, "problem": ""}
    _note(run, begun)
    report = Report(folder.path_of(folder.beside(run.file, ERROR_FILE)), [])
    try:
        with seldom_collected(), planned_for_many(), timezone.override(run.seller.timezone):
            if plan.subject == GOODS:
                problem = _carried_out(_work(actor, run, plan, report, progress, check=check))
            else:
                stated = Stated(actor=actor, run=run, plan=plan, report=report, progress=progress)
                carry = carry_figures if plan.subject in (PRICES, COSTS) else state_file
                problem = carry(stated, check=check)
    except (EntranceProblem, Refused) as stopped:
        problem = stopped.message
    except BaseException:
        report.close()
        sentence = _("The import stopped with an error of ours. Nothing of the last rows was kept.")
        _note(run, {"status": STATUS.FAILED, "finished_at": clock.now(), "problem": sentence})
        raise
    _finish(actor, run, report, problem, check=check)
    return run


def keep_out(run: ImportRun, problem: str) -> None:
    """A file that its person may not import any more, or that cannot be begun: it ends with this sentence."""
    _note(run, {"status": STATUS.REFUSED, "finished_at": clock.now(), "problem": problem[:400]})


def _carried_out(work: _Work) -> str:
    """What keeps the file out, or ""."""
    if work.writer.check:
        _check(work)
    elif work.plan.takes_good_rows:
        _run_good(work)
    elif not _run_all(work):
        return _("Some rows are wrong, so nothing was imported.")
    return ""


def _finish(actor: Actor, run: ImportRun, report: Report, problem: str, *, check: bool) -> None:
    facts: dict[str, object] = {
        "counts": report.counts.as_json(),
        "errors": report.first,
        "error_file": folder.offer(folder.beside(run.file, ERROR_FILE)) if report.close() else "",
        "problem": problem[:400],
        "rows_done": report.counts.rows,
        "rows_total": report.counts.rows,
        "finished_at": clock.now(),
        "status": STATUS.REFUSED if problem else STATUS.CHECKED if check else STATUS.DONE,
    }
    with transaction.atomic():
        _note(run, facts)
        if facts["status"] == STATUS.DONE:
            about = {"file": run.file_name} | report.counts.as_json()
            record(actor, "exchange.import_finished", ("import", run.pk), changes=about)


def _work(
    actor: Actor, run: ImportRun, plan: Plan, report: Report, progress: Progress, *, check: bool
) -> _Work:
    table = open_table(folder.fetched(run.file), ReadOptions(plan.sheet, plan.header))
    full = expanded(plan, table.names)
    report.columns = repeated(table.names, plan.columns)
    places = places_of(run.seller_id, full)
    writer = Writer(actor, run, places, report.counts, check=check, at_once=not plan.takes_good_rows)
    work = _Work(actor, run, full, writer, report, progress, table.rows, drafter(full, table.names))
    if plan.makes_attributes:
        work.plan = full
    return work


def _check(work: _Work) -> None:
    """Nothing is kept: what the plan adds (categories, attributes) is there for the following rows only."""
    with suppress(NothingKept), transaction.atomic():
        _begin(work)
        for batch in _batches(work):
            _write(work, batch, writes=True)
        raise NothingKept


def _run_all(work: _Work) -> bool:
    """Everything in one transaction; whether it was kept."""
    try:
        with transaction.atomic():
            _hold(work)
            _begin(work)
            for batch in _batches(work):
                _write(work, batch, writes=not work.report.counts.wrong)
            if work.report.counts.wrong:
                raise NothingKept
            work.writer.finish()
            _end(work)
    except NothingKept:
        return False
    return True


def _run_good(work: _Work) -> None:
    """Each batch in a transaction of its own; wrong rows stay behind."""
    with transaction.atomic():
        _hold(work)
        _begin(work)
    for batch in _batches(work):
        with transaction.atomic():
            _hold(work)
            _write(work, batch, writes=True)
    with transaction.atomic():
        _end(work)


def _begin(work: _Work) -> None:
    if work.plan.makes_attributes:
        make_attributes(work.actor, work.run.seller_id, work.plan, lambda: (row.cells for row in work.rows()))
    work.judge = judge_for(work.actor, work.run.seller_id, work.plan, currency=work.writer.places.currency)


def _hold(work: _Work) -> None:
    one_import_at_a_time(work.run.seller_id)
    hold_rules(work.run.seller_id)


def _batches(work: _Work) -> Iterator[list[Draft]]:
    rows = work.rows()
    for batch in ahead(iter(lambda: work.drafts_of(list(islice(rows, BATCH))), [])):
        yield batch
        work.progress(work.report.counts.rows)


def _write(work: _Work, batch: Sequence[Draft], *, writes: bool) -> None:
    report, judge = work.report, work.judge
    if judge is None:
        raise LookupError("an import begins with _begin")
    report.counts.rows += len(batch)
    good, there = judge.judge(batch)
    if writes:
        good = _written(work, judge, good, there)
        order = pictures_to_order if work.writer.check else order_pictures
        report.counts.pictures += order(work.run, [draft for draft, _row in good])
    for draft in batch:
        if draft.problems:
            report.wrong(draft)
        elif draft.notes:
            report.noted(draft)


def _written(work: _Work, judge: Judge, good: list[Good], there: Mapping[str, Known]) -> list[Good]:
    """Write what was judged good; the rows that went in.

    When somebody else has added one of the SKUs in between, all are judged anew; where it happens again, the rows of
    these SKUs are refused.
    """
    is_again = False
    while True:
        try:
            with transaction.atomic():
                return work.writer.write(good, there)
        except IntegrityError:
            drafts = [draft for draft, _row in good]
            added = existing(work.run.seller_id, [one.sku for one in drafts if one.sku not in there])
            if not added:
                raise
            for draft in drafts if is_again else ():
                if draft.sku in added:
                    sentence = _("Somebody else has just added %(sku)s. Import this row again.")
                    draft.problems.append(("", sentence % {"sku": draft.sku}))
            good, there = judge.judge_anew(drafts)
            is_again = True


def _end(work: _Work) -> None:
    """What is told once for the whole file."""
    if work.run.mapping_id:
        SavedMapping.objects.filter(pk=work.run.mapping_id).update(used_at=clock.now())
    if work.report.counts.pictures:
        send_for_pictures()
    price_list = work.writer.places.price_list
    if price_list is not None:
        # Also when nothing differs: the import that was killed half-way may be the one that changed them.
        if work.report.counts.prices:
            changes = {"rows": work.report.counts.prices}
            record(work.actor, "pricing.prices_set", ("price_list", price_list), changes=changes)
        publish(PricesChanged(price_list))


def _note(run: ImportRun, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(run, name, value)
    ImportRun.objects.filter(pk=run.pk).update(**values)
