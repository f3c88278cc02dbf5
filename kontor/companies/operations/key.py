"""Keys with which a company's machines use the API."""

import hashlib
import secrets
import string
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.entries import Entries
from kontor.companies.models import ApiKey, Company
from kontor.companies.ownership import own_company_id, require_open, require_own
from kontor.companies.permissions import MANAGE_KEYS
from kontor.companies.seats import cleaned_roles
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.capabilities import capabilities_of
from kontor.kernel.refusal import Stale

PREFIX = "kontor_"
RANDOM_SIGNS = 40  # of 62 kinds: 238 bits
SHOWN_SIGNS = 4
_SIGNS = string.ascii_letters + string.digits
HOLDER = """
SELECT k.id, k.name, k.roles, k.is_read_only, k.order_limit, k.last_used_on, k.created_by_id,
    c.id, COALESCE(NULLIF(c.trade_name, ''), c.legal_name), c.is_seller, c.is_operator{also}
FROM companies_api_key k JOIN companies_company c ON c.id = k.company_id AND c.status <> 'blocked'
WHERE k.key_hash = %s AND k.revoked_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """A key that was presented and is good: as whom it acts, and whether it may only read."""

    key_id: int
    actor: Actor
    is_read_only: bool
    last_used_on: date | None
    beside: tuple[Any, ...] = ()


@transaction.atomic
def create_api_key(
    *,
    actor: Actor,
    name: str,
    roles: tuple[str, ...],
    is_read_only: bool = False,
    order_limit: Decimal | None = None,
) -> tuple[ApiKey, str]:
    """Make a key for the own company; returns it and its secret, which cannot be shown again.

    `order_limit` is net in the company's currency, None for no limit. Raises Refused("invalid_entries").
    """
    require(actor, MANAGE_KEYS)
    company = Company.objects.get(pk=own_company_id(actor))
    require_open(company)
    entries = Entries()
    name = entries.text("name", name, longest=80, required=True)
    given = cleaned_roles(entries, roles, company=company, actor=actor)
    limit = entries.limit("order_limit", order_limit, company.currency)
    entries.done()
    secret = PREFIX + "".join(secrets.choice(_SIGNS) for _sign in range(RANDOM_SIGNS))
    key = ApiKey.objects.create(
        company=company,
        name=name,
        prefix=secret[: len(PREFIX) + SHOWN_SIGNS],
        key_hash=hash_of(secret),
        roles=given,
        is_read_only=is_read_only,
        order_limit=limit,
        created_by_id=actor.membership_id,
    )
    facts = {"name": name, "roles": given, "read_only": is_read_only, "order_limit": limit}
    record(actor, "companies.api_key_created", ("company", company.pk), changes=facts)
    return key, secret


@transaction.atomic
def revoke_api_key(*, actor: Actor, key: ApiKey) -> ApiKey:
    """End a key; its next request is refused. Raises Stale when it was revoked already."""
    require(actor, MANAGE_KEYS)
    require_own(actor, key.company_id)
    if not ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=clock.now()):
        raise Stale("already_done", _("Somebody has revoked this key already. Reload the page."))
    key.refresh_from_db()
    record(actor, "companies.api_key_revoked", ("company", key.company_id), changes={"name": key.name})
    return key


def hash_of(secret: str) -> str:
    """How a key is kept. Its 238 random bits need neither salt nor a slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def holder_of_key(secret: str, *, also: str = "") -> KeyHolder | None:
    """Who presents this secret, or None when it is unknown or revoked or its company is blocked. One statement.

    A key acts for its company; what it does is answered for by the member who made it. A key that only reads keeps no
    capability but those to see something. `also` is SQL for further columns, of the key `k` and its company `c`.
    """
    with connection.cursor() as cursor:
        cursor.execute(HOLDER.format(also=f", {also}" if also else ""), [hash_of(secret)])
        row = cursor.fetchone()
    if row is None:
        return None
    key_id, name, roles, is_read_only, order_limit, last_used_on, created_by_id, company_id, *company = row
    company_name, is_seller, is_operator, *beside = company
    held = capabilities_of(roles)
    if is_read_only:
        held = frozenset(one for one in held if one.endswith(".see"))
    actor = Actor(
        name=name,
        door="api",
        membership_id=created_by_id,
        company_id=company_id,
        company_name=company_name,
        capabilities=held,
        order_limit=order_limit,
        is_seller=is_seller,
        is_operator=is_operator and "operator" in roles,
    )
    return KeyHolder(key_id, actor, is_read_only, last_used_on, tuple(beside))


def actor_for_key(secret: str) -> Actor | None:
    """As whom the bearer of this secret acts, or None. One query."""
    holder = holder_of_key(secret)
    return holder.actor if holder else None


def note_use_of_key(holder: KeyHolder) -> None:
    """Remember the day of the last use; writes once a day at most."""
    today = clock.today()
    if holder.last_used_on != today:
        older = Q(last_used_on__isnull=True) | Q(last_used_on__lt=today)
        ApiKey.objects.filter(older, pk=holder.key_id).update(last_used_on=today)
