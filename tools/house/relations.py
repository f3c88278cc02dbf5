"""Relations between tables: the class itself, never its name across apps, and no way back up."""

import ast
from collections.abc import Iterator

from tools.house.source import Finding, House, Source, dotted, imported

FIELDS = ("ForeignKey", "OneToOneField", "ManyToManyField")


def check(house: House) -> Iterator[Finding]:
    for source in house.python:
        if source.is_product and not source.is_migration:
            yield from relations(source)


def relations(source: Source) -> Iterator[Finding]:
    origin = {}
    for node in source.nodes:
        for name in imported(node):
            origin[name.rsplit(".", 1)[-1]] = name
    for node in source.nodes:
        if not (isinstance(node, ast.Call) and dotted(node.func).rsplit(".", 1)[-1] in FIELDS):
            continue
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        target = node.args[0] if node.args else named.get("to")
        if target is None:
            continue
        if isinstance(target, ast.Constant) and "." in str(target.value):
            yield source.finding(node, "relation", f"{target.value!r}: import the class instead of naming it")
        if dotted(target).endswith("AUTH_USER_MODEL"):
            yield source.finding(node, "relation", "import the User class instead of AUTH_USER_MODEL")
        module = origin.get(dotted(target).split(".")[0], "")
        if module.startswith("kontor.") and module.split(".")[1] != source.app:
            back = named.get("related_name")
            if not (isinstance(back, ast.Constant) and back.value == "+"):
                yield source.finding(
                    node, "relation", f'{dotted(target)} is of another app: say related_name="+"'
                )
