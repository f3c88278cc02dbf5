from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.catalog.models import Category, Product
from kontor.companies.models import Company, CustomerAccount, CustomerGroup
from kontor.kernel.actors import Actor
from kontor.kernel.fields import AmountField, QuantityField, UnitPriceField


class IndexQuerySet(models.QuerySet["Index"]):
    def visible_to(self, actor: Actor) -> Self:
        """A seller's own."""
        return self.all() if actor.is_system else self.filter(seller_id=actor.company_id)


class Index(models.Model):
    """A quotation that prices move with: copper at 912.40 EUR per 100 KGM. `per` counts in `unit` (UN/ECE Rec 20)."""

    seller = models.ForeignKey(Company, models.CASCADE, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    per = QuantityField(default=100)
    unit = models.CharField(max_length=3, default="KGM")
    objects = IndexQuerySet.as_manager()

    class Meta:
        db_table = "charges_index"
        ordering = ["name", "id"]
        constraints = [
            UniqueConstraint(fields=["seller", "code"], name="charges_index_code_once"),
            CheckConstraint(name="charges_index_per_positive", condition=Q(per__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name


class IndexValue(models.Model):
    """What an index stands at from a day on (the seller's calendar), until a later value takes over."""

    index = models.ForeignKey(Index, models.CASCADE, related_name="values", db_index=False)
    day = models.DateField()
    value = UnitPriceField()

    class Meta:
        db_table = "charges_index_value"
        constraints = [
            UniqueConstraint(fields=["index", "day"], name="charges_index_value_once"),
            CheckConstraint(name="charges_index_value_not_negative", condition=Q(value__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.value} on {self.day}"


class Content(models.Model):
    """How much of an index's stuff is in one base unit of a product, in the index's unit: 0.086 kg in a metre."""

    index = models.ForeignKey(Index, models.CASCADE, related_name="contents", db_index=False)
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    amount = models.DecimalField(max_digits=16, decimal_places=6)

    class Meta:
        db_table = "charges_content"
        constraints = [
            UniqueConstraint(fields=["index", "product"], name="charges_content_once"),
            CheckConstraint(name="charges_content_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} in {self.product}"


class RuleQuerySet(models.QuerySet["Rule"]):
    def visible_to(self, actor: Actor) -> Self:
        """A seller's own; buyers see what comes out of them."""
        return self.all() if actor.is_system else self.filter(seller_id=actor.company_id)


class Rule(models.Model):
    """Something that a seller charges beside its goods, or takes off an order; its tariffs say how much, and for whom.

    `measure` is what the steps of the tariffs count in. By value and by weight it is one amount for the order; by
    quantity, content and index one for each line. Without categories and products it is about all goods, without
    channels about every order; `hazards` narrow it to goods of these hazard classes ("*": any). `code` is of UNCL
    7161, that of an allowance of UNCL 5189. An empty tax category follows the goods.
    """

    class Kind(models.TextChoices):
        FREIGHT = "freight", _("Freight")
        PACKAGING = "packaging", _("Packaging")
        SMALL_ORDER = "small_order", _("Small order surcharge")
        DEPOSIT = "deposit", _("Deposit")
        INDEX = "index", _("Metal or energy surcharge")
        HAZARDOUS = "hazardous", _("Hazardous goods surcharge")
        ALLOWANCE = "allowance", _("Order discount")

    class Measure(models.TextChoices):
        VALUE = "value", _("Net value of the order")
        WEIGHT = "weight", _("Weight in kilograms")
        QUANTITY = "quantity", _("Quantity of a line")
        CONTENT = "content", _("Content at the index")
        INDEX = "index", _("Percentage by the index")

    seller = models.ForeignKey(Company, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    measure = models.CharField(max_length=8, choices=Measure, default=Measure.VALUE)
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=3)
    tax_category = models.CharField(max_length=16, blank=True)
    is_refundable = models.BooleanField(default=False)
    per = QuantityField(
        default=1, help_text="by quantity: base units that an amount is for, begun ones count"
    )
    index = models.ForeignKey(Index, models.PROTECT, null=True, related_name="rules")
    channels: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=12), default=list, blank=True
    )
    categories = models.ManyToManyField(Category, related_name="+", db_table="charges_rule_category")
    products = models.ManyToManyField(Product, related_name="+", db_table="charges_rule_product")
    hazards: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=10), default=list, db_default=[], blank=True
    )
    position = models.PositiveSmallIntegerField(default=0)
    objects = RuleQuerySet.as_manager()

    class Meta:
        db_table = "charges_rule"
        ordering = ["position", "id"]
        constraints = [
            UniqueConstraint(fields=["seller", "name"], name="charges_rule_name_once"),
            CheckConstraint(name="charges_rule_per_positive", condition=Q(per__gt=0)),
            CheckConstraint(
                name="charges_rule_measured",
                condition=Q(kind="freight", measure__in=["value", "weight"])
                | Q(kind__in=["small_order", "allowance"], measure="value")
                | Q(kind="deposit", measure="quantity")
                | Q(kind__in=["packaging", "hazardous"], measure__in=["value", "weight", "quantity"])
                | Q(kind="index", measure__in=["content", "index"]),
            ),
            CheckConstraint(
                name="charges_rule_has_index",
                condition=Q(kind="index", index__isnull=False) | (~Q(kind="index") & Q(index=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Tariff(models.Model):
    """How much a rule charges a customer, a group or (with neither) everybody, in these countries (none: all others).

    Who comes before where: a customer's tariff goes before its group's, that before the one for all; among these one
    that names the country goes first, before it one that names the postcode. `postcodes` of one country are codes,
    their beginnings or ranges, as `places.plain_range` writes them. `is_none`: nothing is charged, as from a net value
    of `free_from` on. `index_base` is what the price has in it already. It counts from `valid_from` to before
    `valid_until`. Two tariffs that would both count are refused by the exclusion constraint ``charges_one_tariff``.
    """

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="tariffs")
    currency = models.CharField(max_length=3)
    account = models.ForeignKey(CustomerAccount, models.CASCADE, null=True, related_name="+")
    group = models.ForeignKey(CustomerGroup, models.CASCADE, null=True, related_name="+")
    countries: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=2), default=list, blank=True
    )
    postcodes: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=21), default=list, db_default=[], blank=True
    )
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    is_none = models.BooleanField(default=False)
    free_from = AmountField(null=True)
    index_base = UnitPriceField(default=0)

    class Meta:
        db_table = "charges_tariff"
        constraints = [
            CheckConstraint(name="charges_tariff_of_one", condition=Q(account=None) | Q(group=None)),
            CheckConstraint(
                name="charges_postcodes_of_a_country", condition=Q(postcodes=[]) | Q(countries__len=1)
            ),
            CheckConstraint(name="charges_tariff_window", condition=Q(valid_until__gt=F("valid_from"))),
            CheckConstraint(
                name="charges_tariff_sensible",
                condition=(Q(free_from=None) | Q(free_from__gt=0)) & Q(index_base__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} in {self.currency}"


class Step(models.Model):
    """From `start` of the rule's measure on: an amount in the tariff's currency, or a percentage of the net."""

    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="steps", db_index=False)
    start = QuantityField(default=0)
    amount = UnitPriceField(null=True)
    percent = models.DecimalField(max_digits=7, decimal_places=4, null=True)

    class Meta:
        db_table = "charges_step"
        ordering = ["start"]
        constraints = [
            UniqueConstraint(fields=["tariff", "start"], name="charges_step_once"),
            CheckConstraint(
                name="charges_step_sensible",
                condition=Q(start__gte=0)
                & (Q(amount__gte=0, percent=None) | Q(amount=None, percent__gte=0, percent__lte=100)),
            ),
        ]

    def __str__(self) -> str:
        return f"from {self.start}"
