from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.exchange import folder
from kontor.exchange.drafts import Draft, drafter
from kontor.exchange.models import ImportRun
from kontor.exchange.plan import Plan
from kontor.exchange.report import Report, repeated
from kontor.exchange.stated.agreed import Agreements
from kontor.exchange.stated.blocks import Block, KeyOf, blocks_of, lost_rows
from kontor.exchange.stated.options import Statements
from kontor.exchange.subjects import AGREED, OPTIONS
from kontor.exchange.writing import NothingKept, one_import_at_a_time
from kontor.kernel.actors import Actor
from kontor.tables import ReadOptions, Table, open_table

BATCH = 2_000
STATEMENTS: dict[str, Callable[[Actor, int, Plan], "Agreements | Statements"]] = {
    OPTIONS: Statements,
    AGREED: Agreements,
}


@dataclass(slots=True, kw_only=True)
class Stated:
    """A file of options or agreed quantities on its way."""

    actor: Actor
    run: ImportRun
    plan: Plan
    report: Report
    progress: Callable[[int], None]


def state_file(work: Stated, *, check: bool) -> str:
    """Check the file or write what it states, through the operations that pages use; what keeps it out, or "".

    A block of rows goes in whole or not at all. Blocks that say nothing new touch nothing.
    """
    subject = STATEMENTS[work.plan.subject](work.actor, work.run.seller_id, work.plan)
    table = open_table(folder.fetched(work.run.file), ReadOptions(work.plan.sheet, work.plan.header))
    work.report.columns = repeated(table.names, work.plan.columns)
    if _lost(work, table, subject.key_of):
        return _("Some rows belong nowhere, so nothing was imported. Correct them first.")
    if work.plan.takes_good_rows and not check:
        for blocks in _blocks(work, table, subject.key_of):
            with transaction.atomic():
                _state(work, subject, blocks)
        return ""
    try:
        with transaction.atomic():
            for blocks in _blocks(work, table, subject.key_of):
                _state(work, subject, blocks)
            if check or work.report.counts.wrong:
                raise NothingKept
    except NothingKept:
        return "" if check else _("Some rows are wrong, so nothing was imported.")
    return ""


def _batches(plan: Plan, table: Table) -> Iterator[list[Draft]]:
    drafts_of, rows = drafter(plan, table.names), table.rows()
    return iter(lambda: drafts_of(list(islice(rows, BATCH))), [])


def _lost(work: Stated, table: Table, key_of: KeyOf) -> bool:
    """Report the rows that belong nowhere; whether there are any. A file is read once for that alone."""
    counts = work.report.counts
    drafts = (draft for batch in _batches(work.plan, table) for draft in batch)
    for draft in lost_rows(drafts, key_of):
        counts.rows += 1
        work.report.wrong(draft)
    return bool(counts.wrong)


def _blocks(work: Stated, table: Table, key_of: KeyOf) -> Iterator[list[Block]]:
    for blocks in blocks_of(_batches(work.plan, table), key_of, BATCH):
        yield blocks
        work.progress(work.report.counts.rows)


def _state(work: Stated, subject: "Agreements | Statements", blocks: Sequence[Block]) -> None:
    one_import_at_a_time(work.run.seller_id)
    report, counts = work.report, work.report.counts
    subject.look_up(blocks)
    for block in blocks:
        counts.rows += len(block.drafts)
        came = None if block.is_wrong else subject.state(block)
        if came is not None and not block.is_wrong:
            counts.new += came.new
            counts.changed += came.changed
            counts.removed += came.removed
            counts.unchanged += len(block.drafts) - came.new - came.changed
            continue
        for draft in block.drafts:  # all or none: without one row the others would state something else
            if draft.problems:
                report.wrong(draft)
            else:
                report.waits(draft, _("A row that belongs to it is wrong, so it waits for that one."))
