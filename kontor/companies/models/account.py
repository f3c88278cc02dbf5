from typing import Self

from django.db import models
from django.db.models import F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.companies.models.company import Company
from kontor.companies.models.person import Membership
from kontor.kernel import clock
from kontor.kernel.actors import Actor


class PaymentTerm(models.Model):
    """When a seller wants to be paid: ``30 days net``."""

    seller = models.ForeignKey(Company, models.CASCADE, related_name="payment_terms")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    net_days = models.PositiveSmallIntegerField(default=0)
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    discount_days = models.PositiveSmallIntegerField(default=0)
    is_prepayment = models.BooleanField(default=False)

    class Meta:
        db_table = "companies_payment_term"
        constraints = [UniqueConstraint(fields=["seller", "code"], name="companies_payment_term_once")]

    def __str__(self) -> str:
        return self.name


class CustomerGroupQuerySet(models.QuerySet["CustomerGroup"]):
    def visible_to(self, actor: Actor) -> Self:
        """The seller's own; customers do not know of them."""
        return self.all() if actor.is_system else self.filter(seller_id=actor.company_id)


class CustomerGroup(models.Model):
    """Customers whom a seller treats alike."""

    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    objects = CustomerGroupQuerySet.as_manager()

    class Meta:
        db_table = "companies_customer_group"
        ordering = ["name"]
        constraints = [UniqueConstraint(fields=["seller", "name"], name="companies_customer_group_once")]

    def __str__(self) -> str:
        return self.name


class CustomerAccountQuerySet(models.QuerySet["CustomerAccount"]):
    def visible_to(self, actor: Actor) -> Self:
        """A seller's people see its customers; a buyer's people see their own accounts."""
        if actor.is_system or actor.is_operator:
            return self.all()
        own = Q(buyer_id=actor.company_id)
        return self.filter(own | Q(seller_id=actor.company_id) if actor.is_seller else own)

    def active(self) -> Self:
        return self.filter(status=CustomerAccount.Status.ACTIVE)


class CustomerAccount(models.Model):
    """A buyer as one seller's customer: asked for, then accepted with terms, or declined with a reason."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        ACTIVE = "active", _("Active")
        DECLINED = "declined", _("Declined")
        BLOCKED = "blocked", _("Blocked")

    seller = models.ForeignKey(Company, models.PROTECT, related_name="customers")
    buyer = models.ForeignKey(Company, models.PROTECT, related_name="suppliers")
    customer_number = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.REQUESTED)
    payment_term = models.ForeignKey(PaymentTerm, models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(CustomerGroup, models.SET_NULL, null=True, related_name="+")
    sales_rep = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    note = models.TextField(blank=True)
    requested_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decision_note = models.TextField(blank=True)
    objects = CustomerAccountQuerySet.as_manager()

    class Meta:
        db_table = "companies_customer_account"
        constraints = [
            UniqueConstraint(fields=["seller", "buyer"], name="companies_account_once"),
            UniqueConstraint(
                fields=["seller", "customer_number"],
                condition=~Q(customer_number=""),
                name="companies_customer_number_once",
            ),
            models.CheckConstraint(name="companies_not_own_customer", condition=~Q(seller=F("buyer"))),
            models.CheckConstraint(
                name="companies_active_account_has_term",
                condition=~Q(status="active") | Q(payment_term__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.buyer} at {self.seller}"
