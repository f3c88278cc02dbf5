"""Each request has an id: it stands in every log line, in the answer, on error pages and in the jobs it starts."""

import re
import uuid
from collections.abc import Callable
from time import perf_counter

import structlog
from django.http import HttpRequest, HttpResponse

from kontor.kernel import refusal_counts
from kontor.kernel.observability import metrics
from kontor.web.problems import wants_problem

HEADER = "X-Request-Id"
_ACCEPTED = re.compile(r"[A-Za-z0-9_-]{8,64}")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_QUIET = ("/static/", "/health", "/ready", "/metrics")

_log = structlog.get_logger("kontor.access")


def request_id(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Take the caller's id if it is a plain word, else make one; log one line when the answer is ready."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        known = given if _ACCEPTED.fullmatch(given) else uuid.uuid4().hex
        request.__dict__["request_id"] = known
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=known)
        begun = perf_counter()
        response = get_response(request)
        response.headers[HEADER] = known
        if not request.path_info.startswith(_QUIET):
            taken = perf_counter() - begun
            _count(request, response, taken)
            _access(request, response, taken * 1000)
            _refused(request)
        return response

    return middleware


def _count(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """For the metrics: by the pattern of the address, of which there are few, never by the address itself."""
    matched = request.resolver_match
    route = matched.route if matched else "nothing"
    method = request.method if request.method in _METHODS else "other"
    metrics.REQUESTS.labels(method, route, response.status_code).inc()
    metrics.REQUEST_SECONDS.labels(route).observe(seconds)


def _refused(request: HttpRequest) -> None:
    """Count what was refused, by code; here no transaction is open any more."""
    code = request.__dict__.get("refused", "")
    if code:
        refusal_counts.notebook.note(code, "api" if wants_problem(request) else "page")
    refusal_counts.notebook.write_when_due()


def _access(request: HttpRequest, response: HttpResponse, milliseconds: float) -> None:
    """One line. The actor is read only if the request had one resolved, so that logging costs no query."""
    actor = request.__dict__.get("actor")
    _log.info(
        "request",
        method=request.method,
        path=request.path_info,
        status=response.status_code,
        refused=request.__dict__.get("refused", ""),
        ms=round(milliseconds, 1),
        user_id=getattr(actor, "user_id", None),
        company_id=getattr(actor, "company_id", None),
    )
