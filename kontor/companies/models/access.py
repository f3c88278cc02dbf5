from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, UniqueConstraint

from kontor.companies.models.company import Company
from kontor.companies.models.person import Membership
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import AmountField


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(company_id=actor.company_id)

    def open(self) -> Self:
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=clock.now())


class Invitation(models.Model):
    """A seat offered to a colleague by mail. Its link is signed and carries a part of `token_hash`, 256 random bits."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=150, blank=True)
    roles = ArrayField(models.CharField(max_length=20))
    order_limit = AmountField(null=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    objects = InvitationQuerySet.as_manager()

    class Meta:
        db_table = "companies_invitation"
        constraints = [
            UniqueConstraint(
                fields=["company", "email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="companies_one_open_invitation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.company}"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(company_id=actor.company_id)


class ApiKey(models.Model):
    """A machine's key to a company's data: shown once, kept as SHA-256; it has roles like a person."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, help_text="the part that is shown: kontor_ab12")
    key_hash = models.CharField(max_length=64, unique=True)
    roles = ArrayField(models.CharField(max_length=20))
    is_read_only = models.BooleanField(default=False)
    order_limit = AmountField(null=True)
    created_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        db_table = "companies_api_key"

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
