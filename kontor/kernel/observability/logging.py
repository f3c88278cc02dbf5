"""Log lines: one per event, readable on a terminal or as JSON, with the id of the request that they belong to.

Everything goes through structlog, libraries' own lines included; the id is bound by the web middleware, the outbox
and the jobs. Lines go to standard error, which is where a service manager looks for them.
"""

import logging
import sys
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

QUIET = {"procrastinate": "warning", "django.request": "error", "psycopg.pool": "error", "asyncio": "warning"}
"""Libraries that say in every line what ours say better; at debug level they are let speak."""
SECRET = ("password", "secret", "token", "authorization", "cookie", "api_key")


def configure(*, style: str, level: str) -> None:
    """Set up logging of this process. `style` is ``console`` or ``json``, `level` a name such as ``info``."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        hide_secrets,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_ending(style)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel("DEBUG" if level == "debug" else least.upper())


def _ending(style: str) -> list[Processor]:
    if style == "json":
        return [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer(serializer=_json)]
    colours = sys.stderr.isatty()
    traceback = structlog.dev.rich_traceback if colours else structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=traceback)]


def _json(event: EventDict, **_options: Any) -> str:
    return orjson.dumps(event, default=str).decode()


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Whatever is logged under a name that sounds like a secret is not shown."""
    for name in event:
        if any(word in name.lower() for word in SECRET):
            event[name] = "(hidden)"
    return event
