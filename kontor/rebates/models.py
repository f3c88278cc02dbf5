from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Exists, F, OuterRef, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.catalog.models import Category, Product
from kontor.companies.models import Company, CustomerAccount
from kontor.invoicing.models import Invoice, InvoiceLine
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import AmountField


class MeasuredField(models.DecimalField):  # type: ignore[type-arg]  # stubs want parameters that Django lacks at run time
    """What counts towards tiers: an amount or a number of units. Six decimals, so that thirds of a box add up."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(**({"max_digits": 20, "decimal_places": 6} | options))  # type: ignore[arg-type]  # as above


class RebateQuerySet(models.QuerySet["Rebate"]):
    def visible_to(self, actor: Actor) -> Self:
        """A seller's own; of a buyer those in which it takes part, without drafts."""
        if actor.is_system:
            return self.all()
        takes_part = Exists(
            RebateMember.objects.filter(rebate=OuterRef("pk"), account__buyer_id=actor.buying_company_id)
        )
        bought = Q(takes_part) & ~Q(state=Rebate.State.DRAFT)
        if actor.acting_for_id:
            return self.filter(bought, seller_id=actor.company_id)
        return self.filter(bought | Q(seller_id=actor.company_id) if actor.is_seller else bought)


class Rebate(models.Model):
    """An agreement that a customer, or several counted together, gets a bonus on what it is invoiced in a period.

    `tier_from` and `tier_rate` ascend together: from so much on, so many percent of the value, or so much per unit.
    The tier reached counts for everything, or (`is_graduated`) each for the part above it. Amounts are net, in
    `currency`; `unit` is that of a quantity. `basket_key` names the goods that count, equal for equal goods.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("In force")
        SETTLED = "settled", _("Settled")
        ENDED = "ended", _("Ended")

    class Measure(models.TextChoices):
        VALUE = "value", _("Net value")
        QUANTITY = "quantity", _("Quantity")

    class Reward(models.TextChoices):
        PERCENT = "percent", _("Percent of the value")
        PER_UNIT = "per_unit", _("Amount per unit")

    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    begins_on = models.DateField()
    ends_on = models.DateField(help_text="the last day that counts")
    measure = models.CharField(max_length=8, choices=Measure, default=Measure.VALUE)
    unit = models.CharField(max_length=3, blank=True)
    reward = models.CharField(max_length=8, choices=Reward, default=Reward.PERCENT)
    is_graduated = models.BooleanField(default=False)
    tier_from: "ArrayField[list[Decimal], list[Decimal]]" = ArrayField(MeasuredField())
    tier_rate: "ArrayField[list[Decimal], list[Decimal]]" = ArrayField(MeasuredField())
    is_cumulative = models.BooleanField(default=False, help_text="may stand beside others for the same goods")
    is_quarterly = models.BooleanField(default=False, help_text="settled on account each quarter")
    basket_key = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(default=clock.now)
    objects = RebateQuerySet.as_manager()

    class Meta:
        db_table = "rebates_rebate"
        ordering = ["-begins_on", "-id"]
        constraints = [
            UniqueConstraint(fields=["seller", "name"], name="rebates_name_once"),
            CheckConstraint(name="rebates_period", condition=Q(ends_on__gte=F("begins_on"))),
            CheckConstraint(
                name="rebates_measured",
                condition=Q(measure="value", unit="", reward="percent")
                | (Q(measure="quantity") & ~Q(unit="") & ~Q(reward="percent", is_graduated=True)),
            ),
        ]
        indexes = [models.Index(fields=["seller", "state"], name="rebates_by_state")]

    def __str__(self) -> str:
        return self.name

    @property
    def tiers(self) -> list[tuple[Decimal, Decimal]]:
        """From how much on, at which rate."""
        return list(zip(self.tier_from, self.tier_rate, strict=True))


class RebateRule(models.Model):
    """Takes one category (with all below), brand or product in, or leaves it out, which wins.

    Where no rule takes anything in, all goods are.
    """

    rebate = models.ForeignKey(Rebate, models.CASCADE, related_name="rules")
    takes_in = models.BooleanField()
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")
    brand = models.CharField(max_length=100, blank=True)
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "rebates_rule"
        ordering = ["id"]
        constraints = [
            CheckConstraint(
                name="rebates_rule_about_one_thing",
                condition=Q(category__isnull=False, brand="", product__isnull=True)
                | (Q(category__isnull=True, product__isnull=True) & ~Q(brand=""))
                | Q(category__isnull=True, brand="", product__isnull=False),
            ),
            UniqueConstraint(
                fields=["rebate", "category", "brand", "product"],
                nulls_distinct=False,
                name="rebates_rule_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{'with' if self.takes_in else 'without'} {self.category or self.brand or self.product}"


class RebateMember(models.Model):
    """A customer that takes part; all of one agreement count together.

    The other columns are the agreement's, kept equal by the database, which refuses by them what would contradict:
    two binding agreements of one customer for the same goods on the same day.
    """

    rebate = models.ForeignKey(Rebate, models.CASCADE, related_name="members")
    account = models.ForeignKey(CustomerAccount, models.PROTECT, related_name="+")
    basket_key = models.CharField(max_length=64, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    is_binding = models.BooleanField(default=False)

    class Meta:
        db_table = "rebates_member"
        ordering = ["id"]
        constraints = [UniqueConstraint(fields=["rebate", "account"], name="rebates_member_once")]

    def __str__(self) -> str:
        return f"{self.account_id} in {self.rebate_id}"


class Settlement(models.Model):
    """What was paid of a bonus, or taken back (then `amount` is negative).

    `value`, `quantity` and `bonus` are what all settled lines had come to, this time and before.
    """

    class Kind(models.TextChoices):
        ON_ACCOUNT = "on_account", _("On account")
        FINAL = "final", _("Final settlement")
        CORRECTION = "correction", _("Correction")

    rebate = models.ForeignKey(Rebate, models.PROTECT, related_name="settlements")
    kind = models.CharField(max_length=10, choices=Kind)
    until = models.DateField()
    value = AmountField()
    quantity = MeasuredField()
    bonus = AmountField()
    amount = AmountField()
    settled_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "rebates_settlement"
        ordering = ["id"]
        constraints = [
            UniqueConstraint(fields=["rebate"], condition=Q(kind="final"), name="rebates_final_once"),
            UniqueConstraint(
                fields=["rebate", "until"], condition=Q(kind="on_account"), name="rebates_on_account_once"
            ),
            CheckConstraint(name="rebates_bonus_not_negative", condition=Q(bonus__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.rebate_id} until {self.until}"


class SettlementDocument(models.Model):
    """The credit note of a settlement for one customer, or the invoice that takes a part back."""

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="documents")
    account = models.ForeignKey(CustomerAccount, models.PROTECT, related_name="+")
    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="+")

    class Meta:
        db_table = "rebates_document"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.invoice_id} of {self.settlement_id}"


class Accrual(models.Model):
    """What an invoiced or credited line did for an agreement, in the order in which lines were counted.

    `value` and `quantity` are the line's, negative for a credit. `amount` is the bonus of all lines up to this one less
    that of all before, so the line that reaches a tier carries what earlier ones gain by it.
    """

    rebate = models.ForeignKey(Rebate, models.CASCADE, related_name="accruals", db_index=False)
    line = models.ForeignKey(InvoiceLine, models.PROTECT, related_name="+")
    account = models.ForeignKey(CustomerAccount, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(help_text="of the document, where the seller is")
    value = AmountField()
    quantity = MeasuredField()
    amount = AmountField()
    settlement = models.ForeignKey(
        Settlement, models.PROTECT, null=True, related_name="+", help_text="the first that contains it"
    )

    class Meta:
        db_table = "rebates_accrual"
        constraints = [
            UniqueConstraint(
                fields=["rebate", "line"],
                include=["value", "quantity", "amount", "account", "day"],
                name="rebates_accrual_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} for line {self.line_id}"
