from typing import Self

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from kontor.catalog.models import Product
from kontor.companies.models import Company, CustomerAccount
from kontor.kernel.actors import Actor
from kontor.kernel.fields import QuantityField, UnitPriceField


class PriceListQuerySet(models.QuerySet["PriceList"]):
    def visible_to(self, actor: Actor) -> Self:
        """A seller's own lists; nobody else sees lists, only prices."""
        return self.all() if actor.is_system else self.filter(seller_id=actor.company_id)


class PriceList(models.Model):
    """Prices of one seller in one currency. The public list ends every customer's chain."""

    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    is_public = models.BooleanField(default=False)
    objects = PriceListQuerySet.as_manager()

    class Meta:
        db_table = "pricing_price_list"
        constraints = [
            UniqueConstraint(fields=["seller", "code"], name="pricing_list_code_once"),
            UniqueConstraint(
                fields=["seller", "currency"], condition=Q(is_public=True), name="pricing_one_public_list"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """`amount` buys `price_base` base units, from `min_quantity` base units upwards."""

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="prices", db_index=False)
    product = models.ForeignKey(Product, models.CASCADE, related_name="+", db_index=False)
    min_quantity = QuantityField(default=1)
    amount = UnitPriceField()
    price_base = QuantityField(default=1)

    class Meta:
        db_table = "pricing_price"
        constraints = [
            CheckConstraint(name="pricing_amount_not_negative", condition=Q(amount__gte=0)),
            CheckConstraint(name="pricing_base_positive", condition=Q(price_base__gt=0, min_quantity__gt=0)),
            UniqueConstraint(
                fields=["product", "price_list", "min_quantity"],
                include=["amount", "price_base"],
                name="pricing_break_once",
            ),
        ]
        indexes = [models.Index(fields=["price_list"], name="pricing_price_by_list")]

    def __str__(self) -> str:
        return f"{self.amount} per {self.price_base}"


class PriceAssignment(models.Model):
    """A list in a customer's chain; position 0 is asked first, the seller's public list last of all."""

    account = models.ForeignKey(CustomerAccount, models.CASCADE, related_name="+")
    price_list = models.ForeignKey(PriceList, models.PROTECT, related_name="assignments")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "pricing_assignment"
        ordering = ["position"]
        constraints = [
            UniqueConstraint(fields=["account", "price_list"], name="pricing_assignment_once"),
            UniqueConstraint(fields=["account", "position"], name="pricing_assignment_order"),
        ]

    def __str__(self) -> str:
        return f"{self.price_list} at {self.position}"
