"""Several people at the same moment, each with a database connection of their own."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import Any

from django.db import connection


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all acts in threads that start together; what each returned or raised, in order.

    For tests with `django_db(transaction=True)`.
    """
    start = Barrier(len(acts))
    outcomes: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            outcomes[number] = act()
        except Exception as problem:
            outcomes[number] = problem
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


def codes(outcomes: Sequence[Any]) -> list[str]:
    """The refusals' codes among outcomes, sorted; anything else that was raised is raised again."""
    found = []
    for one in outcomes:
        if isinstance(one, Exception):
            if not hasattr(one, "code"):
                raise one
            found.append(str(one.code))
    return sorted(found)
