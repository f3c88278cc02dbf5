"""The interface described: the frozen OpenAPI file for machines, the same as a page for people."""

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kontor.api.preconditions import etag_of, known_already, not_modified
from kontor.api.reference import Reference, reference_of
from kontor.web.pages import page

FROZEN = Path(__file__).parent / "schema.json"


@cache
def frozen() -> bytes:
    """The OpenAPI document as it was released; a test keeps it equal to the code."""
    return FROZEN.read_bytes()


@cache
def reference() -> Reference:
    """The same as a page shows it."""
    return reference_of(orjson.loads(frozen()))


def forget() -> None:
    """Read the file again next time; it was written anew."""
    frozen.cache_clear()
    reference.cache_clear()


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """GET /api/openapi.json -> OpenAPI 3.1."""
    etag = etag_of(frozen())
    if known_already(request, etag):
        return not_modified(etag)
    headers = {"ETag": etag, "Cache-Control": "public, max-age=300"}
    return HttpResponse(frozen(), content_type="application/json", headers=headers)


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """GET /api/docs -> every endpoint on one page, made from the OpenAPI file."""
    values: dict[str, Any] = {"reference": reference()}
    return page(request, "api/docs.html", **values)
