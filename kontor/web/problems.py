"""Errors for machines: RFC 9457 problem details, one form for every answer of the API that is not a success."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kontor.web.pages import note_refusal, request_id_of

MEDIA_TYPE = "application/problem+json"
API_PREFIX = "/api/"
REFUSALS = frozenset({403, 409, 412, 413, 415, 422, 428, 429})
"""Statuses of what was understood and not done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong. `code` is stable, `detail` is a sentence in the reader's language."""

    status: int
    code: str
    detail: str = ""
    title: str = ""
    errors: Sequence[Mapping[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def wants_problem(request: HttpRequest) -> bool:
    """Whether the request came through the API and is therefore answered with a problem, not with a page."""
    return request.path_info.startswith(API_PREFIX)


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as a response; never cached, with the id under which the request stands in the log."""
    request_id = request_id_of(request)
    if problem.status in REFUSALS:
        note_refusal(request, problem.code)
    content: dict[str, Any] = {
        "type": f"/api/docs#{problem.code}",
        "title": problem.title or title_of(problem.status),
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "instance": request.path_info,
        "request_id": request_id,
    }
    if problem.errors:
        content["errors"] = list(problem.errors)
    response = HttpResponse(orjson.dumps(content), status=problem.status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "private, no-store"
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


_CODES = {
    400: "bad_request",
    403: "not_allowed",
    404: "not_found",
    413: "too_large",
    429: "too_many_requests",
}


def from_page(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """The problem for what would be an error page elsewhere."""
    return answer(request, Problem(status=status, code=_CODES.get(status, "failed"), detail=detail))


def title_of(status: int) -> str:
    """A short sentence for a status, the same for every problem of that status."""
    known = {
        400: _("The request could not be understood"),
        401: _("Sign in or send an API key"),
        403: _("You may not do this"),
        404: _("There is nothing here"),
        405: _("This address does not know that method"),
        409: _("This does not fit what is there now"),
        412: _("Somebody else changed this first"),
        413: _("The request is too large"),
        415: _("Send JSON"),
        422: _("This could not be done"),
        428: _("Say which version you are changing"),
        429: _("Too many requests"),
        500: _("This did not work"),
        503: _("This does not work at the moment"),
    }
    return known.get(status) or HTTPStatus(status).phrase
