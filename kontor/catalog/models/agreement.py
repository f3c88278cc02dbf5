"""What was agreed with customers about the goods themselves."""

from typing import Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from kontor.catalog.models.product import Product
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.kernel.actors import Actor
from kontor.kernel.fields import QuantityField


class AgreedQuantityQuerySet(models.QuerySet["AgreedQuantity"]):
    def visible_to(self, actor: Actor) -> Self:
        """The seller's own; a buyer meets them as the rules of what it buys."""
        return self.all() if actor.is_system else self.filter(product__seller_id=actor.company_id)


class AgreedQuantity(models.Model):
    """In which quantities a customer, or a group of customers, buys a product in one of its sales units.

    It stands in place of the product's own minimum, steps and maximum, all three; a customer's own before its group's.
    It names the unit, not its row, because saving a product writes its units anew; for a unit that the product is not
    sold by it says nothing. The SQL function `catalog_units_for` puts it to use.
    """

    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    unit = models.CharField(max_length=3)
    account = models.ForeignKey(CustomerAccount, models.CASCADE, null=True, related_name="+")
    group = models.ForeignKey(CustomerGroup, models.CASCADE, null=True, related_name="+")
    minimum = QuantityField(default=1)
    multiple = QuantityField(default=1)
    maximum = QuantityField(null=True)
    objects = AgreedQuantityQuerySet.as_manager()

    class Meta:
        db_table = "catalog_agreed_quantity"
        constraints = [
            UniqueConstraint(
                fields=["product", "unit", "account", "group"],
                nulls_distinct=False,
                name="catalog_agreed_quantity_once",
            ),
            CheckConstraint(
                name="catalog_agreed_with_one",
                condition=Q(account__isnull=True, group__isnull=False)
                | Q(account__isnull=False, group__isnull=True),
            ),
            CheckConstraint(
                name="catalog_agreed_quantity_positive", condition=Q(minimum__gt=0, multiple__gt=0)
            ),
            CheckConstraint(
                name="catalog_agreed_quantity_maximum",
                condition=Q(maximum__isnull=True) | Q(maximum__gte=F("minimum")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} from {self.minimum} {self.unit}"
