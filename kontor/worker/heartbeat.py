"""Signs of life of a worker, for `/ready`, `kontor doctor` and the metrics."""

import os
import platform
from typing import Any

import orjson
from django.db import connection

EVERY = 5.0
"""Seconds."""
FORGOTTEN_AFTER = "1 day"

BEAT = """
INSERT INTO kernel_heartbeat (name, seen_at, detail) VALUES (%(name)s, clock_timestamp(), %(detail)s::jsonb)
ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at, detail = excluded.detail
"""
LEAVE = "DELETE FROM kernel_heartbeat WHERE name = %s"
FORGET = f"DELETE FROM kernel_heartbeat WHERE seen_at < clock_timestamp() - interval '{FORGOTTEN_AFTER}'"


def own_name() -> str:
    """``worker:host:pid``, at most 60 characters."""
    return f"worker:{platform.node()[:40]}:{os.getpid()}"


def beat(detail: dict[str, Any]) -> None:
    """Say that this worker lives."""
    with connection.cursor() as cursor:
        cursor.execute(BEAT, {"name": own_name(), "detail": orjson.dumps(detail).decode()})


def leave() -> None:
    """Say goodbye: a worker that was stopped in order is not missed."""
    with connection.cursor() as cursor:
        cursor.execute(LEAVE, [own_name()])


def forget_the_silent() -> None:
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
