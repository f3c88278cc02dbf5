"""Price lists: which there are, what derives from what, who has which, and one of them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.backoffice.given_lists import for_all, given_from, given_toast
from kontor.backoffice.price_list_form import facts_from, fields_of, formula_words
from kontor.backoffice.price_rows import TYPED, price_as_input, price_as_shown
from kontor.backoffice.seat import at_own_desk
from kontor.companies.models import CustomerAccount
from kontor.companies.permissions import ACCEPT_CUSTOMERS
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.held import is_held
from kontor.pricing.models import PriceList
from kontor.pricing.operations import assign_lists_for_all, delete_price_list, save_price_list
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.queries import price_lists_of, prices_of, scopes_with
from kontor.web.access import needs
from kontor.web.dates import as_moment_field
from kontor.web.forms import touched_rows
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

LISTS = "backoffice/price_lists/list.html"
ONE = "backoffice/price_lists/price_list.html"
SHOWN_CUSTOMERS = 50
ORDER = ["product__sku", "min_quantity", "id"]


@needs(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def price_lists(request: PersonRequest) -> HttpResponse:
    """GET /office/price-lists/ -> the seller's lists; POST name, currency, is_public -> a new one."""
    actor = at_own_desk(request)
    if request.method == "GET":
        return page(request, LISTS, **lists_values(request))
    try:
        saved = save_price_list(actor=actor, facts=facts_from(request.POST, actor))
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, LISTS, refusal, **lists_values(request))
    toast = Toast(message=_("The price list %(name)s is ready for prices.") % {"name": saved.name})
    return leave_to(request, list_address(saved), toast=toast)


def lists_values(request: PersonRequest) -> dict[str, Any]:
    """What the page of all lists shows: each with its formula and whether it counts now, and what all customers get."""
    actor, lists = at_own_desk(request), list(price_lists_of(at_own_desk(request)))
    return {
        "lists": [(one, formula_words(one), validity_of(one)) for one in lists],
        "fields": request.POST,
        "basis_options": _basis_options(lists),
        **for_all(actor, lists, request.POST),
    }


def validity_of(one: PriceList) -> str:
    """Whether a list counts at this moment: "", "ahead" or "over"."""
    now = clock.now()
    if one.valid_from is not None and now < one.valid_from:
        return "ahead"
    return "over" if one.valid_until is not None and one.valid_until <= now else ""


def _basis_options(lists: list[PriceList], found: PriceList | None = None) -> list[tuple[Any, str]]:
    others = [
        (one.pk, f"{one.name} ({one.currency})") for one in lists if found is None or one.pk != found.pk
    ]
    return [("", _("None: it has prices of its own")), *others]


@needs(EDIT_PRICES)
@require_POST
def lists_for_all(request: PersonRequest) -> HttpResponse:
    """POST /office/price-lists/for-all/ price_lists, is_closed, takes_lowest -> what every customer is asked after."""
    actor = at_own_desk(request)
    try:
        assign_lists_for_all(actor=actor, given=given_from(request.POST, actor))
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, LISTS, refusal, **lists_values(request))
    return leave_to(request, reverse("backoffice:price_lists"), toast=given_toast())


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
    """What the page of a list shows."""
    actor, words = at_own_desk(request), request.GET.get("q", "").replace("\x00", "")[:100]
    rows, pager = page_of(request, prices_of(found, search=words), ORDER)
    lists = list(PriceList.objects.visible_to(actor).filter(seller_id=found.seller_id).order_by("name", "pk"))
    return {
        "found": found,
        "held": is_held(actor, found.seller_id),
        "rows": [
            (row, price_as_input(row.amount, found.currency), price_as_shown(row, found.currency))
            for row in rows
        ],
        "any_dates": any(row.valid_from for row in rows),
        "as_moment_field": as_moment_field,
        "pager": pager,
        "words": words,
        "total": found.prices.count(),
        "typed_rows": touched_rows(request.POST, "prices", TYPED),
        "typed": request.POST,
        "fields": fields_of(found, request.POST if "name" in request.POST else {}),
        "basis_options": _basis_options(lists, found),
        "formula": formula_words(found),
        "validity": validity_of(found),
        "derived": [(one, formula_words(one)) for one in found.derived.select_related("basis")],
        "wrong": [],
        **_whose(actor, found),
    }


def _whose(actor: Actor, found: PriceList) -> dict[str, Any]:
    customers = (
        CustomerAccount.objects.visible_to(actor)
        .filter(pk__in=found.assignments.values("scope__account_id"), seller_id=found.seller_id)
        .select_related("buyer")
    )
    wider = scopes_with(found)
    return {
        "customers": list(customers.order_by("buyer__legal_name")[:SHOWN_CUSTOMERS]),
        "customer_count": customers.count(),
        "groups": [one.group for one in wider if one.group is not None],
        "is_for_all": any(one.group_id is None for one in wider),
        "may_see_customers": actor.may(ACCEPT_CUSTOMERS),
    }


@needs(EDIT_PRICES)
@require_POST
def price_list_save(request: PersonRequest, price_list_id: int) -> HttpResponse:
    """POST /office/price-lists/7/save/ name, basis, factor …, valid_from, valid_until … -> the list as typed."""
    found, actor = list_of(request, price_list_id), at_own_desk(request)
    try:
        save_price_list(actor=actor, facts=facts_from(request.POST, actor, found), price_list=found)
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
    try:
        delete_price_list(actor=at_own_desk(request), price_list=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, ONE, refusal, block="grid", **list_values(request, found))
    toast = Toast(message=_("The price list %(name)s is deleted.") % {"name": name})
    return leave_to(request, reverse("backoffice:price_lists"), toast=toast)


urlpatterns = [
    path("price-lists/", price_lists, name="price_lists"),
    path("price-lists/for-all/", lists_for_all, name="lists_for_all"),
    path("price-lists/<int:price_list_id>/", price_list, name="price_list"),
    path("price-lists/<int:price_list_id>/save/", price_list_save, name="price_list_save"),
    path("price-lists/<int:price_list_id>/delete/", price_list_delete, name="price_list_delete"),
]
