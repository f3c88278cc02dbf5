"""The one way in which business says no."""

from collections.abc import Mapping


class Refused(Exception):
    """A business refusal: nothing was changed, and the person can do something about it.

    `code` is stable and part of the API; `message` is a translated sentence that says what, why and what to do;
    `fields` maps a field (or a JSON pointer such as ``lines/3/quantity``) to the sentence shown beside it.
    Pages answer 422 with the fragment, the API with RFC 9457.
    """

    def __init__(self, code: str, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields: dict[str, str] = dict(fields or {})

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class NotAllowed(Refused):
    """The actor lacks the capability; edges answer 403."""


class Stale(Refused):
    """Somebody else changed the object first; edges answer 409 (pages) or 412 (API, If-Match)."""
