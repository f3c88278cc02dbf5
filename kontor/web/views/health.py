"""Three questions of machines: are you alive, may I send you visitors, how are your figures."""

import ipaddress
from functools import cache

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from kontor.kernel.observability import metrics

WORKER_SILENT = 30
"""Seconds without a sign of life after which no worker is said to be there."""
WORKER = """
SELECT COALESCE(min(extract(epoch FROM clock_timestamp() - seen_at)), -1)::int
FROM kernel_heartbeat WHERE name LIKE 'worker:%%'
"""
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """GET /health -> 200 while this process answers at all; looks at nothing else."""
    return _plain({"status": "ok"}, 200)


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """GET /ready -> 200 when visitors can be served, 503 when the database is away or its tables are not up to date.

    A silent worker is reported, but does not keep visitors out: events and mails wait for it.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(WORKER)
            (silent,) = cursor.fetchone() or (-1,)
        migrated = _is_migrated()
    except DatabaseError:
        return _plain({"status": "unavailable", "database": "unreachable"}, 503)
    worker = "running" if 0 <= silent <= WORKER_SILENT else "silent" if silent >= 0 else "never seen"
    if not migrated:
        _is_migrated.cache_clear()
        return _plain({"status": "unavailable", "database": "migrations pending", "worker": worker}, 503)
    return _plain({"status": "ok", "database": "ok", "worker": worker}, 200)


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """GET /metrics -> Prometheus' text format; for the bearer of KONTOR_METRICS_TOKEN, or this machine only."""
    if not _may_scrape(request):
        return HttpResponse("forbidden\n", status=403, content_type="text/plain; charset=utf-8")
    response = HttpResponse(metrics.page(), content_type="text/plain; version=0.0.4; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _may_scrape(request: HttpRequest) -> bool:
    token = settings.CONFIG.metrics_token.get_secret_value()
    if token:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")
    if any(name in request.META for name in FORWARDED):
        return False  # a proxy on this machine speaks for somebody else
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@cache
def _is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _plain(values: dict[str, str], status: int) -> JsonResponse:
    return JsonResponse(values, status=status, headers={"Cache-Control": "no-store"})
