"""Requests for another host are turned away; headers keep a browser from doing what no page of ours asks for."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""No inline script or style, nothing from elsewhere. Images may be `data:` for the QR code of a second factor."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


FOR_MACHINES = ("/health", "/ready", "/metrics")
"""Asked by probes, which name the process by whatever address they have."""


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Set them on every answer; a view may have set its own before. What a session sees is never kept by a cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request) if _is_for_us(request) else _not_for_us()
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def _is_for_us(request: HttpRequest) -> bool:
    if request.path_info.startswith(FOR_MACHINES):
        return True
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _not_for_us() -> HttpResponse:
    text = _("This host name is not served here. The operator can add it to KONTOR_ALLOWED_HOSTS.")
    return HttpResponse(text, status=400, content_type="text/plain")
