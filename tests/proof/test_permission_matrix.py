"""Every route x every role x own, foreign and nobody's ids: who is refused learns nothing and changes nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse

from tests.proof.doorway import Door, content, undone
from tests.proof.permission_table import (
    ALL_TRADES,
    EXAMPLES,
    NOWHERE,
    ROLES,
    Call,
    Role,
    Route,
    calls,
    routes,
)
from tests.proof.two_trades import Trade
from tests.traces import snapshot

pytestmark = pytest.mark.django_db
CANARY = re.compile(rb"CANARY-([A-Z]+)-")
TOUCHED = """
SELECT COALESCE(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables
WHERE relname <> 'kernel_rate_bucket'
"""
NOBODY = {
    "session_end", "medium", "mailbox", "mail", "mail_html", "alerts_end", "brand", "feed_xml", "feed_tsv", "nothing",
    "None", "offer_agreement", "certificate_document",
    "getTaxCertificateDocument",
}  # fmt: skip
"""Nobody's browser, a draft's file, the mailbox of demos, a link from nobody's mail, a brand while nothing is
indexed, a feed while visitors see no prices, what is no page at all, an agreement from an offer that nobody has
accepted, and the paper of a certificate that was handed in without one."""
OTHERWISE = {
    "quote_id": "drafted_id", "request_id": "drafted_id", "address_id": "archived_id", "product_id": "configurable_id",
}  # fmt: skip
"""Some doors open only to a request that is being answered, an address that is not in use, or configurable goods."""


def touched() -> int:
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED)
        (rows,) = cursor.fetchone() or (0,)
    return int(rows)


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
            leaked -= {"ACME", "GLOBEX", "HANSAONLY", "LEVANTEONLY"}
        if leaked:
            shown = sorted({one.decode() for one in re.findall(rb"CANARY-[A-Z]+-\w+", body)})
            found.append(f"shows {sorted(leaked)}: {shown}")
        must_not_change = status >= 400 or awaited is not None or call.route.method == "GET"
        if (must_not_change or call.variant == "foreign body") and touched() != start:
            found += changes(door, call, role, must_not_change)
    door.tried[role.name] += 1
    return [
        f"{role.name}: {call.route.method} {call.address} [{call.variant}] {status} {one}" for one in found
    ]


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
    unknown = {
        f"{one.address}: {name}"
        for one in known
        for name in one.parameters
        if name not in ids and name not in EXAMPLES
    }
    assert undeclared == []
    assert unknown == set()


def test_the_matrix_tries_more_than_three_thousand_requests(door: Door, capsys: Any) -> None:
    known, _undeclared = routes()
    number = sum(1 for role in ROLES for _call in planned(role, door.trades, known))
    with capsys.disabled():
        print(
            f"\nmatrix: {len(known)} routes with their methods x {len(ROLES)} roles: {number} requests in all"
        )
    assert number > 3000
    assert max(value for value in door.trades["acme"].ids.values() if isinstance(value, int)) < NOWHERE


FAULTY = "tests.proof.faulty_addresses"


def test_a_planted_page_that_shows_any_companys_order_is_found(door: Door, settings: Any) -> None:
    settings.ROOT_URLCONF = FAULTY
    faulty = [one for one in routes(FAULTY)[0] if one.name == "unscoped" and one.method == "GET"]
    viewer = next(one for one in ROLES if one.name == "viewer")

    found = [one for call in planned(viewer, door.trades, faulty) for one in wrong(door, call, viewer)]

    assert any("shows ['GLOBEX']" in one for one in found), found


def test_a_planted_page_without_a_declaration_is_found() -> None:
    assert routes(FAULTY)[1] == ["/faulty/ (undeclared)"]


def test_behind_every_door_somebody_is_let_in(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    """Else the refusals of all others prove nothing. One method of a page is enough."""
    known, _undeclared = routes()
    opened: dict[str, bool] = {}
    for route in known:
        key = route.address if route.kind == "page" else f"{route.method} {route.address}"
        opened.setdefault(key, route.kind == "library" or route.name in NOBODY)
        for role in reversed(ROLES):
            if opened[key] or not route.admits(role) or (role.key and route.kind != "api"):
                continue
            first = door.trades[role.trade or "acme"].ids
            for own in (first, first | {name: first[other] for name, other in OTHERWISE.items()}):
                path = {one: EXAMPLES.get(one, own.get(one)) for one in route.parameters}
                with undone():
                    opened[key] |= not is_refused(door.send(Call(route, "own", path, own), role))
    with capsys.disabled():
        print(f"\nmatrix: {len(opened)} doors, opened to somebody {sum(opened.values())}")
    closed = [one for one, was in opened.items() if not was]
    assert closed == [], "\n".join(["", *closed])
