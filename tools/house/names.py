"""Names that say what a thing is: a file named after a layer grows without end, one named after a verb stops."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.house.source import Finding, House, Source

EMPTY_WORDS = frozenset(
    (
        "base",
        "common",
        "helper",
        "helpers",
        "manager",
        "managers",
        "misc",
        "service",
        "services",
        "util",
        "utils",
    )
)
ENDINGS = re.compile(r"(Helpers?|Utils?|Services?|Misc|Common)$")


def check(house: House) -> Iterator[Finding]:
    allowed = house.allowed("names").get("allowed", [])
    for source in house.sources:
        if source.path in allowed:
            continue
        name = PurePosixPath(source.path)
        for word in (name.stem, *name.parts[:-1]):
            if word.strip("_").lower() in EMPTY_WORDS:
                yield source.finding(1, "name", f"{word!r} says nothing; name it after what it holds")
        if source.is_python:
            yield from classes(source)


def classes(source: Source) -> Iterator[Finding]:
    for node in source.nodes:
        if isinstance(node, ast.ClassDef):
            manages_rows = any("Manager" in ast.unparse(parent) for parent in node.bases)
            empty = node.name.lower() in EMPTY_WORDS or ENDINGS.search(node.name)
            if empty or (node.name.endswith("Manager") and not manages_rows):
                yield source.finding(node, "name", f"class {node.name}: name it after what it is")
