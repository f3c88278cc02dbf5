"""Sizes that keep a reader's head above water; what was too big once may only shrink."""

import ast
from collections.abc import Iterator

from tools.house.floors import domain_apps
from tools.house.source import Finding, House, Source

FILE, FUNCTION, PARAMETERS, CLASS, TEMPLATE, APP = 400, 50, 6, 300, 150, 5000
Functions = (ast.FunctionDef, ast.AsyncFunctionDef)


def check(house: House) -> Iterator[Finding]:
    """All sizes of the house, compared with the limits or the accepted exceptions."""
    accepted = house.allowed("sizes")
    seen = set()
    for key, path, line, size, limit in measure(house):
        allowed = accepted.get(key, limit)
        if key in accepted:
            seen.add(key)
        if size > allowed:
            yield Finding(
                path, line, "size", f"{key.split(' ', 1)[1]} is {size}, more than {allowed}: split it"
            )
        elif key in accepted and size < allowed:
            remedy = f"set it to {size}" if size > limit else "remove it"
            yield Finding(path, line, "ratchet", f'"{key}" is {size} now: {remedy} in ratchets.toml')
    for key in sorted(set(accepted) - seen):
        yield Finding("tools/house/ratchets.toml", 1, "ratchet", f'"{key}" is gone: remove it')


def measure(house: House) -> Iterator[tuple[str, str, int, int, int]]:
    """(key, path, line, size, limit) of everything that has a limit."""
    totals: dict[str, int] = {}
    for source in house.sources:
        if source.is_migration:
            continue
        if source.is_template:
            yield f"{source.path} template lines", source.path, 1, len(source.lines), TEMPLATE
        elif source.is_python:
            yield f"{source.path} file lines", source.path, 1, len(source.lines), FILE
            yield from inside(source)
            if source.app in domain_apps():
                totals[source.app] = totals.get(source.app, 0) + len(source.lines)
    for app, lines in totals.items():
        yield f"kontor/{app} app lines", f"kontor/{app}/__init__.py", 1, lines, APP


def inside(source: Source) -> Iterator[tuple[str, str, int, int, int]]:
    for node in source.nodes:
        if not isinstance(node, (*Functions, ast.ClassDef)):
            continue
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        if isinstance(node, ast.ClassDef):
            yield f"{source.path} class {node.name} lines", source.path, node.lineno, length, CLASS
            continue
        yield f"{source.path} function {node.name} lines", source.path, node.lineno, length, FUNCTION
        # tests ask for fixtures by naming them, commands have an option per parameter
        if source.is_product and source.path != "kontor/cli.py":
            count = len(parameters(node))
            yield (
                f"{source.path} function {node.name} parameters",
                source.path,
                node.lineno,
                count,
                PARAMETERS,
            )


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """Names of the parameters, without self and cls."""
    given = node.args
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return [name for name in names if name not in ("self", "cls")]
