"""The prices in a list: changed in place, added one by one, pasted from a spreadsheet, taken out as a file."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from decimal import Decimal

from django.http import HttpResponse, HttpResponseBase
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kontor.backoffice.price_lists import ONE, ORDER, list_address, list_of, list_values
from kontor.backoffice.price_rows import (
    COLUMNS,
    ON_REQUEST,
    TYPED,
    WrongCell,
    WrongLine,
    ids_by_sku,
    is_on_request,
    price_as_shown,
    read_price,
    read_prices,
)
from kontor.backoffice.seat import at_own_desk
from kontor.kernel.actors import Actor
from kontor.kernel.entrances.csv_rows import Cell
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.models import Price, PriceList
from kontor.pricing.operations import PriceRow, remove_prices, set_prices
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.queries import prices_of
from kontor.pricing.rules import is_price_quantity, is_unit_price
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.dates import as_moment_field, moment_from
from kontor.web.forms import changed_meanwhile, number_problem, touched_rows
from kontor.web.identity import PersonRequest
from kontor.web.numbers import number_from
from kontor.web.pages import leave_to, refused
from kontor.web.spreadsheets import MOST_ROWS, plain, spreadsheet
from kontor.web.toasts import Toast

SHOWN_WRONG = 20
CELLS = {"product": "sku", "min_quantity": "from_quantity", "amount": "price", "price_base": "per"}
"""Fields of an operation's row as the form calls them."""


@needs(EDIT_PRICES)
@require_POST
def prices_change(request: PersonRequest, price_list_id: int) -> HttpResponse:
    """POST /office/price-lists/7/prices/ prices/<id>/amount … -> changed; with `remove` the selected ones are gone."""
    found, actor = list_of(request, price_list_id), at_own_desk(request)
    try:
        toast = _removed(request, found) if "remove" in request.POST else None
        toast = toast or _changed_toast(_set(actor, found, _changed(request, found)))
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, ONE, refusal, block="grid", **list_values(request, found))
    return leave_to(request, list_address(found), toast=toast)


def _removed(request: PersonRequest, found: PriceList) -> Toast:
    keys = [key for text in request.POST.getlist("selected") if (key := key_of(text))]
    gone = remove_prices(actor=at_own_desk(request), price_list=found, price_ids=keys)
    message = ngettext("%(n)s price is removed.", "%(n)s prices are removed.", gone) % {"n": gone}
    if not keys:
        message = _("Tick the prices to remove first.")
    return Toast(message=message, kind="good" if gone else "warning")


def _changed_toast(changed: int) -> Toast:
    if not changed:
        return Toast(message=_("Every price is as it was."))
    message = ngettext("%(n)s price is changed.", "%(n)s prices are changed.", changed) % {"n": changed}
    return Toast(message=message, told=_("It counts from now on; orders that were placed keep theirs."))


def _set(actor: Actor, found: PriceList, rows: dict[int, PriceRow]) -> int:
    """Write prices by the keys of their rows. Raises Refused at ``prices/<key>/…``."""
    try:
        return set_prices(actor=actor, price_list=found, rows=list(rows.values()))
    except NotAllowed:
        raise
    except Refused as refusal:
        keys, told = list(rows), {}
        for name, sentence in refusal.fields.items():
            _rows, index, column = name.split("/")
            column = "valid_until" if column == "valid_from" else column
            told[f"prices/{keys[int(index)]}/{column}"] = sentence
        raise Refused(refusal.code, refusal.message, told) from None


def _changed(request: PersonRequest, found: PriceList) -> dict[int, PriceRow]:
    """The rows of which something was typed anew, as prices by their keys."""
    typed = touched_rows(request.POST, "prices", TYPED)
    rows: dict[int, PriceRow] = {}
    wrong: dict[str, str] = {}
    for price in Price.objects.filter(price_list=found, pk__in=typed):
        cells, now = typed[price.pk], price_as_shown(price, found.currency)
        if cells.get("seen", now) != now:
            wrong[f"prices/{price.pk}/amount"] = changed_meanwhile(now)
            continue
        row = _typed_anew(price, cells, wrong)
        if row is not None:
            rows[price.pk] = row
    if wrong:
        raise Refused("wrong_prices", _("Some prices cannot be taken. Nothing was saved."), wrong)
    return rows


def _typed_anew(price: Price, typed: dict[str, str], wrong: dict[str, str]) -> PriceRow | None:
    """A price with what was typed for it; None when that is what it is. Sentences for its fields go into `wrong`."""
    at, bad = f"prices/{price.pk}/", len(wrong)
    figures: dict[str, Decimal | None] = {"amount": None, "price_base": None}
    for name in figures:
        text = typed.get(name, "").strip()
        if name == "amount" and is_on_request(text):
            continue
        value = figures[name] = number_from(text) if text else None
        if value is None:
            wrong[at + name] = number_problem(text) if text else _("This is needed.")
        elif name == "amount" and not is_unit_price(value):
            wrong[at + name] = _("Enter a price of 0 or more with at most six decimals.")
        elif name == "price_base" and not is_price_quantity(value):
            wrong[at + name] = _("Enter the quantity that the price is for, above 0.")
    ends = _end(price, typed, wrong)
    base = figures["price_base"]
    if len(wrong) > bad or base is None:
        return None
    if (figures["amount"], base, ends) == (price.amount, price.price_base, price.valid_until):
        return None
    return PriceRow(
        price.product_id, figures["amount"], price.min_quantity, base, price.unit, price.valid_from, ends
    )


