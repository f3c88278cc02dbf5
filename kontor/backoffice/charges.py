"""Charges beside the goods: freight, packaging, deposits, surcharges, discounts on orders."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kontor.backoffice.charge_forms import (
    in_words,
    rule_fields,
    rule_from,
    tariff_fields,
    tariff_from,
)
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Category
from kontor.charges.codes import codes_of
from kontor.charges.models import Index, Rule, Tariff
from kontor.charges.operations import (
    delete_rule,
    delete_tariff,
    save_rule,
    save_tariff,
)
from kontor.charges.rules import MEASURES
from kontor.companies.models import Company, CustomerGroup
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.orders.models import Order
from kontor.pricing.permissions import EDIT_PRICES
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

LIST = "backoffice/charges/list.html"
ONE = "backoffice/charges/rule.html"
TARIFF = "backoffice/charges/tariff.html"
TARIFFS = Prefetch(
    "tariffs",
    Tariff.objects.select_related("account__buyer", "group")
    .prefetch_related("steps")
    .order_by("account_id", "group_id", "countries", "valid_from", "id"),
)


@needs(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def charges(request: PersonRequest) -> HttpResponse:
    """GET /office/charges/ -> what is charged beside goods; POST kind, name … -> a new charge without tariffs."""
    actor = at_own_desk(request)
    if request.method == "POST":
        try:
            saved = save_rule(actor=actor, facts=rule_from(request.POST, actor))
        except NotAllowed:
            raise
        except Refused as refusal:
            return refused(request, LIST, refusal, typed=request.POST, **_listed(request))
        toast = Toast(
            message=_("The charge %(name)s is there. Say now what it costs.") % {"name": saved.name}
        )
        return leave_to(request, reverse("backoffice:charge_tariff_new", args=[saved.pk]), toast=toast)
    return page(request, LIST, typed={}, **_listed(request))


def _listed(request: PersonRequest) -> dict[str, Any]:
    actor = at_own_desk(request)
    rules = Rule.objects.visible_to(actor).select_related("index").prefetch_related(TARIFFS)
    return {
        "rows": [(rule, in_words(rule, list(rule.tariffs.all()))) for rule in rules],
        "kinds": Rule.Kind.choices,
        "indices": _indices(request),
    }


def _indices(request: PersonRequest) -> list[tuple[Any, str]]:
    return [("", "–"), *((one.pk, one.name) for one in Index.objects.visible_to(at_own_desk(request)))]


def _rule_of(request: PersonRequest, rule_id: int) -> Rule:
    own = Rule.objects.visible_to(at_own_desk(request)).select_related("index")
    return get_object_or_404(own.prefetch_related(TARIFFS), pk=rule_id)


@needs(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def charge(request: PersonRequest, rule_id: int) -> HttpResponse:
    """GET /office/charges/7/ -> a charge with its tariffs; POST name, code … -> changed."""
    rule, actor = _rule_of(request, rule_id), at_own_desk(request)
    if request.method == "POST":
        try:
            save_rule(actor=actor, facts=rule_from(request.POST, actor, rule), rule=rule)
        except NotAllowed:
            raise
        except Refused as refusal:
            kept = _rule_of(request, rule_id)
            return refused(
                request, ONE, refusal, fields=rule_fields(kept, request.POST), **_shown(request, kept)
            )
        return leave_to(request, _address(rule), toast=Toast(message=_("The charge is saved.")))
    return page(request, ONE, fields=rule_fields(rule), **_shown(request, rule))


def _shown(request: PersonRequest, rule: Rule) -> dict[str, Any]:
    measures = dict(Rule.Measure.choices)
    return {
        "rule": rule,
        "rows": in_words(rule, list(rule.tariffs.all())),
        "measures": [(name, measures[name]) for name in MEASURES[rule.kind]],
        "codes": [(code, f"{code} {name}") for code, name in codes_of(rule.kind).items()],
        "taxes": [
            ("", _("As the goods")),
            ("standard", _("Standard rate")),
            ("reduced", _("Reduced rate")),
            ("zero", _("Zero rate")),
        ],
        "categories": list(Category.objects.order_by("path").values_list("pk", "path")),
        "channels": Order.Channel.choices,
        "indices": _indices(request),
    }


def _address(rule: Rule) -> str:
    return reverse("backoffice:charge", args=[rule.pk])


@needs(EDIT_PRICES)
@require_POST
def charge_delete(request: PersonRequest, rule_id: int) -> HttpResponse:
    """POST /office/charges/7/delete/ -> gone with its tariffs; orders keep what they bear."""
    rule = _rule_of(request, rule_id)
    delete_rule(actor=at_own_desk(request), rule=rule)
    toast = Toast(message=_("The charge %(name)s is deleted.") % {"name": rule.name})
    return leave_to(request, reverse("backoffice:charges"), toast=toast)


@needs(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def charge_tariff_new(request: PersonRequest, rule_id: int) -> HttpResponse:
    """GET /office/charges/7/tariffs/ -> the form of a tariff; POST currency, steps … -> a new one."""
    return _tariff(request, _rule_of(request, rule_id), None)


@needs(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def charge_tariff(request: PersonRequest, rule_id: int, tariff_id: int) -> HttpResponse:
    """GET /office/charges/7/tariffs/3/ -> a tariff; POST currency, steps … -> changed, or with `delete` gone."""
    rule = _rule_of(request, rule_id)
    tariff = get_object_or_404(rule.tariffs.select_related("account", "group"), pk=tariff_id)
    if request.method == "POST" and "delete" in request.POST:
        delete_tariff(actor=at_own_desk(request), tariff=tariff)
        return leave_to(request, _address(rule), toast=Toast(message=_("The tariff is removed.")))
    return _tariff(request, rule, tariff)


def _tariff(request: PersonRequest, rule: Rule, tariff: Tariff | None) -> HttpResponse:
    actor = at_own_desk(request)
    groups = CustomerGroup.objects.visible_to(actor)
    values: dict[str, Any] = {
        "rule": rule,
        "tariff": tariff,
        "groups": [("", _("All customers")), *((one.pk, one.name) for one in groups)],
    }
    if request.method == "POST":
        try:
            save_tariff(actor=actor, rule=rule, facts=tariff_from(request.POST, actor), tariff=tariff)
        except NotAllowed:
            raise
        except Refused as refusal:
            fields = tariff_fields(tariff, request.POST)
            return refused(request, TARIFF, refusal, fields=fields, **values)
        toast = Toast(
            message=_("The tariff is saved."), told=_("It counts for carts and orders from now on.")
        )
        return leave_to(request, _address(rule), toast=toast)
    currency = rule.index.currency if rule.index else Company.objects.get(pk=rule.seller_id).currency
    return page(request, TARIFF, fields=tariff_fields(tariff, currency=currency), **values)


urlpatterns = [
    path("charges/", charges, name="charges"),
    path("charges/<int:rule_id>/", charge, name="charge"),
    path("charges/<int:rule_id>/delete/", charge_delete, name="charge_delete"),
    path("charges/<int:rule_id>/tariffs/", charge_tariff_new, name="charge_tariff_new"),
    path("charges/<int:rule_id>/tariffs/<int:tariff_id>/", charge_tariff, name="charge_tariff"),
]
