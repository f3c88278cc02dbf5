"""Session and person on the request, in place of Django's two middlewares and their three queries."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

from kontor.kernel import clock
from kontor.web.identity import Found, Identity, find, guest
from kontor.web.middleware.limits import address_of
from kontor.web.models import Session
from kontor.web.sessions import SessionStore

TOUCH_AFTER = timedelta(minutes=10)
WITHOUT_IDENTITY = ("/static/", "/health", "/ready", "/metrics")
PICTURES = re.compile(r"/media/.+\.(webp|avif)")
"""Their names cannot be guessed; documents are asked for by somebody (`catalog.queries.document_is_seen`)."""


def identity(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Set `session`, `user`, `identity` and `actor` on the request; keep the session afterwards."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(WITHOUT_IDENTITY) or PICTURES.fullmatch(request.path):
            _nobody(request, Identity(), SessionStore())
            return get_response(request)
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        found = find(key) if len(key) >= 8 else None
        if found is None:
            known = Identity() if "Authorization" in request.headers else guest()
            _nobody(request, known, SessionStore.of_visitor(key) if len(key) >= 8 else SessionStore())
        else:
            request.session, request.user = found.session, found.user
            request.identity, request.actor = found.identity, found.identity.actor  # type: ignore[attr-defined]  # ours
        response = get_response(request)
        _keep_session(request, response, key, found)
        return response

    return answer


def _nobody(request: HttpRequest, known: Identity, session: SessionStore) -> None:
    request.session = session
    request.user = AnonymousUser()
    request.identity, request.actor = known, None  # type: ignore[attr-defined]  # ours


def _keep_session(request: HttpRequest, response: HttpResponseBase, key: str, found: Found | None) -> None:
    session = request.session
    if session.accessed:
        patch_vary_headers(response, ("Cookie",))
    if response.status_code >= 500:
        return
    if session.is_empty():
        if key:
            response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
        return
    if session.modified:
        session.note_browser(address_of(request), request.headers.get("User-Agent", ""))  # type: ignore[attr-defined]  # ours
        try:
            session.save()
        except UpdateError:  # signed out in another window while this was answered
            response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
        else:
            _send_cookie(response, str(session.session_key))
    elif found is not None and _grows_old(found):
        ends = clock.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        Session.objects.filter(session_key=key).update(expire_date=ends)
        _send_cookie(response, key)


def _grows_old(found: Found) -> bool:
    age = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return found.expires - clock.now() < age - TOUCH_AFTER


def _send_cookie(response: HttpResponseBase, key: str) -> None:
    response.set_cookie(
        settings.SESSION_COOKIE_NAME,
        key,
        max_age=settings.SESSION_COOKIE_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