def _end(price: Price, typed: dict[str, str], wrong: dict[str, str]) -> datetime | None:
    """When a price with dates ends; as typed to the minute, else as it was."""
    text = typed.get("valid_until")
    if text is None or text == as_moment_field(price.valid_until):
        return price.valid_until
    try:
        ends = moment_from(text)
    except ValueError:
        wrong[f"prices/{price.pk}/valid_until"] = _("Enter a day and a time.")
        return None
    if ends is not None and price.valid_from is not None and ends <= price.valid_from:
        wrong[f"prices/{price.pk}/valid_until"] = _("The price must end after it begins.")
    return ends


@needs(EDIT_PRICES)
@require_POST
def price_add(request: PersonRequest, price_list_id: int) -> HttpResponse:
    """POST /office/price-lists/7/add/ sku, price or on_request, from_quantity, per, unit, valid_from, valid_until."""
    found, actor = list_of(request, price_list_id), at_own_desk(request)
    cells = {name: request.POST.get(name, "").strip().replace("\x00", "") for name in COLUMNS}
    if request.POST.get("on_request"):
        cells["price"] = ON_REQUEST
    try:
        row = _read(cells, at_own_desk(request))
        changed = set_prices(actor=actor, price_list=found, rows=[row])
    except NotAllowed:
        raise
    except Refused as refusal:
        told = {CELLS.get(name, name): said for name, said in _by_column(refusal).items()}
        again = Refused(refusal.code, refusal.message, told)
        return refused(request, ONE, again, block="grid", **list_values(request, found))
    return leave_to(request, list_address(found), toast=_changed_toast(changed))


def _read(cells: dict[str, str], actor: Actor) -> PriceRow:
    try:
        return read_price(cells, ids_by_sku(actor, [cells["sku"]]))
    except WrongCell as problem:
        message = _("The price was not saved. Correct the marked fields.")
        raise Refused("wrong_prices", message, {problem.column: problem.sentence}) from None


def _by_column(refusal: Refused) -> dict[str, str]:
    return {name.rpartition("/")[2]: sentence for name, sentence in refusal.fields.items()}


@needs(EDIT_PRICES)
@require_POST
def prices_paste(request: PersonRequest, price_list_id: int) -> HttpResponse:
    """POST /office/price-lists/7/paste/ rows, replace -> all rows in the list, or none and what is wrong."""
    found, actor = list_of(request, price_list_id), at_own_desk(request)
    pasted = read_prices(request.POST.get("rows", ""), actor)
    wrong = pasted.wrong
    try:
        if wrong or not pasted.rows:
            raise _not_taken(wrong)
        changed = set_prices(
            actor=actor, price_list=found, rows=pasted.rows, replace=bool(request.POST.get("replace"))
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        wrong = wrong or pasted.refused(refusal)
        values = list_values(request, found) | {"wrong": wrong[:SHOWN_WRONG], "wrong_count": len(wrong)}
        return refused(request, ONE, _not_taken(wrong) if wrong else refusal, block="grid", **values)
    return leave_to(request, list_address(found), toast=_changed_toast(changed))


def _not_taken(wrong: list[WrongLine]) -> Refused:
    if not wrong:
        message = _("Paste at least one line.")
    else:
        message = ngettext(
            "%(n)s line cannot be taken. Nothing was saved.",
            "%(n)s lines cannot be taken. Nothing was saved.",
            len(wrong),
        ) % {"n": len(wrong)}
    return Refused("wrong_lines", message, {"rows": message})


@needs(EDIT_PRICES)
@require_GET
def price_list_csv(request: PersonRequest, price_list_id: int) -> HttpResponseBase:
    """GET /office/price-lists/7.csv -> its prices in the columns in which they can be pasted back."""
    found = list_of(request, price_list_id)
    cells = _cells(found, timezone.get_current_timezone())
    return spreadsheet(f"prices-{found.code}", [*COLUMNS, "name", "currency"], cells)


def _cells(found: PriceList, zone: tzinfo) -> Iterator[list[Cell]]:
    """The file is written when the request is over, and with it the reader's time zone."""
    for one in prices_of(found).order_by(*ORDER)[:MOST_ROWS].iterator(2000):
        window = (one.valid_from, one.valid_until)
        dates = [f"{when.astimezone(zone):%Y-%m-%d %H:%M}" if when else "" for when in window]
        price = ON_REQUEST if one.amount is None else plain(one.amount)
        figures = [plain(one.min_quantity), price, plain(one.price_base)]
        yield [one.product.sku, *figures, one.unit, *dates, one.product.name, found.currency]


urlpatterns = [
    path("price-lists/<int:price_list_id>.csv", price_list_csv, name="price_list_csv"),
    path("price-lists/<int:price_list_id>/prices/", prices_change, name="prices_change"),
    path("price-lists/<int:price_list_id>/add/", price_add, name="price_add"),
    path("price-lists/<int:price_list_id>/paste/", prices_paste, name="prices_paste"),
]
