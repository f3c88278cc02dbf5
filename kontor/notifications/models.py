from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.companies.models import Company, User
from kontor.kernel import clock


class Mail(models.Model):
    """A mail to one person, kept whether or not a mail server is configured; the demo's mailbox reads from here."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        KEPT = "kept", _("Kept, no mail server")

    id = models.BigAutoField(primary_key=True)
    topic = models.CharField(max_length=40)
    to = models.EmailField()
    to_name = models.CharField(max_length=150, blank=True)
    company = models.ForeignKey(Company, models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=8, default="en")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    once_key = models.CharField(max_length=120, unique=True, help_text="topic, event and person: never twice")
    thread = models.CharField(
        max_length=60, blank=True, help_text="mails of one thread stand together: order:17"
    )
    reply_to = models.EmailField(blank=True, help_text="the person who answers")
    request_id = models.CharField(max_length=64, blank=True)
    attachment_kind = models.CharField(
        max_length=30, blank=True, help_text="document made when it is sent: invoice"
    )
    attachment_id = models.BigIntegerField(null=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=clock.now)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_mail"
        indexes = [
            models.Index(fields=["due_at"], name="notifications_mail_due", condition=Q(status="queued")),
            models.Index(fields=["to", "-id"], name="notifications_mail_to"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"


class Preference(models.Model):
    """A person's choice for a topic; no row means the topic's default."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    topic = models.CharField(max_length=40)
    by_mail = models.BooleanField()

    class Meta:
        db_table = "notifications_preference"
        constraints = [UniqueConstraint(fields=["user", "topic"], name="notifications_preference_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.topic}: {self.by_mail}"
