from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.companies.models import Company
from kontor.fulfilment.models import Return, Shipment
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import AmountField, QuantityField, UnitPriceField
from kontor.orders.models import LinePart, Order, OrderCharge, OrderLine


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self.all()
        if actor.acting_for_id:
            return self.filter(buyer_id=actor.acting_for_id, seller_id=actor.company_id)
        own = Q(buyer_id=actor.company_id)
        return self.filter(own | Q(seller_id=actor.company_id) if actor.is_seller else own)


class Invoice(models.Model):
    """An issued invoice or credit note. Amounts of a credit note are positive; its kind turns the sign."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")

    kind = models.CharField(max_length=12, choices=Kind)
    number = models.CharField(max_length=24)
    seller = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    buyer = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="+")
    shipment = models.OneToOneField(Shipment, models.PROTECT, null=True, related_name="+")
    return_order = models.OneToOneField(Return, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(default=clock.now)
    due_on = models.DateField()
    currency = models.CharField(max_length=3)
    billing_address: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    po_number = models.CharField(max_length=40, blank=True)
    terms_text = models.CharField(max_length=120, blank=True)
    tax_treatment = models.CharField(max_length=16, default="domestic")
    tax_facts: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        help_text="as on orders; what lapsed since",
    )
    reason = models.CharField(max_length=200, blank=True)
    net_total = AmountField()
    tax_total = AmountField()
    gross_total = AmountField()
    external_reference = models.CharField(max_length=60, blank=True)
    objects = InvoiceQuerySet.as_manager()

    class Meta:
        db_table = "invoicing_invoice"
        constraints = [
            UniqueConstraint(fields=["seller", "number"], name="invoicing_number_once"),
            CheckConstraint(
                name="invoicing_total_adds_up", condition=Q(gross_total=F("net_total") + F("tax_total"))
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-issued_at", "-id"], name="invoicing_buyer_newest"),
            models.Index(fields=["seller", "-issued_at", "-id"], name="invoicing_seller_newest"),
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(models.Model):
    """A line as it was invoiced or credited; quantity in base units."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    order_line = models.ForeignKey(OrderLine, models.PROTECT, null=True, related_name="+")
    credits = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="the invoiced line that a credit takes back",
    )
    part = models.ForeignKey(
        LinePart,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="of a kit of which the rest was cancelled; quantity and unit are the part's",
    )
    sku = models.CharField(max_length=125, blank=True)
    name = models.CharField(max_length=1000)
    quantity = QuantityField()
    unit = models.CharField(max_length=3)
    unit_price = UnitPriceField()
    price_base = QuantityField(default=1)
    allowance = AmountField(default=0, db_default=0, help_text="taken off, already less in net")
    allowance_reason = models.CharField(max_length=250, blank=True, db_default="")
    net = AmountField()
    tax_category = models.CharField(max_length=16)
    tax_rate = models.DecimalField(max_digits=6, decimal_places=3)
    tax_code = models.CharField(
        max_length=2, blank=True, db_default="", help_text="UNCL 5305, as EN 16931 has it"
    )

    class Meta:
        db_table = "invoicing_line"
        ordering = ["position"]
        constraints = [
            UniqueConstraint(fields=["invoice", "position"], name="invoicing_line_once"),
            UniqueConstraint(fields=["part"], condition=Q(part__isnull=False), name="invoicing_part_once"),
            CheckConstraint(
                name="invoicing_line_sensible", condition=Q(quantity__gt=0, net__gte=0, price_base__gt=0)
            ),
            CheckConstraint(name="invoicing_line_allowance_sensible", condition=Q(allowance__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.name}"

    @property
    def full_net(self) -> Decimal:
        """Before anything was taken off."""
        return self.net + self.allowance


class InvoiceCharge(models.Model):
    """What was charged beside the lines, or credited of it; `line` is that of this document with which it goes."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="charges", db_index=False)
    position = models.PositiveIntegerField()
    order_charge = models.ForeignKey(OrderCharge, models.PROTECT, null=True, related_name="+")
    credits = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", help_text="the charge that a credit takes back"
    )
    line = models.ForeignKey(InvoiceLine, models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=4, help_text="UNCL 7161")
    reason = models.CharField(max_length=120)
    net = AmountField()
    tax_category = models.CharField(max_length=16)
    tax_rate = models.DecimalField(max_digits=6, decimal_places=3)
    tax_code = models.CharField(max_length=2, help_text="UNCL 5305")

    class Meta:
        db_table = "invoicing_charge"
        ordering = ["position"]
        constraints = [
            UniqueConstraint(fields=["invoice", "position"], name="invoicing_charge_once"),
            UniqueConstraint(
                fields=["order_charge"],
                condition=Q(order_charge__isnull=False, line=None, credits=None),
                name="invoicing_order_charge_once",
            ),
            CheckConstraint(name="invoicing_charge_positive", condition=Q(net__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.net}"
