"""Every text that a person reads can be translated: in refusals and in templates."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch

from jinja2 import Environment
from jinja2.exceptions import TemplateSyntaxError

from tools.house.source import Finding, House, Source, dotted

WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{2,}")
TAG = re.compile(
    r"<!--.*?-->|<(?:script|style|svg|code|kbd|pre)\b.*?</(?:script|style|svg|code|kbd|pre)>|<[^<>]*>",
    re.S | re.I,
)
READ_ATTRIBUTE = re.compile(
    r"\b(?:title|placeholder|alt|aria-label|aria-description)\s*=\s*(\"[^\"{]*\"|'[^'{]*')"
)
ENTITY = re.compile(r"&#?\w+;")


def check(house: House) -> Iterator[Finding]:
    allowed = house.allowed("texts").get("allowed", [])
    for source in house.sources:
        if not source.is_product or any(fnmatch(source.path, pattern) for pattern in allowed):
            continue
        if source.is_python:
            yield from refusals(source)
        elif source.is_template and source.path.endswith(".html"):
            yield from templates(source)


def refusals(source: Source) -> Iterator[Finding]:
    for node in source.nodes:
        if isinstance(node, ast.Call) and dotted(node.func).rsplit(".", 1)[-1] == "Refused":
            message = node.args[1] if len(node.args) > 1 else None
            named = next((one.value for one in node.keywords if one.arg == "message"), None)
            if isinstance(message or named, ast.Constant | ast.JoinedStr):
                yield source.finding(node, "text", "wrap the message in _() so that it can be translated")


def templates(source: Source) -> Iterator[Finding]:
    """Words between the tags, outside {% trans %}. What an expression prints is its own matter."""
    try:
        tokens = list(Environment(autoescape=True).lex(source.text))
    except TemplateSyntaxError as problem:
        yield source.finding(problem.lineno, "text", f"this is no template: {problem.message}")
        return
    shown, inside = [], False
    block = expression = ""
    for _line, kind, value in tokens:
        if kind == "block_begin":
            block, expression = "begin", ""
        elif kind == "block_end":
            inside = {"trans": True, "endtrans": False}.get(expression, inside)
            block = ""
        elif kind == "name" and block == "begin":
            expression, block = value, "rest"
        newlines = "\n" * value.count("\n")
        shown.append(
            value if kind == "data" and not inside else ("{}" if kind == "variable_begin" else newlines)
        )
    text = "".join(shown)
    for found in READ_ATTRIBUTE.finditer(text):
        if WORD.search(found[1]):
            yield source.finding(
                text.count("\n", 0, found.start()) + 1, "text", f"{found[1]} is not translated"
            )
    plain = ENTITY.sub("", TAG.sub(lambda found: "\n" * found[0].count("\n"), text))
    for number, line in enumerate(plain.split("\n"), 1):
        if WORD.search(line):
            yield source.finding(number, "text", f"{line.strip()[:60]!r} is not translated")
