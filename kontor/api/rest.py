"""The REST API, put together: routers, who may come in, errors, addresses."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.router import Router

from kontor.api import documents, handlers
from kontor.api.doors import KNOWN
from kontor.api.parsing import StrictParser
from kontor.api.routers import ROUTERS
from kontor.api.schema import operations_of
from kontor.web.problems import Problem, answer

LARGEST_ID = 2**63 - 1


class KontorApi(NinjaAPI):
    """Ninja's API with addresses named by operation id."""

    def get_operation_url_name(self, operation: Operation, router: Router) -> str:
        """`reverse("api:getOrder", args=[7])`."""
        return str(operation.operation_id)


def build() -> KontorApi:
    """The API with all routers."""
    built = KontorApi(
        title="Kontor", version="1", openapi_url=None, docs_url=None, urls_namespace="api", auth=KNOWN,
        parser=StrictParser(),
    )  # fmt: skip
    handlers.add_handlers(built)
    for router in ROUTERS:
        built.add_router("", router)
    return built


def door(view: Callable[..., HttpResponse], *, takes_file: bool = False) -> Callable[..., HttpResponse]:
    """What comes before any endpoint: HEAD is GET without a body, bodies are JSON, wrong methods are problems."""

    @csrf_exempt
    @wraps(view)
    def enter(request: HttpRequest, **values: Any) -> HttpResponse:
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        is_upload = takes_file and request.method == "POST" and request.content_type == "multipart/form-data"
        if is_upload and int(request.META.get("CONTENT_LENGTH") or 0) > settings.CONFIG.request_body_max:
            return handlers.too_large(request)
        if _has_body(request) and request.content_type != "application/json" and not is_upload:
            detail = _("Bodies are JSON: send the header Content-Type: application/json.")
            return answer(request, Problem(status=415, code="not_json", detail=detail))
        if any(_cannot_exist(value) for value in values.values()):
            return handlers.absent(request)
        response = view(request, **values)
        if response.status_code == 405:
            return _wrong_method(request, response)
        response.headers.setdefault("Vary", "Authorization, Cookie, Accept-Language")
        if is_head:
            _empty(response)
        return response

    return enter


def _empty(response: HttpResponseBase) -> None:
    """Answer HEAD: what GET says of itself, without what it sends."""
    if isinstance(response, StreamingHttpResponse):
        response.close()
        response.streaming_content = ()
    elif isinstance(response, HttpResponse):
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""


def _cannot_exist(value: Any) -> bool:
    """Whether no row can have this in its key: beyond the database's integers, or text with a NUL."""
    return value > LARGEST_ID if isinstance(value, int) else "\0" in str(value)


def _has_body(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return request.method not in ("GET", "DELETE") and (
        length != "0" or "HTTP_TRANSFER_ENCODING" in request.META
    )


def _wrong_method(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    allowed = ", ".join(sorted(response.headers["Allow"].split(", ")))
    detail = _("Possible here: %(methods)s.") % {"methods": allowed}
    problem = Problem(status=405, code="method_not_allowed", detail=detail, headers={"Allow": allowed})
    return answer(request, problem)


def _template(pattern: URLPattern) -> str:
    """``products/<int:product_id>/media`` -> as the router names it."""
    return str(pattern.pattern).replace("<", "{").replace(">", "}")


def addresses(built: KontorApi) -> list[URLPattern | URLResolver]:
    """All addresses below /api/; what is not known there is a problem too, not a page."""
    by_subject: dict[str, list[URLPattern]] = {}
    uploads = {one.path.strip("/") for one in operations_of(built) if one.view_func.facts.takes_file}  # type: ignore[attr-defined]  # set by `changes`
    for one in built.urls[0]:
        if isinstance(one, URLPattern) and one.name != "api-root":
            subject, slash, rest = str(one.pattern).partition("/")
            endpoint = path(
                slash + rest, door(one.callback, takes_file=_template(one) in uploads), name=one.name
            )
            by_subject.setdefault(subject, []).append(endpoint)
    return [
        path("openapi.json", documents.openapi, name="openapi"),
        path("docs", documents.docs, name="docs"),
        # Together by their first word: Django tries one address after the other.
        *(path(f"v1/{subject}", include(those)) for subject, those in by_subject.items()),
        re_path("", csrf_exempt(handlers.absent), name="nothing"),
    ]


api = build()
urlpatterns = addresses(api)
