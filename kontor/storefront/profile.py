"""What people keep about themselves: name, language, time zone, mails, the browsers in which they are signed in."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kontor.companies.models import Company, Membership, User
from kontor.companies.operations import change_profile
from kontor.kernel.refusal import Refused
from kontor.notifications.operations import clear_preference, set_preference
from kontor.notifications.queries import Choice, choices_of
from kontor.storefront.browsers import browsers_of, end_browser, end_other_browsers
from kontor.storefront.options import languages, own_timezones
from kontor.web.access import signed_in
from kontor.web.identity import PersonRequest
from kontor.web.names import role_names
from kontor.web.pages import leave_to, page, refused
from kontor.web.shell import NavItem
from kontor.web.toasts import Toast

PROFILE = "storefront/profile/profile.html"
FIELDS = ("name", "language", "timezone")
EVERYTHING, MINE, NOTHING = "everything", "mine", "nothing"


def _tabs(current: str) -> list[NavItem]:
    entries = (
        ("profile", _("Profile")),
        ("notifications", _("Mails")),
        ("sessions", _("Signed-in browsers")),
    )
    return [
        NavItem(label=label, url=reverse(f"storefront:{name}"), current=name == current)
        for name, label in entries
    ]


@signed_in
@require_http_methods(["GET", "POST"])
def profile(request: PersonRequest) -> HttpResponse:
    """GET /profile/ -> name, language, time zone, sign-in, companies; POST -> changed."""
    if request.method == "POST":
        try:
            change_profile(actor=request.actor, **{name: request.POST.get(name, "") for name in FIELDS})
        except Refused as refusal:
            return refused(request, PROFILE, refusal, **_profile_page(request))
        return leave_to(
            request, reverse("storefront:profile"), toast=Toast(message=_("Your profile is saved."))
        )
    return page(request, PROFILE, **_profile_page(request))


def _profile_page(request: PersonRequest) -> dict[str, Any]:
    user = User.objects.get(pk=int(request.actor.user_id or 0))
    seats = (
        Membership.objects.active()
        .filter(user_id=user.pk)
        .exclude(company__status=Company.Status.BLOCKED)
        .select_related("company")
        .order_by("company__legal_name", "id")
    )
    typed = request.POST if request.method == "POST" else None
    return {
        "person": user,
        "values": {name: typed.get(name, "") if typed else getattr(user, name) for name in FIELDS},
        "tabs": _tabs("profile"),
        "languages": languages(),
        "timezones": own_timezones(),
        "second_factor": is_mfa_enabled(user),
        "seats": [(seat, role_names(seat.roles), seat.pk == request.actor.membership_id) for seat in seats],
    }


def choice_options(choice: Choice) -> list[tuple[str, str]]:
    """What may be chosen about a topic. Where colleagues are told by default, one's own are not apart."""
    if choice.colleagues:
        return [(EVERYTHING, _("All")), (NOTHING, _("None"))]
    return [(EVERYTHING, _("All of the company")), (MINE, _("Only mine")), (NOTHING, _("None"))]


def chosen_option(choice: Choice) -> str:
    """The option that holds now."""
    if choice.by_mail is None:
        return EVERYTHING if choice.colleagues else MINE
    return EVERYTHING if choice.by_mail else NOTHING


@signed_in
@require_http_methods(["GET", "POST"])
def notifications(request: PersonRequest) -> HttpResponse:
    """GET /profile/notifications/ -> which mails; POST -> changed."""
    choices = choices_of(request.actor)
    if request.method == "POST":
        changed = _choose(request, choices)
        message = ngettext("%(n)s choice changed.", "%(n)s choices changed.", changed) % {"n": changed}
        return leave_to(request, reverse("storefront:notifications"), toast=Toast(message=message))
    return page(
        request,
        "storefront/profile/notifications.html",
        tabs=_tabs("notifications"),
        choices=[(one, choice_options(one), chosen_option(one)) for one in choices],
        email=request.identity.email,
    )


@transaction.atomic
def _choose(request: PersonRequest, choices: list[Choice]) -> int:
    changed = 0
    for choice in choices:
        wanted = request.POST.get(f"topics/{choice.topic}", "")
        offered = [value for value, _label in choice_options(choice)]
        if wanted not in offered or wanted == chosen_option(choice):
            continue
        if wanted == MINE:
            clear_preference(actor=request.actor, topic_name=choice.topic)
        else:
            set_preference(actor=request.actor, topic_name=choice.topic, by_mail=wanted == EVERYTHING)
        changed += 1
    return changed


@signed_in
@require_http_methods(["GET", "POST"])
def sessions(request: PersonRequest) -> HttpResponse:
    """GET /profile/sessions/ -> where one is signed in; POST -> signed out everywhere but here."""
    user_id = int(request.actor.user_id or 0)
    if request.method == "POST":
        ended = end_other_browsers(user_id, request.session.session_key)
        message = ngettext("%(n)s browser is signed out.", "%(n)s browsers are signed out.", ended) % {
            "n": ended
        }
        return leave_to(request, reverse("storefront:sessions"), toast=Toast(message=message))
    return page(
        request,
        "storefront/profile/sessions.html",
        tabs=_tabs("sessions"),
        browsers=browsers_of(user_id, request.session.session_key),
    )


@signed_in
@require_POST
def session_end(request: PersonRequest, handle: str) -> HttpResponse:
    """POST /profile/sessions/…/end/ -> that browser is signed out with its next request."""
    if not end_browser(int(request.actor.user_id or 0), handle):
        raise Http404
    toast = Toast(message=_("The browser is signed out."))
    return leave_to(request, reverse("storefront:sessions"), toast=toast)


urlpatterns = [
    path("profile/", profile, name="profile"),
    path("profile/notifications/", notifications, name="notifications"),
    path("profile/sessions/", sessions, name="sessions"),
    path("profile/sessions/<str:handle>/end/", session_end, name="session_end"),
]
