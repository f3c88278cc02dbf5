"""Who works for a customer learns it when the customer is not active any more."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kontor.web.addresses import url
from kontor.web.pages import leave_to
from kontor.web.sessions import ACTING_CHANNEL, ACTING_FOR
from kontor.web.toasts import Toast


def acting_ended(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Lead back to the own desk with a word. Whatever was asked is not done: it was meant for the customer."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        customer = request.identity.acting_ended  # type: ignore[attr-defined]  # set by the identity middleware
        if not customer or request.path.startswith("/api/"):
            return get_response(request)
        for name in (ACTING_FOR, ACTING_CHANNEL):
            request.session.pop(name, None)
        toast = Toast(
            message=_("You do not work for %(company)s any more.") % {"company": customer},
            told=_("It is not an active customer now; nothing was changed."),
            kind="warning",
        )
        return leave_to(request, url("backoffice:home"), toast=toast)

    return answer
