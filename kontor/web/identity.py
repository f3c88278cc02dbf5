"""Who is asking: browser, person, company, customer acted for and price lists, found by one query."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from kontor.companies.models import User
from kontor.kernel.actors import Actor
from kontor.kernel.capabilities import capabilities_of
from kontor.pricing.queries import chain_for
from kontor.web.sessions import SessionStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a page needs to know of the one who asks. A visitor has no actor.

    `chain` is the price lists of the buying company, asked in this order; `currency` that in which it buys.
    """

    actor: Actor | None = None
    email: str = ""
    roles: tuple[str, ...] = ()
    language: str = ""
    timezone: str = ""
    currency: str = ""
    chain: tuple[int, ...] = ()
    cart_lines: int = 0
    companies: int = 0
    company_status: str = ""
    accent: str = ""
    acting_channel: str = ""
    is_buyer: bool = False

    @property
    def signed_in(self) -> bool:
        return self.actor is not None


class KontorRequest(HttpRequest):
    """A request as the identity middleware hands it on."""

    identity: Identity
    actor: Actor | None
    user: Any
    session: Any


class PersonRequest(KontorRequest):
    """A request of somebody who is signed in; views behind `kontor.web.access` guards take it."""

    actor: Actor


@dataclass(slots=True)
class Found:
    """A live session: its store, the person, what is known of them, and when it ends."""

    session: SessionStore
    user: User
    identity: Identity
    expires: datetime


USER_COLUMNS = (
    "id", "email", "name", "password", "language", "timezone", "is_staff", "is_superuser", "last_membership_id",
)  # fmt: skip
FIND = """
SELECT s.session_data, s.expire_date, s.acting_channel,
    u.id, u.email, u.name, u.password, u.language, u.timezone, u.is_staff, u.is_superuser, u.last_membership_id,
    m.id, m.roles, m.order_limit, m.companies,
    c.id, COALESCE(NULLIF(c.trade_name, ''), c.legal_name), c.currency, c.status, c.timezone,
    c.is_buyer, c.is_seller, c.is_operator, c.accent,
    f.id, COALESCE(NULLIF(f.trade_name, ''), f.legal_name), f.currency,
    pricing_chain(COALESCE(f.id, c.id)),
    (SELECT count(*) FROM carts_line l JOIN carts_cart k ON k.id = l.cart_id
     WHERE k.buyer_id = COALESCE(f.id, c.id) AND k.status = 'open' AND k.is_current
       AND (f.id IS NULL OR k.seller_id = c.id))
FROM web_session s
JOIN companies_user u ON u.id = s.user_id AND u.is_active
LEFT JOIN LATERAL (
    SELECT o.id, o.company_id, o.roles, o.order_limit, count(*) OVER () AS companies
    FROM companies_membership o JOIN companies_company oc ON oc.id = o.company_id AND oc.status <> 'blocked'
    WHERE o.user_id = u.id AND o.is_active
    ORDER BY (o.id = u.last_membership_id) IS TRUE DESC, o.id LIMIT 1
) m ON true
LEFT JOIN companies_company c ON c.id = m.company_id
LEFT JOIN companies_company f ON f.id = s.acting_for_id AND c.is_seller AND EXISTS (
    SELECT 1 FROM companies_customer_account a
    WHERE a.seller_id = c.id AND a.buyer_id = f.id AND a.status = 'active')
WHERE s.session_key = %s AND s.expire_date > clock_timestamp()
"""


def find(session_key: str, door: str = "page") -> Found | None:
    """The live session of that key with its person and company, or None."""
    with connection.cursor() as cursor:
        cursor.execute(FIND, [session_key])
        row = cursor.fetchone()
    if row is None:
        return None
    data = SessionStore().decode(row[0])
    facts = dict(zip(USER_COLUMNS, row[3:12], strict=True))
    # Django wants the values in the order in which the model declares its fields, whatever the names are.
    known = [field.attname for field in User._meta.concrete_fields if field.attname in facts]
    user = User.from_db("default", known, [facts[name] for name in known])
    if not _password_unchanged(user, data):
        return None
    return Found(SessionStore.loaded(session_key, data), user, _identity(row, door), row[1])


def guest() -> Identity:
    """A visitor, with the price lists that sellers show to everybody."""
    return Identity(chain=chain_for(None))


def _password_unchanged(user: User, data: dict[str, Any]) -> bool:
    """A session ends with the password under which it began."""
    kept = data.get(HASH_SESSION_KEY, "")
    if constant_time_compare(kept, user.get_session_auth_hash()):
        return True
    return any(constant_time_compare(kept, other) for other in user.get_session_auth_fallback_hash())


def _identity(row: tuple[Any, ...], door: str) -> Identity:
    person = Actor(name=row[5], door=door, user_id=row[3])
    language, zone = row[7], row[8]
    if row[12] is None:
        return Identity(
            actor=person, email=row[4], language=language, timezone=zone, chain=tuple(row[28] or ())
        )
    roles = tuple(row[13])
    actor = replace(
        person,
        membership_id=row[12],
        company_id=row[16],
        company_name=row[17],
        capabilities=capabilities_of(roles),
        order_limit=row[14],
        is_seller=row[22],
        is_operator=row[23] and "operator" in roles,
    )
    if row[25] is not None:
        actor = actor.behalf_of(row[25], row[26])
    return Identity(
        actor=actor,
        email=row[4],
        roles=roles,
        language=language,
        timezone=zone or row[20],
        currency=row[27] or row[18],
        chain=tuple(row[28] or ()),
        cart_lines=row[29],
        companies=row[15],
        company_status=row[19],
        accent=row[24],
        acting_channel=row[2],
        is_buyer=row[21],
    )
