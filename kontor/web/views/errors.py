"""Error pages: what happened, why, what to do, and the id under which it stands in the log."""

from dataclasses import dataclass

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kontor.kernel.refusal import Refused
from kontor.web import problems
from kontor.web.pages import context, is_htmx, jinja_env, keep_private, note_refusal, request_id_of
from kontor.web.shell import Shell
from kontor.web.tokens import FormTokens

_log = structlog.get_logger("kontor.errors")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an error page says."""

    status: int
    title: str
    why: str
    what_to_do: str = ""


def answer(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """The error page, a problem for the API, or one sentence for htmx, which shows it beside the page that stays."""
    if trouble.status == 429:
        note_refusal(request, "too_many_requests")
    if problems.wants_problem(request):
        return problems.from_page(request, trouble.status, f"{trouble.why} {trouble.what_to_do}".strip())
    if is_htmx(request):
        response = HttpResponse(
            f"{trouble.title}. {trouble.why}", status=trouble.status, content_type="text/plain"
        )
        response.headers["HX-Reswap"], response.headers["X-Trouble"] = "none", str(trouble.status)
        keep_private(request, response)
        return response
    values = {"trouble": trouble, "request": request, "csrf_input": FormTokens(request), "refusal": None}
    try:
        html = jinja_env().get_template("web/errors/page.html").render(values | context(request))
    except Exception:  # the page about an error must not depend on what may have failed
        _log.exception("error_page_failed")
        bare = {"shell": Shell(), "toasts": [], "request_id": request_id_of(request)}
        html = jinja_env().get_template("web/errors/page.html").render(values | bare)
    response = HttpResponse(html, status=trouble.status)
    keep_private(request, response)
    return response


def refused(request: HttpRequest, refusal: Refused, status: int) -> HttpResponse:
    """A refusal that reached no form: its own sentence, and the way back."""
    titles = {403: _("You may not do this"), 409: _("Somebody else changed this first")}
    again = _("Go back, reload the page and try again.") if status == 409 else _("Go back and correct it.")
    details = " ".join(
        [refusal.message, *(text for text in refusal.fields.values() if text != refusal.message)]
    )
    title = titles.get(status, _("This could not be done"))
    note_refusal(request, refusal.code)
    return answer(request, Trouble(status, title, details, again if status != 403 else ""))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handler for 400."""
    why = _("The request was incomplete or could not be read.")
    return answer(
        request, Trouble(400, _("This request does not make sense"), why, _("Go back and try again."))
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handler for 403."""
    why = _("Your account does not have the right to open this page.")
    note_refusal(request, "not_allowed")
    help_ = _("Ask an administrator of your company for the right, or go to a page that is yours.")
    return answer(request, Trouble(403, _("You may not open this page"), why, help_))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handler for 404; the same for what does not exist and for what belongs to somebody else."""
    why = _("The address may be mistyped, or what was here has been removed or belongs to another company.")
    help_ = _("Check the address, search for it, or start again from the first page.")
    return answer(request, Trouble(404, _("There is nothing here"), why, help_))


def too_large(request: HttpRequest) -> HttpResponse:
    """413: the body is longer than `KONTOR_REQUEST_BODY_MAX`."""
    why = _("What you sent is larger than this site accepts.")
    return answer(
        request, Trouble(413, _("This is too large"), why, _("Send a smaller file, or split it into parts."))
    )


def too_many(request: HttpRequest, seconds: int = 60) -> HttpResponse:
    """429: the rate limit; `seconds` says when to try again."""
    why = _("There were too many requests in a short time from this account, company or address.")
    help_ = _("Wait %(seconds)s seconds and try again.") % {"seconds": seconds}
    response = answer(request, Trouble(429, _("Too many requests"), why, help_))
    response.headers["Retry-After"] = str(seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Handler for 500."""
    why = _(
        "Something on our side failed. What you entered was not saved halfway: either all of it was, or nothing."
    )
    help_ = _("Try again in a moment. If it happens again, tell us the number below.")
    return answer(request, Trouble(500, _("This did not work"), why, help_))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token does not fit, mostly because the person signed in or out in another window."""
    _log.warning("csrf_failure", reason=reason, path=request.path_info)
    why = _("The form was open too long, or you signed in or out in another window since.")
    help_ = _("Go back, reload the page and send the form again.")
    return answer(request, Trouble(403, _("This form is no longer valid"), why, help_))
