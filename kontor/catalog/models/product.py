from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.catalog.models.category import Category
from kontor.catalog.models.family import Family, Values
from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import QuantityField


class AssortmentsOf(models.Func):
    """What a buying company may see; as a subquery, because it is asked once per statement, not once per row."""

    template = "(SELECT catalog_assortments_of(%(expressions)s))"
    output_field = ArrayField(models.BigIntegerField())


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, actor: Actor | None) -> Self:
        """What this actor (None: a visitor) may find: active goods of active sellers, in an assortment of the buyer.

        A seller's people see all that is their own, drafts too; while they work for a customer, what it sees. The
        system sees everything.
        """
        if actor is not None and actor.is_system:
            return self.all()
        buyer = models.Value(actor.buying_company_id if actor else None, models.BigIntegerField())
        on_sale = Q(status=Product.Status.ACTIVE, seller__status=Company.Status.ACTIVE)
        seen = on_sale & Q(assortments__overlap=AssortmentsOf(buyer))
        if actor is not None and actor.is_seller and actor.acting_for_id is None:
            return self.filter(seen | Q(seller_id=actor.company_id))
        return self.filter(seen)


def everybody() -> list[int]:
    """The assortments of a product whose seller has none."""
    return [0]


class Product(models.Model):
    """One article that can be ordered, with its own SKU; a model only gathers its variants and is never ordered.

    `attributes` are the values of its family's attributes. `specifications` is what no attribute stands for: a list of
    ``{"name", "value", "unit"}`` in the order in which it is shown. `revision` rises with every change of what a card
    shows, so that rendered cards can be kept. `assortments` are those it is in; 0 while its seller has none.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("In review")
        APPROVED = "approved", _("Approved")
        ACTIVE = "active", _("Active")
        DISCONTINUED = "discontinued", _("Discontinued")

    class Kind(models.TextChoices):
        GOODS = "goods", _("Goods")
        SERVICE = "service", _("Service")
        MODEL = "model", _("Model with variants")
        KIT = "kit", _("Kit")
        CONFIGURABLE = "configurable", _("Configurable")

    seller = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="products")
    family = models.ForeignKey(Family, models.PROTECT, null=True, related_name="products")
    variant_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="variants")
    sku = models.CharField(max_length=40)
    name = models.CharField(max_length=250)
    slug = models.SlugField(max_length=280, db_index=False)
    summary = models.CharField(max_length=400, blank=True)
    description = models.TextField(blank=True)
    brand = models.CharField(max_length=100, blank=True)
    manufacturer_part_number = models.CharField(max_length=60, blank=True)
    gtin = models.CharField(max_length=14, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.GOODS)
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
    attributes: "models.JSONField[Values, Values]" = models.JSONField(default=dict)
    origin = models.CharField(max_length=2, blank=True, help_text="country of origin, ISO 3166-1")
    customs_code = models.CharField(max_length=12, blank=True, help_text="HS or CN code, digits only")
    on_sale_from = models.DateTimeField(null=True)
    on_sale_until = models.DateTimeField(null=True)
    assortments: "ArrayField[list[int], list[int]]" = ArrayField(models.BigIntegerField(), default=everybody)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    objects = ProductQuerySet.as_manager()

    class Meta:
        db_table = "catalog_product"
        constraints = [
            UniqueConstraint(fields=["seller", "sku"], name="catalog_sku_once_per_seller"),
            CheckConstraint(name="catalog_not_own_variant", condition=~Q(variant_of=F("id"))),
            CheckConstraint(
                name="catalog_on_sale_in_order",
                condition=Q(on_sale_from__isnull=True)
                | Q(on_sale_until__isnull=True)
                | Q(on_sale_until__gt=F("on_sale_from")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["category", "name", "id"], name="catalog_listing", condition=Q(status="active")
            ),
            models.Index(fields=["gtin"], name="catalog_gtin", condition=~Q(gtin="")),
            models.Index(
                fields=["on_sale_from"], name="catalog_to_go_on_sale", condition=Q(status="approved")
            ),
            models.Index(
                fields=["on_sale_until"],
                name="catalog_to_go_off_sale",
                condition=Q(status="active", on_sale_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"

    @property
    def is_stocked(self) -> bool:
        """Whether it lies on a shelf itself; of a kit its components do."""
        return self.kind == self.Kind.GOODS

    @property
    def has_stock(self) -> bool:
        """Whether stock limits what may be promised of it."""
        return self.kind in (self.Kind.GOODS, self.Kind.KIT)


class SalesUnit(models.Model):
    """A unit in which a product is sold. `factor` base units make one; minimum and multiple count in this unit."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="sales_units", db_index=False)
    unit = models.CharField(max_length=3)
    factor = QuantityField(default=1)
    minimum = QuantityField(default=1)
    multiple = QuantityField(default=1)
    maximum = QuantityField(null=True, help_text="most in one order line, in this unit")
    package = models.CharField(max_length=2, blank=True, help_text="UN/ECE Rec 21 code of the packaging")
    gtin = models.CharField(max_length=14, blank=True)
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
            CheckConstraint(
                name="catalog_sales_unit_maximum",
                condition=Q(maximum__isnull=True) | Q(maximum__gte=F("minimum")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} of {self.factor}"
