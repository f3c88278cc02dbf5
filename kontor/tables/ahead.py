"""Reading a large file at the pace of the database: ahead of it, and without looking for garbage that is not there."""

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items, each made by a thread while the one before is worked on.

    They are not None and must not ask the database.

    >>> list(ahead(iter("abc")))
    ['a', 'b', 'c']
    """
    context = copy_context()  # has the language of the messages

    def following() -> T | None:
        return next(items, None)

    with ThreadPoolExecutor(1) as thread:
        pending = thread.submit(context.run, following)
        while (item := pending.result()) is not None:
            pending = thread.submit(context.run, following)
            yield item


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Rows become many objects that refer to each other in no circle; looking for circles takes a third of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(1_000_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
