"""One intention, one effect: keys for unsafe requests.

The key, a fingerprint of the request and the answer are written in the transaction of the effect, so either all exist
or none. A repeat gets the stored answer; the same key with another request is refused; a repeat while the first still
runs waits (pages: a double click) or is told so (API: 409). Refusals are not stored: the corrected request may use
the same key. Follows draft-ietf-httpapi-idempotency-key-header.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.kernel import clock, rates
from kontor.kernel.models import IdempotencyKey
from kontor.kernel.refusal import Refused

LOCK_WAIT = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))"
LOCK_TRY = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 7))"
FIND = "SELECT fingerprint, status, headers, body FROM kernel_idempotency_key WHERE scope = %s AND key = %s"
STORE = """
INSERT INTO kernel_idempotency_key (scope, key, fingerprint, status, headers, body, created_at)
VALUES (%s, %s, %s, %s, %s::jsonb, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: HTTP status, the headers worth keeping, the body's bytes."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    replayed: bool = False


class _NotKept(Exception):
    """Carries an answer out of a transaction that must leave nothing behind."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def once(*, scope: str, key: str, fingerprint: bytes, wait: bool, act: Callable[[], Answer]) -> Answer:
    """Run `act` at most once per (scope, key) and return its answer, or the stored one.

    `act` runs inside the transaction. An answer of 400 or more rolls everything back and is not kept; only attempts
    that it counted stay counted. Raises Refused("idempotency_key_reused") and, unless `wait`, Refused("still_running").
    """
    try:
        with rates.outliving_rollback(), transaction.atomic():
            _lock(f"{scope}:{key}", wait)
            stored = _find(scope, key, fingerprint)
            if stored is not None:
                return stored
            answer = act()
            if answer.status >= 400:
                raise _NotKept(answer)
            _store(scope, key, fingerprint, answer)
            return answer
    except _NotKept as kept:
        return kept.answer


def forget_old(days: int) -> int:
    """Delete keys older than `days`; returns how many."""
    deleted, _rows = IdempotencyKey.objects.filter(created_at__lt=clock.now() - timedelta(days=days)).delete()
    return deleted


def _lock(name: str, wait: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK_WAIT if wait else LOCK_TRY, [name])
        row = cursor.fetchone()
        if not wait and row is not None and not row[0]:
            raise Refused(
                "still_running", _("The first request with this key is still running. Try again shortly.")
            )


def _find(scope: str, key: str, fingerprint: bytes) -> Answer | None:
    with connection.cursor() as cursor:
        cursor.execute(FIND, [scope, key])
        row = cursor.fetchone()
    if row is None:
        return None
    if bytes(row[0]) not in _seals(fingerprint):
        raise Refused(
            "idempotency_key_reused",
            _("This key was used for another request. Send a new key with each new request."),
        )
    headers = row[2] if isinstance(row[2], dict) else orjson.loads(row[2])
    return Answer(status=row[1], headers=headers, body=bytes(row[3]), replayed=True)


def _seals(fingerprint: bytes) -> list[bytes]:
    """The fingerprint as it is kept: a request may hold a password, and nobody shall guess it from a plain hash."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hmac.digest(secret.encode(), fingerprint, "sha256") for secret in secrets]


def _store(scope: str, key: str, fingerprint: bytes, answer: Answer) -> None:
    headers = orjson.dumps(answer.headers).decode()
    seal = _seals(fingerprint)[0]
    with connection.cursor() as cursor:
        cursor.execute(STORE, [scope, key, seal, answer.status, headers, answer.body, clock.now()])
