"""What a page says after an action: what changed, who was told, how to undo. Kept in a short-lived signed cookie, so
that it survives one redirect without a session write."""

from dataclasses import asdict, dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "kontor_toast"
SECONDS = 60
_SALT = "kontor.web.toasts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """`message` says what changed, `told` who was told; `undo_url` takes a POST. Kinds: good, warning."""

    message: str
    told: str = ""
    undo_url: str = ""
    undo_label: str = ""
    kind: str = "good"


def keep(response: HttpResponse, toast: Toast) -> None:
    """Let the next full page say it."""
    response.set_cookie(
        COOKIE,
        signing.dumps(asdict(toast), salt=_SALT, compress=True),
        max_age=SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def kept(request: HttpRequest) -> Toast | None:
    """The toast that the last answer left, if it is genuine and fresh."""
    raw = request.COOKIES.get(COOKIE)
    if not raw:
        return None
    try:
        return Toast(**signing.loads(raw, salt=_SALT, max_age=SECONDS))
    except (signing.BadSignature, TypeError):
        return None
