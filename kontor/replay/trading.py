"""Book invoices of the file one after the other, each in one transaction with the outcome of its lines."""

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.db import OperationalError, connection, transaction

from kontor.companies.models import CustomerAccount
from kontor.kernel import clock, events
from kontor.kernel.money import ZERO
from kontor.kernel.refusal import Refused
from kontor.replay import documents, refunds
from kontor.replay.documents import FileLine, Outcomes
from kontor.replay.models import Line, Run
from kontor.replay.opening import MUTED, House, house_of
from kontor.replay.rules import MONTH_OF, is_stock_correction, kind_of

# A customer's invoices all go to one process, in the order of the file; invoices of nobody are spread by their number.
OPEN = f"""
SELECT line_number, invoice, upper(trim(stock_code)), description, quantity, invoiced_at, unit_price, customer, country
FROM replay_line
WHERE run_id = %(run)s AND outcome = '' AND {MONTH_OF.format(moment="invoiced_at")} = %(month)s::date
  AND abs(hashtext(CASE WHEN customer = '' THEN invoice ELSE customer END)) %% %(parts)s = %(part)s
ORDER BY min(invoiced_at) OVER (PARTITION BY invoice), invoice, line_number
"""
MARK = """
UPDATE replay_line l SET outcome = m.outcome, reason = m.reason
FROM unnest(%s::int[], %s::text[], %s::text[]) AS m (line_number, outcome, reason)
WHERE l.run_id = %s AND l.line_number = m.line_number
"""
DEADLOCK_TRIES = 5


@dataclass(slots=True)
class Booked:
    """What one invoice took: lines, and nanoseconds by stage."""

    lines: int
    spent: dict[str, int] = field(default_factory=dict)


class Stopwatch:
    """Where the time of an invoice goes."""

    def __init__(self) -> None:
        self.spent: dict[str, int] = defaultdict(int)
        self._since = time.perf_counter_ns()

    def lap(self, stage: str) -> None:
        now = time.perf_counter_ns()
        self.spent[stage] += now - self._since
        self._since = now


def trade(run_id: int, *, month: date, part: int, parts: int, limit: int | None = None) -> Iterator[Booked]:
    """Book this part's open invoices of a month, oldest first, at most `limit`; yields after each one."""
    run = Run.objects.select_related("seller").get(pk=run_id)
    house = house_of(run)
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"run": run_id, "month": month, "part": part, "parts": parts})
        lines = [FileLine(*row) for row in cursor.fetchall()]
    with events.muted(*MUTED):
        for count, (_invoice, group) in enumerate(groupby(lines, key=lambda line: line.invoice)):
            if limit is not None and count >= limit:
                return
            yield _book_patiently(run_id, house, list(group))


def _book_patiently(run_id: int, house: House, lines: list[FileLine]) -> Booked:
    for attempt in range(DEADLOCK_TRIES):
        try:
            return _book(run_id, house, lines)
        except OperationalError as problem:
            if "deadlock" not in str(problem) or attempt == DEADLOCK_TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _book(run_id: int, house: House, lines: list[FileLine]) -> Booked:
    watch = Stopwatch()
    with clock.at(lines[0].invoiced_at), transaction.atomic():
        try:
            with transaction.atomic():
                outcomes = _book_by_kind(house, lines, watch)
        except Refused as refusal:
            outcomes = {line.number: (Line.Outcome.REFUSED, str(refusal)[:200]) for line in lines}
        with connection.cursor() as cursor:
            marks = [(number, outcome, reason) for number, (outcome, reason) in outcomes.items()]
            cursor.execute(MARK, [*map(list, zip(*marks, strict=True)), run_id])
    watch.lap("bookkeeping")
    return Booked(len(lines), dict(watch.spent))


def _book_by_kind(house: House, lines: list[FileLine], watch: Stopwatch) -> Outcomes:
    kind, account = kind_of(lines[0].invoice), house.accounts[lines[0].customer]
    if kind == "adjustment":
        outcomes = documents.book_without_order(house, account, lines)
        watch.lap("adjustments")
        return outcomes
    if kind == "cancellation":
        outcomes = refunds.book_cancellation(house, account, lines)
        watch.lap("returns")
        return outcomes
    return _book_sale(house, account, lines, watch)


def _book_sale(house: House, account: CustomerAccount, lines: list[FileLine], watch: Stopwatch) -> Outcomes:
    outcomes: Outcomes = {}
    sold: list[FileLine] = []
    counted: list[FileLine] = []
    for line in lines:
        stocked = house.products[line.sku].is_stocked
        if not is_stock_correction("sale", line.quantity, line.unit_price == ZERO, bool(line.customer)):
            sold.append(line)
        elif stocked:
            counted.append(line)
        else:
            outcomes[line.number] = (Line.Outcome.NO_EFFECT, "a service has no stock to correct")
    if counted:
        outcomes |= documents.correct_stock(house, counted)
        watch.lap("stock counts")
    if sold:
        outcomes |= documents.sell(house, account, sold, watch.lap)
    return outcomes
