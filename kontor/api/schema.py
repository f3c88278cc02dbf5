"""The OpenAPI document: what ninja makes of the endpoints, and what it cannot know (problems, keys, versions)."""

from typing import Any

import orjson
from ninja import NinjaAPI
from ninja.operation import Operation

from kontor.api.doors import Visitor

PREFIX = "/api/v1/"
VERSION = "1.0.0"
DESCRIPTION = """\
Everything that the pages can do, for programs. Amounts, prices and quantities travel as decimal text, moments in UTC.

**Who asks**: `Authorization: Bearer kontor_…`, an API key of a company with roles of its own.
**Once**: every change carries an `Idempotency-Key`; a repeat within 30 days gets the first answer again.
**Versions**: answers carry an `ETag`; changes of shared things name it in `If-Match`.
**Lists** come in pages: follow `next` (or the `Link` header) until it is null.
**Errors** are `application/problem+json` (RFC 9457) with a stable `code` and, in `errors`, a JSON pointer for each
wrong field."""

STATUSES = {
    400: "The body is not JSON, or the Idempotency-Key is missing or unusable.",
    401: "No valid API key and no session.",
    403: "The key or person lacks the capability.",
    404: "Nothing there that the caller's company may see.",
    405: "The address does not know the method; `Allow` names those that it knows.",
    409: "Another request with this key is still running, or the object changed meanwhile.",
    412: "The version named in If-Match is not the current one.",
    413: "The body is too large.",
    415: "The body is not announced as JSON.",
    422: "Invalid, or refused by the business; `code` says why.",
    428: "If-Match is missing.",
    429: "Too many requests; Retry-After says when to go on.",
    500: "A fault of ours; nothing was changed.",
    503: "Not possible at the moment; repeat with the same key.",
}
READ_STATUSES = (401, 403, 404, 422, 429, 500, 503)
CHANGE_STATUSES = (400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503)

PROBLEM = {
    "title": "Problem",
    "description": "An error (RFC 9457). `code` is stable; texts are in the reader's language.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "instance", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "JSON pointer into the body: #/lines/0/quantity",
                    },
                    "parameter": {"type": "string", "description": "name of the query or path parameter"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 102},
    "description": "New for each intention, the same for each repeat of it. Bare or in double quotes.",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string"},
    "description": 'The ETag that was read, or its version alone: `"3"`.',
}


def document(api: NinjaAPI) -> dict[str, Any]:
    """The whole OpenAPI 3.1 document, in a stable order."""
    made: dict[str, Any] = orjson.loads(
        orjson.dumps(api.get_openapi_schema(path_prefix=PREFIX), option=orjson.OPT_NON_STR_KEYS)
    )
    operations = {one.operation_id: one for one in operations_of(api)}
    for methods in made["paths"].values():
        for details in methods.values():
            _complete(details, operations[details["operationId"]])
    made["info"] = {"title": "Kontor", "version": VERSION, "description": DESCRIPTION}
    made["servers"] = [{"url": "/"}]
    components = made["components"]
    components["schemas"] = dict(sorted((components.get("schemas", {}) | {"Problem": PROBLEM}).items()))
    components["parameters"] = {"IdempotencyKey": IDEMPOTENCY_KEY, "IfMatch": IF_MATCH}
    components["responses"] = {
        str(status): {
            "description": text,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, text in STATUSES.items()
    }
    made["paths"] = dict(sorted(made["paths"].items()))
    return made


def frozen_form(made: dict[str, Any]) -> bytes:
    """The document as it lies in schema.json: readable line by line, so that a change shows as one."""
    return orjson.dumps(made, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def operations_of(api: NinjaAPI) -> list[Operation]:
    """Every endpoint: `view_func.facts`, `view_func.needs`, `operation_id`, `methods`, `path`."""
    return [
        operation
        for router in api._get_bound_routers()  # noqa: SLF001  # ninja has no public way
        for view in router.path_operations.values()
        for operation in view.operations
    ]


def _complete(details: dict[str, Any], operation: Operation) -> None:
    view: Any = operation.view_func
    facts = view.facts
    parameters = details["parameters"]
    statuses: tuple[int, ...] = READ_STATUSES
    if facts.changes:
        statuses = CHANGE_STATUSES
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if facts.if_match:
        statuses = (*statuses, 412, 428)
        parameters.append({"$ref": "#/components/parameters/IfMatch"})
    if facts.media != "application/json":
        binary = {"type": "string", "contentMediaType": facts.media}
        details["responses"]["200"]["content"] = {facts.media: {"schema": binary}}
    for status in sorted(statuses):
        details["responses"].setdefault(str(status), {"$ref": f"#/components/responses/{status}"})
    needed = [str(one) for one in getattr(view, "needs", ())]
    if needed:
        details["x-needs"] = needed
    if facts.refuses:
        details["x-refusal-codes"] = list(facts.refuses)
    if any(isinstance(one, Visitor) for one in operation.auth_callbacks):
        details["security"] = [*details.get("security", []), {}]
