"""One effect per form that was shown: a double click, a second tab or a resent page gets the first one's answer.

The same form with other contents, after a step back in the browser, is another intention and has its own effect.
Signing in and out are left out, and so are invitations: their answers are worth nothing without the session that came
with them.
"""

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from kontor.kernel.idempotency import Answer, once

FIELD = "once"
KEPT_HEADERS = ("Content-Type", "Location", "HX-Redirect", "HX-Trigger", "HX-Retarget", "Cache-Control")
LEFT_OUT = ("/api/", "/account/", "/invitation/")
NOT_PART = ("csrfmiddlewaretoken", FIELD)


def once_per_form(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer a POST that carries a form's key through `kernel.idempotency`, in one transaction with its effect."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST" or request.path.startswith(LEFT_OUT):
            return get_response(request)
        key = request.POST.get(FIELD, "")
        if not 16 <= len(key) <= 100:
            return get_response(request)
        direct: list[HttpResponseBase] = []

        def act() -> Answer:
            response = get_response(request)
            direct.append(response)
            return _answer_of(response)

        contents = _fingerprint(request)
        intention = hashlib.sha256(key.encode() + b"\0" + contents).hexdigest()
        given = once(scope=_scope(request), key=intention, fingerprint=contents, wait=True, act=act)
        return _response_of(given) if given.replayed else direct[0]

    return answer


def _scope(request: HttpRequest) -> str:
    actor = request.actor  # type: ignore[attr-defined]  # set by the identity middleware
    return f"user:{actor.user_id}" if actor else "guest"


def _fingerprint(request: HttpRequest) -> bytes:
    digest = hashlib.sha256(request.get_full_path().encode())
    for name, values in sorted(request.POST.lists()):
        if name not in NOT_PART:
            digest.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        digest.update(repr((name, [(file.name, file.size) for file in files])).encode())
    return digest.digest()


def _answer_of(response: HttpResponseBase) -> Answer:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    cookies = [cookie.OutputString() for cookie in response.cookies.values()]
    if cookies:
        headers["Set-Cookie"] = "\n".join(cookies)
    body = response.content if isinstance(response, HttpResponse) else b""
    return Answer(status=response.status_code, headers=headers, body=body)


def _response_of(answer: Answer) -> HttpResponse:
    headers = dict(answer.headers)
    cookies = headers.pop("Set-Cookie", "")
    response = HttpResponse(answer.body, status=answer.status, headers=headers)
    for cookie in cookies.splitlines():
        response.cookies.load(cookie)
    return response
