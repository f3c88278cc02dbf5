"""The whole replay: read, open the house, trade month by month on all cores, report."""

import os
import time
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import cast

from django.db import connection, connections
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from kontor.kernel import clock
from kontor.replay.member import work
from kontor.replay.models import Run
from kontor.replay.opening import open_house, receive_month
from kontor.replay.reading import Unreadable, stage
from kontor.replay.report import print_report
from kontor.replay.rules import MONTH_OF
from kontor.replay.trading import Booked
from kontor.search.operations import rebuild_all

MONTHS = f"""
SELECT {MONTH_OF.format(moment="invoiced_at")} AS month, count(*), count(DISTINCT invoice)
FROM replay_line WHERE run_id = %s AND outcome = '' GROUP BY 1 ORDER BY 1
"""


class Crew:
    """One process per core; each keeps to its own customers, so a customer's documents stay in order."""

    def __init__(self, run_id: int, size: int) -> None:
        context = get_context("spawn")
        self.lines: list[Connection] = []
        self.processes: list[BaseProcess] = []
        for part in range(size):
            ours, theirs = context.Pipe()
            process = context.Process(target=work, args=(theirs, run_id, part, size), daemon=True)
            process.start()
            self.lines.append(ours)
            self.processes.append(process)

    def trade_month(self, month: date, limit: int | None, progress: "Board") -> int:
        """Let all trade a month; returns how many invoices were booked. Raises RuntimeError when one fails."""
        for line in self.lines:
            line.send((month, None if limit is None else -(-limit // len(self.lines))))
        busy, invoices = list(self.lines), 0
        while busy:
            for line in cast(list[Connection], wait(busy)):
                message = line.recv()
                if isinstance(message, Booked):
                    invoices += 1
                    progress.add(message)
                elif message is None:
                    busy.remove(line)
                else:
                    raise RuntimeError(message)
        return invoices

    def dismiss(self) -> None:
        for line in self.lines:
            line.close()
        for process in self.processes:
            process.join(timeout=10)
            if process.is_alive():
                process.terminate()


class Board:
    """What a person watches: lines booked, lines a second, time left; and what the time went into."""

    def __init__(self, console: Console, total: int) -> None:
        self.spent: dict[str, int] = {}
        self.lines = 0
        self.started = time.monotonic()
        self.progress = Progress(
            TextColumn("{task.description}"), BarColumn(bar_width=32), MofNCompleteColumn(),
            TextColumn("{task.fields[rate]} lines/s"), TimeElapsedColumn(), TimeRemainingColumn(), console=console,
        )  # fmt: skip
        self.task = self.progress.add_task("Trading", total=total, rate="-")

    def add(self, booked: Booked) -> None:
        self.lines += booked.lines
        for stage_name, nanoseconds in booked.spent.items():
            self.spent[stage_name] = self.spent.get(stage_name, 0) + nanoseconds
        rate = int(self.lines / max(time.monotonic() - self.started, 1))
        self.progress.update(self.task, advance=booked.lines, rate=str(rate))

    def say_month(self, month: date) -> None:
        self.progress.update(self.task, description=f"Trading {month:%Y-%m}")


def run(path: Path, *, limit: int | None = None, processes: int | None = None) -> int:
    """Replay a file, or go on where an earlier replay stopped; returns the exit code."""
    console = Console(width=None if Console().is_terminal else 150)
    try:
        with console.status(f"Reading {path.name}") as status:
            run_row = stage(path, lambda what, count: status.update(f"{what}: {count:,} lines"))
    except Unreadable as problem:
        console.print(f"{path.name} cannot be replayed: {problem}")
        return 2
    months = _open_months(run_row)
    if months:
        console.print(f"{run_row.file_name}: {sum(lines for _month, lines, _n in months):,} lines to book")
        open_house(run_row, say=console.print)
        _trade_all(run_row, months, console, limit, processes or os.cpu_count() or 1)
    if not _open_months(run_row) and run_row.stage != Run.Stage.DONE:
        rebuild_all()
        run_row.stage, run_row.finished_at = Run.Stage.DONE, clock.now()
        run_row.save(update_fields=["stage", "finished_at"])
    return print_report(run_row, console)


def _trade_all(
    run_row: Run, months: list[tuple[date, int, int]], console: Console, limit: int | None, size: int
) -> None:
    board = Board(console, sum(lines for _month, lines, _n in months))
    connections.close_all()
    crew = Crew(run_row.pk, size)
    try:
        with board.progress:
            for month, _lines, _invoices in months:
                board.say_month(month)
                receive_month(run_row, month)
                done = crew.trade_month(month, limit, board)
                if limit is not None:
                    limit -= done
                    if limit <= 0:
                        break
    except KeyboardInterrupt:
        console.print("Stopped. What is booked is booked; the same command goes on from here.")
    finally:
        crew.dismiss()
    seconds = max(time.monotonic() - board.started, 1)
    console.print(
        f"{board.lines:,} lines in {seconds:.0f} s = {board.lines / seconds:,.0f} lines/s on {size} processes"
    )
    whole = sum(board.spent.values()) or 1
    for name, nanoseconds in sorted(board.spent.items(), key=lambda item: -item[1]):
        console.print(f"  {name:<12} {nanoseconds / 1e9:8.1f} s  {100 * nanoseconds / whole:5.1f} %")


def _open_months(run_row: Run) -> list[tuple[date, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, [run_row.pk])
        return list(cursor.fetchall())
