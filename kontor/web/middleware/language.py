"""Language and time zone of the reader: the person's choice, the language cookie, what the browser asks for."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

COOKIE = "kontor_language"
PARAMETER = "lang"
"""In addresses that search engines know: the page in this language, for who has not chosen another."""
KNOWN = frozenset(code for code, _name in settings.LANGUAGES)


def language(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer each request in the reader's language and time zone."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        known = request.identity  # type: ignore[attr-defined]  # set by the identity middleware
        chosen = known.language or request.COOKIES.get(COOKIE, "") or request.GET.get(PARAMETER, "")
        code = chosen if chosen in KNOWN else translation.get_language_from_request(request)
        with (
            translation.override(code),
            timezone.override(ZoneInfo(known.timezone or settings.CONFIG.default_timezone)),
        ):
            response = get_response(request)
            response.headers.setdefault("Content-Language", code)
            return response

    return answer
