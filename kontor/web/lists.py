"""Sorting and paging of lists, by links: the state of a list is its address."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import orjson
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.web.numbers import number

M = TypeVar("M", bound=Model)


def address_with(request: HttpRequest, **changes: str | None) -> str:
    """This page's address with some parameters changed, or dropped when None."""
    query: QueryDict = request.GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


@dataclass(frozen=True, slots=True)
class Sorting:
    """How a list is sorted; column heads link to `url(key)`. Unknown keys fall back to the default."""

    request: HttpRequest
    key: str
    down: bool

    def url(self, key: str) -> str:
        turned = key == self.key and not self.down
        return address_with(self.request, sort=f"-{key}" if turned else key, after=None, before=None)

    def state(self, key: str) -> str:
        return "" if key != self.key else "descending" if self.down else "ascending"


def sorting(request: HttpRequest, allowed: Sequence[str], default: str) -> Sorting:
    """Read ?sort=key or ?sort=-key."""
    asked = request.GET.get("sort", default)
    if asked.removeprefix("-") not in allowed:
        asked = default
    return Sorting(request, asked.removeprefix("-"), asked.startswith("-"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """What stands under a list: how many rows are shown of how many, and the way on and back."""

    shown: int
    total: int | None = None
    first: int | None = None
    previous_url: str = ""
    next_url: str = ""

    @property
    def summary(self) -> str:
        if self.total is None:
            return ngettext("%(n)s row", "%(n)s rows", self.shown) % {"n": number(self.shown)}
        if self.first is None:
            return _("%(shown)s of %(total)s") % {"shown": number(self.shown), "total": number(self.total)}
        last = self.first + self.shown - 1 if self.shown else self.first
        return _("%(first)s–%(last)s of %(total)s") % {
            "first": number(self.first if self.shown else 0),
            "last": number(last if self.shown else 0),
            "total": number(self.total),
        }


def _default(value: object) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError


def cursor_of(values: Sequence[Any]) -> str:
    """The place of a row in its list, as text for an address."""
    return base64.urlsafe_b64encode(orjson.dumps(list(values), default=_default)).decode().rstrip("=")


def values_of(cursor: str) -> list[Any] | None:
    """The row that a cursor stands for, or None when it is broken."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        return None
    plain = isinstance(values, list) and all(
        isinstance(v, (str, int, float)) and v is not True for v in values
    )
    return values if plain else None


def beyond(order: Sequence[str], values: Sequence[Any], *, backwards: bool) -> Q:
    """Rows after `values` in this order (before them when `backwards`); the last field of `order` must be unique."""
    found, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field, down = name.removeprefix("-"), name.startswith("-")
        found |= equal & Q(**{f"{field}__{'lt' if down != backwards else 'gt'}": value})
        equal &= Q(**{field: value})
    return found


def _turned(order: Sequence[str]) -> list[str]:
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def page_of(
    request: HttpRequest, rows: QuerySet[M], order: Sequence[str], *, size: int = 50, total: int | None = None
) -> tuple[list[M], Pager]:
    """One page of a queryset by ?after= or ?before= (keyset paging), and its pager.

    `order` names fields, "-" before one turns it, the last must be unique and none may be NULL. A page costs the same
    wherever it lies. A cursor that is broken or of another order gives the first page.
    """
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    values, backwards = values_of(before or after), bool(before)
    if values is None or len(values) != len(order) or not (before or after):
        values, backwards = None, False
    listed = rows.order_by(*(_turned(order) if backwards else order))
    if values is not None:
        listed = listed.filter(beyond(order, values, backwards=backwards))
    found = list(listed[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (True, more) if backwards else (more, values is not None)
    return found, Pager(
        shown=len(found),
        total=total,
        previous_url=address_with(request, before=_cursor(found[0], order), after=None)
        if has_previous and found
        else "",
        next_url=address_with(request, after=_cursor(found[-1], order), before=None)
        if has_next and found
        else "",
    )


def _cursor(row: Model, order: Sequence[str]) -> str:
    return cursor_of([_plain(_value(row, name.removeprefix("-"))) for name in order])


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _plain(value: Any) -> Any:
    return (
        value.isoformat()
        if isinstance(value, (date, datetime))
        else str(value)
        if isinstance(value, Decimal)
        else value
    )
