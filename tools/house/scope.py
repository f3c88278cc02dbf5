"""Edges see rows through `visible_to` only: the one place that keeps companies apart."""

import ast
from collections.abc import Iterator

from tools.house.floors import EDGES
from tools.house.source import Finding, House, Source, dotted

LOOK_UPS = ("get_object_or_404", "get_list_or_404", "aget_object_or_404")


def check(house: House) -> Iterator[Finding]:
    models, accepted = scoped_models(house), house.allowed("scope")
    for source in house.python:
        if source.app in EDGES:
            yield from unscoped(source, models - set(accepted.get(source.path, ())))


def scoped_models(house: House) -> frozenset[str]:
    """Names of models whose QuerySet has `visible_to`."""
    querysets = set()
    for source in house.python:
        if source.is_product and not source.is_migration:
            for node in source.nodes:
                if isinstance(node, ast.ClassDef) and any(
                    isinstance(one, ast.FunctionDef) and one.name == "visible_to" for one in node.body
                ):
                    querysets.add(node.name)
    models = set()
    for source in house.python:
        if source.is_product and not source.is_migration:
            for node in source.nodes:
                if isinstance(node, ast.ClassDef) and _manager_of(node) & querysets:
                    models.add(node.name)
    return frozenset(models)


def _manager_of(node: ast.ClassDef) -> set[str]:
    names: set[str] = set()
    for statement in node.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if any(isinstance(target, ast.Name) and target.id == "objects" for target in targets):
                names |= {one.id for one in ast.walk(statement.value) if isinstance(one, ast.Name)}
    return names


def unscoped(source: Source, models: frozenset[str]) -> Iterator[Finding]:
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            model = dotted(node.value).rsplit(".", 1)[-1]
            if model in models and "visible_to" not in chain(node):
                yield source.finding(
                    node, "scope", f"{model}.objects without visible_to(actor) shows all companies' rows"
                )
        if isinstance(node, ast.Call) and dotted(node.func) in LOOK_UPS and node.args:
            model = dotted(node.args[0])
            if model in models:
                yield source.finding(
                    node, "scope", f"{dotted(node.func)}({model}): pass {model}.objects.visible_to(actor)"
                )


def chain(node: ast.AST) -> set[str]:
    """Names of the methods that are called on `node`, one after the other."""
    names = set()
    while isinstance(outer := getattr(node, "parent", None), ast.Attribute | ast.Call):
        if isinstance(outer, ast.Call) and outer.func is not node:
            break
        if isinstance(outer, ast.Attribute):
            names.add(outer.attr)
        node = outer
    return names
