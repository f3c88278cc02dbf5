"""What may be chosen of a configurable product, and what was chosen."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import UniqueConstraint

from kontor.catalog.models.product import Product
from kontor.goods.options import MARK
from kontor.kernel import clock


class ProductOptions(models.Model):
    """The options of a configurable product as `options.written` gives them; it has them all or none."""

    product = models.OneToOneField(Product, models.CASCADE, primary_key=True, related_name="options")
    document: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()

    class Meta:
        db_table = "catalog_options"

    def __str__(self) -> str:
        return f"options of {self.product_id}"


class Configuration(models.Model):
    """A configurable product as somebody chose it. It never changes, whatever becomes of the options.

    `choices` are those of that moment, each ``{"group", "group_name", "group_names", "code", "name", "names"}``; `text`
    names them in the seller's first language.
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    code = models.CharField(max_length=80)
    parts: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=8))
    choices: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField()
    text = models.CharField(max_length=700)
    weight_grams = models.IntegerField(default=0, help_text="beside the product's own")
    lead_days = models.PositiveSmallIntegerField(default=0, help_text="beside the product's own")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "catalog_configuration"
        constraints = [UniqueConstraint(fields=["product", "code"], name="catalog_configuration_once")]

    def __str__(self) -> str:
        return self.code

    @staticmethod
    def sku(product_sku: str, code: str) -> str:
        """The number by which it is ordered again."""
        return f"{product_sku}{MARK}{code}"
