"""Up to six products beside each other. The choice is the address, so it can be sent to a colleague and printed."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from kontor.search.queries import Card, Viewer, cards_of, lookup_skus
from kontor.search.queries.sheet import Sheet, sheets_of
from kontor.storefront.cards import price_of, stock_of
from kontor.storefront.listings import may_fill_cart
from kontor.storefront.priced import ShownPrices, prices_shown
from kontor.storefront.specs import compared, trade_facts
from kontor.web.access import public
from kontor.web.identity import KontorRequest
from kontor.web.jinja import differs
from kontor.web.numbers import number
from kontor.web.pages import page
from kontor.web.units import unit_name
from kontor.web.values import sku

MOST = 6
DIGITS = 18


@public
@require_GET
def compare(request: KontorRequest) -> HttpResponse:
    """GET /compare/?p=1&p=2 -> the products beside each other; ?only=1 shows what differs; ?add= takes a number in."""
    viewer = request.identity.viewer
    chosen = _chosen(request)
    wanted = request.GET.get("add", "").strip()[:60].replace("\x00", "")
    missing = ""
    if wanted:
        found = lookup_skus(viewer, [wanted]).get(wanted)
        if found is not None and len(chosen) < MOST:
            ids = list(dict.fromkeys([*chosen, found.product_id]))
            return redirect(_address(ids, only="only" in request.GET))
        missing = wanted
    cards = cards_of(viewer, chosen)
    ids = [one.product_id for one in cards]
    only = request.GET.get("only", "") not in ("", "0")
    rows = _rows(viewer, cards, prices_shown(request, ids))
    return page(
        request,
        "storefront/catalog/compare.html",
        cards=cards,
        columns=[(one, _address([key for key in ids if key != one.product_id], only=only)) for one in cards],
        rows=[one for one in rows if differs(one[2])] if only else rows,
        same=sum(not differs(values) for _heading, _label, values in rows),
        only=only,
        toggle=_address(ids, only=not only),
        ids=ids,
        most=MOST,
        missing=missing,
        is_full=len(chosen) >= MOST,
        may_add=may_fill_cart(request),
        head=None,
    )


def _chosen(request: KontorRequest) -> list[int]:
    numbers = [
        one for one in request.GET.getlist("p") if one.isascii() and one.isdigit() and len(one) <= DIGITS
    ]
    return list(dict.fromkeys(map(int, numbers)))[:MOST]


def _address(ids: list[int], *, only: bool) -> str:
    query = [("p", str(one)) for one in ids] + ([("only", "1")] if only else [])
    address = reverse("storefront:compare")
    return f"{address}?{urlencode(query)}" if query else address


Row = tuple[str, str, list[Any]]
"""Heading, label and a value for each article."""


def _rows(viewer: Viewer, cards: list[Card], prices: ShownPrices) -> list[Row]:
    """What is compared: price and stock first, then what it is, then its specifications. Two statements."""
    sheets = sheets_of(viewer, [one.product_id for one in cards])
    known = [sheets[one.product_id] for one in cards if one.product_id in sheets]
    if len(known) < len(cards):
        return []
    plain: list[tuple[str, list[Any]]] = [
        (_("Price"), [price_of(one, prices) for one in cards]),
        (_("Availability"), [stock_of(one) for one in cards]),
        (_("Sold in"), [_sold_in(one) for one in cards]),
        (_("Leaves the warehouse after"), [_days(one) for one in known]),
        (_("Brand"), [one.brand for one in cards]),
        (_("Manufacturer’s number"), [sku(one.manufacturer_part_number) if one.manufacturer_part_number else ""
                                      for one in known]),
        (_("Your number"), [sku(one.own_number) if one.own_number else "" for one in known]),
        (_("Sold by"), [one.seller_name for one in known]),
    ]  # fmt: skip
    rows: list[Row] = [*(("", *row) for row in plain), *compared(known)]
    facts = [dict(trade_facts(one)) for one in known]
    names = list(dict.fromkeys(name for one in facts for name in one))
    rows += [(_("Trade and storage"), name, [one.get(name, "") for one in facts]) for name in names]
    return [row for row in rows if any(row[2])]


def _sold_in(card: Card) -> str:
    unit = unit_name(card.sales_unit)
    parts = [unit if card.factor == 1 else f"{unit} ({number(card.factor)} {unit_name(card.unit)})"]
    if card.minimum > 1:
        parts.append(_("from %(minimum)s") % {"minimum": number(card.minimum)})
    return ", ".join(parts)


def _days(sheet: Sheet) -> str:
    days = ngettext("%(n)s working day", "%(n)s working days", sheet.lead_days)
    return days % {"n": sheet.lead_days}


urlpatterns = [path("compare/", compare, name="compare")]
