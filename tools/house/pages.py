"""Templates and style sheets: nothing inline (the content policy forbids it), unescaped, or named left or right."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch

from tools.house.source import Finding, House, Source, dotted

INLINE = {
    "a style attribute": re.compile(r"<[a-zA-Z][^<>]*\sstyle\s*="),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(
        r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*\btype\s*=\s*[\"']application/(?:ld\+)?json)", re.I
    ),
    "an event attribute": re.compile(r"<[a-zA-Z][^<>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an hx-on attribute": re.compile(r"\bhx-on[:\-a-z]*\s*="),
    "a script address": re.compile(r"(?:href|src|action)\s*=\s*[\"']\s*javascript:", re.IGNORECASE),
}
UNESCAPED_TEMPLATE = re.compile(r"\|\s*safe\b|autoescape\s+(?:false|off)|\|\s*forceescape")
UNESCAPED_PYTHON = ("mark_safe", "SafeString", "SafeText", "Markup", "safestring.mark_safe")
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?:-[a-z]+)?|left|right"
    r"|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def check(house: House) -> Iterator[Finding]:
    mails = house.allowed("pages").get("mails", [])
    for source in house.templates:
        if not any(fnmatch(source.path, pattern) for pattern in mails):
            yield from inline(source)
    for source in house.sources:
        if source.path.endswith(".css") and source.is_product:
            yield from physical(source)
    yield from unescaped(house)


def inline(source: Source) -> Iterator[Finding]:
    text = re.sub(r"\{#.*?#\}", lambda found: "\n" * found[0].count("\n"), source.text, flags=re.DOTALL)
    for what, pattern in INLINE.items():
        for found in pattern.finditer(text):
            yield source.finding(
                text.count("\n", 0, found.start()) + 1, "inline", f"{what}: move it into a file"
            )


def physical(source: Source) -> Iterator[Finding]:
    """Left and right are the other way round in Arabic and Hebrew."""
    text = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), source.text)
    for found in PHYSICAL.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield source.finding(line, "direction", f"{found[0].strip()} say inline-start or inline-end")


def unescaped(house: House) -> Iterator[Finding]:
    """Text that is not escaped is listed with its number of places, and the numbers may only shrink."""
    accepted = house.allowed("unescaped")
    for source in house.sources:
        if not source.is_product:
            continue
        places = list(_unescaped_places(source))
        allowed = accepted.get(source.path, 0)
        if len(places) > allowed:
            for line in places:
                yield source.finding(
                    line, "unescaped", f"{len(places)} places, {allowed} are accepted in ratchets.toml"
                )
        elif len(places) < allowed:
            yield source.finding(1, "ratchet", f"unescaped: set it to {len(places)} in ratchets.toml")


def _unescaped_places(source: Source) -> Iterator[int]:
    if source.is_template and not source.path.endswith(".txt"):
        for number, line in enumerate(source.lines, 1):
            if UNESCAPED_TEMPLATE.search(line):
                yield number
    elif source.is_python:
        for node in source.nodes:
            if (
                isinstance(node, ast.Call)
                and dotted(node.func).removeprefix("markupsafe.") in UNESCAPED_PYTHON
            ):
                fixed = all(isinstance(argument, ast.Constant) for argument in node.args)
                if not fixed:  # a text that stands in the source holds no foreign words
                    yield node.lineno
