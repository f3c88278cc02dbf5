from typing import Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.catalog.models import Product
from kontor.companies.models import Company, CustomerAccount, CustomerGroup, Membership
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import QuantityField, UnitPriceField


class PriceListQuerySet(models.QuerySet["PriceList"]):
    def visible_to(self, actor: Actor) -> Self:
        """A seller's own lists; nobody else sees lists, only prices."""
        return self.all() if actor.is_system else self.filter(seller_id=actor.company_id)


class PriceList(models.Model):
    """Prices of one seller in one currency. The public list ends every customer's chain.

    A list may derive from another one of the seller, its `basis`: what it has no row for costs what it costs there,
    times the rate of the day when the basis is in another currency, times `factor`, plus `addend` per base unit,
    rounded to a multiple of `round_to` plus `ending` (no `round_to`: six decimals). Its own rows are the exceptions.
    It is asked from `valid_from` to before `valid_until`. In a graduated list each break prices the part above it.
    """

    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    is_public = models.BooleanField(default=False)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    is_graduated = models.BooleanField(default=False)
    basis = models.ForeignKey("self", models.PROTECT, null=True, related_name="derived")
    factor = models.DecimalField(max_digits=12, decimal_places=6, default=1)
    addend = UnitPriceField(default=0)
    round_to = UnitPriceField(null=True)
    ending = UnitPriceField(default=0)
    rate_days = models.PositiveSmallIntegerField(default=7, help_text="how old an exchange rate may be")
    objects = PriceListQuerySet.as_manager()

    class Meta:
        db_table = "pricing_price_list"
        constraints = [
            UniqueConstraint(fields=["seller", "code"], name="pricing_list_code_once"),
            UniqueConstraint(
                fields=["seller", "currency"], condition=Q(is_public=True), name="pricing_one_public_list"
            ),
            CheckConstraint(name="pricing_list_window", condition=Q(valid_until__gt=F("valid_from"))),
            CheckConstraint(
                name="pricing_formula_sensible",
                condition=Q(factor__gt=0, factor__lte=1000)
                & (Q(round_to=None) | Q(round_to__gt=0))
                & (Q(basis__isnull=False) | Q(factor=1, addend=0, round_to=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """`amount` buys `price_base` base units, from `min_quantity` base units upwards; None is a price on request.

    With a `unit` it counts only for what is ordered in this sales unit. A price with dates goes before one without from
    `valid_from` to before `valid_until` (None: for ever).
    """

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="prices", db_index=False)
    product = models.ForeignKey(Product, models.CASCADE, related_name="+", db_index=False)
    min_quantity = QuantityField(default=1)
    unit = models.CharField(max_length=3, default="", db_default="")
    amount = UnitPriceField(null=True)
    price_base = QuantityField(default=1)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "pricing_price"
        constraints = [
            CheckConstraint(name="pricing_amount_not_negative", condition=Q(amount__gte=0)),
            CheckConstraint(name="pricing_base_positive", condition=Q(price_base__gt=0, min_quantity__gt=0)),
            CheckConstraint(
                name="pricing_price_window",
                condition=Q(valid_until=None) | Q(valid_from__isnull=False, valid_until__gt=F("valid_from")),
            ),
            UniqueConstraint(
                fields=["product", "price_list", "min_quantity", "unit", "valid_from"],
                include=["amount", "price_base", "valid_until"],
                nulls_distinct=False,
                name="pricing_break_once",
            ),
        ]
        indexes = [models.Index(fields=["price_list"], name="pricing_price_by_list")]

    def __str__(self) -> str:
        return f"{self.amount} per {self.price_base}"


class PriceScope(models.Model):
    """Who is given lists: a customer, a group of customers, or (with neither) all customers of the seller.

    A customer's lists are asked first, then those of its group, then those for all, then the public list; `is_closed`
    stops after its own. Where the scope for all `takes_lowest`, the lowest price of the whole chain counts, else the
    first list that has one.
    """

    seller = models.ForeignKey(Company, models.CASCADE, related_name="+")
    account = models.OneToOneField(CustomerAccount, models.CASCADE, null=True, related_name="+")
    group = models.OneToOneField(CustomerGroup, models.CASCADE, null=True, related_name="+")
    is_closed = models.BooleanField(default=False)
    takes_lowest = models.BooleanField(default=False)

    class Meta:
        db_table = "pricing_scope"
        constraints = [
            UniqueConstraint(
                fields=["seller"], condition=Q(account=None, group=None), name="pricing_scope_for_all_once"
            ),
            CheckConstraint(name="pricing_scope_of_one", condition=Q(account=None) | Q(group=None)),
            CheckConstraint(
                name="pricing_lowest_for_all",
                condition=Q(takes_lowest=False) | Q(account=None, group=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.account or self.group or self.seller)


class PriceAssignment(models.Model):
    """A list that a scope is given; position 0 is asked first."""

    scope = models.ForeignKey(PriceScope, models.CASCADE, related_name="assignments")
    price_list = models.ForeignKey(PriceList, models.PROTECT, related_name="assignments")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "pricing_assignment"
        ordering = ["position"]
        constraints = [
            UniqueConstraint(fields=["scope", "price_list"], name="pricing_assignment_once"),
            UniqueConstraint(fields=["scope", "position"], name="pricing_assignment_order"),
        ]

    def __str__(self) -> str:
        return f"{self.price_list} at {self.position}"


class ExchangeRateQuerySet(models.QuerySet["ExchangeRate"]):
    def visible_to(self, actor: Actor) -> Self:
        """Everybody's, and a seller's own."""
        return self.all() if actor.is_system else self.filter(Q(seller=None) | Q(seller_id=actor.company_id))


class ExchangeRate(models.Model):
    """What one unit of `source` is in `target` on a day, until a later day's rate takes over.

    `seller` None is a rate for everybody, as those of the European Central Bank; a seller's own goes before. One that
    the seller fixed goes before both and never grows old.
    """

    seller = models.ForeignKey(Company, models.CASCADE, null=True, related_name="+")
    source = models.CharField(max_length=3)
    target = models.CharField(max_length=3)
    day = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    is_fixed = models.BooleanField(default=False, db_default=False)
    objects = ExchangeRateQuerySet.as_manager()

    class Meta:
        db_table = "pricing_rate"
        constraints = [
            UniqueConstraint(
                fields=["source", "target", "seller", "day"], nulls_distinct=False, name="pricing_rate_once"
            ),
            CheckConstraint(name="pricing_rate_positive", condition=Q(rate__gt=0) & ~Q(source=F("target"))),
            CheckConstraint(
                name="pricing_rate_fixed_by_seller", condition=Q(is_fixed=False) | Q(seller__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.source} = {self.rate} {self.target} on {self.day}"


class ProductCost(models.Model):
    """What a product costs its seller from a day on, per base unit in the seller's currency, until a later row counts.

    The least price is `floor`, or what leaves `least_margin` percent of itself above `cost`; the higher of the two.
    """

    product = models.ForeignKey(Product, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    cost = UnitPriceField(null=True)
    floor = UnitPriceField(null=True)
    least_margin = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        db_table = "pricing_cost"
        constraints = [
            UniqueConstraint(fields=["product", "day"], name="pricing_cost_once"),
            CheckConstraint(
                name="pricing_cost_sensible",
                condition=(Q(cost=None) | Q(cost__gte=0))
                & (Q(floor=None) | Q(floor__gte=0))
                & (Q(least_margin=None) | Q(cost__isnull=False, least_margin__gte=0, least_margin__lt=100)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} from {self.day}"


class PricePolicy(models.Model):
    """How a seller's prices may be changed: whether a second person must approve changes."""

    seller = models.OneToOneField(Company, models.CASCADE, primary_key=True, related_name="+")
    rounds_need_approval = models.BooleanField(default=False)

    class Meta:
        db_table = "pricing_policy"

    def __str__(self) -> str:
        return f"policy of {self.seller_id}"


class PriceRoundQuerySet(models.QuerySet["PriceRound"]):
    def visible_to(self, actor: Actor) -> Self:
        """A seller's own rounds."""
        return self.all() if actor.is_system else self.filter(seller_id=actor.company_id)


class PriceRound(models.Model):
    """Prices that change together: drafted, submitted, then approved and written, or rejected with a reason.

    They count from `starts_at`; None, or a moment that has passed, is the moment of approval.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("To be approved")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")

    seller = models.ForeignKey(Company, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    starts_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=400, blank=True)
    objects = PriceRoundQuerySet.as_manager()

    class Meta:
        db_table = "pricing_round"
        constraints = [
            CheckConstraint(
                name="pricing_round_decided",
                condition=Q(status__in=["draft", "submitted"], decided_at=None)
                | Q(status__in=["approved", "rejected"], decided_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["seller", "-id"], name="pricing_rounds_of_seller")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it may still be changed, submitted or thrown away."""
        return self.status in (self.Status.DRAFT, self.Status.REJECTED)


class RoundPrice(models.Model):
    """A price that a round sets, and what it was when it was put in (`was` None: none, or on request)."""

    price_round = models.ForeignKey(PriceRound, models.CASCADE, related_name="prices", db_index=False)
    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    min_quantity = QuantityField(default=1)
    unit = models.CharField(max_length=3, default="", db_default="")
    amount = UnitPriceField(null=True)
    price_base = QuantityField(default=1)
    was = UnitPriceField(null=True)
    was_base = QuantityField(null=True)

    class Meta:
        db_table = "pricing_round_price"
        constraints = [
            UniqueConstraint(
                fields=["price_round", "price_list", "product", "min_quantity", "unit"],
                name="pricing_round_price_once",
            ),
            CheckConstraint(
                name="pricing_round_price_sensible",
                condition=(Q(amount=None) | Q(amount__gte=0)) & Q(price_base__gt=0, min_quantity__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.amount}"
