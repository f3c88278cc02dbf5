"""How people get in: a company registers, a colleague accepts an invitation, one chooses company and language."""

from datetime import timedelta
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from babel.core import get_global
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.companies.links import invitation_for
from kontor.companies.models import Company, Invitation, Membership, User
from kontor.companies.operations import (
    AddressFacts,
    Contact,
    Registration,
    accept_invitation,
    change_profile,
    choose_company,
    register_company,
)
from kontor.companies.queries import house_seller
from kontor.kernel import clock
from kontor.kernel.rates import count_attempt
from kontor.kernel.refusal import Refused
from kontor.web.access import public, signed_in
from kontor.web.identity import KontorRequest, PersonRequest
from kontor.web.middleware import language as reading
from kontor.web.middleware.limits import address_of
from kontor.web.names import countries, role_names
from kontor.web.pages import leave_to, page, refused
from kontor.web.sessions import ACTING_CHANNEL, ACTING_FOR
from kontor.web.toasts import Toast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
REGISTER = "storefront/account/register.html"
INVITATION = "storefront/account/invitation.html"
HOUR = timedelta(hours=1)
SECOND_CLICK = timedelta(minutes=1)
ADDRESS_FIELDS = ("street", "street2", "postal_code", "city", "region")
COMPANY_FIELDS = (
    "legal_name",
    "country",
    "vat_id",
    "registration_number",
    "phone",
    "invoice_by",
    "invoice_email",
)
CONTACT_FIELDS = ("name", "email", "job_title")
A_YEAR = 365 * 24 * 3600


@public
@require_http_methods(["GET", "POST"])
def register(request: KontorRequest) -> HttpResponse:
    """GET /register/ -> the form; POST -> the company. Somebody who is signed in adds a company to their own."""
    if request.method == "POST":
        try:
            count_attempt(f"register:address:{address_of(request)}", limit=20, window=HOUR)
            membership = register_company(registration=_registration(request.POST), actor=request.actor)
        except Refused as refusal:
            # The recipient is the company's name, whose own field says what is wrong with it.
            refusal.fields.pop("address/recipient", None)
            return refused(request, REGISTER, refusal, **_register_page(request))
        if request.actor is None or membership is None:
            return leave_to(request, reverse("storefront:registered"))
        _work_for(request, membership)
        toast = Toast(
            message=_("%(company)s is registered.") % {"company": membership.company},
            told=_("The seller was told and will answer by mail."),
        )
        return leave_to(request, reverse("storefront:home"), toast=toast)
    return page(request, REGISTER, **_register_page(request))


def _registration(form: QueryDict) -> Registration:
    given = {name: form.get(name, "") for name in COMPANY_FIELDS}
    address = {name: form.get(f"address/{name}", "") for name in ADDRESS_FIELDS}
    contact = {name: form.get(f"contact/{name}", "") for name in (*CONTACT_FIELDS, "password")}
    house = house_seller()
    zones = get_global("territory_zones").get(given["country"], [])
    return Registration(
        **given,
        currency=house.currency if house else settings.CONFIG.default_currency,
        timezone=zones[0] if len(zones) == 1 else "",
        address=AddressFacts(recipient=given["legal_name"] or "–", country=given["country"], **address),
        contact=Contact(**contact, language=get_language() or settings.LANGUAGE_CODE),
    )


def _register_page(request: KontorRequest) -> dict[str, Any]:
    house = house_seller()
    names = (
        *COMPANY_FIELDS,
        *(f"address/{one}" for one in ADDRESS_FIELDS),
        *(f"contact/{one}" for one in CONTACT_FIELDS),
    )
    fresh = {"country": house.country if house else "", "invoice_by": Company.InvoiceBy.EMAIL.value}
    typed = request.POST if request.method == "POST" else fresh
    return {
        "values": {name: typed.get(name, "") for name in names},
        "countries": countries(),
        "invoice_by": Company.InvoiceBy.choices,
        "seller": house,
    }


@public
@require_GET
def registered(request: KontorRequest) -> HttpResponse:
    """GET /register/done/ -> what happens next: the same for everybody who sent the form."""
    return page(request, "storefront/account/registered.html", seller=house_seller())


