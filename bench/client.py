"""A buyer at a keep-alive connection."""

import http.client
import json
import re
import urllib.parse
import uuid
from typing import Any

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Buyer:
    """One connection with its cookies; `get` and `post` return status, headers and body."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None, key: str = "") -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.port, self.cookies, self.key, self.token = port, dict(cookies or {}), key, ""

    def again(self) -> "Buyer":
        """The same person at another connection."""
        twin = Buyer(self.port, self.cookies, self.key)
        twin.token = self.token
        return twin

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, Any, bytes]:
        headers |= {"Host": "localhost", "Accept-Language": "en"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _equals, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, answer.headers, content

    def get(self, path: str, *, htmx: bool = False) -> bytes:
        headers = {"HX-Request": "true"} if htmx else {}
        status, _headers, content = self.ask("GET", path, **headers)
        if status != 200:
            raise RuntimeError(f"GET {path}: {status} {content[:300]!r}")
        return content

    def post(self, path: str, fields: dict[str, str], *, htmx: bool = False) -> tuple[int, Any, bytes]:
        """Send a form with its tokens. Raises RuntimeError for an answer of 400 or more."""
        fields = fields | {"csrfmiddlewaretoken": self.token, "once": uuid.uuid4().hex}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://localhost:{self.port}",
        }
        if htmx:
            headers["HX-Request"] = "true"
        headers["Origin"] = "http://localhost"
        status, answer, content = self.ask("POST", path, urllib.parse.urlencode(fields).encode(), **headers)
        if status >= 400:
            raise RuntimeError(f"POST {path}: {status} {content[:300]!r}")
        return status, answer, content

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """A call of the API with an idempotency key. Raises RuntimeError for an answer of 400 or more."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        raw = None if body is None else json.dumps(body).encode()
        status, _headers, content = self.ask(method, path, raw, **headers)
        if status >= 400:
            raise RuntimeError(f"{method} {path}: {status} {content[:500]!r}")
        return json.loads(content) if content else None

    def sign_in(self, email: str, password: str) -> None:
        """Through the sign-in page, as people do."""
        page = self.get("/account/login/").decode()
        self.token = _token(page)
        status, _headers, content = self.post("/account/login/", {"login": email, "password": password})
        if status not in (302, 303):
            raise RuntimeError(f"sign-in failed: {status} {content[:300]!r}")
        self.token = _token(self.get("/carts/").decode())


def _token(page: str) -> str:
    found = TOKEN.search(page)
    if found is None:
        raise RuntimeError("the page has no form token")
    return found[1]
