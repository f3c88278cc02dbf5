"""The frozen OpenAPI document: a change of the interface is a change of that file, made on purpose."""

from collections import Counter

import orjson
import pytest

from kontor.api.documents import frozen
from kontor.api.rest import api
from kontor.api.schema import PREFIX, document, frozen_form, operations_of
from kontor.kernel.capabilities import declared

DOCUMENT = document(api)
OPERATIONS = {
    one["operationId"]: (path, method, one)
    for path, methods in DOCUMENT["paths"].items()
    for method, one in methods.items()
}


@pytest.mark.covers("R3.29")
def test_the_interface_is_the_frozen_one():
    """Run `make api-schema` when the interface was changed on purpose, and look at the difference."""
    assert frozen_form(DOCUMENT).decode() == frozen().decode()


def test_it_is_openapi_3_1_with_one_problem_form():
    assert DOCUMENT["openapi"] == "3.1.0"
    assert all(path.startswith(PREFIX) for path in DOCUMENT["paths"])
    for _path, _method, one in OPERATIONS.values():
        errors = {status: answer for status, answer in one["responses"].items() if status >= "4"}
        assert set(errors) >= {"401", "403", "404", "422", "429", "500"}
        assert all(
            answer == {"$ref": f"#/components/responses/{status}"} for status, answer in errors.items()
        )


def test_every_operation_is_named_described_and_answers_with_one_success():
    for name, (path, method, one) in OPERATIONS.items():
        assert one["summary"], name
        assert one["description"], name
        assert len([status for status in one["responses"] if status < "4"]) == 1, (path, method)
    assert len(OPERATIONS) == len(operations_of(api))


def test_no_address_is_served_by_two_routers():
    """The first would hide the second's methods."""
    paths = Counter(path for router in api._get_bound_routers() for path in router.path_operations)

    assert [path for path, times in paths.items() if times > 1] == []


def test_every_change_asks_for_an_idempotency_key():
    key = {"$ref": "#/components/parameters/IdempotencyKey"}
    without = {
        name
        for name, (_path, method, one) in OPERATIONS.items()
        if method != "get" and key not in one["parameters"]
    }

    assert without == {"queryPrices", "checkConfiguration", "tryPromotions"}


def test_needs_name_declared_capabilities():
    known = {str(one.name) for one in declared()}

    for name, (_path, _method, one) in OPERATIONS.items():
        assert set(one.get("x-needs", ())) <= known, name


def test_bodies_refuse_what_they_do_not_know_and_amounts_are_text():
    def schemas(node):
        if isinstance(node, dict):
            yield node
            for inner in node.values():
                yield from schemas(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from schemas(inner)

    assert not [node for node in schemas(DOCUMENT) if node.get("type") == "number"]
    for name, (_path, _method, one) in OPERATIONS.items():
        body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if body:
            named = DOCUMENT["components"]["schemas"][body["$ref"].rsplit("/", 1)[1]]
            assert named["additionalProperties"] is False, name


@pytest.mark.django_db
def test_everybody_may_read_the_document(client):
    answer = client.get("/api/openapi.json")

    assert answer.status_code == 200
    assert orjson.loads(answer.content)["info"]["title"] == "Kontor"
    assert (
        client.get("/api/openapi.json", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    )
