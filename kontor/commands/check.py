"""`kontor check`: proves on the real data that what must always be true is true."""

import time

from rich.table import Table

from kontor.commands.start import ready
from kontor.commands.steps import console
from kontor.kernel.invariants import check_all


def check() -> int:
    """Print tried and bad per invariant; return how many invariants are broken."""
    ready()
    start = time.monotonic()
    findings = check_all()
    table = Table("What must be true", title="Invariants", title_justify="left")
    for title in ("Tried", "Bad"):
        table.add_column(title, justify="right")
    for one in findings:
        bad = f"[red]{one.bad:,}[/red]" if one.bad else "0"
        table.add_row(one.name, f"{one.tried:,}", bad)
    console.print(table)
    broken = [one for one in findings if one.bad]
    for one in broken:
        console.print(f"[red]{one.name}[/red]: {one.bad:,} of {one.tried:,}. The first:")
        for row in one.examples:
            console.print("   ", ", ".join(str(value) for value in row), markup=False)
    tried, took = sum(one.tried for one in findings), time.monotonic() - start
    verdict = f"[red]{len(broken)} broken[/red]" if broken else "[green]all hold[/green]"
    console.print(f"{len(findings)} invariants over {tried:,} objects in {took:.1f} s: {verdict}.")
    return len(broken)
