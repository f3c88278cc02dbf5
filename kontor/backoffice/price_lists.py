"""Price lists: who has which, and the prices in one, changed in place or pasted from a spreadsheet."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.backoffice.price_rows import WrongLine, read_prices
from kontor.backoffice.seat import at_own_desk
from kontor.companies.models import CustomerAccount
from kontor.companies.permissions import ACCEPT_CUSTOMERS
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.models import Price, PriceList
from kontor.pricing.operations import (
    PriceListFacts,
    PriceRow,
    delete_price_list,
    remove_prices,
    save_price_list,
    set_prices,
)
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.queries import price_lists_of, prices_of
from kontor.pricing.rules import is_price_quantity, is_unit_price
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.forms import number_problem, rows_of
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.numbers import as_input, decimal_sign, machine, number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.spreadsheets import MOST_ROWS, spreadsheet
from kontor.web.toasts import Toast

LISTS = "backoffice/price_lists/list.html"
ONE = "backoffice/price_lists/price_list.html"
SHOWN_WRONG = 20
SHOWN_CUSTOMERS = 50
ORDER = ["product__sku", "min_quantity", "id"]


@needs(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def price_lists(request: PersonRequest) -> HttpResponse:
    """GET /office/price-lists/ -> the seller's lists; POST name, currency, is_public -> a new one."""
    actor = at_own_desk(request)
    if request.method == "POST":
        try:
            saved = save_price_list(actor=actor, facts=_facts(request))
        except NotAllowed:
            raise
        except Refused as refusal:
            return refused(request, LISTS, refusal, lists=list(price_lists_of(actor)), typed=request.POST)
        toast = Toast(message=_("The price list %(name)s is ready for prices.") % {"name": saved.name})
        return leave_to(request, list_address(saved), toast=toast)
    return page(request, LISTS, lists=list(price_lists_of(actor)), typed={})


def list_of(request: PersonRequest, price_list_id: int) -> PriceList:
    """A list of the reader's own company, or 404."""
    own = PriceList.objects.visible_to(at_own_desk(request)).select_related("basis")
    return get_object_or_404(own, pk=price_list_id)


def list_address(found: PriceList) -> str:
    return reverse("backoffice:price_list", args=[found.pk])


@needs(EDIT_PRICES)
@require_GET
def price_list(request: PersonRequest, price_list_id: int) -> HttpResponse:
    """GET /office/price-lists/7/?q= -> its prices by article, and who buys at them."""
    return page(request, ONE, block="grid", **list_values(request, list_of(request, price_list_id)))


def list_values(request: PersonRequest, found: PriceList) -> dict[str, Any]:
    words = request.GET.get("q", "").replace("\x00", "")[:100]
    rows, pager = page_of(request, prices_of(found, search=words), ORDER)
    customers = (
        CustomerAccount.objects.visible_to(at_own_desk(request))
        .filter(pk__in=found.assignments.values("scope__account_id"), seller_id=found.seller_id)
        .select_related("buyer")
    )
    return {
        "found": found,
        "rows": [(row, _as_price(row.amount)) for row in rows],
        "pager": pager,
        "words": words,
        "total": found.prices.count(),
        "typed_rows": rows_of(request.POST, "prices"),
        "typed": request.POST,
        "wrong": [],
        "customers": list(customers.order_by("buyer__legal_name")[:SHOWN_CUSTOMERS]),
        "customer_count": customers.count(),
        "may_see_customers": at_own_desk(request).may(ACCEPT_CUSTOMERS),
    }


@needs(EDIT_PRICES)
@require_POST
def price_list_save(request: PersonRequest, price_list_id: int) -> HttpResponse:
    """POST /office/price-lists/7/save/ name, is_public -> renamed, public or not."""
    found = list_of(request, price_list_id)
    try:
        save_price_list(actor=at_own_desk(request), facts=_facts(request, found.currency), price_list=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        found.refresh_from_db()
        return refused(request, ONE, refusal, block="grid", **list_values(request, found))
    return leave_to(request, list_address(found), toast=Toast(message=_("The price list is saved.")))


@needs(EDIT_PRICES)
@require_POST
def price_list_delete(request: PersonRequest, price_list_id: int) -> HttpResponse:
    """POST /office/price-lists/7/delete/ -> gone with its prices, while nobody has it."""
    found = list_of(request, price_list_id)
    name = found.name
    delete_price_list(actor=at_own_desk(request), price_list=found)
    toast = Toast(message=_("The price list %(name)s is deleted.") % {"name": name})
    return leave_to(request, reverse("backoffice:price_lists"), toast=toast)


urlpatterns = [
    path("price-lists/", price_lists, name="price_lists"),
    path("price-lists/<int:price_list_id>/", price_list, name="price_list"),
    path("price-lists/<int:price_list_id>.csv", price_list_csv, name="price_list_csv"),
    path("price-lists/<int:price_list_id>/prices/", prices_change, name="prices_change"),
    path("price-lists/<int:price_list_id>/paste/", prices_paste, name="prices_paste"),
    path("price-lists/<int:price_list_id>/save/", price_list_save, name="price_list_save"),
    path("price-lists/<int:price_list_id>/delete/", price_list_delete, name="price_list_delete"),
]
