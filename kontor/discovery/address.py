"""What an address asks of a listing, and the address that asks for it: filters, sort and page as a query.

``q`` words, ``category``, ``brand`` (repeated), ``in_stock``, ``bought`` (ever bought by this company), ``a.<code>``
(repeated) for values of an attribute, ``min.<code>`` and ``max.<code>`` for numbers, ``price_min``, ``price_max``,
``sort``, ``page``. Numbers are machine numbers in the unit of the attribute.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.http import QueryDict

from kontor.search.queries import Filters
from kontor.search.queries.cards import EVERYTHING

MOST_VALUES, MOST_ATTRIBUTES, LONGEST_WORDS, LONGEST_VALUE = 50, 30, 200, 200
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A listing as somebody asked for it."""

    words: str = ""
    filters: Filters = EVERYTHING
    bought: bool = False
    sort: str = ""
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but words and category narrows it."""
        return any(name not in ("q", "category") for name, _value in self.pairs())

    def pairs(self) -> Pairs:
        """What narrows the listing, in a fixed order; neither sort nor page."""
        return list(_pairs(self))

    @property
    def query(self) -> str:
        """The same as text, to be kept and compared."""
        return urlencode(self.pairs())


def asked_in(query: QueryDict, *, category_path: str = "") -> Asked:
    """Read an address's query; what makes no sense is left out. `category_path` is that of the page itself."""
    page = query.get("page", "1")
    return Asked(
        words=_text(query.get("q", ""), LONGEST_WORDS),
        filters=Filters(
            category_path=category_path or _text(query.get("category", ""), 300),
            brands=tuple(_values(query.getlist("brand"))),
            in_stock=query.get("in_stock", "") not in ("", "0"),
            attributes=tuple(_attributes(query)),
            ranges=tuple(_ranges(query)),
            price=_between(query.get("price_min", ""), query.get("price_max", "")),
        ),
        bought=query.get("bought", "") not in ("", "0"),
        sort=_text(query.get("sort", ""), 20),
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


def asked_again(query: str) -> Asked:
    """A kept query as it was asked."""
    return asked_in(QueryDict(query))


def _pairs(asked: Asked) -> Iterator[tuple[str, str]]:
    filters = asked.filters
    if asked.words:
        yield "q", asked.words
    if filters.category_path:
        yield "category", filters.category_path
    yield from (("brand", one) for one in filters.brands)
    if filters.in_stock:
        yield "in_stock", "1"
    if asked.bought:
        yield "bought", "1"
    for code, values in filters.attributes:
        yield from ((f"a.{code}", one) for one in values)
    for code, lowest, highest in filters.ranges:
        yield from _bounds(f"min.{code}", f"max.{code}", (lowest, highest))
    if filters.price:
        yield from _bounds("price_min", "price_max", filters.price)


def _bounds(
    first: str, last: str, bounds: tuple[Decimal | None, Decimal | None]
) -> Iterator[tuple[str, str]]:
    for name, bound in zip((first, last), bounds, strict=True):
        if bound is not None:
            yield name, f"{bound.normalize():f}"


def _attributes(query: QueryDict) -> Iterator[tuple[str, tuple[str, ...]]]:
    codes = sorted(name for name in query if name.startswith("a.") and 2 < len(name) < 90)
    for name in codes[:MOST_ATTRIBUTES]:
        values = tuple(_values(query.getlist(name)))
        if values:
            yield name[2:], values


def _ranges(query: QueryDict) -> Iterator[tuple[str, Decimal | None, Decimal | None]]:
    codes = sorted({name[4:] for name in query if name[:4] in ("min.", "max.") and 4 < len(name) < 90})
    for code in codes[:MOST_ATTRIBUTES]:
        bounds = _between(query.get(f"min.{code}", ""), query.get(f"max.{code}", ""))
        if bounds:
            yield code, *bounds


def _values(given: list[str]) -> list[str]:
    texts = (_text(one, LONGEST_VALUE) for one in given[:MOST_VALUES])
    return sorted({one for one in texts if one})


def _between(lowest: str, highest: str) -> tuple[Decimal | None, Decimal | None] | None:
    bounds = _number(lowest), _number(highest)
    return None if bounds == (None, None) else bounds


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 12 else None


def _text(given: str, longest: int) -> str:
    return given.replace("\x00", "").strip()[:longest]
