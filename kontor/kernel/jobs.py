"""Put work off until after the answer: a job in the database, written in the caller's transaction.

The job exists if and only if the transaction commits. Tasks are named in `kontor.worker.jobs`; one may run twice,
when a worker is killed, and must bear it.
"""

from datetime import datetime
from typing import Any

import structlog
from procrastinate.contrib.django import app


def defer(task: str, *, queue: str, not_before: datetime | None = None, **arguments: Any) -> int:
    """Enqueue the task named `task`; `arguments` are numbers and short texts. Returns the job's number.

    The id of the current request goes with it and stands in the log lines of the job.
    """
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    job = app.configure_task(task, queue=queue, schedule_at=not_before, allow_unknown=False)
    return job.defer(request_id=request_id, **arguments)
