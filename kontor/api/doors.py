"""Who may come in: an API key, or the session of somebody who is signed in to the pages."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.utils import check_csrf

from kontor.api.keys import Bearer
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed
from kontor.web.identity import Identity
from kontor.web.middleware.read_only import SAFE_METHODS


class ApiRequest(HttpRequest):
    """A request of somebody known."""

    actor: Actor
    identity: Identity
    bearer: Bearer | None


class PublicRequest(HttpRequest):
    """A request that a visitor may make as well."""

    actor: Actor | None
    identity: Identity
    bearer: Bearer | None


class CsrfFailed(NotAllowed):
    """A page's script changed something without the form token."""


class ApiKeyAuth:
    """`Authorization: Bearer kontor_…`. A header that names no live key is an error, whatever cookies say."""

    openapi_security_schema = {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key of your company: `Authorization: Bearer kontor_…`",
    }

    def __call__(self, request: HttpRequest) -> Actor | None:
        if "Authorization" not in request.headers:
            return None
        bearer: Bearer | None = request.__dict__.get("bearer")
        if bearer is None or bearer.identity.actor is None:
            raise AuthenticationError
        return bearer.identity.actor


class SessionAuth:
    """The cookie of a page session; requests that change something also send `X-CSRFToken`."""

    openapi_security_schema = {
        "type": "apiKey",
        "in": "cookie",
        "name": settings.SESSION_COOKIE_NAME,
        "description": "The session of the pages. Unsafe requests also need the header `X-CSRFToken`.",
    }

    def __call__(self, request: HttpRequest) -> Actor | None:
        actor: Actor | None = request.__dict__.get("actor")
        if actor is None or "Authorization" in request.headers:
            return None
        if request.method not in SAFE_METHODS and check_csrf(request) is not None:
            raise CsrfFailed("csrf_failed", "The header X-CSRFToken is missing or does not fit the session.")
        request.__dict__["actor"] = through_api = replace(actor, door="api")
        return through_api


class Visitor:
    """Lets everybody in where prices and goods may be seen without an account."""

    def __call__(self, request: HttpRequest) -> bool:
        return "Authorization" not in request.headers


KNOWN: list[Any] = [ApiKeyAuth(), SessionAuth()]
EVERYBODY: list[Any] = [*KNOWN, Visitor()]