@public
@require_http_methods(["GET", "POST"])
def invitation(request: KontorRequest, token: str) -> HttpResponse:
    """GET /invitation/…/ -> who invites to what; POST -> the seat, and signed in.

    Who has an account already signs in first, with its second factor if there is one, and then accepts.
    """
    found = invitation_for(token)
    if found is None or not Invitation.objects.open().filter(pk=found.pk).exists():
        if request.method == "POST" and (seat := _just_taken(request, found)):
            return _enter(request, seat)
        return page(request, "storefront/account/invitation_void.html", status=410)
    user = User.objects.filter(email__iexact=found.email).first()
    if request.method == "POST" and _may_accept(request, user):
        try:
            count_attempt(f"invitation:address:{address_of(request)}", limit=30, window=HOUR)
            seat = accept_invitation(
                token=token,
                name=request.POST.get("name", ""),
                password=request.POST.get("password", ""),
                actor=request.actor,
            )
        except Refused as refusal:
            if refusal.code == "invitation_void" and (taken := _just_taken(request, found)):
                return _enter(request, taken)
            return refused(request, INVITATION, refusal, **_invitation_page(request, found, user, token))
        return _enter(request, seat)
    return page(request, INVITATION, **_invitation_page(request, found, user, token))


def _enter(request: KontorRequest, seat: Membership) -> HttpResponse:
    if request.actor is None:
        login(request, seat.user, backend=BACKEND)
    _work_for(request, seat)
    toast = Toast(message=_("You work for %(company)s now.") % {"company": seat.company})
    return leave_to(request, reverse("storefront:home"), toast=toast)


def _just_taken(request: KontorRequest, found: Invitation | None) -> Membership | None:
    """The seat, for the same person's second click: a browser throws away the answer to the first, session and all.

    The password opens it like the first time, for a minute, and never past a second factor.
    """
    if found is None:
        return None
    fresh = Invitation.objects.filter(pk=found.pk, accepted_at__gt=clock.now() - SECOND_CLICK)
    seats = Membership.objects.select_related("user", "company")
    seat = seats.filter(
        company_id=found.company_id, user__email__iexact=found.email, user__is_active=True, is_active=True
    ).first()
    if seat is None or not fresh.exists():
        return None
    if request.actor is not None:
        return seat if seat.user_id == request.actor.user_id else None
    count_attempt(f"invitation:address:{address_of(request)}", limit=30, window=HOUR)
    known = seat.user.check_password(request.POST.get("password", ""))
    return seat if known and not is_mfa_enabled(seat.user) else None


def _may_accept(request: KontorRequest, user: User | None) -> bool:
    """A new person, or the invited person signed in."""
    if request.actor is None:
        return user is None
    return user is not None and user.pk == request.actor.user_id


def _invitation_page(
    request: KontorRequest, found: Invitation, user: User | None, token: str
) -> dict[str, Any]:
    here = reverse("storefront:invitation", args=[token])
    situation = "new" if user is None else "known"
    if request.actor is not None:
        situation = "signed_in" if _may_accept(request, user) else "other"
    by = found.invited_by
    return {
        "invitation": found,
        "situation": situation,
        "by": by.user.name if by else "",
        "roles": role_names(found.roles),
        "here": here,
        "name": request.POST.get("name", found.name),
    }


def _work_for(request: KontorRequest, membership: Membership) -> None:
    """From now on this browser works for that company; a new session key, and nobody is represented any more."""
    User.objects.filter(pk=membership.user_id).update(last_membership_id=membership.pk)
    request.session.pop(ACTING_FOR, None)
    request.session.pop(ACTING_CHANNEL, None)
    request.session.cycle_key()


@signed_in
@require_POST
def switch(request: PersonRequest, membership_id: int) -> HttpResponse:
    """POST /switch/7/ -> work for another of one's companies."""
    own = Membership.objects.filter(user_id=int(request.actor.user_id or 0)).select_related("company")
    chosen = choose_company(actor=request.actor, membership=get_object_or_404(own, pk=membership_id))
    _work_for(request, chosen)
    toast = Toast(message=_("You work for %(company)s now.") % {"company": chosen.company})
    return leave_to(request, reverse("storefront:home"), toast=toast)


@public
@require_POST
def language(request: KontorRequest) -> HttpResponse:
    """POST /language/ language, next -> the same page in another language; a person's choice is kept in the profile."""
    chosen = request.POST.get("language", "")
    onward = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, None) or not onward.startswith("/"):
        onward = reverse("storefront:home")
    response = leave_to(request, onward)
    if chosen in reading.KNOWN:
        if request.actor is not None:
            change_profile(actor=request.actor, language=chosen)
        response.set_cookie(
            reading.COOKIE,
            chosen,
            max_age=A_YEAR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    return response


urlpatterns = [
    path("register/", register, name="register"),
    path("register/done/", registered, name="registered"),
    path("invitation/<str:token>/", invitation, name="invitation"),
    path("switch/<int:membership_id>/", switch, name="switch"),
    path("language/", language, name="language"),
]
