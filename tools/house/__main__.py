"""Check the house rules; print the findings and a count. Exit code 1 when there are findings."""

import sys
from pathlib import Path

from tools.house import (
    imports,
    names,
    numbers,
    operations,
    pages,
    reasons,
    reasons_for_dependencies,
    relations,
    scope,
    shape,
    sizes,
    texts,
    time,
)
from tools.house.comments import share_of_comments
from tools.house.source import Finding, House

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = (sizes, names, numbers, time, imports, relations, scope, reasons, operations, shape, pages, texts)


def findings(house: House) -> list[Finding]:
    """All breaches of all rules."""
    found = unreadable(house)
    found += [one for family in FAMILIES for one in family.check(house)]
    found += reasons_for_dependencies.check(ROOT)
    return sorted(found, key=lambda one: (one.path, one.line, one.rule))


def unreadable(house: House) -> list[Finding]:
    """Set aside what is no Python, so that the rules can look at the rest."""
    found = []
    for source in house.python:
        if problem := source.syntax_problem:
            found.append(source.finding(problem.lineno or 1, "syntax", problem.msg))
            house.sources.remove(source)
    return found


def main(arguments: list[str]) -> int:
    """Arguments, if any, are beginnings of paths: only findings there are shown and count."""
    house = House.read(ROOT)
    found = [one for one in findings(house) if not arguments or one.path.startswith(tuple(arguments))]
    for one in found:
        print(one)
    share = share_of_comments(house)
    print(
        f"{len(house.sources)} files, {len(found)} findings; comments are {share:.1f} % of the product's lines."
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
