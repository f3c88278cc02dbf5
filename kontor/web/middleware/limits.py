"""Requests per minute by account, company and address; counted in the process, so each worker gets its share.

Attempts that guess at secrets (sign-in, reset, invitation links) are counted in the database instead, by
`kontor.kernel.rates`, where they happen.
"""

import re
import time
from collections import Counter
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from kontor.web.views import errors

FREE = ("/static/", "/health", "/ready", "/metrics")
COSTLY = (
    (re.compile(r"/configure/|/api/v1/products/\d+/configuration$"), "limit_configurations"),
    (re.compile(r"/company/price-file/download$|/api/v1/price-file$"), "limit_price_files"),
)
"""Where an answer costs far more than a page: counted for each account, or address of a visitor, on its own."""


class Window:
    """Counts of the current minute; a new minute starts from nothing, so memory stays bounded."""

    def __init__(self) -> None:
        self.minute = 0
        self.counts: Counter[str] = Counter()

    def count(self, key: str) -> int:
        minute = int(time.monotonic() // 60)
        if minute != self.minute:
            self.minute, self.counts = minute, Counter()
        self.counts[key] += 1
        return self.counts[key]


window = Window()


def address_of(request: HttpRequest) -> str:
    """The client's network address; X-Forwarded-For counts only as far as trusted proxies have written it."""
    proxies = settings.CONFIG.proxies
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if proxies and len(hops) >= proxies:
        return hops[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def limits(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer 429 with Retry-After beyond the limits of the settings."""
    config = settings.CONFIG

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(FREE):
            return get_response(request)
        actor = request.actor  # type: ignore[attr-defined]  # set by the identity middleware
        account = f"address:{address_of(request)}"
        tries = [(account, config.limit_by_address)]
        if actor is not None:
            account = f"user:{actor.user_id}" if actor.user_id else f"key:{actor.company_id}:{actor.name}"
            tries.append((account, config.limit_by_account))
            if actor.company_id:
                tries.append((f"company:{actor.company_id}", config.limit_by_company))
        tries += [
            (f"{limit}:{account}", getattr(config, limit))
            for path, limit in COSTLY
            if path.match(request.path)
        ]
        if any(window.count(key) * config.web_workers > limit for key, limit in tries):
            return errors.too_many(request, 60 - int(time.monotonic() % 60))
        return get_response(request)

    return answer
