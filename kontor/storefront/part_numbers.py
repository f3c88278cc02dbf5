"""Our part numbers: the numbers by which the buying company knows articles; typed, pasted, or from a file."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kontor.catalog.operations import forget_part_numbers, keep_part_numbers
from kontor.catalog.permissions import (
    KEEP_PART_NUMBERS,
    KEEP_PART_NUMBERS_OF_CUSTOMERS,
    may_keep_part_numbers,
)
from kontor.catalog.queries import part_numbers_of
from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.entrances.csv_rows import decode, write
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.kernel.texts import printable
from kontor.storefront.company import company_of, company_tabs
from kontor.storefront.part_number_rows import MOST_ROWS, WrongRow, read_part_numbers
from kontor.web.access import needs, signed_in
from kontor.web.forms import rows_of
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.numbers import number
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

LIST = "storefront/part_numbers/list.html"
SHOWN_WRONG = 20
LARGEST_FILE = 2_000_000


@signed_in
@require_GET
def part_numbers(request: PersonRequest) -> HttpResponse:
    """GET /company/part-numbers/?q= -> the company's own numbers with the articles they stand for."""
    return page(request, LIST, block="listing", **_values(request))


def _values(request: PersonRequest) -> dict[str, Any]:
    words = printable(request.GET.get("q", ""))[:100]
    rows, pager = page_of(request, part_numbers_of(request.actor, search=words), ["number", "id"])
    return {
        "own": company_of(request.actor),
        "tabs": company_tabs(request.actor, "part_numbers"),
        "rows": rows,
        "pager": pager,
        "words": words,
        "typed": request.POST,
        "typed_rows": rows_of(request.POST, "numbers"),
        "wrong": [],
        "may_change": may_keep_part_numbers(request.actor),
    }


@needs(KEEP_PART_NUMBERS, KEEP_PART_NUMBERS_OF_CUSTOMERS)
@require_POST
def part_numbers_change(request: PersonRequest) -> HttpResponse:
    """POST /company/part-numbers/change/ numbers/<product> -> changed; with `remove` the ticked ones are gone."""
    try:
        if "remove" in request.POST:
            gone = forget_part_numbers(
                actor=request.actor, product_ids=_keys(request.POST.getlist("selected"))
            )
            message = ngettext("%(n)s number is removed.", "%(n)s numbers are removed.", gone)
            return _done(
                message % {"n": number(gone)} if gone else _("Tick the numbers to remove first."), request
            )
        typed = {
            int(key): value
            for name, value in request.POST.items()
            if (key := name.removeprefix("numbers/")) != name
            and key.isascii()
            and key.isdigit()
            and len(key) < 19
        }
        changed = keep_part_numbers(
            actor=request.actor, numbers={key: str(value) for key, value in typed.items()}
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, LIST, refusal, block="listing", **_values(request))
    return _done(_kept(changed), request)


def _keys(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


def _kept(changed: int) -> str:
    if not changed:
        return _("Every number is as it was.")
    return ngettext("%(n)s number is kept.", "%(n)s numbers are kept.", changed) % {"n": number(changed)}


def _done(message: str, request: PersonRequest) -> HttpResponse:
    return leave_to(request, reverse("storefront:part_numbers"), toast=Toast(message=message))


@needs(KEEP_PART_NUMBERS, KEEP_PART_NUMBERS_OF_CUSTOMERS)
@require_POST
def part_numbers_paste(request: PersonRequest) -> HttpResponse:
    """POST /company/part-numbers/paste/ rows or file -> all of them kept, or none and what is wrong."""
    taken: dict[int, str] = {}
    wrong: list[WrongRow] = []
    try:
        taken, wrong = read_part_numbers(_text(request), request.identity.viewer)
        if wrong or not taken:
            raise _not_taken(wrong)
        if len(taken) > MOST_ROWS:
            message = _("At most %(most)d numbers at once. Do it in parts.") % {"most": MOST_ROWS}
            raise Refused("too_many", message, {"rows": message})
        changed = keep_part_numbers(actor=request.actor, numbers=taken)
    except NotAllowed:
        raise
    except Refused as refusal:
        values = _values(request) | {"wrong": wrong[:SHOWN_WRONG], "wrong_count": len(wrong)}
        return refused(request, LIST, refusal, **values)
    return _done(_kept(changed), request)


def _text(request: PersonRequest) -> str:
    """What was pasted, or what stands in the file. Raises Refused at ``file``."""
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("rows", "")
    data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        message = _("The file is larger than %(most)s MB.") % {"most": LARGEST_FILE // 1_000_000}
        raise Refused("too_big", message, {"file": message})
    try:
        return decode(data)[1]
    except EntranceProblem as problem:
        raise Refused("unreadable", str(problem), {"file": str(problem)}) from None


def _not_taken(wrong: list[WrongRow]) -> Refused:
    message = _("Paste at least one line: your number, then the article number.")
    if wrong:
        message = ngettext(
            "%(n)s line cannot be taken. Nothing was saved.",
            "%(n)s lines cannot be taken. Nothing was saved.",
            len(wrong),
        ) % {"n": len(wrong)}
    return Refused("wrong_lines", message, {"rows": message})


@signed_in
@require_GET
def part_numbers_csv(request: PersonRequest) -> HttpResponseBase:
    """GET /company/part-numbers.csv -> all of them, in the columns in which they can be pasted back."""
    rows = part_numbers_of(request.actor).order_by("number", "id").iterator(2000)
    columns = ["own_number", "sku", "name", "seller", "brand", "manufacturer_part_number", "gtin"]
    cells = (
        [one.number, one.product.sku, one.product.name, str(one.product.seller), one.product.brand,
         one.product.manufacturer_part_number, one.product.gtin]
        for one in rows
    )  # fmt: skip
    response = StreamingHttpResponse(write(columns, cells), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="part-numbers.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("company/part-numbers/", part_numbers, name="part_numbers"),
    path("company/part-numbers.csv", part_numbers_csv, name="part_numbers_csv"),
    path("company/part-numbers/change/", part_numbers_change, name="part_numbers_change"),
    path("company/part-numbers/paste/", part_numbers_paste, name="part_numbers_paste"),
]
