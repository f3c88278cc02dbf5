"""Exceptions give their reason, nothing is left half done, and no test is switched off."""

import ast
import re
from collections.abc import Iterator

from tools.house.source import Finding, House, Source, dotted

SILENCED = re.compile(
    r"#\s*(type:\s*ignore|noqa)(?P<code>\[[\w, -]+\]|:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?(?P<rest>.*)$"
)
REASON = re.compile(r"#\s*\w.{2,}")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")
SWITCHED_OFF = ("pytest.skip", "pytest.importorskip", "pytest.xfail", "pytest.mark.skip", "pytest.mark.skipif",
                "pytest.mark.xfail", "unittest.skip")  # fmt: skip


def check(house: House) -> Iterator[Finding]:
    for source in house.python:
        if source.parts[:2] != ("tools", "house") and source.parts[:3] != ("tests", "tools", "house"):
            yield from silenced(source)
            yield from unfinished(source)
        if source.parts[0] == "tests":
            yield from switched_off(source)


def silenced(source: Source) -> Iterator[Finding]:
    for number, line in enumerate(source.lines, 1):
        if (found := SILENCED.search(line)) is None:
            continue
        if not found["code"]:
            yield source.finding(number, "reason", "name the error that is silenced, as ignore[code]")
        elif not REASON.search(found["rest"]):
            yield source.finding(number, "reason", "say why, after a second #")


def unfinished(source: Source) -> Iterator[Finding]:
    for number, line in enumerate(source.lines, 1):
        if UNFINISHED.search(line):
            yield source.finding(number, "unfinished", f"finish it, or make it an issue: {line.strip()[:80]}")


def switched_off(source: Source) -> Iterator[Finding]:
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and dotted(node) in SWITCHED_OFF:
            yield source.finding(
                node, "skip", f"{dotted(node)}: a test runs or fails, it is not switched off"
            )
