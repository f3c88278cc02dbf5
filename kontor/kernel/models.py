"""Tables of the machinery: outbox, deliveries, idempotency keys, gap-free numbers, heartbeats, refusals."""

from typing import Any

from django.db import models
from django.db.models import Q

from kontor.kernel import clock


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction in which it happened."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80)
    key = models.CharField(
        max_length=80, help_text="the object whose events are delivered in order: order:17"
    )
    payload = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True, help_text="in which it happened, for the logs")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "kernel_outbox_event"

    def __str__(self) -> str:
        return f"{self.name} {self.key}"


class Delivery(models.Model):
    """One event on its way to one reaction."""

    class Status(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        DEAD = "dead"

    id = models.BigAutoField(primary_key=True)
    # no index of its own: the unique constraint below begins with it
    event = models.ForeignKey(OutboxEvent, models.CASCADE, related_name="deliveries", db_index=False)
    reaction = models.CharField(max_length=160)
    key = models.CharField(max_length=80)
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=clock.now, help_text="real time, also during a replay")
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kernel_delivery"
        constraints = [models.UniqueConstraint(fields=["event", "reaction"], name="kernel_delivery_once")]
        indexes = [
            models.Index(fields=["due_at", "id"], name="kernel_delivery_due", condition=Q(status="pending")),
            models.Index(
                fields=["reaction", "key", "id"], name="kernel_delivery_order", condition=Q(status="pending")
            ),
            models.Index(fields=["id"], name="kernel_delivery_dead", condition=Q(status="dead")),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} -> {self.reaction}: {self.status}"


class IdempotencyKey(models.Model):
    """A request that was answered, and its answer, written in the effect's own transaction."""

    id = models.BigAutoField(primary_key=True)
    scope = models.CharField(max_length=60, help_text="whose key it is: user:5, key:7, session:…")
    key = models.CharField(max_length=100)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "kernel_idempotency_key"
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="kernel_idempotency_once")]
        indexes = [models.Index(fields=["created_at"], name="kernel_idempotency_age")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class GaplessNumber(models.Model):
    """The last number given in a series that may not have gaps; its row lock is the queue."""

    series = models.CharField(max_length=60, primary_key=True)
    last = models.BigIntegerField()

    class Meta:
        db_table = "kernel_gapless_number"

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"


class Heartbeat(models.Model):
    """A sign of life of a long-running part (worker, scheduler), for `/ready` and `kontor doctor`."""

    name = models.CharField(max_length=60, primary_key=True)
    seen_at = models.DateTimeField()
    detail: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)

    class Meta:
        db_table = "kernel_heartbeat"

    def __str__(self) -> str:
        return f"{self.name} {self.seen_at:%H:%M:%S}"


class RateBucket(models.Model):
    """Attempts in one window of time by one account, company or address."""

    key = models.CharField(max_length=120, primary_key=True)
    window_ends = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        db_table = "kernel_rate_bucket"
        indexes = [models.Index(fields=["window_ends"], name="kernel_rate_bucket_age")]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class RefusalCount(models.Model):
    """How often a code was refused on a day (UTC), on pages or through the API. Says nothing about whom."""

    code = models.CharField(max_length=60)
    door = models.CharField(max_length=8)
    day = models.DateField()
    count = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        db_table = "kernel_refusal_count"
        constraints = [
            models.UniqueConstraint(fields=["code", "door", "day"], name="kernel_refusal_count_once")
        ]
        indexes = [models.Index(fields=["day"], name="kernel_refusal_count_day")]

    def __str__(self) -> str:
        return f"{self.code} {self.day}: {self.count}"
