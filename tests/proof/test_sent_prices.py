"""Whatever buyers send through whichever door: no price of theirs is taken or kept."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from tests.proof.doorway import Door, content, undone
from tests.proof.permission_table import EXAMPLES, ROLES, Call, resolved, routes
from tests.proof.test_price_integrity import AMOUNTS

pytestmark = pytest.mark.django_db
MARK = Decimal("0.010001")
"""A price that nothing costs: it is looked for in every column after every request."""
WISHED = {"quotes_request_line.target_price"}
"""What a buyer says about prices and nobody takes as one."""
NUMERIC = """
SELECT c.table_name, c.column_name FROM information_schema.columns c
JOIN information_schema.tables t ON t.table_name = c.table_name AND t.table_schema = c.table_schema
WHERE c.table_schema = 'public' AND c.data_type = 'numeric' AND t.table_type = 'BASE TABLE'
"""
BUYERS = [one for one in ROLES if one.side == "buyer"]


def marked() -> set[str]:
    """The columns in which the price that was sent stands."""
    with connection.cursor() as cursor:
        cursor.execute(NUMERIC)
        asked = " UNION ALL ".join(
            f"SELECT '{table}.{column}' WHERE EXISTS (SELECT FROM {table} WHERE {column} = {MARK})"  # names of the catalog
            for table, column in cursor.fetchall()
        )
        cursor.execute(asked)
        return {one for (one,) in cursor.fetchall()}


def marked_form(names: dict[str, Any]) -> dict[str, str]:
    """The amounts beside every line that the form may name, and on their own."""
    sent = dict.fromkeys((*AMOUNTS, "target_price", "list_price"), str(MARK))
    lines = {names.get("line_id"), names.get("line"), names.get("order_line_id"), 0, 1}
    return sent | {f"lines/{line}/{name}": text for line in lines for name, text in sent.items()}


@pytest.mark.covers("R0.5", "R0.18")
def test_a_price_that_a_buyer_sends_is_kept_nowhere(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    """Every form of the product that a buyer may send, with amounts beside all that it may hold."""
    assert marked() == set()
    wrong, taken = [], 0
    for route in routes()[0]:
        allowed = [
            one for one in BUYERS if route.kind == "page" and route.method == "POST" and route.admits(one)
        ]
        for role in allowed[:2]:
            own = door.trades[role.trade].ids
            path = {name: EXAMPLES.get(name, own.get(name)) for name in route.parameters}
            call = Call(route, "own", path, own | marked_form(own))
            with undone():
                response = door.send(call, role)
                content(response)
                taken += response.status_code in (200, 204, 303)
                if found := marked() - WISHED:
                    wrong.append(f"{role.name}: {call.address} keeps it in {sorted(found)}")
    with capsys.disabled():
        print(f"\nprices sent by buyers: {taken} forms were taken")
    assert wrong == [], "\n" + "\n".join(wrong)
    assert taken > 20


PRICED = re.compile(r"price|amount|net\b|net_|gross|allowance|discount|tax|currency|rate", re.IGNORECASE)
NO_PRICE = {
    "prices_for_guests",
    "target_price",
    "AcceptOfferIn",
    "tax_number",
    "currency",
    "order_limit",
    "rates",
}


def objects_in(
    schema: dict[str, Any], components: dict[str, Any], path: tuple[Any, ...] = ()
) -> Iterator[Any]:
    """Every object in a body, as (where, its properties, whether it takes what it does not name)."""
    schema = resolved(schema, components)
    if "items" in schema:
        yield from objects_in(schema["items"], components, (*path, 0))
    elif "properties" in schema:
        yield path, schema["properties"], schema.get("additionalProperties", True)
        for name, one in schema["properties"].items():
            yield from objects_in(one, components, (*path, name))
    elif isinstance(schema.get("additionalProperties"), dict):
        yield from objects_in(schema["additionalProperties"], components, (*path, "1"))


@pytest.mark.covers("R0.5", "R0.18")
def test_no_body_of_the_api_that_a_buyer_may_send_has_room_for_a_price() -> None:
    wrong = []
    for route in routes()[0]:
        if route.kind != "api" or route.body is None or not any(map(route.admits, BUYERS)):
            continue
        for path, properties, more in objects_in(*route.body):
            wrong += [
                f"{route.name} takes {name} at {path}"
                for name in properties
                if PRICED.search(name) and name not in NO_PRICE
            ]
            if more is not False:
                wrong.append(f"{route.name} takes anything at {path}")
    assert wrong == [], "\n" + "\n".join(wrong)
