"""A process of the crew. It is imported afresh in each process, before anything there knows Django."""

from multiprocessing.connection import Connection

import django

django.setup()

from django.db import connection  # noqa: E402  # only after setup()

from kontor.replay.trading import trade  # noqa: E402  # only after setup()


def work(line: Connection, run_id: int, part: int, parts: int) -> None:
    """Trade the months that it is sent until the line closes; answer each invoice, then None, or what went wrong."""
    # A crash may lose the last moments of a replay, never a part of an invoice: the next run books them again.
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        while True:
            month, limit = line.recv()
            for booked in trade(run_id, month=month, part=part, parts=parts, limit=limit):
                line.send(booked)
            line.send(None)
    except (EOFError, KeyboardInterrupt, BrokenPipeError):
        pass
    except Exception as problem:
        line.send(f"{type(problem).__name__}: {problem}")
        raise
    finally:
        connection.close()
