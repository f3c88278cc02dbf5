"""What a company may see and buy."""

from typing import Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.catalog.models.category import Category
from kontor.catalog.models.product import Product
from kontor.companies.models import Company, CustomerAccount, CustomerGroup
from kontor.kernel.actors import Actor


class AssortmentQuerySet(models.QuerySet["Assortment"]):
    def visible_to(self, actor: Actor) -> Self:
        """The seller's own; nobody else knows of them."""
        return self.all() if actor.is_system else self.filter(seller_id=actor.company_id)


class Assortment(models.Model):
    """A part of a seller's goods: begins with all, with none, or with another assortment, then follows its rules.

    The standard assortment is everybody's who has no other. `Product.assortments` holds the ids of those that a product
    is in.
    """

    class Start(models.TextChoices):
        ALL = "all", _("All goods")
        NONE = "none", _("No goods")

    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    start = models.CharField(max_length=4, choices=Start, default=Start.ALL)
    extends = models.ForeignKey("self", models.PROTECT, null=True, related_name="extended_by")
    is_standard = models.BooleanField(default=False)
    objects = AssortmentQuerySet.as_manager()

    class Meta:
        db_table = "catalog_assortment"
        ordering = ["-is_standard", "name"]
        constraints = [
            UniqueConstraint(fields=["seller", "name"], name="catalog_assortment_once"),
            UniqueConstraint(
                fields=["seller"], condition=Q(is_standard=True), name="catalog_one_standard_assortment"
            ),
            CheckConstraint(name="catalog_assortment_not_itself", condition=~Q(extends=F("id"))),
        ]

    def __str__(self) -> str:
        return self.name


class AssortmentRule(models.Model):
    """Lets one product, one brand or one category (with all below) in, or keeps it out.

    The nearest rule wins: product, then brand, then the deepest category; keeping out wins between equals.
    """

    assortment = models.ForeignKey(Assortment, models.CASCADE, related_name="rules")
    allows = models.BooleanField()
    category = models.ForeignKey(Category, models.CASCADE, null=True, related_name="+")
    brand = models.CharField(max_length=100, blank=True)
    product = models.ForeignKey(Product, models.CASCADE, null=True, related_name="+")

    class Meta:
        db_table = "catalog_assortment_rule"
        constraints = [
            CheckConstraint(
                name="catalog_rule_about_one_thing",
                condition=Q(category__isnull=False, brand="", product__isnull=True)
                | (Q(category__isnull=True, product__isnull=True) & ~Q(brand=""))
                | Q(category__isnull=True, brand="", product__isnull=False),
            ),
            UniqueConstraint(
                fields=["assortment", "category", "brand", "product"],
                nulls_distinct=False,
                name="catalog_rule_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{'allow' if self.allows else 'deny'} in {self.assortment_id}"


class AssortmentAssignment(models.Model):
    """Who has an assortment: a customer, a group of customers, or visitors. A customer's own hide its group's."""

    assortment = models.ForeignKey(Assortment, models.CASCADE, related_name="assignments")
    account = models.ForeignKey(CustomerAccount, models.CASCADE, null=True, related_name="+")
    group = models.ForeignKey(CustomerGroup, models.CASCADE, null=True, related_name="+")

    class Meta:
        db_table = "catalog_assortment_assignment"
        constraints = [
            UniqueConstraint(
                fields=["assortment", "account", "group"],
                nulls_distinct=False,
                name="catalog_assortment_assigned_once",
            ),
            CheckConstraint(
                name="catalog_assigned_to_one", condition=Q(account__isnull=True) | Q(group__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assortment_id} for {self.account_id or self.group_id or 'visitors'}"
