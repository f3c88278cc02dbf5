"""Groups of customers that are treated alike."""

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.backoffice.agreed_quantities import agreed_with
from kontor.backoffice.assortments import accounts_by_number
from kontor.backoffice.given_lists import for_group, given_from, given_toast
from kontor.backoffice.seat import at_own_desk
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.companies.operations import delete_customer_group, put_in_group, save_customer_group
from kontor.companies.permissions import ACCEPT_CUSTOMERS
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.operations import assign_group_lists
from kontor.pricing.permissions import EDIT_PRICES
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.numbers import number
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

LIST = "backoffice/customer_groups/list.html"
ONE = "backoffice/customer_groups/group.html"


@needs(ACCEPT_CUSTOMERS)
@require_http_methods(["GET", "POST"])
def customer_groups(request: PersonRequest) -> HttpResponse:
    """GET /office/customer-groups/ -> all groups; POST name -> a new one."""
    actor = at_own_desk(request)
    if request.method == "GET":
        return page(request, LIST, **_listed(request, actor))
    try:
        saved = save_customer_group(actor=actor, name=request.POST.get("name", ""))
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, LIST, refusal, **_listed(request, actor))
    toast = Toast(message=_("The group %(name)s is ready for its customers.") % {"name": saved.name})
    return leave_to(request, _address(saved), toast=toast)


def _listed(request: PersonRequest, actor: Actor) -> dict[str, Any]:
    inside = CustomerAccount.objects.visible_to(actor).filter(seller_id=actor.company_id, group__isnull=False)
    counts = dict(inside.values_list("group_id").annotate(n=Count("id")).order_by())
    groups = CustomerGroup.objects.visible_to(actor)
    return {"rows": [(one, counts.get(one.pk, 0)) for one in groups], "typed": request.POST}


def _address(group: CustomerGroup) -> str:
    return reverse("backoffice:customer_group", args=[group.pk])


def _group_of(request: PersonRequest, group_id: int) -> CustomerGroup:
    return get_object_or_404(CustomerGroup.objects.visible_to(at_own_desk(request)), pk=group_id)


@needs(ACCEPT_CUSTOMERS)
@require_GET
def customer_group(request: PersonRequest, group_id: int) -> HttpResponse:
    """GET /office/customer-groups/7/ -> the customers in it."""
    return page(request, ONE, block="members", **_values(request, _group_of(request, group_id)))


def _values(request: PersonRequest, group: CustomerGroup) -> dict[str, Any]:
    inside = (
        CustomerAccount.objects.visible_to(at_own_desk(request)).filter(group=group).select_related("buyer")
    )
    rows, pager = page_of(request, inside, ["customer_number", "id"])
    agreed = agreed_with(at_own_desk(request), group)
    given = for_group(at_own_desk(request), group, request.POST)
    return {"group": group, "rows": rows, "pager": pager, "typed": request.POST, **agreed, **given}


def _again(request: PersonRequest, group: CustomerGroup, refusal: Refused) -> HttpResponse:
    group.refresh_from_db()
    return refused(request, ONE, refusal, **_values(request, group))


@needs(ACCEPT_CUSTOMERS)
@require_POST
def group_members(request: PersonRequest, group_id: int) -> HttpResponse:
    """POST /office/customer-groups/7/members/ numbers -> put in; with `remove` the ticked are taken out."""
    group, actor = _group_of(request, group_id), at_own_desk(request)
    try:
        if "remove" in request.POST:
            keys = [key for text in request.POST.getlist("selected") if (key := key_of(text))]
            inside = CustomerAccount.objects.visible_to(actor).filter(group=group, pk__in=keys)
            moved = put_in_group(actor=actor, accounts=list(inside), group=None)
        else:
            accounts = accounts_by_number(actor, request.POST.get("numbers", ""))
            moved = put_in_group(actor=actor, accounts=accounts, group=group)
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, group, refusal)
    message = ngettext("%(n)s customer moved.", "%(n)s customers moved.", moved) % {"n": number(moved)}
    return leave_to(request, _address(group), toast=Toast(message=message))


@needs(EDIT_PRICES)
@require_POST
def group_prices(request: PersonRequest, group_id: int) -> HttpResponse:
    """POST /office/customer-groups/7/prices/ price_lists, is_closed -> these lists, asked after the customers' own."""
    group, actor = _group_of(request, group_id), at_own_desk(request)
    try:
        assign_group_lists(actor=actor, group=group, given=given_from(request.POST, actor))
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, group, refusal)
    return leave_to(request, _address(group), toast=given_toast())


@needs(ACCEPT_CUSTOMERS)
@require_POST
def group_save(request: PersonRequest, group_id: int) -> HttpResponse:
    """POST /office/customer-groups/7/save/ name -> renamed."""
    group = _group_of(request, group_id)
    try:
        save_customer_group(actor=at_own_desk(request), name=request.POST.get("name", ""), group=group)
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, group, refusal)
    return leave_to(request, _address(group), toast=Toast(message=_("The group is saved.")))


@needs(ACCEPT_CUSTOMERS)
@require_POST
def group_delete(request: PersonRequest, group_id: int) -> HttpResponse:
    """POST /office/customer-groups/7/delete/ -> gone, while it is empty."""
    group = _group_of(request, group_id)
    name = group.name
    try:
        delete_customer_group(actor=at_own_desk(request), group=group)
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, group, refusal)
    toast = Toast(message=_("The group %(name)s is deleted.") % {"name": name})
    return leave_to(request, reverse("backoffice:customer_groups"), toast=toast)


urlpatterns = [
    path("customer-groups/", customer_groups, name="customer_groups"),
    path("customer-groups/<int:group_id>/", customer_group, name="customer_group"),
    path("customer-groups/<int:group_id>/members/", group_members, name="group_members"),
    path("customer-groups/<int:group_id>/prices/", group_prices, name="group_prices"),
    path("customer-groups/<int:group_id>/save/", group_save, name="group_save"),
    path("customer-groups/<int:group_id>/delete/", group_delete, name="group_delete"),
]
