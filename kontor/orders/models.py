from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.carts.models import Cart
from kontor.catalog.models import Configuration, Product
from kontor.companies.models import Company, CustomerAccount, Membership, PaymentTerm
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import AmountField, QuantityField, UnitPriceField
from kontor.kernel.money import line_net
from kontor.promotions.models import Promotion
from kontor.quotes.models import Offer


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, actor: Actor) -> Self:
        """The buyer's people see their company's orders; the seller's people those placed with it, once released."""
        if actor.is_system:
            return self.all()
        if actor.acting_for_id:
            return self.filter(
                buyer_id=actor.acting_for_id, seller_id=actor.company_id, released_at__isnull=False
            )
        own = Q(buyer_id=actor.company_id)
        if not actor.is_seller:
            return self.filter(own)
        return self.filter(own | Q(seller_id=actor.company_id, released_at__isnull=False))


class Order(models.Model):
    """A binding purchase. Prices, addresses and terms are copied in and never looked up again.

    The status says how far the order as a whole has come; quantities on the lines say the rest.
    """

    class Status(models.TextChoices):
        AWAITING_APPROVAL = "awaiting_approval", _("Waiting for approval")
        SENT_BACK = "sent_back", _("Sent back")
        PLACED = "placed", _("Placed")
        CONFIRMED = "confirmed", _("Confirmed")
        PARTLY_SHIPPED = "partly_shipped", _("Partly shipped")
        SHIPPED = "shipped", _("Shipped")
        DELIVERED = "delivered", _("Delivered")
        CANCELLED = "cancelled", _("Cancelled")

    class Channel(models.TextChoices):
        WEB = "web", _("Web")
        API = "api", _("API")
        PHONE = "phone", _("Phone")
        MAIL = "mail", _("E-mail or letter")
        FAIR = "fair", _("Fair")
        COUNTER = "counter", _("Counter")
        IMPORT = "import", _("Import")

    class PayBy(models.TextChoices):
        TERMS = "terms", _("Invoice on terms")
        TRANSFER = "transfer", _("Bank transfer in advance")

    number = models.CharField(max_length=24)
    buyer = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    seller = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(CustomerAccount, models.PROTECT, related_name="+")
    cart = models.ForeignKey(Cart, models.PROTECT, null=True, related_name="+", db_index=False)
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, related_name="+", db_index=False)
    status = models.CharField(max_length=18, choices=Status, default=Status.PLACED)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.WEB)
    placed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+", db_index=False)
    placed_by_name = models.CharField(max_length=150)
    order_limit = AmountField(null=True, help_text="net limit of who placed it, at that moment; null: none")
    sales_rep = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+", db_index=False)
    sales_rep_name = models.CharField(max_length=150, blank=True)
    po_number = models.CharField(max_length=40, blank=True, help_text="the buyer's own order number")
    repeats_po = models.BooleanField(
        default=False, help_text="the buyer ordered again on the same number, knowingly"
    )
    note = models.TextField(blank=True)
    currency = models.CharField(max_length=3)
    delivery_address: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    billing_address: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    wished_date = models.DateField(null=True)
    confirmed_date = models.DateField(null=True, help_text="the day the seller promised, last word")
    first_confirmed_date = models.DateField(null=True, help_text="the day the seller promised first")
    pay_by = models.CharField(max_length=8, choices=PayBy, default=PayBy.TERMS)
    payment_term = models.ForeignKey(PaymentTerm, models.PROTECT, null=True, related_name="+", db_index=False)
    net_days = models.PositiveSmallIntegerField(default=0)
    tax_treatment = models.CharField(max_length=16, default="domestic")
    tax_facts: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        help_text="proof, certificates, parts of rates: see taxes.deciding",
    )
    net_total = AmountField()
    tax_total = AmountField()
    gross_total = AmountField()
    placed_at = models.DateTimeField(default=clock.now)
    released_at = models.DateTimeField(
        null=True, help_text="when the seller got it; null: it never left the buyer"
    )
    confirmed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    external_reference = models.CharField(max_length=60, blank=True, help_text="number in an imported source")
    objects = OrderQuerySet.as_manager()

    class Meta:
        db_table = "orders_order"
        constraints = [
            UniqueConstraint(fields=["seller", "number"], name="orders_number_once"),
            UniqueConstraint(
                fields=["buyer", "seller", "po_number"],
                condition=~Q(po_number="") & Q(repeats_po=False) & ~Q(status__in=["cancelled", "sent_back"]),
                name="orders_po_number_once",
            ),
            UniqueConstraint(
                fields=["cart"],
                condition=Q(cart__isnull=False) & ~Q(status="sent_back"),
                name="orders_one_per_cart",
            ),
            UniqueConstraint(
                fields=["offer"],
                condition=Q(offer__isnull=False) & ~Q(status="sent_back"),
                name="orders_one_per_offer",
            ),
            CheckConstraint(
                name="orders_total_adds_up", condition=Q(gross_total=F("net_total") + F("tax_total"))
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-placed_at", "-id"], name="orders_buyer_newest"),
            models.Index(fields=["seller", "-placed_at", "-id"], name="orders_seller_newest"),
            models.Index(fields=["seller", "status"], name="orders_seller_status"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        closed = {self.Status.DELIVERED, self.Status.CANCELLED, self.Status.SENT_BACK}
        return self.status not in closed


class OrderLine(models.Model):
    """What was bought: quantity in the unit ordered, everything that counts in base units.

    `quantity * factor = base_quantity`; `unit_price` buys `price_base` base units, and `net` is that, rounded, less
    `allowance`; shipped, invoiced and returned
    quantities are in base units and kept by the apps above through operations.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    configuration = models.ForeignKey(
        Configuration, models.PROTECT, null=True, related_name="+", db_index=False
    )
    sku = models.CharField(max_length=125, help_text="with the code of the configuration")
    name = models.CharField(max_length=1000, help_text="with what was chosen")
    kind = models.CharField(max_length=12)
    unit = models.CharField(max_length=3)
    factor = QuantityField()
    quantity = QuantityField()
    base_unit = models.CharField(max_length=3)
    base_quantity = QuantityField()
    unit_price = UnitPriceField()
    price_base = QuantityField()
    price_source = models.CharField(
        max_length=40, help_text="list:3, offer:12, promotion:7 (a gift), manual, free"
    )
    price_grounds: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        default=dict, db_default=models.Value({}, models.JSONField()), help_text="see orders.grounds"
    )
    allowance = AmountField(
        default=0, db_default=0, help_text="what promotions took off, already less in net"
    )
    net = AmountField()
    tax_category = models.CharField(max_length=16)
    tax_rate = models.DecimalField(max_digits=6, decimal_places=3)
    tax_code = models.CharField(
        max_length=2, blank=True, db_default="", help_text="UNCL 5305, as EN 16931 has it"
    )
    note = models.CharField(max_length=500, blank=True)
    shipped = QuantityField(default=0)
    delivered = QuantityField(default=0)
    invoiced = QuantityField(default=0)
    returned = QuantityField(default=0)
    cancelled = QuantityField(default=0)

    class Meta:
        db_table = "orders_line"
        ordering = ["position"]
        constraints = [
            UniqueConstraint(fields=["order", "position"], name="orders_line_once"),
            CheckConstraint(
                name="orders_line_quantities",
                condition=Q(quantity__gt=0, factor__gt=0, base_quantity__gt=0)
                & Q(shipped__gte=0, delivered__gte=0, invoiced__gte=0, returned__gte=0),
            ),
            CheckConstraint(
                name="orders_shipped_within_ordered",
                condition=Q(shipped__lte=F("base_quantity") - F("cancelled"), cancelled__gte=0),
            ),
            CheckConstraint(name="orders_delivered_within_shipped", condition=Q(delivered__lte=F("shipped"))),
            CheckConstraint(
                name="orders_invoiced_within_ordered", condition=Q(invoiced__lte=F("base_quantity"))
            ),
            CheckConstraint(name="orders_returned_within_shipped", condition=Q(returned__lte=F("shipped"))),
            CheckConstraint(
                name="orders_line_price", condition=Q(unit_price__gte=0, price_base__gt=0, net__gte=0)
            ),
            CheckConstraint(name="orders_line_allowance_sensible", condition=Q(allowance__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.quantity} {self.unit} {self.sku}"

    @property
    def open_quantity(self) -> Decimal:
        """Base units that are still to be shipped."""
        return self.base_quantity - self.cancelled - self.shipped

    @property
    def full_net(self) -> Decimal:
        """At the line's price, before anything is taken off."""
        return self.net + self.allowance

    def net_of(self, quantity: Decimal) -> Decimal:
        """What that many base units come to at the line's price, less their part of its allowance."""
        lowered = self.allowance > 0
        return line_net(
            unit_price=self.net if lowered else self.unit_price,
            price_base=self.base_quantity if lowered else self.price_base,
            quantity=quantity,
            currency=self.order.currency,
        )


class LineAllowance(models.Model):
    """What took how much off a line: a promotion, or (without one) the seller's terms for whole orders."""

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="allowances")
    promotion = models.ForeignKey(Promotion, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=120)
    amount = AmountField()

    class Meta:
        db_table = "orders_line_allowance"
        ordering = ["id"]
        constraints = [CheckConstraint(name="orders_line_allowance_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.amount} {self.reason}"


class OrderCharge(models.Model):
    """What an order bears beside its goods (BG-21 of EN 16931): freight, deposit, surcharges.

    One for a line is invoiced and credited in the parts in which the line is, one for the order with the first goods.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="charges", db_index=False)
    position = models.PositiveIntegerField()
    line = models.ForeignKey(OrderLine, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=16)
    code = models.CharField(max_length=4, help_text="UNCL 7161")
    reason = models.CharField(max_length=120)
    net = AmountField()
    tax_category = models.CharField(max_length=16)
    tax_rate = models.DecimalField(max_digits=6, decimal_places=3)
    tax_code = models.CharField(max_length=2, help_text="UNCL 5305")
    is_refundable = models.BooleanField(help_text="credited with goods that come back")

    class Meta:
        db_table = "orders_charge"
        ordering = ["position"]
        constraints = [
            UniqueConstraint(fields=["order", "position"], name="orders_charge_once"),
            CheckConstraint(name="orders_charge_positive", condition=Q(net__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.net}"


class LinePart(models.Model):
    """A component of the kit on an order line, as the kit was when it was ordered; price and tax are the line's.

    `quantity` of its base units are in one base unit of the kit. Of goods `shipped` base units have left; the line
    counts as shipped only as far as whole kits have. Services leave with the kit and count nothing here. `value` shares
    the line's price out among the parts, should the rest of a kit be cancelled after single parts have left.
    """

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="parts", db_index=False)
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    sku = models.CharField(max_length=40)
    name = models.CharField(max_length=250)
    kind = models.CharField(max_length=8)
    base_unit = models.CharField(max_length=3)
    quantity = QuantityField()
    value = UnitPriceField(default=1, help_text="of this part in one kit, beside that of the other parts")
    shipped = QuantityField(default=0)

    class Meta:
        db_table = "orders_line_part"
        ordering = ["line", "position"]
        constraints = [
            UniqueConstraint(fields=["line", "product"], name="orders_line_part_once"),
            CheckConstraint(name="orders_line_part_quantities", condition=Q(quantity__gt=0, shipped__gte=0)),
            CheckConstraint(name="orders_line_part_value", condition=Q(value__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.base_unit} {self.sku}"
