"""What happens around every endpoint: answers become bytes with an ETag, changes happen once per key.

`@reads()` and `@changes()` stand directly above a view, `@needs()` names the capability that the operation below asks
for (the operation decides; the name is for the documentation and for the permission table).
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

import orjson
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from ninja.errors import ValidationError
from pydantic import BaseModel

from kontor.api.doors import ApiRequest
from kontor.api.paging import Page
from kontor.api.preconditions import etag_of, known_already, not_modified
from kontor.kernel.capabilities import Capability
from kontor.kernel.idempotency import Answer, once
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.web.middleware.limits import address_of

KEPT_HEADERS = ("Content-Type", "ETag", "Location", "Cache-Control")
NO_STORE = "private, no-store"
_KEY = re.compile(r'"?([\x21\x23-\x7e]{1,100})"?')
View = TypeVar("View", bound=Callable[..., Any])


class BadKey(Refused):
    """The Idempotency-Key is missing or unusable; answered with 400."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the documentation and the permission table know of an endpoint."""

    changes: bool
    if_match: bool = False
    refuses: tuple[str, ...] = ()
    media: str = "application/json"
    takes_file: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that is more than its body. `kept` replaces the body in a replay, where it holds a secret."""

    body: Any = None
    status: int = 200
    version: str = ""
    location: str = ""
    kept: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def needs(*capabilities: Capability) -> Callable[[View], View]:
    """Name the capabilities of which the caller needs one."""

    def mark(view: View) -> View:
        view.needs = capabilities  # type: ignore[attr-defined]  # read by schema and permission table
        return view

    return mark


def reads(*, refuses: tuple[str, ...] = (), media: str = "application/json") -> Callable[[View], View]:
    """An endpoint that changes nothing, whatever its method."""

    def wrap(view: View) -> View:
        @wraps(view)
        def answer(request: ApiRequest, **values: Any) -> HttpResponse:
            _refuse_unknown(answer, request)
            response = rendered(view(request, **values))
            etag = response.headers.get("ETag", "")
            if request.method == "GET" and etag and known_already(request, etag):
                return not_modified(etag)
            return response

        answer.facts = Facts(changes=False, refuses=refuses, media=media)  # type: ignore[attr-defined]  # as above
        return answer  # type: ignore[return-value]  # wraps keeps the signature

    return wrap


def changes(
    *,
    refuses: tuple[str, ...] = (),
    if_match: bool = False,
    takes_file: bool = False,
    first: Callable[[ApiRequest], None] | None = None,
) -> Callable[[View], View]:
    """An endpoint that changes something: once per Idempotency-Key, never with a read-only key.

    With `takes_file` its body is multipart/form-data.

    `first` runs before the transaction of the effect: attempts are counted there, and stay counted after a refusal.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def answer(request: ApiRequest, **values: Any) -> HttpResponse:
            _refuse_unknown(answer, request)
            if request.__dict__.get("bearer") is not None and request.bearer and request.bearer.is_read_only:
                raise NotAllowed(
                    "read_only_key", _("This API key may only read. Use one that may change data.")
                )
            key = key_of(request)
            if first is not None:
                first(request)
            direct: list[HttpResponse] = []

            def act() -> Answer:
                reply = view(request, **values)
                direct.append(rendered(reply))
                kept = (
                    rendered(_kept(reply))
                    if isinstance(reply, Reply) and reply.kept is not None
                    else direct[0]
                )
                headers = {name: kept.headers[name] for name in KEPT_HEADERS if name in kept.headers}
                return Answer(status=kept.status_code, headers=headers, body=kept.content)

            given = once(
                scope=scope_of(request), key=key, fingerprint=fingerprint(request), wait=False, act=act
            )
            return replayed(given) if given.replayed else direct[0]

        answer.facts = Facts(changes=True, if_match=if_match, refuses=refuses, takes_file=takes_file)  # type: ignore[attr-defined]  # as above
        return answer  # type: ignore[return-value]  # wraps keeps the signature

    return wrap


def _kept(reply: Reply) -> Reply:
    return Reply(body=reply.kept, status=reply.status, location=reply.location)


