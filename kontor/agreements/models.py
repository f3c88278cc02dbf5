from datetime import date, timedelta
from decimal import Decimal
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.catalog.models import Product
from kontor.companies.models import Company, CustomerAccount, CustomerGroup
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import AmountField, QuantityField
from kontor.kernel.money import ZERO
from kontor.pricing.models import PriceList

STATES = {
    "draft": _("Draft"),
    "ahead": _("Begins later"),
    "active": _("In force"),
    "ended": _("Ended"),
    "terminated": _("Terminated"),
}
"""What `Agreement.state` is called."""


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, actor: Actor) -> Self:
        """A seller's own; a buyer's those in which its company, or a group it is in, takes part, but no drafts."""
        if actor.is_system:
            return self.all()
        concluded = ~Q(status=Agreement.Status.DRAFT)
        if actor.acting_for_id:
            accounts = CustomerAccount.objects.filter(
                buyer_id=actor.acting_for_id, seller_id=actor.company_id, status="active"
            )
        else:
            accounts = CustomerAccount.objects.filter(buyer_id=actor.company_id, status="active")
        own = concluded & (
            Q(account__in=accounts) | Q(group__in=accounts.filter(group__isnull=False).values("group"))
        )
        if actor.is_seller and not actor.acting_for_id:
            own |= Q(seller_id=actor.company_id)
        return self.filter(own)


class Agreement(models.Model):
    """Prices, and what is bought at them, agreed for a time with a customer or with a group of customers.

    It counts from `valid_from` to before `valid_until`. Its price list is its own: no other agreement has it, and the
    list's dates are those of the agreement.
    """

    class Kind(models.TextChoices):
        CONTRACT = "contract", _("Contract")
        PROJECT = "project", _("Project")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("In force")
        TERMINATED = "terminated", _("Terminated")

    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    number = models.CharField(max_length=24)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.CONTRACT)
    title = models.CharField(max_length=120)
    account = models.ForeignKey(CustomerAccount, models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(CustomerGroup, models.PROTECT, null=True, related_name="+")
    price_list = models.OneToOneField(PriceList, models.PROTECT, null=True, related_name="+")
    currency = models.CharField(max_length=3)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    buyer_number = models.CharField(max_length=40, blank=True, help_text="the customer's own number for it")
    contact = models.CharField(max_length=150, blank=True, help_text="whom to ask at the customer")
    terms = models.TextField(blank=True)
    renews = models.OneToOneField("self", models.SET_NULL, null=True, related_name="renewed_by")
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, help_text="when it was terminated")
    end_note = models.CharField(max_length=500, blank=True)
    objects = AgreementQuerySet.as_manager()

    class Meta:
        db_table = "agreements_agreement"
        constraints = [
            UniqueConstraint(fields=["seller", "number"], name="agreements_number_once"),
            CheckConstraint(name="agreements_window", condition=Q(valid_until__gt=F("valid_from"))),
            CheckConstraint(
                name="agreements_with_one",
                condition=Q(account=None, group__isnull=False) | Q(account__isnull=False, group=None),
            ),
            CheckConstraint(
                name="agreements_terminated_says_when",
                condition=Q(status="terminated", ended_at__isnull=False) | ~Q(status="terminated"),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state(self) -> str:
        """``draft``, ``ahead``, ``active``, ``ended`` or ``terminated``: the status, told by the clock."""
        if self.status != self.Status.ACTIVE:
            return str(self.status)
        now = clock.now()
        if now < self.valid_from:
            return "ahead"
        return "ended" if self.valid_until is not None and self.valid_until <= now else "active"

    @property
    def state_label(self) -> str:
        return str(STATES[self.state])

    @property
    def first_day(self) -> date:
        """In the seller's time zone, as its papers have it."""
        return self.valid_from.astimezone(ZoneInfo(self.seller.timezone)).date()

    @property
    def last_day(self) -> date | None:
        """The last day on which it counts, in the seller's time zone."""
        if self.valid_until is None:
            return None
        return (self.valid_until - timedelta(seconds=1)).astimezone(ZoneInfo(self.seller.timezone)).date()


class Commitment(models.Model):
    """What is sold at the agreement's prices at most, or bought at least, of a product or of all goods.

    A quantity is in base units of the product, a value in the agreement's currency. `used` is the sum of its draws.
    """

    class Kind(models.TextChoices):
        AT_MOST = "at_most", _("At most")
        AT_LEAST = "at_least", _("At least")

    class Measure(models.TextChoices):
        QUANTITY = "quantity", _("Quantity")
        VALUE = "value", _("Value")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="commitments", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    measure = models.CharField(max_length=8, choices=Measure)
    committed = AmountField()
    used = AmountField(default=0)

    class Meta:
        db_table = "agreements_commitment"
        ordering = ["product__sku", "kind", "measure"]
        constraints = [
            UniqueConstraint(
                fields=["agreement", "product", "kind", "measure"],
                nulls_distinct=False,
                name="agreements_commitment_once",
            ),
            CheckConstraint(
                name="agreements_commitment_sensible", condition=Q(committed__gt=0) & Q(used__gte=0)
            ),
            CheckConstraint(
                name="agreements_never_over_used",
                condition=Q(kind="at_least") | Q(used__lte=F("committed")),
            ),
            CheckConstraint(
                name="agreements_quantity_of_a_product",
                condition=Q(measure="value") | Q(product__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.committed}"

    @property
    def left(self) -> Decimal:
        """What may still be sold, or is still to be bought."""
        return max(self.committed - self.used, ZERO)


class Draw(models.Model):
    """What an order line used of a commitment: its base units and its net amount, less what was given back.

    The order and its line are named by id, because they stand above.
    """

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="draws", db_index=False)
    account = models.ForeignKey(CustomerAccount, models.PROTECT, related_name="+", db_index=False)
    order_id = models.BigIntegerField()
    order_line_id = models.BigIntegerField()
    base_quantity = QuantityField()
    net = AmountField()
    drawn_at = models.DateTimeField()

    class Meta:
        db_table = "agreements_draw"
        constraints = [
            UniqueConstraint(fields=["order_line_id", "commitment"], name="agreements_draw_once"),
            CheckConstraint(name="agreements_draw_sensible", condition=Q(base_quantity__gte=0, net__gte=0)),
        ]
        indexes = [models.Index(fields=["commitment", "-drawn_at"], name="agreements_draw_latest")]

    def __str__(self) -> str:
        return f"{self.base_quantity} of line {self.order_line_id}"
