"""Time comes from `kontor.kernel.clock`, so that tests and `kontor replay` can live in another year."""

import ast
from collections.abc import Iterator

from tools.house.source import Finding, House, Source, dotted

CALLS = (
    "datetime.now", "datetime.utcnow", "datetime.today", "datetime.datetime.now", "datetime.datetime.utcnow",
    "timezone.now", "timezone.localdate", "date.today", "datetime.date.today", "time.time", "Now",
)  # fmt: skip
EXEMPT = ("kontor/kernel/clock.py",)


def check(house: House) -> Iterator[Finding]:
    for source in house.python:
        if source.is_product and not source.is_migration and source.path not in EXEMPT:
            yield from clocks(source)


def clocks(source: Source) -> Iterator[Finding]:
    for node in source.nodes:
        if isinstance(node, ast.Attribute | ast.Name) and dotted(node) in CALLS:
            yield source.finding(node, "clock", f"{dotted(node)}: use kontor.kernel.clock")
        elif isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add"):
            yield source.finding(
                node.value, "clock", f"{node.arg}: use default=clock.now, or set it in the operation"
            )
