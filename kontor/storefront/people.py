"""A company's people and those who are invited: roles, limits, access."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.companies.models import Company, Invitation, Membership
from kontor.companies.operations import (
    NewColleague,
    change_member,
    deactivate_member,
    invite_colleague,
    reactivate_member,
    withdraw_invitation,
)
from kontor.companies.permissions import MANAGE_PEOPLE
from kontor.companies.queries import members_of, open_invitations
from kontor.companies.seats import roles_of
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.storefront.company import company_of, company_tabs, may_manage
from kontor.storefront.options import role_options, role_rights
from kontor.storefront.trails import PEOPLE, company_trail, member_trail
from kontor.web.access import needs, signed_in
from kontor.web.identity import PersonRequest
from kontor.web.names import role_names
from kontor.web.numbers import number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

PERSON = "storefront/company/person.html"
INVITE = "storefront/company/invite.html"


def limit_of(text: str) -> Decimal | None:
    """A typed limit; nothing is no limit, and what is no number is refused by the operation at its field."""
    if not text.strip():
        return None
    number = number_from(text)
    return Decimal("NaN") if number is None else number


@signed_in
@require_GET
def people(request: PersonRequest) -> HttpResponse:
    """GET /company/people/ -> colleagues, and who is invited."""
    actor = request.actor
    own = company_of(actor)
    may_change = may_manage(actor, MANAGE_PEOPLE)
    return page(
        request,
        "storefront/company/people.html",
        own=own,
        tabs=company_tabs(actor, "people"),
        people=[(one, role_names(one.roles)) for one in members_of(own.pk) if one.is_active or may_change],
        invitations=[(one, role_names(one.roles)) for one in open_invitations(own.pk)] if may_change else [],
        may_change=may_change,
        trail=company_trail(actor, PEOPLE) if may_change else [],
    )


@needs(MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def person(request: PersonRequest, membership_id: int) -> HttpResponse:
    """GET /company/people/7/ -> roles, limit, title; POST -> changed."""
    member = _member(request, membership_id)
    if request.method == "POST":
        try:
            change_member(
                actor=request.actor,
                membership=member,
                roles=request.POST.getlist("roles"),
                order_limit=limit_of(request.POST.get("order_limit", "")),
                job_title=request.POST.get("job_title", ""),
            )
        except Refused as refusal:
            return refused(request, PERSON, refusal, **_person_page(request, member))
        toast = Toast(
            message=_("%(name)s is saved.") % {"name": member.user},
            told=_("New rights count from the next page on."),
        )
        return leave_to(request, reverse("storefront:people"), toast=toast)
    return page(request, PERSON, **_person_page(request, member))


def _member(request: PersonRequest, membership_id: int) -> Membership:
    own = Membership.objects.visible_to(request.actor).select_related("user", "company")
    return get_object_or_404(own, pk=membership_id)


def _person_page(request: PersonRequest, member: Membership) -> dict[str, Any]:
    held = {"roles": member.roles, "order_limit": member.order_limit, "job_title": member.job_title}
    given = list(dict.fromkeys([*roles_of(member.company, request.actor), *member.roles]))
    return {
        "member": member,
        "values": _typed(request.POST) if request.method == "POST" else held,
        "role_options": role_options(given),
        "rights": role_rights(given),
        "own": member.company,
        "is_self": member.pk == request.actor.membership_id,
        "trail": member_trail(member),
    }


def _typed(form: QueryDict) -> dict[str, Any]:
    texts = {name: form.get(name, "") for name in ("email", "name", "order_limit", "job_title")}
    return {**texts, "roles": form.getlist("roles")}


@needs(MANAGE_PEOPLE)
@require_POST
def person_deactivate(request: PersonRequest, membership_id: int) -> HttpResponse:
    """POST /company/people/7/deactivate/ -> without access; the toast gives it back."""
    member = deactivate_member(actor=request.actor, membership=_member(request, membership_id))
    toast = Toast(
        message=_("%(name)s has no access any more.") % {"name": member.user},
        undo_url=reverse("storefront:person_reactivate", args=[member.pk]),
    )
    return leave_to(request, reverse("storefront:people"), toast=toast)


@needs(MANAGE_PEOPLE)
@require_POST
def person_reactivate(request: PersonRequest, membership_id: int) -> HttpResponse:
    """POST /company/people/7/reactivate/ -> with the former access."""
    member = reactivate_member(actor=request.actor, membership=_member(request, membership_id))
    toast = Toast(message=_("%(name)s has access again.") % {"name": member.user})
    return leave_to(request, reverse("storefront:people"), toast=toast)


@needs(MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def invite(request: PersonRequest) -> HttpResponse:
    """GET /company/people/invite/ -> the form; POST -> a mail with a link that is good for a week."""
    if request.method == "POST":
        try:
            invited, _token = invite_colleague(actor=request.actor, invitation=_colleague(request.POST))
        except Refused as refusal:
            return refused(request, INVITE, refusal, **_invite_page(request))
        toast = Toast(
            message=_("%(email)s is invited.") % {"email": invited.email},
            told=_("The mail with the link is on its way; it is good for 7 days."),
        )
        return leave_to(request, reverse("storefront:people"), toast=toast)
    return page(request, INVITE, **_invite_page(request))


def _colleague(form: QueryDict) -> NewColleague:
    return NewColleague(
        email=form.get("email", ""),
        name=form.get("name", ""),
        roles=tuple(form.getlist("roles")),
        order_limit=limit_of(form.get("order_limit", "")),
    )


def _invite_page(request: PersonRequest) -> dict[str, Any]:
    own = company_of(request.actor)
    given = roles_of(own, request.actor)
    start = {
        "email": request.GET.get("email", "")[:254],
        "name": "",
        "order_limit": "",
        "roles": _usual_role(own, request.actor),
    }
    return {
        "own": own,
        "values": _typed(request.POST) if request.method == "POST" else start,
        "role_options": role_options(given),
        "rights": role_rights(given),
    }


def _usual_role(own: Company, actor: Actor) -> list[str]:
    return [role for role in roles_of(own, actor) if role in ("buyer", "sales")][:1]


@needs(MANAGE_PEOPLE)
@require_POST
def invitation_withdraw(request: PersonRequest, invitation_id: int) -> HttpResponse:
    """POST /company/people/invitations/7/withdraw/ -> its link opens nothing any more."""
    found = get_object_or_404(Invitation.objects.visible_to(request.actor), pk=invitation_id)
    withdraw_invitation(actor=request.actor, invitation=found)
    toast = Toast(
        message=_("The invitation of %(email)s is withdrawn. Its link no longer works.")
        % {"email": found.email}
    )
    return leave_to(request, reverse("storefront:people"), toast=toast)


urlpatterns = [
    path("company/people/", people, name="people"),
    path("company/people/invite/", invite, name="invite"),
    path("company/people/<int:membership_id>/", person, name="person"),
    path("company/people/<int:membership_id>/deactivate/", person_deactivate, name="person_deactivate"),
    path("company/people/<int:membership_id>/reactivate/", person_reactivate, name="person_reactivate"),
    path(
        "company/people/invitations/<int:invitation_id>/withdraw/",
        invitation_withdraw,
        name="invitation_withdraw",
    ),
]
