"""Everybody's way into the two trades, inside the test process: for proofs that send thousands of requests."""

import logging
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpResponse
from django.test import Client, override_settings

from kontor.companies.models import ApiKey
from kontor.web.models import Session
from tests.assembly import Cast, assemble
from tests.proof.market import api_key
from tests.proof.permission_table import ROLES, Call, Role, body_of
from tests.proof.product import signed_in
from tests.proof.two_trades import Trade, two_trades
from tests.traces import snapshot

FORM = {
    "quantity": "1", "unit": "C62", "note": "x", "reason": "x", "body": "x", "name": "x", "decision": "approve",
    "revision": "1", "lines": "BOLT-M8 1", "pay_by": "terms", "channel": "phone",
    "do": "pause",
}  # fmt: skip
"""What a form may send beside ids."""


@dataclass
class Door:
    """Everybody's way in, and what the tables looked like before."""

    cast: Cast
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

    def send(self, call: Call, role: Role) -> Any:
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


@contextmanager
def open_door() -> Iterator[Door]:
    """The two trades in one transaction that is rolled back at the end."""
    many = {f"limit_by_{one}": 10**9 for one in ("account", "company", "address")}
    # with a mail server, so that the mailbox of demos is closed
    config = settings.CONFIG.model_copy(update={**many, "smtp_host": "127.0.0.1"})
    with override_settings(CONFIG=config), transaction.atomic():
        cast = assemble()
        trades = two_trades(cast)
        keys = {"read": api_key(cast.people["dora"]), "write": api_key(cast.people["dora"])}
        ApiKey.objects.filter(prefix=keys["read"][:12]).update(is_read_only=True)
        clients = {role.name: Client(raise_request_exception=False) for role in ROLES}
        sessions = {
            one.name: signed_in(cast.people[one.person]) for one in ROLES if one.person and not one.key
        }
        # a session that grows old meanwhile would be prolonged: on a slow machine the requests take that long
        Session.objects.update(expire_date=F("expire_date") + timedelta(days=1))
        built = Door(cast, trades, clients, sessions, keys, {})
        for role in ROLES:
            if role.key:  # a key's first use on a day is noted
                clients[role.name].get("/api/v1/me", headers={"Authorization": f"Bearer {keys[role.key]}"})
        built.before, built.rows = snapshot(), {name: kept(one) for name, one in trades.items()}
        logging.disable(logging.CRITICAL)  # ten thousand lines of refusals tell nobody anything
        yield built
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


def content(response: HttpResponse) -> bytes:
    streamed = getattr(response, "streaming_content", None)
    return b"".join(streamed) if streamed is not None else response.content


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in the block did not."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)
