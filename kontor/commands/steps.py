"""Steps that a person watches: what is being done, how far it is, how long it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


class Step:
    """A running step. `result` is what the finished line says, `report` moves its bar."""

    def __init__(self, label: str) -> None:
        self.result = label
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task(label, total=None)

    def report(self, what: str, done: int = 0, total: int = 0) -> None:
        """Show what the step is at; with a total also how far and how long it will take."""
        self._progress.update(self._task, description=f"  {what}", completed=done, total=total or None)

    def __enter__(self) -> "Step":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


@contextmanager
def step(label: str) -> Iterator[Step]:
    """Show `label` while the block runs, then one line with the result and the seconds it took."""
    start = time.monotonic()
    if not console.is_terminal:
        console.print(f"  {label} ...", end="")
        sys.stdout.flush()
    try:
        with Step(label) as running:
            yield running
    except BaseException:
        console.print(f"  [red]✗[/red] {label}" if console.is_terminal else " failed")
        raise
    took = f"{time.monotonic() - start:.1f} s"
    if console.is_terminal:
        console.print(f"  [green]✓[/green] {running.result}  [dim]{took}[/dim]")
    else:
        console.print("" if running.result == label else f" {running.result}", f"({took})")
