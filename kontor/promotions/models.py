from typing import Any, Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kontor.companies.models import Company, Membership
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import AmountField


class PromotionQuerySet(models.QuerySet["Promotion"]):
    def visible_to(self, actor: Actor) -> Self:
        """A seller's own; buyers see what they get, not the rules."""
        return self.all() if actor.is_system else self.filter(seller_id=actor.company_id)


class Promotion(models.Model):
    """What a seller gives off its list prices, to whom, when and how often.

    `conditions` and `effects` are those of `terms.py`. Promotions are asked by rising `priority`, then by age.
    `currency` is that of all its amounts; "" only where it has none. `used` and `used_amount` count while a limit or a
    budget stands, and only then. `names` are further languages: ``{"de": "Frühling"}``.
    """

    class Stacking(models.TextChoices):
        WITH_OTHERS = "with_others", _("Together with others")
        OTHER_GOODS = "other_goods", _("Not on goods that another one lowers")
        ALONE = "alone", _("Only alone")

    seller = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=120, help_text="as buyers see it")
    names: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    note = models.TextField(blank=True, help_text="for colleagues only")
    is_active = models.BooleanField(default=False)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    priority = models.PositiveSmallIntegerField(default=100)
    stacking = models.CharField(max_length=12, choices=Stacking, default=Stacking.WITH_OTHERS)
    currency = models.CharField(max_length=3, blank=True)
    conditions: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    effects: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(default=list)
    most = AmountField(null=True, help_text="the most that it takes off an order")
    below_floor = models.BooleanField(default=False, help_text="may go below the lowest price")
    needs_code = models.BooleanField(default=False)
    limit_total = models.PositiveIntegerField(null=True)
    limit_company = models.PositiveIntegerField(null=True)
    limit_person = models.PositiveIntegerField(null=True)
    budget = AmountField(null=True)
    used = models.PositiveIntegerField(default=0)
    used_amount = AmountField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    objects = PromotionQuerySet.as_manager()

    class Meta:
        db_table = "promotions_promotion"
        constraints = [
            CheckConstraint(name="promotions_window", condition=Q(valid_until__gt=F("valid_from"))),
            CheckConstraint(
                name="promotions_limits_positive",
                condition=(Q(limit_total=None) | Q(limit_total__gt=0))
                & (Q(limit_company=None) | Q(limit_company__gt=0))
                & (Q(limit_person=None) | Q(limit_person__gt=0))
                & (Q(budget=None) | Q(budget__gt=0))
                & (Q(most=None) | Q(most__gt=0)),
            ),
            CheckConstraint(name="promotions_within_limit", condition=Q(used__lte=F("limit_total"))),
            CheckConstraint(
                name="promotions_within_budget",
                condition=Q(used_amount__gte=0) & Q(used_amount__lte=F("budget")),
            ),
            CheckConstraint(
                name="promotions_amounts_have_currency", condition=~Q(currency="") | Q(budget=None, most=None)
            ),
        ]
        indexes = [
            models.Index(
                fields=["seller"], condition=Q(is_active=True, needs_code=False), name="promotions_to_ask"
            ),
            models.Index(fields=["seller", "-id"], name="promotions_by_seller"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return named(self.name, self.names)

    @property
    def is_limited(self) -> bool:
        """Whether its uses are counted in its own row."""
        return self.limit_total is not None or self.budget is not None


def named(name: str, names: dict[str, str]) -> str:
    """A promotion's name in the reader's language, else as it is called first."""
    return names.get((get_language() or "").partition("-")[0], name)


class CodeBatch(models.Model):
    """Codes that were made together: by chance, or one that somebody thought of."""

    promotion = models.ForeignKey(Promotion, models.CASCADE, related_name="batches")
    name = models.CharField(max_length=120)
    count = models.PositiveIntegerField()
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(default=clock.now)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "promotions_code_batch"
        constraints = [CheckConstraint(name="promotions_batch_not_empty", condition=Q(count__gt=0))]

    def __str__(self) -> str:
        return self.name


class Coupon(models.Model):
    """A code that opens a promotion. `key` is what is compared: no dashes, no blanks, capitals.

    `uses_limit` None: as often as the promotion may be used; only limited codes count their uses.
    """

    batch = models.ForeignKey(CodeBatch, models.CASCADE, related_name="coupons")
    promotion = models.ForeignKey(Promotion, models.CASCADE, related_name="+", db_index=False)
    seller = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=60)
    key = models.CharField(max_length=40)
    uses_limit = models.PositiveIntegerField(null=True)
    used = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "promotions_coupon"
        constraints = [
            UniqueConstraint(fields=["seller", "key"], name="promotions_code_once"),
            CheckConstraint(name="promotions_code_within_limit", condition=Q(used__lte=F("uses_limit"))),
        ]
        indexes = [models.Index(fields=["promotion"], name="promotions_code_of")]

    def __str__(self) -> str:
        return self.code


class PromotionUse(models.Model):
    """A promotion in an order: what it took off, by which code. Given back when the order is cancelled or sent back."""

    promotion = models.ForeignKey(Promotion, models.PROTECT, related_name="uses", db_index=False)
    coupon = models.ForeignKey(Coupon, models.PROTECT, null=True, related_name="uses")
    order_id = models.BigIntegerField()
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+", db_index=False)
    amount = AmountField()
    currency = models.CharField(max_length=3)
    used_at = models.DateTimeField(default=clock.now)
    given_back_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "promotions_use"
        constraints = [
            UniqueConstraint(
                fields=["order_id", "promotion"],
                condition=Q(given_back_at=None),
                name="promotions_once_per_order",
            ),
            CheckConstraint(name="promotions_use_not_negative", condition=Q(amount__gte=0)),
        ]
        indexes = [
            models.Index(fields=["promotion", "given_back_at"], name="promotions_use_of"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class PromotionTally(models.Model):
    """How often a company, or a person of it, has used a promotion that is limited for them.

    A company's machines count together as one person, whose `membership` is None.
    """

    promotion = models.ForeignKey(Promotion, models.CASCADE, related_name="+", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+", db_index=False)
    is_person = models.BooleanField()
    used = models.PositiveIntegerField()

    class Meta:
        db_table = "promotions_tally"
        constraints = [
            UniqueConstraint(
                fields=["promotion", "company", "is_person", "membership"],
                nulls_distinct=False,
                name="promotions_tally_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.used)
