from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Lower

from kontor.companies.models.company import Company
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.capabilities import capabilities_of
from kontor.kernel.fields import AmountField


class People(BaseUserManager["User"]):
    """Creates users; the name that Django's commands expect is `create_superuser`."""

    def create_user(self, email: str, password: str | None = None, **facts: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **facts: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **facts)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What they may do comes from memberships, not from here."""

    email = models.EmailField()
    name = models.CharField(max_length=150)
    language = models.CharField(max_length=8, default="en")
    timezone = models.CharField(max_length=40, blank=True, help_text="empty: the company's")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    last_membership_id = models.BigIntegerField(null=True, help_text="the company that was open last")

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        db_table = "companies_user"
        constraints = [UniqueConstraint(Lower("email"), name="companies_user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, actor: Actor) -> Self:
        """Colleagues of the company that the actor works in or for."""
        return self.filter(company_id=actor.buying_company_id)

    def active(self) -> Self:
        return self.filter(is_active=True, user__is_active=True)


class Membership(models.Model):
    """A person in a company: roles, and for buyers the amount up to which they order alone.

    Roles are names that apps attach capabilities to: ``admin buyer approver viewer`` in a buying company,
    ``seller_admin sales warehouse finance catalog`` in a selling one, ``operator`` at the platform's.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20), default=list)
    order_limit = AmountField(null=True, help_text="net, null: no limit")
    job_title = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)
    objects = MembershipQuerySet.as_manager()

    class Meta:
        db_table = "companies_membership"
        constraints = [
            UniqueConstraint(fields=["company", "user"], name="companies_membership_once"),
            CheckConstraint(
                name="companies_order_limit_not_negative",
                condition=Q(order_limit__isnull=True) | Q(order_limit__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.company})"

    def as_actor(self, door: str) -> Actor:
        """This person as the one who acts, through `door`. Needs `user` and `company` loaded."""
        return Actor(
            name=self.user.name,
            door=door,
            user_id=self.user_id,
            membership_id=self.pk,
            company_id=self.company_id,
            company_name=str(self.company),
            capabilities=capabilities_of(self.roles),
            order_limit=self.order_limit,
            is_seller=self.company.is_seller,
            is_operator=self.company.is_operator and "operator" in self.roles,
        )
