"""Who is behind an API key, found before limits and language are applied."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase

from kontor.companies.operations import KeyHolder, holder_of_key, note_use_of_key
from kontor.pricing.queries import chain_from
from kontor.web.identity import Identity
from kontor.web.problems import API_PREFIX

SCHEME = "bearer "
LONGEST = 200

SURROUNDINGS = (
    "k.roles, c.currency, c.status, c.timezone, c.is_buyer, pricing_chain(c.id), catalog_assortments_of(c.id)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """A live key: which one, what it may, whether it may only read."""

    key_id: int
    is_read_only: bool
    identity: Identity


def key_identity(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Put the company of an API key on the request; a wrong key leaves nobody there, not the session's person."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(API_PREFIX) or "Authorization" not in request.headers:
            return get_response(request)
        found = find(_secret_of(request))
        known = found.identity if found else Identity()
        request.identity, request.actor = known, known.actor  # type: ignore[attr-defined]  # ours
        request.__dict__["bearer"] = found
        return get_response(request)

    return answer


def find(secret: str) -> Bearer | None:
    """The key with that secret, unless it was revoked or its company is blocked. One statement."""
    holder = holder_of_key(secret, also=SURROUNDINGS) if 0 < len(secret) < LONGEST else None
    if holder is None:
        return None
    note_use_of_key(holder)
    return Bearer(key_id=holder.key_id, is_read_only=holder.is_read_only, identity=_identity(holder))


def _identity(holder: KeyHolder) -> Identity:
    roles, currency, status, timezone, is_buyer, chain, assortments = holder.beside
    return Identity(
        actor=holder.actor,
        roles=tuple(roles),
        currency=currency,
        company_status=status,
        timezone=timezone,
        is_buyer=is_buyer,
        chain=chain_from(chain),
        assortments=tuple(assortments),
    )


def _secret_of(request: HttpRequest) -> str:
    header = request.headers["Authorization"]
    return header[len(SCHEME) :].strip() if header.lower().startswith(SCHEME) else ""
