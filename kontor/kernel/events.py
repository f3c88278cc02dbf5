"""Events and the outbox: how an app tells the apps above it that something happened.

`publish()` writes the event and one delivery per reaction in the caller's transaction; the worker delivers them at
least once, in order per object and reaction (`kontor.kernel.delivery`). Events are frozen dataclasses that carry
ids, never rows. The order is that in which transactions published; two that touch one object at the same time have
one only if they also lock something of it, as every operation with a `WHERE status = …` does.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Protocol, TypeVar

import orjson
import structlog
from django.db import connection

from kontor.kernel import clock


class Event(Protocol):
    """A past-tense frozen dataclass whose fields are numbers and short texts."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def key(self) -> str:
        """The object whose events must arrive in order, as ``order:17``."""
        ...


E = TypeVar("E", bound=Event)
Reaction = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A reaction to an event, under the name that deliveries carry."""

    event: type[Any]
    name: str
    react: Reaction


_event_types: dict[str, type[Any]] = {}
_by_event: dict[str, list[Subscription]] = {}
_by_name: dict[str, Subscription] = {}

_delivering: ContextVar[int] = ContextVar("kontor_delivering_event")
_muted: ContextVar[tuple[str, ...]] = ContextVar("kontor_muted_reactions", default=())

# A notification makes commits queue up for one lock, so an event that nobody waits for sends none.
PUBLISH = """
WITH event AS (
    INSERT INTO kernel_outbox_event (name, key, payload, request_id, created_at)
    VALUES (%(name)s, %(key)s, %(payload)s::jsonb, %(request_id)s, %(now)s) RETURNING id
), delivered AS (
    INSERT INTO kernel_delivery (event_id, reaction, key, status, attempts, due_at, last_error)
    SELECT event.id, reaction, %(key)s, 'pending', 0, clock_timestamp(), ''
    FROM event, unnest(%(reactions)s::text[]) AS reaction
)
SELECT pg_notify('kontor_outbox', '') WHERE cardinality(%(reactions)s::text[]) > 0
"""


def event_name(event_type: type[Any]) -> str:
    """``orders.OrderPlaced`` for kontor.orders.events.OrderPlaced."""
    return f"{event_type.__module__.split('.')[-2]}.{event_type.__name__}"


def publish(event: Event) -> None:
    """Write an event into the outbox of the current transaction. Call it last."""
    name = event_name(type(event))
    muted = _muted.get()
    reactions = [one.name for one in _by_event.get(name, ()) if not one.name.startswith(muted)]
    parameters: dict[str, Any] = {
        "name": name,
        "key": event.key,
        "payload": orjson.dumps(asdict(event)).decode(),
        "request_id": str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64],
        "now": clock.now(),
        "reactions": reactions,
    }
    with connection.cursor() as cursor:
        cursor.execute(PUBLISH, parameters)


@contextmanager
def muted(*apps: str) -> Iterator[None]:
    """Within the block no delivery is written for reactions of these apps: a replayed year must not send mails."""
    token = _muted.set(tuple(f"{app}." for app in apps))
    try:
        yield
    finally:
        _muted.reset(token)


@contextmanager
def delivering(event_id: int) -> Iterator[None]:
    """The block reacts to the event of that number in the outbox."""
    token = _delivering.set(event_id)
    try:
        yield
    finally:
        _delivering.reset(token)


def this_event() -> str:
    """``event:4711`` for the event that is being reacted to: the same each time it is delivered, and no other's.

    Raises LookupError outside a reaction.
    """
    return f"event:{_delivering.get()}"


def on(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a reaction. It runs in the worker, in a transaction of its own, and must bear being run twice."""

    def register(react: Callable[[E], None]) -> Callable[[E], None]:
        name = f"{react.__module__}.{react.__qualname__}".removeprefix("kontor.")
        if name in _by_name:
            raise ValueError(f"reaction {name} is registered twice")
        subscription = Subscription(event_type, name, react)
        _event_types[event_name(event_type)] = event_type
        _by_event.setdefault(event_name(event_type), []).append(subscription)
        _by_name[name] = subscription
        return react

    return register


def subscription(name: str) -> Subscription | None:
    """The reaction of that name, or None when no code answers to it any more."""
    return _by_name.get(name)


def subscriptions() -> list[Subscription]:
    """The whole map, by event then reaction: what `kontor events` prints."""
    return sorted(_by_name.values(), key=lambda one: (event_name(one.event), one.name))


def rebuild(event_type: type[E], payload: dict[str, Any]) -> E:
    """The event from its stored payload; fields that the class no longer has are ignored."""
    known = {field.name for field in fields(event_type)}
    return event_type(**{name: value for name, value in payload.items() if name in known})
