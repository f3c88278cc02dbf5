"""Events and reactions that only tests know; worker processes that tests start import them as well."""

import os
import time
from dataclasses import dataclass

from django.db import connection

from kontor.kernel.events import on

TABLE = """
CREATE TABLE IF NOT EXISTS test_effect (
    id bigserial PRIMARY KEY, reaction text NOT NULL, key text NOT NULL, step int NOT NULL, request_id text
)
"""
EFFECT = "INSERT INTO test_effect (reaction, key, step, request_id) VALUES (%s, %s, %s, %s)"

failing: set[tuple[str, int]] = set()
"""(key, step) pairs whose reactions fail just now."""


@dataclass(frozen=True, slots=True)
class StepTaken:
    thing: int
    step: int

    @property
    def key(self) -> str:
        return f"thing:{self.thing}"


def effect(reaction: str, event: StepTaken) -> None:
    with connection.cursor() as cursor:
        cursor.execute(EFFECT, [reaction, event.key, event.step, ""])


@on(StepTaken)
def first(event: StepTaken) -> None:
    effect("first", event)
    if (event.key, event.step) in failing:
        raise RuntimeError(f"step {event.step} cannot be taken")
    time.sleep(float(os.environ.get("KONTOR_TEST_SLOWNESS", "0")))


@on(StepTaken)
def second(event: StepTaken) -> None:
    effect("second", event)


FIRST = f"{first.__module__}.first".removeprefix("kontor.")
SECOND = f"{second.__module__}.second".removeprefix("kontor.")
