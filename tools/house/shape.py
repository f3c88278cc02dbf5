"""Every package says what it is for; own classes do not inherit over many steps."""

import ast
from collections.abc import Iterator

from tools.house.source import Finding, House, dotted

MOST_STEPS = 2


def check(house: House) -> Iterator[Finding]:
    yield from purposes(house)
    yield from inheritance(house)


def purposes(house: House) -> Iterator[Finding]:
    for source in house.python:
        is_app = source.is_product and source.parts[-1] == "__init__.py" and len(source.parts) == 3
        if is_app and ast.get_docstring(source.tree) is None:
            yield source.finding(1, "purpose", "say in a paragraph what this app is for and what it is not")


def inheritance(house: House) -> Iterator[Finding]:
    parents: dict[str, list[str]] = {}
    places = {}
    for source in house.python:
        if source.is_product:
            for node in source.nodes:
                if isinstance(node, ast.ClassDef):
                    parents[node.name] = [dotted(one).rsplit(".", 1)[-1] for one in node.bases]
                    places[node.name] = (source, node)

    def steps(name: str, seen: frozenset[str] = frozenset()) -> int:
        own = [one for one in parents.get(name, ()) if one in parents and one not in seen]
        return 1 + max(steps(one, seen | {name}) for one in own) if own else 0

    for name, (source, node) in places.items():
        if steps(name) > MOST_STEPS:
            yield source.finding(
                node, "inheritance", f"{name} inherits over {steps(name)} steps of our own; compose"
            )
