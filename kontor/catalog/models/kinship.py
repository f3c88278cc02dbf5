"""What binds products to each other and to the numbers of others."""

from typing import Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.catalog.models.product import Product
from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import QuantityField


class ProductRelation(models.Model):
    """`other` as an accessory, replacement and so on of `product`."""

    class Kind(models.TextChoices):
        ACCESSORY = "accessory", _("Accessory")
        SPARE_PART = "spare_part", _("Spare part")
        ALTERNATIVE = "alternative", _("Alternative")
        REPLACEMENT = "replacement", _("Replacement")
        SUCCESSOR = "successor", _("Successor")
        CROSS_SELL = "cross_sell", _("Goes well with it")
        UP_SELL = "up_sell", _("Better version")

    product = models.ForeignKey(Product, models.CASCADE, related_name="relations")
    other = models.ForeignKey(Product, models.CASCADE, related_name="related_from")
    kind = models.CharField(max_length=12, choices=Kind)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "catalog_relation"
        ordering = ["position", "id"]
        constraints = [
            UniqueConstraint(fields=["product", "other", "kind"], name="catalog_relation_once"),
            CheckConstraint(name="catalog_relation_to_another", condition=~Q(product=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.other_id} {self.kind} of {self.product_id}"


class KitComponent(models.Model):
    """So many base units of a component in one base unit of a kit."""

    kit = models.ForeignKey(Product, models.CASCADE, related_name="components")
    component = models.ForeignKey(Product, models.PROTECT, related_name="+")
    quantity = QuantityField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "catalog_kit_component"
        ordering = ["position", "id"]
        constraints = [
            UniqueConstraint(fields=["kit", "component"], name="catalog_kit_component_once"),
            CheckConstraint(
                name="catalog_kit_component_valid", condition=Q(quantity__gt=0) & ~Q(kit=F("component"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.component_id} in {self.kit_id}"


class BuyerPartNumberQuerySet(models.QuerySet["BuyerPartNumber"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the company that the actor buys for, of goods that it still may see."""
        goods = Product.objects.visible_to(actor).values("pk")
        return self.filter(buyer_id=actor.buying_company_id, product__in=goods)


class BuyerPartNumber(models.Model):
    """The number by which a buying company knows a product; `key` is it in capitals without dashes and blanks."""

    buyer = models.ForeignKey(Company, models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    number = models.CharField(max_length=60)
    key = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=clock.now)
    objects = BuyerPartNumberQuerySet.as_manager()

    class Meta:
        db_table = "catalog_buyer_part_number"
        constraints = [
            UniqueConstraint(fields=["buyer", "product"], name="catalog_buyer_number_once"),
            CheckConstraint(name="catalog_buyer_number_key", condition=~Q(key="")),
        ]
        indexes = [
            models.Index(
                fields=["buyer", "key"], name="catalog_buyer_key", opclasses=["int8_ops", "text_pattern_ops"]
            )
        ]

    def __str__(self) -> str:
        return self.number


class Classification(models.Model):
    """A product's class in a system that trade shares."""

    class System(models.TextChoices):
        UNSPSC = "unspsc", "UNSPSC"
        ETIM = "etim", "ETIM"
        ECLASS = "eclass", "ECLASS"
        OTHER = "other", _("Other")

    product = models.ForeignKey(Product, models.CASCADE, related_name="classifications", db_index=False)
    system = models.CharField(max_length=8, choices=System)
    version = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=30)

    class Meta:
        db_table = "catalog_classification"
        ordering = ["system", "version"]
        constraints = [
            UniqueConstraint(fields=["product", "system", "version"], name="catalog_classified_once")
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.version} {self.code}"


class Hazard(models.Model):
    """What must be known to carry and store dangerous goods: UN number, class and packing group (ADR, GHS)."""

    product = models.OneToOneField(Product, models.CASCADE, primary_key=True, related_name="hazard")
    un_number = models.CharField(max_length=4, blank=True)
    hazard_class = models.CharField(max_length=10, blank=True)
    packing_group = models.CharField(max_length=3, blank=True)
    signal_word = models.CharField(max_length=20, blank=True)
    statements = models.CharField(max_length=400, blank=True, help_text="H and P statements")

    class Meta:
        db_table = "catalog_hazard"

    def __str__(self) -> str:
        return f"UN {self.un_number}"


class ProductText(models.Model):
    """Name and texts of a product in a further language; what is empty falls back to the next language."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="texts", db_index=False)
    language = models.CharField(max_length=8)
    name = models.CharField(max_length=250, blank=True)
    summary = models.CharField(max_length=400, blank=True)
    description = models.TextField(blank=True)

    class Meta:
        db_table = "catalog_text"
        constraints = [UniqueConstraint(fields=["product", "language"], name="catalog_text_once")]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.language}"


class ProductVersion(models.Model):
    """A product as it was saved, whole, so that it can be compared and brought back."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="versions", db_index=False)
    revision = models.PositiveIntegerField()
    facts: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField()
    at = models.DateTimeField(default=clock.now)
    actor_name = models.CharField(max_length=150)
    door = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "catalog_version"
        ordering = ["-revision"]
        constraints = [UniqueConstraint(fields=["product", "revision"], name="catalog_version_once")]

    def __str__(self) -> str:
        return f"{self.product_id} revision {self.revision}"
