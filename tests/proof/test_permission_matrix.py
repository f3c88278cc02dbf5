"""Every route x every role x own, foreign and nobody's ids: who is refused learns nothing and changes nothing."""

import logging
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from kontor.companies.models import ApiKey
from tests.assembly import assemble
from tests.proof.market import api_key
from tests.proof.permission_table import ALL_TRADES, EXAMPLES, NOWHERE, ROLES, Call, Role, Route, body_of, calls, routes
from tests.proof.product import signed_in
from tests.proof.two_trades import Trade, two_trades
from tests.traces import snapshot

pytestmark = pytest.mark.django_db
CANARY = re.compile(rb"CANARY-([A-Z]+)-")
TOUCHED = """
SELECT COALESCE(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables
WHERE relname <> 'kernel_rate_bucket'
"""
FORM = {
    "quantity": "1", "unit": "C62", "note": "x", "reason": "x", "body": "x", "name": "x", "decision": "approve",
    "revision": "1", "lines": "BOLT-M8 1", "pay_by": "terms", "channel": "phone",
}  # fmt: skip
"""What a form may send beside ids."""


@dataclass
class Door:
    """Everybody's way in, and what the tables looked like before."""

    trades: dict[str, Trade]
    clients: dict[str, Client]
    sessions: dict[str, str]
    keys: dict[str, str]
    before: dict[str, str]
    rows: "dict[str, list[Kept]]" = field(default_factory=dict)
    tried: Counter[str] = field(default_factory=Counter)

    def others(self, role: Role) -> "list[Kept]":
        """The rows of the trade that is none of this role's business."""
        return [one for name, rows in self.rows.items() if name != role.trade for one in rows]

    def send(self, call: Call, role: Role) -> HttpResponse:
        """The request, as this role sends it."""
        client, route = self.clients[role.name], call.route
        client.cookies = SimpleCookie()  # signing out was undone in the database
        if role.name in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role.name]
        if route.kind != "api":
            if route.method == "GET":
                query = {} if route.parameters else {"q": "CANARY", "search": "CANARY"}
                return client.get(call.address, query)
            return client.post(call.address, {**FORM, **call.names})
        headers = {"Authorization": f"Bearer {self.keys[role.key]}"} if role.key else {}
        if route.method != "GET":
            headers["Idempotency-Key"] = uuid.uuid4().hex
        if route.if_match:
            headers["If-Match"] = "*"
        body = body_of(route, call.names)
        address = call.address + ("?search=CANARY" if "search" in route.query else "")
        data = b"" if body is None else orjson.dumps(body)
        return client.generic(route.method, address, data, "application/json", headers=headers)


@dataclass
class Kept:
    """A row and what stood in it."""

    row: Any
    values: dict[str, Any]

    def is_as_before(self) -> bool:
        return type(self.row).objects.filter(pk=self.row.pk).values().first() == self.values


def kept(trade: Trade) -> list[Kept]:
    return [Kept(row, type(row).objects.filter(pk=row.pk).values().get()) for row in trade.rows]


@pytest.fixture(scope="module")
def door(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Door]:
    """The two trades in one transaction that is rolled back at the end."""
    many = {f"limit_by_{one}": 10**9 for one in ("account", "company", "address")}
    # with a mail server, so that the mailbox of demos is closed
    config = settings.CONFIG.model_copy(update={**many, "smtp_host": "127.0.0.1"})
    with django_db_blocker.unblock(), override_settings(CONFIG=config), transaction.atomic():
        cast = assemble()
        trades = two_trades(cast)
        keys = {"read": api_key(cast.people["dora"]), "write": api_key(cast.people["dora"])}
        ApiKey.objects.filter(prefix=keys["read"][:12]).update(is_read_only=True)
        clients = {role.name: Client(raise_request_exception=False) for role in ROLES}
        sessions = {one.name: signed_in(cast.people[one.person]) for one in ROLES if one.person and not one.key}
        built = Door(trades, clients, sessions, keys, {})
        for role in ROLES:
            if role.key:  # a key's first use on a day is noted
                clients[role.name].get("/api/v1/me", headers={"Authorization": f"Bearer {keys[role.key]}"})
        built.before, built.rows = snapshot(), {name: kept(one) for name, one in trades.items()}
        logging.disable(logging.CRITICAL)  # ten thousand lines of refusals tell nobody anything
        yield built
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in the block did not."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


