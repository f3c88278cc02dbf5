"""A business refusal that no view caught becomes an answer: 403, 409 or 422, as a page or beside the page for htmx."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.web.views import errors


def status_of(refusal: Refused) -> int:
    """403 for a missing right, 409 when somebody else was first, else 422."""
    return 403 if isinstance(refusal, NotAllowed) else 409 if isinstance(refusal, Stale) else 422


def refusals(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer refusals and bodies that are too big in the look of the product."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return errors.refused(request, exception, status_of(exception))
        if isinstance(exception, RequestDataTooBig):
            return errors.too_large(request)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django looks for it here
    return middleware
