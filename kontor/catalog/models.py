from typing import Any, Self

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import QuantityField


class Category(models.Model):
    """A shelf in the shop; shelves hold shelves. `path` is the slash-joined slugs from the root."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80)
    path = models.CharField(max_length=300, unique=True)
    position = models.PositiveIntegerField(default=0)
    description = models.TextField(blank=True)

    class Meta:
        db_table = "catalog_category"
        ordering = ["position", "name"]
        indexes = [
            models.Index(fields=["path"], name="catalog_category_below", opclasses=["text_pattern_ops"])
        ]

    def __str__(self) -> str:
        return self.name


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, actor: Actor | None) -> Self:
        """What this actor (None: a visitor) may find: active goods of active sellers; a seller also its own drafts."""
        on_sale = Q(status=Product.Status.ACTIVE, seller__status=Company.Status.ACTIVE)
        if actor is not None and actor.is_seller:
            return self.filter(on_sale | Q(seller_id=actor.company_id))
        return self.filter(on_sale)


class Product(models.Model):
    """One article that can be ordered, with its own SKU.

    `specifications` is a list of ``{"name", "value", "unit"}`` in the order in which it is shown. `revision` rises
    with every change of what a card shows, so that rendered cards can be kept.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        DISCONTINUED = "discontinued", _("Discontinued")

    class Kind(models.TextChoices):
        GOODS = "goods", _("Goods")
        SERVICE = "service", _("Service")

    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="products")
    sku = models.CharField(max_length=40)
    name = models.CharField(max_length=250)
    slug = models.SlugField(max_length=280)
    summary = models.CharField(max_length=400, blank=True)
    description = models.TextField(blank=True)
    brand = models.CharField(max_length=100, blank=True)
    manufacturer_part_number = models.CharField(max_length=60, blank=True)
    gtin = models.CharField(max_length=14, blank=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.GOODS)
    status = models.CharField(max_length=14, choices=Status, default=Status.DRAFT)
    base_unit = models.CharField(
        max_length=3, default="C62", help_text="UN/ECE Rec 20; unit of stock and price"
    )
    tax_category = models.CharField(max_length=16, default="standard")
    weight_grams = models.PositiveIntegerField(null=True, help_text="of one base unit")
    lead_days = models.PositiveSmallIntegerField(default=2, help_text="working days when in stock")
    specifications: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(
        default=list
    )
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    objects = ProductQuerySet.as_manager()

    class Meta:
        db_table = "catalog_product"
        constraints = [UniqueConstraint(fields=["seller", "sku"], name="catalog_sku_once_per_seller")]
        indexes = [
            models.Index(
                fields=["category", "name", "id"], name="catalog_listing", condition=Q(status="active")
            ),
            models.Index(fields=["gtin"], name="catalog_gtin", condition=~Q(gtin="")),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"

    @property
    def is_stocked(self) -> bool:
        return self.kind == self.Kind.GOODS


class SalesUnit(models.Model):
    """A unit in which a product is sold. `factor` base units make one; minimum and multiple count in this unit."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="sales_units")
    unit = models.CharField(max_length=3)
    factor = QuantityField(default=1)
    minimum = QuantityField(default=1)
    multiple = QuantityField(default=1)
    position = models.PositiveSmallIntegerField(default=0, help_text="0 is offered first")

    class Meta:
        db_table = "catalog_sales_unit"
        ordering = ["position", "id"]
        constraints = [
            UniqueConstraint(fields=["product", "unit"], name="catalog_sales_unit_once"),
            UniqueConstraint(fields=["product", "position"], name="catalog_sales_unit_order"),
            CheckConstraint(
                name="catalog_sales_unit_positive",
                condition=Q(factor__gt=0, minimum__gt=0, multiple__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} of {self.factor}"


class Medium(models.Model):
    """A picture or document of a product; `file` is a path below the media folder, named by its SHA-256."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("Picture")
        DATASHEET = "datasheet", _("Data sheet")
        CERTIFICATE = "certificate", _("Certificate")
        MANUAL = "manual", _("Manual")
        DRAWING = "drawing", _("Drawing")

    product = models.ForeignKey(Product, models.CASCADE, related_name="media")
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=150)
    file = models.CharField(
        max_length=200, blank=True, help_text="empty for a data sheet made from the product's data"
    )
    media_type = models.CharField(max_length=80)
    byte_size = models.PositiveIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "catalog_medium"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title
