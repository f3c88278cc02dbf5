"""Write and read the trail."""

from typing import Any

import orjson
import structlog
from django.db import connection

from kontor.audit.models import Entry
from kontor.kernel import clock
from kontor.kernel.actors import Actor

INSERT = """
INSERT INTO audit_entry (at, verb, about_type, about_id, actor_name, user_id, company_id, company_name,
    acting_for_id, acting_for_name, door, request_id, changes, note, shared)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s)
"""


def record(
    actor: Actor,
    verb: str,
    about: tuple[str, int],
    *,
    changes: dict[str, Any] | None = None,
    note: str = "",
    shared: bool = False,
) -> None:
    """Write who did what to which object, in the current transaction.

    `changes` maps a field to ``[before, after]`` or a fact to its value; what is in it must be fit for both sides to
    read when `shared`. Verbs are ``app.past_tense``; each app declares their sentences with `kontor.audit.verbs`.
    """
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    row = [
        clock.now(), verb, about[0], about[1], actor.name, actor.user_id, actor.company_id, actor.company_name,
        actor.acting_for_id, actor.acting_for_name, actor.door, request_id,
        orjson.dumps(changes or {}, default=str).decode(), note, shared,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(INSERT, row)


def trail_of(about_type: str, about_id: int, *, shared_only: bool) -> list[Entry]:
    """Everything that happened to an object, oldest first; the caller has checked that it may be seen."""
    entries = Entry.objects.filter(about_type=about_type, about_id=about_id).order_by("at", "id")
    return list(entries.filter(shared=True) if shared_only else entries)
