"""Each package that the product needs has its reason in docs/decisions/dependencies.md."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tools.house.source import Finding

NAME = re.compile(r"[A-Za-z0-9_.-]+")


def check(root: Path) -> Iterator[Finding]:
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    document = root / "docs/decisions/dependencies.md"
    explained = document.read_text() if document.exists() else ""
    yield from unexplained(project["dependencies"], explained)


def unexplained(requirements: list[str], document: str) -> Iterator[Finding]:
    for requirement in requirements:
        found = NAME.match(requirement)
        name = found[0] if found else requirement
        if not re.search(rf"^\| {re.escape(name)}(\[[\w,]+\])? \|", document, re.MULTILINE):
            message = f"{name} has no line in docs/decisions/dependencies.md: say why it is needed"
            yield Finding("pyproject.toml", 1, "dependency", message)
