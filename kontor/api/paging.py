"""Long lists in pages by cursor: where the last page ended, not how many rows to skip.

A cursor is signed, so that a list is only continued from where it was left; it names the list it belongs to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from kontor.api.values import Out
from kontor.kernel.refusal import Refused

MOST = 200
Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")
Limit = Annotated[int, Field(ge=1, le=MOST)]


class PageAsk(BaseModel):
    """The two parameters of every list."""

    limit: int = Field(50, ge=1, le=MOST, description="How many items at most.")
    after: str | None = Field(None, max_length=400, description="The cursor from `next` of the page before.")


class Page(Out, Generic[Item]):
    """A page of a list."""

    items: list[Item]
    next: str | None = Field(description="The address of the next page, or null at the end.")


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """The rows of a page and the cursor of the next one."""

    rows: list[Row]
    cursor: str | None


def newest_first(rows: QuerySet[Row], ask: PageAsk, *, name: str, by: str = "id") -> Slice[Row]:
    """A page of `rows` by falling `by` (a moment or the id), then by falling id. One query.

    Raises Refused("bad_cursor") at `after`.
    """
    if ask.after:
        rows = rows.filter(_behind(read_cursor(ask.after, name), by))
    order = ("-id",) if by == "id" else (f"-{by}", "-id")
    found = list(rows.order_by(*order)[: ask.limit + 1])
    if len(found) <= ask.limit:
        return Slice(found, None)
    last = found[ask.limit - 1]
    place = [last.pk] if by == "id" else [getattr(last, by).isoformat(), last.pk]
    return Slice(found[: ask.limit], write_cursor(place, name))


def _behind(place: Sequence[Any], by: str) -> Q:
    if by == "id":
        return Q(pk__lt=place[0])
    moment = datetime.fromisoformat(place[0])
    return Q(**{f"{by}__lte": moment}) & (Q(**{f"{by}__lt": moment}) | Q(pk__lt=place[1]))


def write_cursor(place: Sequence[Any], name: str) -> str:
    """A cursor for the list `name`, safe in an address."""
    return signing.dumps(list(place), salt=f"cursor:{name}", compress=False)


def read_cursor(cursor: str, name: str) -> list[Any]:
    """The place that a cursor of the list `name` holds. Raises Refused("bad_cursor")."""
    try:
        place: list[Any] = signing.loads(cursor, salt=f"cursor:{name}")
    except (signing.BadSignature, ValueError) as error:
        message = _("This cursor is not from this list. Start again from the first page.")
        raise Refused("bad_cursor", message, {"?after": message}) from error
    return place


def next_address(request: HttpRequest, cursor: str | None) -> str | None:
    """This address with the cursor of the next page."""
    if cursor is None:
        return None
    parameters = [(name, value) for name, value in request.GET.items() if name != "after"]
    return f"{request.path}?{urlencode([*parameters, ('after', cursor)])}"


def page(request: HttpRequest, part: Slice[Row], shown: Callable[[Row], Item]) -> Page[Item]:
    """The answer for a page, each row shown by `shown`."""
    return Page(items=[shown(row) for row in part.rows], next=next_address(request, part.cursor))
