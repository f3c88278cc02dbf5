"""A page with nothing behind it."""

from collections.abc import Callable, Iterable
from typing import Any

PAGE = b"<!doctype html><title>bare</title><p>Hello"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(PAGE)))])
    return [PAGE]
