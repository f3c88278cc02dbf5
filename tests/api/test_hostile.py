"""Every operation, handed what no honest client sends: never a fault of ours, never a change."""

import itertools
from typing import Any

import orjson
import pytest

from kontor.audit.models import Entry
from kontor.companies.models import Company
from kontor.companies.roles import BUYER_ROLES, SELLER_ROLES
from tests.api.conftest import OPERATIONS, Caller, by_key

IDS = ("0", str(2**31), str(2**63 - 1), str(2**63), str(10**40))
BODIES: tuple[bytes, ...] = (
    b"",
    b"[]",
    b"{}",
    b'"text"',
    b'{"__proto__": {"is_admin": true}}',
    b'{"lines": {"1": {"unit_price": "1"}}, "cart_id": 9223372036854775807, "reason": "x", "note": "x", "name": "x"}',
    b'{"cart_id": 9223372036854775808, "order_id": -1, "shipment_id": 1.5, "lines": [[[]]], "sku": {"$gt": ""}}',
    orjson.dumps({"a": "b" * 10_000, "quantity": "9" * 5000, "sku": "'; DROP TABLE orders_order; --"}),
    b'{"a":' * 900 + b"1" + b"}" * 900,
)
QUERIES = (
    "limit=-1",
    "after=%00",
    "after=" + "A" * 300,
    "search=%00",
    "q=%00",
    "status=%27",
    "sku=%25%5C",
    "seller_id=99999999999999999999",
    "product_id=0",
    "order_id=1;2",
    "customer_number=%F0%9F%94%A7",
)
SUBJECTS = sorted({subject for one in OPERATIONS.values() for subject in one.tags or ()})


def addresses(operation: Any, number: str) -> str:
    path = operation.path
    for name in itertools.chain.from_iterable(part.split("}")[:1] for part in path.split("{")[1:]):
        path = path.replace("{" + name + "}", number if name.startswith("int:") else "x")
    return path


@pytest.mark.parametrize("subject", SUBJECTS)
def test_nothing_that_is_sent_breaks_an_operation(subject, store_admin):
    """Sent by somebody with every role, so that nothing stops at the door."""
    Company.objects.filter(pk=store_admin.company_id).update(is_buyer=True)
    caller = by_key(store_admin, roles=list(BUYER_ROLES | SELLER_ROLES))
    tried = [
        attack(caller, method, operation)
        for (_path, method), operation in OPERATIONS.items()
        if subject in (operation.tags or ())
    ]
    assert sum(tried) > 20


def attack(caller: Caller, method: str, operation: Any) -> int:
    """Send everything; how many requests that were."""
    before = Entry.objects.count()
    if method == "GET":
        sent = [caller.get(f"{addresses(operation, '1')}?{query}") for query in QUERIES]
        sent += [caller.get(addresses(operation, number)) for number in IDS]
    else:
        target = addresses(operation, str(2**62))
        sent = [caller.send(method, target, body, headers={"If-Match": '"1"'}) for body in BODIES]
        if "{int:" in operation.path:
            stars = {"If-Match": "*"}
            sent += [caller.send(method, addresses(operation, one), {}, headers=stars) for one in IDS]
    assert [one.status_code for one in sent if one.status_code >= 500] == [], operation.operation_id
    if "{" in operation.path:
        assert Entry.objects.count() == before, operation.operation_id
    return len(sent)
