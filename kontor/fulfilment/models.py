from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.inventory.models import StockItem, Warehouse
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import QuantityField
from kontor.orders.models import LinePart, Order, OrderLine


def _traded_with(actor: Actor) -> Q:
    """Both sides of the order see what moves for it."""
    if actor.acting_for_id:
        return Q(order__buyer_id=actor.acting_for_id, order__seller_id=actor.company_id)
    own = Q(order__buyer_id=actor.company_id)
    return own | Q(order__seller_id=actor.company_id) if actor.is_seller else own


class PickListQuerySet(models.QuerySet["PickList"]):
    def visible_to(self, actor: Actor) -> Self:
        """Picking is the seller's own business."""
        return self.all() if actor.is_system else self.filter(order__seller_id=actor.company_id)


class PickList(models.Model):
    """What to take from one warehouse for one order."""

    class Status(models.TextChoices):
        OPEN = "open", _("To pick")
        PICKED = "picked", _("Picked")
        PACKED = "packed", _("Packed")
        CANCELLED = "cancelled", _("Cancelled")

    number = models.CharField(max_length=24)
    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField(default=clock.now)
    picked_at = models.DateTimeField(null=True)
    picked_by_name = models.CharField(max_length=150, blank=True)
    objects = PickListQuerySet.as_manager()

    class Meta:
        db_table = "fulfilment_pick_list"

    def __str__(self) -> str:
        return self.number


class PickLine(models.Model):
    """Base units of an order line, or of a part of its kit, to take from one stock item; `picked` is what was found."""

    pick_list = models.ForeignKey(PickList, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="+")
    part = models.ForeignKey(LinePart, models.PROTECT, null=True, related_name="+", db_index=False)
    stock_item = models.ForeignKey(StockItem, models.PROTECT, related_name="+", db_index=False)
    quantity = QuantityField()
    picked = QuantityField(default=0)

    class Meta:
        db_table = "fulfilment_pick_line"
        constraints = [
            CheckConstraint(
                name="fulfilment_picked_within",
                condition=Q(quantity__gt=0, picked__gte=0, picked__lte=F("quantity")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} for line {self.order_line_id}"

    @property
    def article(self) -> OrderLine | LinePart:
        """What lies on the shelf."""
        return self.part or self.order_line


class ShipmentQuerySet(models.QuerySet["Shipment"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.is_system else self.filter(_traded_with(actor))


class Shipment(models.Model):
    """Goods that leave together, with one delivery note."""

    class Status(models.TextChoices):
        PACKED = "packed", _("Packed")
        SHIPPED = "shipped", _("Shipped")
        DELIVERED = "delivered", _("Delivered")
        CANCELLED = "cancelled", _("Cancelled")

    number = models.CharField(max_length=24)
    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    pick_list = models.ForeignKey(PickList, models.PROTECT, null=True, related_name="+", db_index=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.PACKED)
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    tracking_url = models.CharField(max_length=300, blank=True)
    packages = models.PositiveSmallIntegerField(default=1)
    weight_grams = models.PositiveIntegerField(null=True)
    packed_at = models.DateTimeField(default=clock.now)
    shipped_at = models.DateTimeField(null=True)
    arrives_on = models.DateField(null=True)
    arrival_announced_at = models.DateTimeField(
        null=True, help_text="when both sides were told that it arrives today"
    )
    delivered_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=120, blank=True)
    objects = ShipmentQuerySet.as_manager()

    class Meta:
        db_table = "fulfilment_shipment"
        constraints = [
            UniqueConstraint(
                fields=["pick_list"],
                condition=Q(pick_list__isnull=False) & ~Q(status="cancelled"),
                name="fulfilment_one_shipment_per_pick_list",
            )
        ]
        indexes = [
            models.Index(fields=["arrives_on"], name="fulfilment_on_the_way", condition=Q(status="shipped")),
        ]

    def __str__(self) -> str:
        return self.number


class ShipmentLine(models.Model):
    """Base units of one order line in a shipment; goods name the stock item they came from, services none.

    Of a kit its parts are in the parcel, each a line of its own. A line of the kit itself, without stock item, says how
    many kits became whole when the shipment left.
    """

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="+")
    part = models.ForeignKey(LinePart, models.PROTECT, null=True, related_name="+", db_index=False)
    stock_item = models.ForeignKey(StockItem, models.PROTECT, null=True, related_name="+", db_index=False)
    quantity = QuantityField()
    lot = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "fulfilment_shipment_line"
        constraints = [CheckConstraint(name="fulfilment_shipment_quantity", condition=Q(quantity__gt=0))]

    def __str__(self) -> str:
        return f"{self.quantity} of line {self.order_line_id}"

    @property
    def article(self) -> OrderLine | LinePart:
        """What is in the parcel."""
        return self.part or self.order_line

    @property
    def ordered(self) -> Decimal:
        """Base units of the article that were ordered with the line."""
        each = self.part.quantity if self.part is not None else 1
        return self.order_line.base_quantity * each


class ReturnQuerySet(models.QuerySet["Return"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.is_system else self.filter(_traded_with(actor))


class Return(models.Model):
    """Goods that come back: announced by the buyer, accepted and received by the seller, then credited."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Announced")
        ACCEPTED = "accepted", _("Accepted, send the goods")
        DECLINED = "declined", _("Declined")
        RECEIVED = "received", _("Received")
        CREDITED = "credited", _("Credited")

    number = models.CharField(max_length=24)
    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.REQUESTED)
    requested_by_name = models.CharField(max_length=150)
    requested_at = models.DateTimeField(default=clock.now)
    note = models.TextField(blank=True)
    answer_note = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    objects = ReturnQuerySet.as_manager()

    class Meta:
        db_table = "fulfilment_return"

    def __str__(self) -> str:
        return self.number


class ReturnLine(models.Model):
    """Base units of an order line that come back, why, how many arrived, how many are fit for the shelf."""

    class Reason(models.TextChoices):
        DAMAGED = "damaged", _("Damaged")
        WRONG_ITEM = "wrong_item", _("Wrong item")
        DEFECTIVE = "defective", _("Does not work")
        TOO_MANY = "too_many", _("Ordered too many")
        LATE = "late", _("Arrived too late")
        OTHER = "other", _("Other reason")

    return_order = models.ForeignKey(Return, models.CASCADE, related_name="lines", db_index=False)
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="+")
    quantity = QuantityField()
    reason = models.CharField(max_length=12, choices=Reason)
    note = models.CharField(max_length=500, blank=True)
    received = QuantityField(default=0)
    restocked = QuantityField(default=0)

    class Meta:
        db_table = "fulfilment_return_line"
        constraints = [
            UniqueConstraint(fields=["return_order", "order_line"], name="fulfilment_return_line_once"),
            CheckConstraint(
                name="fulfilment_return_quantities",
                condition=Q(quantity__gt=0, received__gte=0, received__lte=F("quantity"), restocked__gte=0)
                & Q(restocked__lte=F("received")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of line {self.order_line_id}"
