"""From exceptions to problems: one place decides status, code and pointers."""

from collections.abc import Mapping
from typing import Any, get_args

import structlog
from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig, TooManyFilesSent
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic_core.core_schema import ErrorType

from kontor.api.endpoints import BadKey
from kontor.api.parsing import BodyProblem
from kontor.api.preconditions import NoPrecondition
from kontor.kernel.rates import TooMany
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.kernel.storage.store import FilesUnavailable
from kontor.web.problems import Problem, answer

_log = structlog.get_logger("kontor.errors")
_CONFLICTS = frozenset({"still_running"})
_OF_THE_LIBRARY = frozenset(get_args(ErrorType))


def add_handlers(api: NinjaAPI) -> None:
    """Replace all of the framework's own error answers."""
    handlers: tuple[tuple[type[Exception], Any], ...] = (
        (Exception, failed),
        (Refused, refused),
        (ValidationError, invalid),
        (AuthenticationError, unknown),
        (HttpError, unreadable),
        (Http404, absent),
        (ObjectDoesNotExist, absent),
        (RequestDataTooBig, too_large),
        (MultiPartParserError, malformed_form),
        (TooManyFilesSent, malformed_form),
        (OperationalError, unavailable),
    )
    for kind, handler in handlers:
        api.add_exception_handler(kind, handler)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A refusal of the business, with the status that says what kind it is."""
    headers: dict[str, str] = {}
    status = status_of(refusal, "If-Match" in request.headers)
    if isinstance(refusal, TooMany):
        headers["Retry-After"] = str(refusal.retry_after)
    elif isinstance(refusal, FilesUnavailable):
        headers["Retry-After"] = "10"
    elif refusal.code in _CONFLICTS:
        headers["Retry-After"] = "1"
    errors = [error_at(place, refusal.code, text) for place, text in refusal.fields.items()]
    problem = Problem(
        status=status, code=refusal.code, detail=refusal.message, errors=errors, headers=headers
    )
    return answer(request, problem)


def status_of(refusal: Refused, named_version: bool) -> int:
    """The HTTP status of a refusal."""
    if isinstance(refusal, NotAllowed):
        return 403
    if isinstance(refusal, Stale):
        return 412 if named_version else 409
    if isinstance(refusal, TooMany):
        return 429
    if isinstance(refusal, BadKey):
        return 400
    if isinstance(refusal, NoPrecondition):
        return 428
    if isinstance(refusal, FilesUnavailable):
        return 503
    return 409 if refusal.code in _CONFLICTS else 422


def error_at(place: str, code: str, detail: str) -> dict[str, str]:
    """An error at a field of the body (a JSON pointer), or at a query parameter (``?limit``)."""
    if place.startswith("?"):
        return {"parameter": place[1:], "code": code, "detail": detail}
    return {"pointer": "#/" + place.strip("/"), "code": code, "detail": detail}


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422 with one entry for each wrong field of body, query or path."""
    errors = [_error_of(one) for one in error.errors]
    detail = _("Some of what was sent is not possible; each entry of `errors` says where and why.")
    return answer(request, Problem(status=422, code="invalid", detail=detail, errors=errors))


def _error_of(one: Mapping[str, Any]) -> dict[str, str]:
    kind, place = str(one["type"]), [str(part) for part in one["loc"]]
    detail = _sentence(kind, one)
    if place[0] == "body":
        pointer = "/".join(part.replace("~", "~0").replace("/", "~1") for part in place[2:])
        return {"pointer": f"#/{pointer}" if pointer else "#", "code": kind, "detail": detail}
    if place[0] in ("form", "file"):
        return {"pointer": f"#/{place[-1]}", "code": kind, "detail": detail}
    return {"parameter": place[-1], "code": kind, "detail": detail}


def _sentence(kind: str, one: Mapping[str, Any]) -> str:
    limits = one.get("ctx") or {}
    known = {
        "missing": _("This is missing."),
        "extra_forbidden": _("This field is not known here."),
        "unknown_parameter": _("This parameter is not known here."),
        "given_twice": _("Give this parameter once."),
        "nul_character": _("Text must not contain the NUL character."),
        "string_type": _("This must be text."),
        "int_type": _("This must be a whole number."),
        "int_parsing": _("This must be a whole number."),
        "bool_type": _("This must be true or false."),
        "list_type": _("This must be a list."),
        "dict_type": _("This must be an object."),
        "model_type": _("This must be an object."),
        "string_too_long": _("At most %(max_length)s characters are possible."),
        "string_too_short": _("At least %(min_length)s characters are needed."),
        "too_long": _("At most %(max_length)s entries are possible."),
        "too_short": _("At least %(min_length)s entries are needed."),
        "literal_error": _("This must be one of %(expected)s."),
        "greater_than_equal": _("At least %(ge)s is possible."),
        "greater_than": _("This must be above %(gt)s."),
        "less_than_equal": _("At most %(le)s is possible."),
        "less_than": _("This must be below %(lt)s."),
    }
    if kind not in known:
        # Our own validators speak the reader's language already; the library's words are English and about types.
        return _("This value is not possible here.") if kind in _OF_THE_LIBRARY else str(one.get("msg", kind))
    return known[kind] % limits if limits and "%(" in known[kind] else known[kind]


def unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """401: no key, no session, or a key that does not exist or was revoked."""
    detail = _(
        "Send a valid API key as `Authorization: Bearer kontor_…`. Keys are made under your company’s settings."
    )
    headers = {"WWW-Authenticate": 'Bearer realm="Kontor"'}
    return answer(request, Problem(status=401, code="not_signed_in", detail=detail, headers=headers))


def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """400: the body is not JSON. What the parser itself refused comes as the cause."""
    cause = error.__cause__
    if isinstance(cause, BodyProblem):
        return invalid(request, ValidationError(cause.errors))
    detail = _("The body is not valid JSON in UTF-8: %(reason)s") % {"reason": str(cause or error)}
    return answer(request, Problem(status=400, code="malformed_json", detail=detail))


def malformed_form(request: HttpRequest, _error: Exception) -> HttpResponse:
    """400: the multipart body cannot be taken apart."""
    detail = _("The body is no well-formed multipart/form-data with one file.")
    return answer(request, Problem(status=400, code="malformed_form", detail=detail))


def absent(request: HttpRequest, _error: Exception | None = None) -> HttpResponse:
    """404, the same for what does not exist and for what belongs to somebody else."""
    detail = _("It may have been removed, the address may be mistyped, or it belongs to another company.")
    return answer(request, Problem(status=404, code="not_found", detail=detail))


def too_large(request: HttpRequest, _error: Exception | None = None) -> HttpResponse:
    """413."""
    return answer(request, Problem(status=413, code="too_large", detail=_("Send it in several requests.")))


def unavailable(request: HttpRequest, _error: Exception) -> HttpResponse:
    """503: the database could not finish; nothing was done, and the same key may be used again."""
    _log.exception("database_unavailable", path=request.path_info)
    detail = _("Nothing was changed. Send the same request with the same Idempotency-Key again.")
    problem = Problem(status=503, code="unavailable", detail=detail, headers={"Retry-After": "5"})
    return answer(request, problem)


def failed(request: HttpRequest, _error: Exception) -> HttpResponse:
    """500: a fault of ours. The log has it under the request's id; the answer says no more than that."""
    _log.exception("api_request_failed", path=request.path_info)
    detail = _(
        "Something on our side failed; nothing was changed. If it happens again, tell us the request id."
    )
    return answer(request, Problem(status=500, code="failed", detail=detail))
