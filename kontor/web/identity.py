"""Who is asking: browser, person, company, customer acted for and price lists, found by one query."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from kontor.companies.models import User
from kontor.kernel.actors import Actor
from kontor.kernel.capabilities import capabilities_of
from kontor.pricing.queries import chain_from
from kontor.promotions.marks import SOME_RUN
from kontor.search.queries import Viewer
from kontor.taxes.showing import SOMEBODY_SHOWS
from kontor.web.sessions import SessionStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a page needs to know of the one who asks. A visitor has no actor.

    `chain` is the price lists of the buying company, asked in this order; `assortments` those goods that it may see;
    `currency` that in which it buys; `brand` and `brand_accent` are the house seller's, whose store this is.
    `acting_ended` is the customer for whom the session worked until it was blocked. `shows_tax`: some seller shows
    prices with VAT, so pages ask how.
    """

    actor: Actor | None = None
    email: str = ""
    roles: tuple[str, ...] = ()
    language: str = ""
    timezone: str = ""
    currency: str = ""
    chain: str = ""
    assortments: tuple[int, ...] = (0,)
    cart_lines: int = 0
    companies: int = 0
    company_status: str = ""
    accent: str = ""
    acting_channel: str = ""
    acting_ended: str = ""
    is_buyer: bool = False
    brand: str = ""
    brand_accent: str = ""
    shows_tax: bool = False
    has_promotions: bool = False

    @property
    def signed_in(self) -> bool:
        return self.actor is not None

    @property
    def viewer(self) -> Viewer:
        """The buying company as reads of the catalog need it."""
        company_id = self.actor.buying_company_id if self.actor else None
        return Viewer(self.chain, self.assortments, company_id)


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


_WANTED = {
    "id",
    "email",
    "name",
    "password",
    "language",
    "timezone",
    "is_staff",
    "is_superuser",
    "last_membership_id",
}
# Django wants the values of a row in the order in which the model declares its fields.
USER_COLUMNS = [field.attname for field in User._meta.concrete_fields if field.attname in _WANTED]  # noqa: SLF001  # Django's own public API
HOUSE = """
SELECT COALESCE(NULLIF(trade_name, ''), legal_name) AS brand, accent FROM companies_company
WHERE is_seller AND status = 'active' ORDER BY id LIMIT 1
"""
GUEST = (
    f"SELECT pricing_chain(NULL), catalog_assortments_of(NULL), house.brand, house.accent, {SOMEBODY_SHOWS},"
    f" {SOME_RUN}"
    f" FROM (SELECT) x LEFT JOIN ({HOUSE}) house ON true"
)
FIND = f"""
SELECT s.session_data, s.expire_date, s.acting_channel,
    m.id, m.roles, m.order_limit, m.companies,
    c.id, COALESCE(NULLIF(c.trade_name, ''), c.legal_name), c.currency, c.status, c.timezone,
    c.is_buyer, c.is_seller, c.is_operator, c.accent,
    f.id, COALESCE(NULLIF(f.trade_name, ''), f.legal_name), f.currency,
    pricing_chain(COALESCE(f.id, c.id)), catalog_assortments_of(COALESCE(f.id, c.id)),
    (SELECT count(*) FROM carts_line l JOIN carts_cart k ON k.id = l.cart_id
     WHERE k.buyer_id = COALESCE(f.id, c.id) AND k.status = 'open' AND k.is_current
       AND (f.id IS NULL OR k.seller_id = c.id)),
    house.brand, house.accent,
    (SELECT COALESCE(NULLIF(e.trade_name, ''), e.legal_name) FROM companies_company e
     WHERE e.id = s.acting_for_id AND f.id IS NULL), {SOMEBODY_SHOWS}, {SOME_RUN},
    {", ".join("u." + name for name in USER_COLUMNS)}
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
LEFT JOIN ({HOUSE}) house ON true
WHERE s.session_key = %s AND s.expire_date > clock_timestamp()
"""
FIRST_USER_COLUMN = 27


def find(session_key: str, door: str = "page") -> Found | None:
    """The live session of that key with its person and company, or None."""
    with connection.cursor() as cursor:
        cursor.execute(FIND, [session_key])
        row = cursor.fetchone()
    if row is None:
        return None
    data = orjson.loads(_session_json(row[0]))
    user = User.from_db("default", USER_COLUMNS, row[FIRST_USER_COLUMN:])
    if not _password_unchanged(user, data):
        return None
    return Found(SessionStore.loaded(session_key, data), user, _identity(row, user, door), row[1])


@lru_cache(maxsize=2000)
def _session_json(stored: str) -> bytes:
    """What a session's row says, its signature checked; as text, so that no two requests share an object."""
    return orjson.dumps(SessionStore().decode(stored))


def guest() -> Identity:
    """A visitor, with the price lists that sellers show to everybody."""
    with connection.cursor() as cursor:
        cursor.execute(GUEST)
        found = cursor.fetchone() or (None, (0,), None, None, False, False)
    chain, assortments, brand, accent, shows_tax, has_promotions = found
    shown = chain_from(chain) if settings.CONFIG.prices_for_guests else ""
    return Identity(
        chain=shown,
        assortments=tuple(assortments),
        brand=brand or "",
        brand_accent=accent or "",
        shows_tax=shows_tax,
        has_promotions=has_promotions,
    )


def _password_unchanged(user: User, data: dict[str, Any]) -> bool:
    """A session ends with the password under which it began."""
    kept = data.get(HASH_SESSION_KEY, "")
    if constant_time_compare(kept, _session_hash(user.password)):
        return True
    return any(constant_time_compare(kept, other) for other in user.get_session_auth_fallback_hash())


@lru_cache(maxsize=2000)
def _session_hash(password: str) -> str:
    return User(password=password).get_session_auth_hash()


def _identity(row: tuple[Any, ...], user: User, door: str) -> Identity:
    person = Actor(name=user.name, door=door, user_id=user.pk)
    house: dict[str, Any] = {
        "chain": chain_from(row[19]),
        "assortments": tuple(row[20]),
        "brand": row[22] or "",
        "brand_accent": row[23] or "",
        "shows_tax": row[25],
        "has_promotions": row[26],
    }
    if row[3] is None:
        return Identity(
            actor=person, email=user.email, language=user.language, timezone=user.timezone, **house
        )
    roles = tuple(row[4])
    actor = replace(
        person,
        membership_id=row[3],
        company_id=row[7],
        company_name=row[8],
        capabilities=capabilities_of(roles),
        order_limit=row[5],
        is_seller=row[13],
        is_operator=row[14] and "operator" in roles,
    )
    if row[16] is not None:
        actor = actor.behalf_of(row[16], row[17])
    return Identity(
        actor=actor,
        email=user.email,
        roles=roles,
        language=user.language,
        timezone=user.timezone or row[11],
        currency=row[18] or row[9],
        cart_lines=row[21],
        companies=row[6],
        company_status=row[10],
        accent=row[15],
        acting_channel=row[2],
        acting_ended=row[24] or "",
        is_buyer=row[12],
        **house,
    )
