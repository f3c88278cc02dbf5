"""Imports that the floors cannot see: hidden in functions, past the safe entrances, web frameworks below the pages."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch

from tools.house.floors import COMPOSITION_ROOT, domain_apps
from tools.house.source import Finding, House, Source, ancestors, dotted, imported

ENTRANCES = "kontor/kernel/entrances/"
DOORS = {
    "xml.py": ("xml", "defusedxml", "lxml"),
    "csv_rows.py": ("csv",),
    "archive.py": ("zipfile", "tarfile", "shutil.unpack_archive", "shutil.make_archive"),
    "http.py": (
        "httpx",
        "httpcore",
        "requests",
        "aiohttp",
        "urllib3",
        "urllib.request",
        "http.client",
        "socket",
        "ftplib",
    ),
}
NEVER = ("pickle", "marshal", "shelve", "dill")
RUN_TEXT = ("eval", "exec", "compile", "__import__")


def check(house: House) -> Iterator[Finding]:
    allowed = house.allowed("entrances")
    for source in house.python:
        if source.is_product:
            yield from in_functions(source)
            yield from past_entrances(source, allowed.get(source.path, []))
            yield from frameworks(source)
            yield from signals(source)


def in_functions(source: Source) -> Iterator[Finding]:
    """Imports inside functions hide arrows; only the composition root and AppConfig.ready have them."""
    if source.parts[1] in COMPOSITION_ROOT:
        return
    for node in source.nodes:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        around = [
            outer.name
            for outer in ancestors(node)
            if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        if around and not (source.parts[-1] == "apps.py" and around == ["ready"]):
            yield source.finding(
                node, "import", f"import inside {around[0]}(): put it at the top of the file"
            )


def past_entrances(source: Source, allowed: list[str]) -> Iterator[Finding]:
    """Foreign data come in through one door per kind, where limits are kept."""
    for node in source.nodes:
        for name in imported(node):
            if any(_within(name, module) for module in allowed):
                continue
            if any(_within(name, module) for module in NEVER):
                yield source.finding(node, "entrance", f"{name} runs what it reads; use JSON")
            for door, modules in DOORS.items():
                if any(_within(name, module) for module in modules) and source.path != ENTRANCES + door:
                    yield source.finding(node, "entrance", f"{name}: go through {ENTRANCES}{door}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RUN_TEXT:
            yield source.finding(node, "entrance", f"{node.func.id}() runs text as code")


def frameworks(source: Source) -> Iterator[Finding]:
    """Rules are pure; the business below the pages knows neither the API framework nor htmx nor requests."""
    is_rules = source.parts[-1] == "rules.py" or "rules" in source.parts[2:-1]
    for node in source.nodes:
        for name in imported(node):
            if is_rules and _within(name, "django"):
                yield source.finding(node, "floor", "rules are pure: they do not import Django")
            if source.app in domain_apps() and (
                any(_within(name, module) for module in ("ninja", "django_htmx", "jinja2"))
                or (fnmatch(source.path, "kontor/*/operations/*") and _within(name, "django.http"))
            ):
                yield source.finding(
                    node, "floor", f"{name} belongs to the pages and the API, not to {source.app}"
                )


def signals(source: Source) -> Iterator[Finding]:
    """No signals of our own: they are arrows that nobody can see."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and dotted(node.func) in (
            "Signal",
            "dispatch.Signal",
            "django.dispatch.Signal",
        ):
            yield source.finding(node, "signal", "publish an event instead of declaring a signal")
        for name in imported(node):
            if name in ("django.dispatch.receiver", "django.dispatch.Signal") or _within(
                name, "django.db.models.signals"
            ):
                yield source.finding(node, "signal", f"{name}: publish an event, or do it in the operation")


def _within(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")
