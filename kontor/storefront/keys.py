"""Keys with which a company's machines use the API."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kontor.companies.models import ApiKey, Company
from kontor.companies.operations import create_api_key, revoke_api_key
from kontor.companies.ownership import own_company_id
from kontor.companies.permissions import MANAGE_KEYS
from kontor.companies.seats import roles_of
from kontor.kernel.refusal import Refused
from kontor.storefront.company import company_tabs
from kontor.storefront.options import role_options
from kontor.storefront.people import limit_of
from kontor.storefront.trails import KEYS, company_trail
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.names import role_names
from kontor.web.pages import csrf_token_of, leave_to, page, refused
from kontor.web.toasts import Toast

TEMPLATE = "storefront/company/keys.html"


@needs(MANAGE_KEYS)
@require_http_methods(["GET", "POST"])
def keys(request: PersonRequest) -> HttpResponse:
    """GET /company/keys/ -> the company's keys; POST -> a new one, whose secret this answer alone shows."""
    company_id = own_company_id(request.actor)
    if request.method == "POST":
        try:
            key, secret = create_api_key(
                actor=request.actor,
                name=request.POST.get("name", ""),
                roles=tuple(request.POST.getlist("roles")),
                is_read_only="is_read_only" in request.POST,
                order_limit=limit_of(request.POST.get("order_limit", "")),
            )
        except Refused as refusal:
            return refused(request, TEMPLATE, refusal, **_shown(request, company_id))
        return page(request, TEMPLATE, created=key, secret=secret, **_shown(request, company_id, fresh=True))
    return page(request, TEMPLATE, **_shown(request, company_id))


def _shown(request: PersonRequest, company_id: int, *, fresh: bool = False) -> dict[str, Any]:
    own = Company.objects.get(pk=company_id)
    rows = ApiKey.objects.visible_to(request.actor).select_related("created_by__user").order_by("-id")
    typed = request.POST if request.method == "POST" and not fresh else None
    return {
        "own": own,
        "tabs": company_tabs(request.actor, "keys"),
        "keys": [(row, role_names(row.roles)) for row in rows],
        "role_options": role_options(roles_of(own, request.actor)),
        "values": {
            "name": typed.get("name", "") if typed else "",
            "roles": typed.getlist("roles") if typed else [],
            "is_read_only": "is_read_only" in typed if typed else True,
            "order_limit": typed.get("order_limit", "") if typed else "",
        },
        # Not `csrf_input`: the answer to a form with a key of its own is kept, and this one holds a secret.
        "csrf_token": csrf_token_of(request),
        "trail": company_trail(request.actor, KEYS),
    }


@needs(MANAGE_KEYS)
@require_POST
def key_revoke(request: PersonRequest, key_id: int) -> HttpResponse:
    """POST /company/keys/7/revoke/ -> its next request is refused."""
    key = revoke_api_key(
        actor=request.actor, key=get_object_or_404(ApiKey.objects.visible_to(request.actor), pk=key_id)
    )
    toast = Toast(message=_("The key %(name)s no longer works.") % {"name": key.name})
    return leave_to(request, reverse("storefront:keys"), toast=toast)


urlpatterns = [
    path("company/keys/", keys, name="keys"),
    path("company/keys/<int:key_id>/revoke/", key_revoke, name="key_revoke"),
]
