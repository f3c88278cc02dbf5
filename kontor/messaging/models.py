from typing import Self

from django.db import models
from django.db.models import Q, UniqueConstraint

from kontor.companies.models import Company, Membership
from kontor.kernel import clock
from kontor.kernel.actors import Actor


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(Q(buyer_id=actor.buying_company_id) | Q(seller_id=actor.company_id))


class Thread(models.Model):
    """All messages about one subject between one buyer and one seller."""

    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    subject_title = models.CharField(max_length=120)
    buyer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    answer_due_from = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")
    objects = ThreadQuerySet.as_manager()

    class Meta:
        db_table = "messaging_thread"
        constraints = [UniqueConstraint(fields=["subject_type", "subject_id"], name="messaging_thread_once")]

    def __str__(self) -> str:
        return self.subject_title


class Message(models.Model):
    """One contribution to a thread; never edited."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages")
    author = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=150)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    body = models.TextField()
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "messaging_message"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.body[:40]}"
