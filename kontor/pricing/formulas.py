"""What people write into a cell for a price: a figure, a change such as ``+3%``, a formula such as ``=list*0.95``."""

import re
from collections.abc import Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation, localcontext

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([a-z]+)|([-+*/()%]))", re.ASCII)
_CHANGE = re.compile(r"([-+*/])\s*\d+(\.\d+)?\s*%?")
LONGEST = 80


class WrongFormula(ValueError):
    """A formula that cannot be worked out; `name` is what has no value here, "" where it cannot be read."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.name = name


def is_formula(text: str) -> bool:
    """Whether a cell holds a formula or a change, and no plain figure.

    >>> [is_formula(text) for text in ("=list*0.95", "+3%", "*1.02", "-5", "12.50")]
    [True, True, True, True, False]
    """
    return text.lstrip()[:1] in ("=", "+", "-", "*", "/")


def work_out(text: str, names: Mapping[str, Decimal | None]) -> Decimal:
    """The value of a formula over these names; a change is of ``old``, a percentage after + or - of what is before it.

    Raises WrongFormula. Not rounded.

    >>> about = {"list": Decimal(100), "old": Decimal(80), "cost": None}
    >>> [str(work_out(text, about)) for text in ("=list*0.95", "+5%", "-2.5", "=(list - 10) / 2", "=list-10%-5")]
    ['95.00', '84', '77.5', '45', '85']
    >>> work_out("=cost*2", about)
    Traceback (most recent call last):
    ...
    kontor.pricing.formulas.WrongFormula: cost
    """
    text = text.strip().casefold()
    if len(text) > LONGEST:
        raise WrongFormula
    if text.startswith("="):
        reader = _Reader(text[1:], names)
    elif _CHANGE.fullmatch(text):
        reader = _Reader("old" + text, names)
    else:
        raise WrongFormula
    try:
        with localcontext(prec=40):
            return reader.whole()
    except (DivisionByZero, InvalidOperation):
        raise WrongFormula from None


class _Reader:
    """Reads sums of products from left to right."""

    def __init__(self, text: str, names: Mapping[str, Decimal | None]) -> None:
        self.names = names
        self.tokens: list[str] = []
        place = 0
        while place < len(text.rstrip()):
            found = _TOKEN.match(text, place)
            if found is None:
                raise WrongFormula
            self.tokens.append(found[1] or found[2] or found[3])
            place = found.end()

    def whole(self) -> Decimal:
        value = self._sum()
        if self.tokens:
            raise WrongFormula
        return value

    def _next(self, *signs: str) -> str:
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in signs else ""

    def _sum(self) -> Decimal:
        value = self._product()
        while sign := self._next("+", "-"):
            part = self._product()
            if self._next("%"):
                part = value * part / 100
            value = value + part if sign == "+" else value - part
        return value

    def _product(self) -> Decimal:
        value = self._single()
        while sign := self._next("*", "/"):
            part = self._single()
            if self._next("%"):
                part /= 100
            value = value * part if sign == "*" else value / part
        return value

    def _single(self) -> Decimal:
        if not self.tokens:
            raise WrongFormula
        word = self.tokens.pop(0)
        if word == "(":
            value = self._sum()
            if not self._next(")"):
                raise WrongFormula
            return value
        if word == "-":
            return -self._single()
        if word[0].isdigit():
            return Decimal(word)
        found = self.names.get(word)
        if found is None:
            raise WrongFormula(word)
        return found