def touched() -> int:
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED)
        (rows,) = cursor.fetchone() or (0,)
    return int(rows)


def content(response: HttpResponse) -> bytes:
    streamed = getattr(response, "streaming_content", None)
    return b"".join(streamed) if streamed is not None else response.content


def is_refused(response: HttpResponse) -> bool:
    """Turned away at the door: to sign-in, or by status."""
    to_login = response.status_code == 302 and response.headers["Location"].startswith(settings.LOGIN_URL)
    return to_login or response.status_code in (401, 403, 404, 405)


def expected(call: Call, role: Role) -> set[int] | None:
    """The statuses of a refusal that must come; None when the role may come in with these ids."""
    route = call.route
    if not route.admits(role):
        if role.person:
            return {403, 404} if route.kind == "api" else {403}
        return {401} if route.kind == "api" else {302}
    if call.variant in ("foreign", "nobody's"):
        return {403, 404, 405}
    return None


def wrong(door: Door, call: Call, role: Role) -> list[str]:
    """Send one request and undo it; what was wrong with the answer."""
    with undone():
        start = touched()
        response = door.send(call, role)
        body = content(response) + repr(response.headers).encode()
        status, awaited = response.status_code, expected(call, role)
        found = []
        if status >= 500 and not (status == 503 and call.route.name == "ready"):
            found.append("is a fault")
        if awaited is not None and (status not in awaited or not is_refused(response)):
            found.append(f"awaited {sorted(awaited)}")
        leaked = {one.decode() for one in CANARY.findall(body)} - role.reads
        if role.side == "operator" and call.route.name in ALL_TRADES:
            leaked -= {"ACME", "GLOBEX"}
        if leaked:
            shown = sorted({one.decode() for one in re.findall(rb"CANARY-[A-Z]+-\w+", body)})
            found.append(f"shows {sorted(leaked)}: {shown}")
        must_not_change = status >= 400 or awaited is not None or call.route.method == "GET"
        if (must_not_change or call.variant == "foreign body") and touched() != start:
            found += changes(door, call, role, must_not_change)
    door.tried[role.name] += 1
    return [f"{role.name}: {call.route.method} {call.address} [{call.variant}] {status} {one}" for one in found]


def changes(door: Door, call: Call, role: Role, must_not_change: bool) -> list[str]:
    """Tables that differ though they must not; for foreign ids in a body: rows of the other company that differ."""
    after = snapshot()
    free = {"kernel_rate_bucket"} | ({"web_session"} if call.route.kind == "library" else set())
    differ = sorted(table for table in after if after[table] != door.before[table] and table not in free)
    if must_not_change:
        return [f"changed {differ}"] if differ else []
    theirs = [one for one in door.others(role) if not one.is_as_before()]
    return [f"changed {one.row!r} of another company" for one in theirs]


def planned(role: Role, trades: dict[str, Trade], all_routes: list[Route]) -> Iterator[Call]:
    own = trades[role.trade or "acme"].ids
    other = trades["acme" if role.trade == "globex" else "globex"].ids
    for route in all_routes:
        if role.key and route.kind != "api":
            continue
        yield from calls(route, own, other, role)


@pytest.mark.covers("R0.18")
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_gets_what_it_may_and_nothing_else(door: Door, role: Role, capsys: Any) -> None:
    known, _undeclared = routes()
    found = [one for call in planned(role, door.trades, known) for one in wrong(door, call, role)]
    with capsys.disabled():
        print(f"\nmatrix: {role.name}: {door.tried[role.name]} requests tried, {len(found)} wrong")
    assert found == [], "\n" + "\n".join(found)


def test_every_route_is_declared_and_every_part_of_an_address_known(door: Door) -> None:
    known, undeclared = routes()
    ids = door.trades["acme"].ids
    unknown = {f"{one.address}: {name}" for one in known for name in one.parameters if name not in ids and name not in EXAMPLES}
    assert undeclared == []
    assert unknown == set()


def test_the_matrix_tries_more_than_three_thousand_requests(door: Door, capsys: Any) -> None:
    known, _undeclared = routes()
    number = sum(1 for role in ROLES for _call in planned(role, door.trades, known))
    with capsys.disabled():
        print(f"\nmatrix: {len(known)} routes with their methods x {len(ROLES)} roles: {number} requests in all")
    assert number > 3000
    assert NOWHERE > max(value for value in door.trades["acme"].ids.values() if isinstance(value, int))
