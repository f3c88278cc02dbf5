"""A client of the API that holds every answer against the schema and every error against RFC 9457."""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client
from pydantic import TypeAdapter

from kontor.api.rest import api
from kontor.api.schema import operations_of
from kontor.companies.models import ApiKey, Membership

OPERATIONS = {(one.path, method): one for one in operations_of(api) for method in one.methods}
PATHS = {one.operation_id: one.path for one in operations_of(api)}
PROBLEM_KEYS = {"type", "title", "status", "code", "detail", "instance", "request_id"}


@dataclass
class Caller:
    """Sends requests with one key or session; `seen` collects what was answered."""

    client: Client
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("POST", path, body, headers=headers)

    def put(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("PUT", path, body, headers=headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("PATCH", path, body, headers=headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.send("DELETE", path, headers=headers)

    def send(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None
    ) -> HttpResponse:
        """`path` is below /api/v1/. Header names with underscores; a fresh Idempotency-Key unless given."""
        given = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        if method != "GET":
            given.setdefault("Idempotency-Key", str(uuid.uuid4()))
        data = b"" if body is None else body if isinstance(body, bytes) else orjson.dumps(body)
        sent = {name: value for name, value in (self.headers | given).items() if value}
        address = path if path.startswith("/") else f"/api/v1/{path}"
        response = self.client.generic(method, address, data, content_type="application/json", headers=sent)
        check(response)
        return cast(HttpResponse, response)


def check(response: Any) -> None:
    """Every answer is what the schema says; every error is a whole problem and tells nothing of the inside."""
    if response.status_code >= 400:
        assert response.headers["Content-Type"] == "application/problem+json", response.content
        problem = response.json()
        assert set(problem) - {"errors"} == PROBLEM_KEYS
        assert problem["status"] == response.status_code
        assert problem["request_id"] == response.headers["X-Request-Id"]
        assert b"Traceback" not in response.content
        return
    path = PATHS.get(response.resolver_match.url_name)
    if path is None or response.status_code == 304:
        return
    operation = OPERATIONS[path, response.wsgi_request.method]
    assert response.status_code in operation.response_models, (operation.operation_id, response.status_code)
    model = operation.response_models[response.status_code]
    assert response.headers["Cache-Control"] == "private, no-store"
    if response.headers.get("Content-Type") != "application/json":
        return
    expected: Any = model.model_fields["response"].annotation
    adapter: TypeAdapter[Any] = TypeAdapter(expected)
    shown = adapter.dump_json(adapter.validate_json(response.content, strict=True))
    assert orjson.loads(shown) == orjson.loads(response.content)


def make_key(membership: Membership, **facts: Any) -> str:
    """A key with the person's roles and limit; returns its secret."""
    secret = f"kontor_{uuid.uuid4().hex}{uuid.uuid4().hex}"
    known: dict[str, Any] = {
        "company": membership.company,
        "name": f"Key of {membership.user.name}",
        "prefix": secret[:12],
        "key_hash": hashlib.sha256(secret.encode()).hexdigest(),
        "roles": membership.roles,
        "order_limit": membership.order_limit,
        "created_by": membership,
    }
    ApiKey.objects.create(**(known | facts))
    return secret


def by_key(membership: Membership, **facts: Any) -> Caller:
    """A program with a key that may what this person may."""
    client = Client(raise_request_exception=False)
    return Caller(client, {"Authorization": f"Bearer {make_key(membership, **facts)}"})


def by_session(membership: Membership) -> Caller:
    """The person's browser."""
    client = Client(raise_request_exception=False)
    client.force_login(membership.user)
    return Caller(client)


@pytest.fixture
def guest(db: None) -> Caller:
    """Somebody without key and session."""
    return Caller(Client(raise_request_exception=False))


@pytest.fixture
def as_key() -> Callable[..., Caller]:
    return by_key


@pytest.fixture
def as_person() -> Callable[[Membership], Caller]:
    return by_session


def pointers(response: HttpResponse) -> dict[str, str]:
    """Where the errors are and their codes."""
    errors = orjson.loads(response.content)["errors"]
    return {one.get("pointer") or f"?{one['parameter']}": one["code"] for one in errors}
