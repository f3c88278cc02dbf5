"""Who is behind an API key, found by one query before limits and language are applied."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from kontor.companies.models import ApiKey
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.capabilities import capabilities_of
from kontor.web.identity import Identity
from kontor.web.problems import API_PREFIX

SCHEME = "bearer "
PREFIX = "kontor_"

FIND = """
SELECT k.id, k.name, k.roles, k.is_read_only, k.order_limit, k.last_used_on, k.created_by_id,
    c.id, COALESCE(NULLIF(c.trade_name, ''), c.legal_name), c.currency, c.status, c.timezone,
    c.is_buyer, c.is_seller, c.is_operator, pricing_chain(c.id)
FROM companies_api_key k JOIN companies_company c ON c.id = k.company_id AND c.status <> 'blocked'
WHERE k.key_hash = %s AND k.revoked_at IS NULL
"""


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
    """The key with that secret, unless it was revoked or its company is blocked."""
    if not secret.startswith(PREFIX) or len(secret) > 200:
        return None
    with connection.cursor() as cursor:
        cursor.execute(FIND, [hashlib.sha256(secret.encode()).hexdigest()])
        row = cursor.fetchone()
    if row is None:
        return None
    if row[5] != clock.today():
        ApiKey.objects.filter(pk=row[0]).update(last_used_on=clock.today())
    return Bearer(key_id=row[0], is_read_only=row[3], identity=_identity(row))


def _identity(row: tuple[Any, ...]) -> Identity:
    roles = tuple(row[2])
    actor = Actor(
        name=row[1],
        door="api",
        membership_id=row[6],
        company_id=row[7],
        company_name=row[8],
        capabilities=capabilities_of(roles),
        order_limit=row[4],
        is_seller=row[13],
    )
    return Identity(
        actor=replace(actor, is_operator=row[14] and "operator" in roles),
        roles=roles,
        timezone=row[11],
        currency=row[9],
        chain=tuple(row[15] or ()),
        company_status=row[10],
        is_buyer=row[12],
    )


def _secret_of(request: HttpRequest) -> str:
    header = request.headers["Authorization"]
    return header[len(SCHEME) :].strip() if header.lower().startswith(SCHEME) else ""
