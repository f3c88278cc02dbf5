"""Money and quantities are Decimals. Binary fractions are kept out of the product, but for time spent and pictures."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch

from tools.house.source import Finding, House, Source


def check(house: House) -> Iterator[Finding]:
    allowed = house.allowed("float").get("allowed", [])
    for source in house.python:
        if source.is_product and not any(fnmatch(source.path, pattern) for pattern in allowed):
            yield from floats(source)


def floats(source: Source) -> Iterator[Finding]:
    for node in source.nodes:
        if isinstance(node, ast.Name) and node.id == "float":
            yield source.finding(node, "float", "use Decimal: binary fractions lose cents")
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield source.finding(
                node, "float", f'{node.value!r} is a binary fraction; write Decimal("{node.value!r}")'
            )
        elif isinstance(node, ast.Attribute) and node.attr in ("FloatField", "FloatRangeField"):
            yield source.finding(node, "float", f"{node.attr} loses cents; use DecimalField")
