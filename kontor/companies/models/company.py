from typing import Self

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.kernel import clock
from kontor.kernel.actors import Actor


class Company(models.Model):
    """A business: buyer, seller, operator of the platform, or several of these at once (R0.2)."""

    class Status(models.TextChoices):
        REGISTERED = "registered", _("Registered")
        ACTIVE = "active", _("Active")
        BLOCKED = "blocked", _("Blocked")

    class InvoiceBy(models.TextChoices):
        EMAIL = "email", _("PDF by e-mail")
        PORTAL = "portal", _("Download here, no e-mail")
        POST = "post", _("Paper by post")

    legal_name = models.CharField(max_length=200)
    trade_name = models.CharField(max_length=200, blank=True)
    slug = models.SlugField(max_length=80, unique=True)
    vat_id = models.CharField(
        max_length=20, blank=True, help_text="with country prefix, no spaces: DE136695976"
    )
    registration_number = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3, default="EUR")
    language = models.CharField(max_length=8, default="en")
    timezone = models.CharField(max_length=40, default="Europe/Berlin")
    status = models.CharField(max_length=12, choices=Status, default=Status.REGISTERED)
    is_buyer = models.BooleanField(default=True)
    is_seller = models.BooleanField(default=False)
    is_operator = models.BooleanField(default=False)
    phone = models.CharField(max_length=40, blank=True)
    website = models.CharField(max_length=200, blank=True)
    invoice_by = models.CharField(max_length=8, choices=InvoiceBy, default=InvoiceBy.EMAIL)
    invoice_email = models.EmailField(blank=True)
    po_number_required = models.BooleanField(default=False)
    prices_for_guests = models.BooleanField(
        default=False, help_text="seller: show the public price list to visitors"
    )
    bank_iban = models.CharField(max_length=34, blank=True)
    bank_bic = models.CharField(max_length=11, blank=True)
    bank_name = models.CharField(max_length=120, blank=True)
    accent = models.CharField(
        max_length=16, default="harbour", help_text="colour token of the seller's store"
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "companies_company"
        constraints = [
            UniqueConstraint(fields=["vat_id"], condition=~Q(vat_id=""), name="companies_vat_id_once"),
            CheckConstraint(
                name="companies_is_something",
                condition=Q(is_buyer=True) | Q(is_seller=True) | Q(is_operator=True),
            ),
        ]

    def __str__(self) -> str:
        return self.trade_name or self.legal_name

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE


class AddressQuerySet(models.QuerySet["Address"]):
    def visible_to(self, actor: Actor) -> Self:
        """The addresses of the company that the actor buys for."""
        return self.filter(company_id=actor.buying_company_id, is_archived=False)


class Address(models.Model):
    """A postal address of a company. Documents copy it; it is never edited under them."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="addresses")
    label = models.CharField(max_length=60, blank=True, help_text="Head office, Plant 2")
    recipient = models.CharField(max_length=200)
    attention = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=200)
    street2 = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=120)
    region = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2)
    phone = models.CharField(max_length=40, blank=True)
    is_billing = models.BooleanField(default=False)
    is_default_delivery = models.BooleanField(default=False)
    is_archived = models.BooleanField(default=False)
    objects = AddressQuerySet.as_manager()

    class Meta:
        db_table = "companies_address"
        constraints = [
            UniqueConstraint(
                fields=["company"], condition=Q(is_billing=True), name="companies_one_billing_address"
            ),
            UniqueConstraint(
                fields=["company"],
                condition=Q(is_default_delivery=True),
                name="companies_one_default_delivery",
            ),
        ]

    def __str__(self) -> str:
        return self.label or f"{self.recipient}, {self.city}"

    def as_dict(self) -> dict[str, str]:
        """The address as documents keep it."""
        names = (
            "recipient",
            "attention",
            "street",
            "street2",
            "postal_code",
            "city",
            "region",
            "country",
            "phone",
        )
        return {name: getattr(self, name) for name in names}
