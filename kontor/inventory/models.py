from typing import Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.catalog.models import Product
from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import QuantityField


class WarehouseQuerySet(models.QuerySet["Warehouse"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.is_system else self.filter(seller_id=actor.company_id)


class Warehouse(models.Model):
    """A place from which a seller ships; the lowest position is asked first."""

    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    city = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2)
    position = models.PositiveSmallIntegerField(default=0)
    objects = WarehouseQuerySet.as_manager()

    class Meta:
        db_table = "inventory_warehouse"
        ordering = ["position", "id"]
        constraints = [UniqueConstraint(fields=["seller", "code"], name="inventory_warehouse_once")]

    def __str__(self) -> str:
        return self.name


class StockItem(models.Model):
    """A product in a warehouse, in base units. `reserved` is the sum of its active reservations."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_index=False)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="stock")
    on_hand = QuantityField(default=0)
    reserved = QuantityField(default=0)
    bin = models.CharField(max_length=20, blank=True, help_text="where it lies: A-12-3")

    class Meta:
        db_table = "inventory_stock_item"
        constraints = [
            UniqueConstraint(fields=["product", "warehouse"], name="inventory_stock_once"),
            CheckConstraint(name="inventory_on_hand_not_negative", condition=Q(on_hand__gte=0)),
            CheckConstraint(name="inventory_reserved_not_negative", condition=Q(reserved__gte=0)),
            # The last word on overselling: nothing is promised that is not there.
            CheckConstraint(name="inventory_never_oversold", condition=Q(reserved__lte=F("on_hand"))),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} at {self.warehouse_id}: {self.on_hand}"


class Reservation(models.Model):
    """Stock held for one line of an order, until it is issued or released.

    `order_line_id` is opaque here: inventory stands below orders.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("Reserved")
        ISSUED = "issued", _("Issued")
        RELEASED = "released", _("Released")

    stock_item = models.ForeignKey(StockItem, models.PROTECT, related_name="reservations")
    order_line_id = models.BigIntegerField()
    quantity = QuantityField()
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    created_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inventory_reservation"
        constraints = [CheckConstraint(name="inventory_reservation_positive", condition=Q(quantity__gt=0))]
        indexes = [
            models.Index(fields=["order_line_id"], name="inventory_reservation_line"),
            models.Index(
                fields=["stock_item"], name="inventory_reservation_open", condition=Q(status="active")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} for line {self.order_line_id}"


class ExpectedReceipt(models.Model):
    """Goods on their way to a shelf, in base units; receipts settle the earliest first, down to `remaining` 0."""

    stock_item = models.ForeignKey(StockItem, models.PROTECT, related_name="expected")
    quantity = QuantityField()
    remaining = QuantityField()
    due_on = models.DateField()
    reference = models.CharField(max_length=60, blank=True, help_text="the purchase order at the supplier")
    created_at = models.DateTimeField(default=clock.now)
    actor_name = models.CharField(max_length=150)

    class Meta:
        db_table = "inventory_expected_receipt"
        constraints = [
            CheckConstraint(name="inventory_expected_positive", condition=Q(quantity__gt=0)),
            CheckConstraint(
                name="inventory_expected_remaining",
                condition=Q(remaining__gte=0) & Q(remaining__lte=F("quantity")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["stock_item", "due_on", "id"],
                name="inventory_expected_open",
                condition=Q(remaining__gt=0),
            )
        ]

    def __str__(self) -> str:
        return f"{self.remaining} on {self.due_on}"


class StockMovement(models.Model):
    """Every change of `on_hand`, as a fact: receipts and returns add, issues take away, counts correct."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Goods receipt")
        ISSUE = "issue", _("Goods issue")
        RETURN = "return", _("Customer return")
        ADJUSTMENT = "adjustment", _("Stock count")

    id = models.BigAutoField(primary_key=True)
    stock_item = models.ForeignKey(StockItem, models.PROTECT, related_name="movements", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    quantity = QuantityField()
    reference = models.CharField(max_length=60, blank=True, help_text="shipment:12, return:7, count")
    reason = models.CharField(max_length=200, blank=True)
    actor_name = models.CharField(max_length=150)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "inventory_stock_movement"
        constraints = [CheckConstraint(name="inventory_movement_moves", condition=~Q(quantity=0))]
        indexes = [models.Index(fields=["stock_item", "id"], name="inventory_movement_item")]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity}"
