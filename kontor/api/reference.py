"""The OpenAPI document as a page shows it: groups, endpoints, fields, without a script."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """A field of a body or a parameter, `depth` levels down."""

    name: str
    kind: str
    required: bool
    text: Markup
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointEntry:
    """One endpoint."""

    anchor: str
    method: str
    path: str
    title: str
    text: Markup
    needs: tuple[str, ...]
    refuses: tuple[str, ...]
    changes: bool
    names_version: bool
    public: bool
    parameters: tuple[FieldRow, ...]
    body: tuple[FieldRow, ...]
    answers: tuple[tuple[str, str, tuple[FieldRow, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The endpoints of one subject."""

    anchor: str
    name: str
    entries: tuple[EndpointEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Everything on the page."""

    version: str
    groups: tuple[Group, ...]
    statuses: tuple[tuple[str, str], ...]

    @property
    def told(self) -> list[tuple[str, Markup]]:
        """The statuses with their meaning as a page shows it."""
        return [(status, prose(text)) for status, text in self.statuses]


def reference_of(document: dict[str, Any]) -> Reference:
    """The page's content from an OpenAPI document."""
    groups: dict[str, list[EndpointEntry]] = {}
    for path, methods in document["paths"].items():
        for method, details in methods.items():
            groups.setdefault(details["tags"][0], []).append(_entry(document, path, method, details))
    responses = document["components"]["responses"]
    return Reference(
        version=document["info"]["version"],
        groups=tuple(
            Group(anchor=f"group-{name.lower().replace(' ', '-')}", name=name, entries=tuple(entries))
            for name, entries in sorted(groups.items())
        ),
        statuses=tuple((status, one["description"]) for status, one in responses.items()),
    )


def prose(text: str) -> Markup:
    """A sentence with what stands between backticks as code."""
    parts = [
        Markup("<code>%s</code>") % part if odd % 2 else escape(part)
        for odd, part in enumerate(text.split("`"))
    ]
    return Markup("").join(parts)


def _entry(document: dict[str, Any], path: str, method: str, details: dict[str, Any]) -> EndpointEntry:
    parameters = [_resolved(document, one) for one in details.get("parameters", ())]
    content = details.get("requestBody", {}).get("content", {})
    body = next((one["schema"] for one in content.values()), None)
    return EndpointEntry(
        anchor=details["operationId"],
        method=method.upper(),
        path=path,
        title=details.get("summary", ""),
        text=prose(details.get("description", "")),
        needs=tuple(details.get("x-needs", ())),
        refuses=tuple(details.get("x-refusal-codes", ())),
        changes=any(one["name"] == "Idempotency-Key" for one in parameters),
        names_version=any(one["name"] == "If-Match" for one in parameters),
        public={} in details.get("security", ()),
        parameters=tuple(
            FieldRow(
                name=one["name"],
                kind=f"{one['in']}, {_kind(document, one['schema'])}",
                required=bool(one.get("required")),
                text=prose(one.get("description", "")),
            )
            for one in parameters
        ),
        body=tuple(_rows(document, body, 0)) if body else (),
        answers=tuple(_answers(document, details["responses"])),
    )


def _answers(
    document: dict[str, Any], responses: dict[str, Any]
) -> list[tuple[str, str, tuple[FieldRow, ...]]]:
    found = []
    for status, one in responses.items():
        if "$ref" in one:
            continue
        schema = one.get("content", {}).get("application/json", {}).get("schema")
        rows = tuple(_rows(document, schema, 0)) if schema else ()
        kind = _kind(document, schema) if schema else ", ".join(one.get("content", {})) or "-"
        found.append((status, kind, rows))
    return found


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself where a reference stands; of a choice, the part that is not null."""
    if "$ref" in schema:
        target: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return _resolved(document, target)
    for choice in ("anyOf", "allOf", "oneOf"):
        parts = [one for one in schema.get(choice, ()) if one.get("type") != "null"]
        if parts:
            return _resolved(document, parts[0])
    return schema


def _kind(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """A type in words: ``list of Line or null``."""
    if any(one.get("type") == "null" for one in schema.get("anyOf", ())):
        return f"{_kind(document, _resolved(document, schema))} or null"
    real = _resolved(document, schema)
    if real.get("type") == "array":
        return f"list of {_kind(document, real.get('items', {}))}"
    if "enum" in real:
        return " | ".join(str(one) for one in real["enum"])
    if "const" in real:
        return str(real["const"])
    if real.get("type") == "object":
        return str(real.get("title", "object"))
    return str(real.get("format") or real.get("type") or "any")


def _rows(document: dict[str, Any], schema: dict[str, Any], depth: int) -> list[FieldRow]:
    real = _resolved(document, schema)
    if real.get("type") == "array":
        return _rows(document, real["items"], depth)
    rows: list[FieldRow] = []
    for name, one in real.get("properties", {}).items():
        inner = _resolved(document, one)
        text = one.get("description") or inner.get("description", "")
        required = name in real.get("required", ())
        rows.append(
            FieldRow(name=name, kind=_kind(document, one), required=required, text=prose(text), depth=depth)
        )
        if depth < 3 and (inner.get("properties") or inner.get("items")):
            rows.extend(_rows(document, one, depth + 1))
    return rows
