"""Bodies: JSON by the strict reader (no NaN, no trailing text), and no NUL, which no column can hold."""

from collections.abc import Iterator
from typing import Any

import orjson
from django.http import HttpRequest
from ninja.parser import Parser

_NUL = b"\\u0000"


class BodyProblem(Exception):
    """The body can be read, but holds what cannot be kept."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors


class StrictParser(Parser):
    """Reads bodies with orjson."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The JSON value. Raises orjson.JSONDecodeError or BodyProblem."""
        value = orjson.loads(request.body)
        if _NUL in request.body:
            places = list(_with_nul(value, ()))
            if places:
                raise BodyProblem(
                    [{"loc": ("body", "body", *place), "type": "nul_character"} for place in places]
                )
        return value


def _with_nul(value: Any, place: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, str):
        if "\0" in value:
            yield place
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _with_nul(inner, (*place, name.replace("\0", "")))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _with_nul(inner, (*place, index))