def rendered(result: Any) -> HttpResponse:
    """The response for what a view returned: a model, plain JSON data, a Reply, None, or a response already."""
    if isinstance(result, (HttpResponse, StreamingHttpResponse)):
        result.headers.setdefault("Cache-Control", NO_STORE)
        return result  # type: ignore[return-value]  # nobody below looks into what is sent piece by piece
    reply = result if isinstance(result, Reply) else Reply(body=result)
    if reply.body is None:
        response = HttpResponse(status=204 if reply.status == 200 else reply.status)
        del response.headers["Content-Type"]
    else:
        body = json_of(reply.body)
        response = HttpResponse(body, status=reply.status, content_type="application/json")
        response.headers["ETag"] = etag_of(body, reply.version)
    response.headers["Cache-Control"] = NO_STORE
    if reply.location:
        response.headers["Location"] = reply.location
    following = reply.body.next if isinstance(reply.body, Page) else None
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    for name, value in reply.headers.items():
        response.headers[name] = value
    return response


def json_of(body: Any) -> bytes:
    """Compact JSON. Amounts must already be text."""
    return body.model_dump_json().encode() if isinstance(body, BaseModel) else orjson.dumps(body)


def replayed(given: Answer) -> HttpResponse:
    """The stored answer again, byte for byte, and marked as such."""
    response = HttpResponse(given.body, status=given.status)
    del response.headers["Content-Type"]
    for name, value in given.headers.items():
        response.headers[name] = value
    response.headers["Idempotency-Replayed"] = "true"
    return response


def key_of(request: HttpRequest) -> str:
    """The Idempotency-Key, quoted or bare. Raises BadKey("idempotency_key_missing" or "bad_idempotency_key")."""
    given = request.headers.get("Idempotency-Key", "").strip()
    if not given:
        message = _(
            "Send a header Idempotency-Key with a value of your own, new for each intention, such as a UUID."
        )
        raise BadKey("idempotency_key_missing", message)
    match = _KEY.fullmatch(given)
    if match is None:
        message = _("An Idempotency-Key has 1 to 100 printable ASCII characters and no blanks.")
        raise BadKey("bad_idempotency_key", message)
    return match[1]


def scope_of(request: ApiRequest) -> str:
    """Whose keys these are: an API key's own, those of a person in a company, for a customer, or of an address."""
    bearer = request.__dict__.get("bearer")
    if bearer is not None:
        return f"key:{bearer.key_id}"
    actor = request.__dict__.get("actor")
    if actor is None:
        return f"visitor:{address_of(request)}"[:60]
    return f"member:{actor.membership_id or actor.user_id}:for:{actor.acting_for_id or ''}"


def fingerprint(request: HttpRequest) -> bytes:
    """What makes two requests the same: method, address, version named, body."""
    digest = hashlib.sha256()
    for part in (request.method or "", request.get_full_path(), request.headers.get("If-Match", "")):
        digest.update(part.encode() + b"\0")
    if request.content_type == "multipart/form-data":  # its boundary is another one in each repeat
        for name, values in sorted(request.POST.lists()):
            digest.update(repr((name, values)).encode())
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                digest.update(repr(name).encode())
                for piece in file.chunks():
                    digest.update(piece)
                file.seek(0)
    else:
        digest.update(request.body)
    return digest.digest()


def _refuse_unknown(view: Any, request: HttpRequest) -> None:
    """Refuse a parameter that is misspelt, given twice or holds a NUL: a filter that is not applied would mislead."""
    if not request.GET:
        return
    known = _known_parameters(view)
    wrong = []
    for name, given in request.GET.lists():
        if name not in known:
            wrong.append({"loc": ("query", name), "type": "unknown_parameter"})
        elif len(given) > 1 and not known[name]:
            wrong.append({"loc": ("query", name), "type": "given_twice"})
        elif any("\0" in value for value in given):
            wrong.append({"loc": ("query", name), "type": "nul_character"})
    if wrong:
        raise ValidationError(wrong)


def _known_parameters(view: Any) -> dict[str, bool]:
    """The query parameters of a view, and whether each may be repeated."""
    known: dict[str, bool] | None = view.__dict__.get("known_parameters")
    if known is None:
        models = view._ninja_operation.models  # noqa: SLF001  # ninja leaves it there for decorators
        known = view.known_parameters = {
            name: name in one.__ninja_collection_fields__
            for one in models
            if one.__ninja_param_source__ == "query"
            for name in one.__ninja_flatten_map__
        }
    return known
