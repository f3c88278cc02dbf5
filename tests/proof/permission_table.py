"""Every address of the product and who may open it, read from the URL resolver and the API itself.

Pages declare their access beside the view (`kontor.web.access`), operations of the API the capability they need.
Addresses of libraries are declared here. What is declared nowhere fails the build.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from kontor.api.rest import api
from kontor.api.schema import document, operations_of
from kontor.kernel.capabilities import capabilities_of
from kontor.web.access import OPERATOR, PUBLIC, SELLER, SIGNED_IN, access_of

KNOWN = "known"
"""Access to operations of the API that everybody with a session or a key has."""

LIBRARY = {
    **dict.fromkeys(("account_login", "account_signup", "account_inactive", "account_logout"), PUBLIC),
    **dict.fromkeys(("account_reset_password", "account_reset_password_done"), PUBLIC),
    **dict.fromkeys(("account_reset_password_from_key", "account_reset_password_from_key_done"), PUBLIC),
    **dict.fromkeys(("account_confirm_email", "account_email_verification_sent"), PUBLIC),
    **dict.fromkeys(("account_confirm_login_code", "mfa_authenticate", "account_email"), PUBLIC),
    **dict.fromkeys(("account_reauthenticate", "account_change_password", "account_set_password"), SIGNED_IN),
    **dict.fromkeys(("mfa_index", "mfa_reauthenticate"), SIGNED_IN),
    **dict.fromkeys(("mfa_activate_totp", "mfa_deactivate_totp"), SIGNED_IN),
    **dict.fromkeys(("mfa_view_recovery_codes", "mfa_generate_recovery_codes"), SIGNED_IN),
    "mfa_download_recovery_codes": SIGNED_IN,
}
"""Addresses of libraries, by their names."""

DOCUMENTS = {"openapi", "docs", "reference", "guide", "nothing"}
"""Addresses below /api/ that describe it, for everybody."""

CHANGES_WITHOUT_CAPABILITY = {"registerCompany", "chooseTopic"}
"""Operations that change something and need no capability: everybody registers, everybody chooses their own mails."""

EXAMPLES = {
    "token": "no-such-token", "handle": "no-such-browser", "slug": "anything", "category_path": "fasteners",
    "topic_name": "orders", "key": "x", "uidb36": "1", "table": "orders", "part": 0, "brand_slug": "elbwerk",
    "language": "en", "code": "NO-SUCH-CODE",
}  # fmt: skip
"""Parts of addresses that name nothing of a company."""

SHARED = {"category_id", "seller_id", "company_id", "version", "sku", "content_hash", "product_id",
          "seller_slug", "rate_id"}  # fmt: skip
"""Ids that both trades may name, or that the operator names."""

NOWHERE = 987_654_321


@dataclass(frozen=True)
class Role:
    """Somebody at the door. `trade` and `side` say whose rows are their own; `kinds` which canaries they may read."""

    name: str
    person: str = ""
    trade: str = ""
    side: str = ""
    roles: tuple[str, ...] = ()
    reads: frozenset[str] = frozenset()
    key: str = ""


ACME, HANSA = frozenset({"ACME", "ACMEONLY"}), frozenset({"ACME", "HANSAONLY"})
GLOBEX, LEVANTE = frozenset({"GLOBEX", "GLOBEXONLY"}), frozenset({"GLOBEX", "LEVANTEONLY"})

ROLES = (
    Role("guest"),
    Role("buyer", "ana", "acme", "buyer", ("buyer",), ACME),
    Role("approver", "ben", "acme", "buyer", ("approver",), ACME),
    Role("viewer", "cy", "acme", "buyer", ("viewer",), ACME),
    Role("company admin", "dora", "acme", "buyer", ("admin",), ACME),
    Role("rival company admin", "gil", "globex", "buyer", ("admin", "buyer"), GLOBEX),
    Role("sales", "sal", "acme", "seller", ("sales",), HANSA),
    Role("warehouse", "wim", "acme", "seller", ("warehouse",), HANSA),
    Role("finance", "fin", "acme", "seller", ("finance",), HANSA),
    Role("catalog", "cat", "acme", "seller", ("catalog",), HANSA),
    Role("store admin", "store_admin", "acme", "seller", ("seller_admin",), HANSA),
    Role("rival seller", "lev", "globex", "seller", ("seller_admin",), LEVANTE),
    Role("operator", "olga", "", "operator", ("operator",)),
    Role("API key that reads", "dora", "acme", "buyer", ("admin",), ACME, key="read"),
    Role("API key that writes", "dora", "acme", "buyer", ("admin",), ACME, key="write"),
)


@dataclass(frozen=True)
class Route:
    """An address with its parts in braces, a method, and who may use it."""

    name: str
    address: str
    method: str
    access: tuple[str, ...]
    kind: str
    body: Any = None
    parameters: tuple[str, ...] = ()
    if_match: bool = False
    query: tuple[str, ...] = ()

    def admits(self, role: Role) -> bool:
        """Whether the declared access lets this role in."""
        if PUBLIC in self.access:
            return True
        if not role.person:
            return False
        if role.key == "read" and self.kind == "api" and self.method != "GET" and self.is_change:
            return False
        if SIGNED_IN in self.access or KNOWN in self.access:
            return True
        if SELLER in self.access:
            return role.side == "seller"
        if OPERATOR in self.access:
            return role.side == "operator"
        return bool(capabilities_of(role.roles) & set(self.access))

    @property
    def is_change(self) -> bool:
        return self.name not in READS_BY_POST

    @property
    def scoped(self) -> list[str]:
        """Parts of the address that name a row of a company."""
        return [one for one in self.parameters if one not in EXAMPLES and one not in SHARED - {"product_id"}]


READS_BY_POST = {"queryPrices", "checkConfiguration", "tryPromotions"}
ALL_TRADES = {"audit", "audit_csv"}
"""The trail, on which the operator reads of all companies what was done to what, by its name."""


@dataclass(frozen=True)
class Call:
    """One request: the ids it names are `own`, or some of them are another company's or nobody's."""

    route: Route
    variant: str
    path: dict[str, Any] = field(hash=False)
    names: dict[str, Any] = field(hash=False)

    @property
    def address(self) -> str:
        return re.sub(r"\{(\w+)\}", lambda part: str(self.path[part[1]]), self.route.address)


PART = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


def walk(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        address = before + re.sub(r"^\^|\$$", "", str(one.pattern))
        if isinstance(one, URLResolver):
            yield from walk(one, address)
        else:
            yield address, one


def routes(urlconf: str | None = None) -> tuple[list[Route], list[str]]:
    """All routes, and the addresses that nobody has declared."""
    found: list[Route] = []
    undeclared = []
    for address, pattern in walk(get_resolver(urlconf)):
        if address.startswith("api/v1/"):
            continue
        access, kind = access_of(pattern.callback), "page"
        if access is None and address.startswith("api/") and pattern.name in DOCUMENTS:
            access = (PUBLIC,)
        if access is None and address.startswith("account/") and pattern.name in LIBRARY:
            access, kind = (LIBRARY[pattern.name],), "library"
        if access is None:
            undeclared.append(f"/{address} ({pattern.name})")
            continue
        parameters = tuple(part[1] or part[2] for part in PART.findall(address))
        plain = "/" + PART.sub(lambda part: "{" + (part[2] or part[3]) + "}", address)
        found += [
            Route(str(pattern.name), plain, method, tuple(map(str, access)), kind, parameters=parameters)
            for method in ("GET", "POST")
        ]
    made, missing = operations()
    return found + made, undeclared + missing


def operations() -> tuple[list[Route], list[str]]:
    """The operations of the API, with bodies made from the schema."""
    paths, components = _schema()
    found, undeclared = [], []
    for one in operations_of(api):
        facts, needed = one.view_func.facts, tuple(map(str, getattr(one.view_func, "needs", ())))
        everybody = any(type(each).__name__ == "Visitor" for each in one.auth_callbacks)
        if facts.changes and not needed and one.operation_id not in CHANGES_WITHOUT_CAPABILITY:
            undeclared.append(f"{one.methods} {one.path}: no capability is named")
        address = "/api/v1/" + re.sub(r"\{(?:\w+:)?(\w+)\}", r"{\1}", one.path)
        for method in one.methods:
            details = paths[address][method.lower()]
            schema = (
                details.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            )
            found.append(
                Route(
                    str(one.operation_id), address, method,
                    (PUBLIC,) if everybody else needed or (KNOWN,), "api",
                    body=(schema, components) if schema else None,
                    parameters=tuple(re.findall(r"\{(\w+)\}", address)), if_match=facts.if_match,
                    query=tuple(each["name"] for each in details["parameters"] if each.get("in") == "query"),
                )
            )  # fmt: skip
    return found, undeclared


@cache
def _schema() -> tuple[dict[str, Any], dict[str, Any]]:
    made = document(api)
    return made["paths"], made["components"]["schemas"]


def calls(route: Route, own: dict[str, Any], other: dict[str, Any], role: Role) -> list[Call]:
    """The route with own ids, with each id replaced by the other company's, and with ids of nobody."""
    nobody = {name: NOWHERE for name in own if name not in SHARED} | {"product_id": NOWHERE}
    foreign = other | {"product_id": other["draft_id"], "product": other["draft_id"]}
    if not role.trade:
        own = foreign
    path = {name: EXAMPLES.get(name, own.get(name)) for name in route.parameters}
    found = [Call(route, "own" if role.trade or not route.scoped else "foreign", path, own)]
    if not route.admits(role):
        return [
            *found,
            *(Call(route, "foreign", path | {name: foreign[name]}, foreign) for name in route.scoped[:1]),
        ]
    if role.trade:
        found += [Call(route, "foreign", path | {name: foreign[name]}, foreign) for name in route.scoped]
        if len(route.scoped) > 1:
            found.append(
                Call(route, "foreign", path | {name: foreign[name] for name in route.scoped}, foreign)
            )
        if _names_ids(route):
            found.append(Call(route, "foreign body", path, foreign | {"line": foreign["line"]}))
    if route.scoped:
        found.append(Call(route, "nobody's", path | {name: nobody[name] for name in route.scoped}, nobody | {
            "content_hash": own["content_hash"], "version": 1}))  # fmt: skip
    return found


