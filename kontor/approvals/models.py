from decimal import Decimal
from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.companies.models import Company, Membership
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import AmountField


class ApprovalRequestQuerySet(models.QuerySet["ApprovalRequest"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(company_id=actor.buying_company_id)

    def waiting(self) -> Self:
        return self.filter(status=ApprovalRequest.Status.WAITING)


class ApprovalRequest(models.Model):
    """Something that waits for an approver, and why. A decision is written once and never changed."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        SENT_BACK = "sent_back", _("Sent back")
        CANCELLED = "cancelled", _("Withdrawn")

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    subject_title = models.CharField(max_length=120)
    reason = models.CharField(max_length=40, help_text="over_limit")
    facts: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder
    )
    amount = AmountField()
    currency = models.CharField(max_length=3)
    requested_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=clock.now)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    objects = ApprovalRequestQuerySet.as_manager()

    class Meta:
        db_table = "approvals_request"
        constraints = [
            UniqueConstraint(
                fields=["subject_type", "subject_id"],
                condition=Q(status="waiting"),
                name="approvals_one_waiting",
            ),
            models.CheckConstraint(
                name="approvals_decision_has_author",
                condition=Q(status__in=["waiting", "cancelled"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["company", "status", "id"], name="approvals_company")]

    def __str__(self) -> str:
        return f"{self.subject_title}: {self.status}"

    @property
    def amount_under_limits(self) -> Decimal | None:
        """The amount that limits are held against; None in another currency than the company's."""
        return self.amount if self.currency == self.company.currency else None
