from typing import Self

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.catalog.models import Configuration, Product
from kontor.companies.models import Company, Membership
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import QuantityField


class CartQuerySet(models.QuerySet["Cart"]):
    def visible_to(self, actor: Actor) -> Self:
        """Carts of the company that the actor buys for; a rep on behalf sees only carts at the rep's own company."""
        carts = self.filter(buyer_id=actor.buying_company_id)
        return carts.filter(seller_id=actor.company_id) if actor.acting_for_id else carts

    def open(self) -> Self:
        return self.filter(status=Cart.Status.OPEN)


class Cart(models.Model):
    """A basket of one buyer at one seller, shared by the buyer's people. Prices are looked up, never kept here."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        ORDERED = "ordered", _("Ordered")
        REQUESTED = "requested", _("Sent as a request")
        DISCARDED = "discarded", _("Discarded")

    buyer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    is_current = models.BooleanField(default=True, help_text="the one that 'add to cart' fills")
    is_machine_made = models.BooleanField(
        default=False, db_default=False, help_text="opened by an API key; never becomes current by itself"
    )
    created_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    revision = models.PositiveIntegerField(
        default=1,
        help_text="rises with every change of a line; its row lock is the queue of all who change it",
    )
    sent_back_note = models.TextField(blank=True, help_text="why an approver sent the order back")
    objects = CartQuerySet.as_manager()

    class Meta:
        db_table = "carts_cart"
        constraints = [
            UniqueConstraint(
                fields=["buyer", "seller"],
                condition=Q(status="open", is_current=True),
                name="carts_one_current_cart",
            )
        ]

    def __str__(self) -> str:
        return self.name or f"Cart {self.pk}"


class CartLine(models.Model):
    """A product in a cart, once per unit and configuration. `revision` guards an edit against a colleague's."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    configuration = models.ForeignKey(
        Configuration, models.PROTECT, null=True, related_name="+", db_index=False
    )
    unit = models.CharField(max_length=3)
    quantity = QuantityField()
    note = models.CharField(max_length=500, blank=True)
    added_by_name = models.CharField(max_length=150, blank=True)
    changed_by_name = models.CharField(max_length=150, blank=True, help_text="who touched the line last")
    revision = models.PositiveIntegerField(default=1)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "carts_line"
        ordering = ["position", "id"]
        constraints = [
            UniqueConstraint(
                fields=["cart", "product", "unit", "configuration"],
                nulls_distinct=False,
                name="carts_configured_line_once",
            ),
            CheckConstraint(
                name="carts_quantity_positive", condition=Q(quantity__gt=0, quantity__lte=999999999)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.unit} of {self.product_id}"


class CartCoupon(models.Model):
    """A coupon code that somebody typed; whether it gives anything is decided whenever the cart is priced."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="coupons", db_index=False)
    code = models.CharField(max_length=40, help_text="as it was typed")
    key = models.CharField(max_length=40, help_text="the code folded, as promotions compare it")

    class Meta:
        db_table = "carts_coupon"
        ordering = ["id"]
        constraints = [UniqueConstraint(fields=["cart", "key"], name="carts_coupon_once")]

    def __str__(self) -> str:
        return self.code