def _names_ids(route: Route) -> bool:
    if route.kind == "page":
        return route.method == "POST"
    return route.body is not None and bool(_ids_in(route.body[0], route.body[1]))


def _ids_in(schema: dict[str, Any], components: dict[str, Any]) -> set[str]:
    """Names of the ids that a body may hold and that belong to one company."""
    schema = resolved(schema, components)
    if schema.get("type") == "array":
        return _ids_in(schema["items"], components)
    found = set()
    for name, one in schema.get("properties", {}).items():
        if name.endswith("_id") and (name not in SHARED or name == "product_id"):
            found.add(name)
        found |= _ids_in(one, components)
    return found


def resolved(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """The schema behind references and choices; of several the first that is not null."""
    while True:
        if "$ref" in schema:
            schema = components[schema["$ref"].rsplit("/", 1)[-1]]
        elif "anyOf" in schema:
            schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
        elif "allOf" in schema:
            schema = schema["allOf"][0]
        else:
            return schema


WORDS = {"country": "DE", "currency": "EUR", "unit": "C62", "language": "en", "email": "someone@example.org",
         "code": "A1", "sku": "NEW-1", "category": "fasteners", "iban": "", "tax_category": "standard",
         "base_unit": "C62", "source": "EUR", "target": "GBP",
         "password": "nine blue kettles", "text": "BOLT-M8 1"}  # fmt: skip


IN_BODIES = {"text", "default_delivery"}
"""What bodies hold though they need not."""


def body_of(route: Route, names: dict[str, Any]) -> Any:
    """A body that the schema accepts, with these ids."""
    if route.body is None:
        return None
    return _made(route.body[0], route.body[1], "", names)


def _made(schema: dict[str, Any], components: dict[str, Any], name: str, names: dict[str, Any]) -> Any:
    schema = resolved(schema, components)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type")
    if name in names and (name.endswith("_id") or name == "content_hash"):
        return names[name]
    if kind == "object" or "properties" in schema:
        required = schema.get("required", [])
        properties = schema.get("properties", {})
        if not properties:
            return {"1": _made(schema["additionalProperties"], components, "", names)}
        wanted = [
            one
            for one in properties
            if one in required or one in IN_BODIES or (one in names and one.endswith("_id"))
        ]
        if "shipment_id" in wanted and "order_id" in wanted:
            wanted.remove("order_id")  # one or the other
        return {one: _made(properties[one], components, one, names) for one in wanted}
    if kind == "array":
        return [_made(schema["items"], components, name.removesuffix("s"), names)]
    return _plain(schema, name)


def _plain(schema: dict[str, Any], name: str) -> Any:
    kind, form = schema.get("type"), schema.get("format", "")
    if kind in ("integer", "number"):
        return max(1, schema.get("minimum", 1))
    if kind == "boolean":
        return True
    if form.startswith("date"):
        return "2030-05-02" + ("T10:00:00Z" if form == "date-time" else "")
    if name in WORDS:
        return WORDS[name]
    if name == "role":
        return "viewer"
    if "pattern" in schema or any(
        word in name for word in ("quantity", "price", "amount", "on_hand", "received", "picked")
    ):
        return "1"
    return "x" * max(1, schema.get("minLength", 1))
