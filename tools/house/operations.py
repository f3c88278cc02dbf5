"""The one shape of an operation: arguments by keyword (one may stand alone), one transaction, a sentence about it."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch

from tools.house.source import Finding, House, Source, dotted


def check(house: House) -> Iterator[Finding]:
    handed_on = {name for source in house.python for name in exported(source)}
    for source in house.python:
        if fnmatch(source.path, "kontor/*/operations/*.py") and source.parts[-1] != "__init__.py":
            yield from shape(source, handed_on)


def exported(source: Source) -> set[tuple[str, str]]:
    """(app, name) of what `operations/__init__.py` hands on."""
    if not fnmatch(source.path, "kontor/*/operations/__init__.py"):
        return set()
    return {
        (source.app, alias.asname or alias.name)
        for node in source.nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def shape(source: Source, handed_on: set[tuple[str, str]]) -> Iterator[Finding]:
    for node in source.tree.body:
        if not isinstance(node, ast.FunctionDef) or (source.app, node.name) not in handed_on:
            continue
        if "actor" not in [one.arg for one in node.args.args + node.args.kwonlyargs]:
            continue  # a question, or a step that another operation takes
        if len(node.args.args + node.args.posonlyargs) > 1 or node.args.vararg:
            yield source.finding(node, "operation", f"{node.name}: arguments are keyword-only, after a *")
        decorators = {dotted(one) for one in node.decorator_list}
        if not decorators & {"transaction.atomic", "atomic"}:
            yield source.finding(node, "operation", f"{node.name}: needs @transaction.atomic")
        if ast.get_docstring(node) is None:
            yield source.finding(node, "operation", f"{node.name}: say in a docstring what it does")
