"""Specifications as text in a cell: one a line, ``Length: 40 [mm]``. Pure, and the same there and back."""

import re

_LINE = re.compile(
    r"^((?:[^\\:]|\\.)+):[ \t]?((?:[^\\\[\]]|\\.|\[(?=[^\]]*\][^\]]*\S))*?)(?:[ \t]*\[((?:[^\\\[\]]|\\.)*)\])?[ \t]*$"
)


def spec_line(name: str, value: str, unit: str = "") -> str:
    r"""A specification as a line of a cell.

    >>> spec_line("Length", "40", "mm"), spec_line("Ratio 1:2", "[a]")
    ('Length: 40 [mm]', 'Ratio 1\\:2: \\[a\\]')
    """
    line = f"{_escaped(name, ':;')}: {_escaped(value, '[];')}"
    return f"{line} [{_escaped(unit, '[];')}]" if unit else line


def spec_of(line: str) -> dict[str, str] | None:
    """The specification of a line, or None when it has no colon.

    >>> spec_of("Length: 40 [mm]"), spec_of("nothing")
    ({'name': 'Length', 'value': '40', 'unit': 'mm'}, None)
    """
    match = _LINE.match(line)
    if not match:
        name, colon, value = line.partition(":")
        return {"name": name.strip(), "value": value.strip(), "unit": ""} if colon and name.strip() else None
    name, value, unit = (_plain(part or "").strip() for part in match.groups())
    return {"name": name, "value": value, "unit": unit}


def _escaped(text: str, signs: str) -> str:
    text = re.sub(rf"([\\{re.escape(signs)}])", r"\\\1", text)
    return text.replace("\r", "\\r").replace("\n", "\\n")


def _plain(text: str) -> str:
    if "\\" not in text:
        return text
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "r": "\r"}.get(found[1], found[1]), text)
