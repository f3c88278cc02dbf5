from typing import Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.catalog.models import Category, Product
from kontor.companies.models import Company, CustomerAccount
from kontor.kernel import clock
from kontor.kernel.actors import Actor


class TaxRate(models.Model):
    """The rate (percent) of a tax category at a place from a day on, until a later row of the same place takes over.

    Of rows that merely replace each other the nearest place counts (Madeira before Portugal). Rows that add are added
    on top, one of each `name` and place: state, county, city. Empty place columns mean anywhere in the country.
    """

    country = models.CharField(max_length=2)
    region = models.CharField(
        max_length=16, blank=True, db_default="", help_text="ISO 3166-2 without country: TX"
    )
    city = models.CharField(max_length=80, blank=True, db_default="", help_text="in capitals")
    postal_prefix = models.CharField(max_length=16, blank=True, db_default="")
    name = models.CharField(max_length=80, blank=True, db_default="", help_text="of a rate that adds")
    adds = models.BooleanField(default=False, db_default=False)
    category = models.CharField(max_length=16, help_text="one of taxes.rules.CATEGORIES")
    rate = models.DecimalField(max_digits=6, decimal_places=3)
    valid_from = models.DateField()
    source = models.CharField(max_length=120, blank=True, db_default="", help_text="where the rate is from")

    class Meta:
        db_table = "taxes_rate"
        constraints = [
            UniqueConstraint(
                fields=["country", "region", "city", "postal_prefix", "name", "category", "valid_from"],
                name="taxes_rate_once",
            ),
            CheckConstraint(name="taxes_rate_sensible", condition=Q(rate__gte=0, rate__lte=100)),
            CheckConstraint(name="taxes_rate_adds_by_name", condition=Q(adds=False) | ~Q(name="")),
        ]

    def __str__(self) -> str:
        place = " ".join(filter(None, (self.country, self.region, self.city, self.postal_prefix, self.name)))
        return f"{place} {self.category} {self.rate} %"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, actor: Actor) -> Self:
        """A seller's people see their company's."""
        return self.all() if actor.is_system else self.filter(seller_id=actor.company_id)


class Registration(models.Model):
    """A seller is registered for tax in a country or one of its regions. Its own VAT id needs no row."""

    class Scheme(models.TextChoices):
        LOCAL = "local", _("Registered there")
        UNION = "union", _("One-stop shop of the Union")

    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=16, blank=True, help_text="TX; empty: the whole country")
    number = models.CharField(max_length=40)
    scheme = models.CharField(max_length=8, choices=Scheme, default=Scheme.LOCAL)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="the last day")
    objects = RegistrationQuerySet.as_manager()

    class Meta:
        db_table = "taxes_registration"
        ordering = ["country", "region", "valid_from"]
        constraints = [
            UniqueConstraint(
                fields=["seller", "country", "region", "scheme", "valid_from"], name="taxes_registration_once"
            ),
            CheckConstraint(
                name="taxes_registration_in_order",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.region} {self.number}".replace("  ", " ")


class Prices(models.TextChoices):
    """How prices are shown in the shop. They are kept, sorted and added up net, whatever is shown."""

    NET = "net", _("Without VAT")
    GROSS = "gross", _("With VAT")
    BOTH = "both", _("Both")


class Policy(models.Model):
    """How a seller deals with evidence and shows prices; without a row the defaults count."""

    class Evidence(models.TextChoices):
        PROOF = "proof", _("Only with a proof from the registry")
        FORM = "form", _("A well-formed VAT ID is enough, at our own risk")

    class Unproven(models.TextChoices):
        CHARGE = "charge", _("Charge the tax")
        HOLD = "hold", _("Take no order until the VAT ID is proven")

    class Deposits(models.TextChoices):
        AS_GOODS = "as_goods", _("Taxed like the goods")
        OUTSIDE = "outside", _("Outside of tax")

    seller = models.OneToOneField(Company, models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=8, choices=Evidence, default=Evidence.PROOF)
    max_age_days = models.PositiveSmallIntegerField(default=30, help_text="days that a proof counts")
    unproven = models.CharField(max_length=8, choices=Unproven, default=Unproven.CHARGE)
    deposits = models.CharField(max_length=8, choices=Deposits, default=Deposits.AS_GOODS)
    prices = models.CharField(max_length=8, choices=Prices, default=Prices.NET, db_default="net")

    class Meta:
        db_table = "taxes_policy"
        constraints = [
            CheckConstraint(name="taxes_policy_age", condition=Q(max_age_days__gte=1, max_age_days__lte=366))
        ]

    def __str__(self) -> str:
        return f"{self.seller_id}: {self.evidence}, {self.unproven}"


class PricesShown(models.Model):
    """A customer is shown prices otherwise than the seller shows them to all."""

    account = models.OneToOneField(CustomerAccount, models.CASCADE, related_name="+")
    prices = models.CharField(max_length=8, choices=Prices)

    class Meta:
        db_table = "taxes_prices_shown"

    def __str__(self) -> str:
        return f"{self.account_id}: {self.prices}"


class VatCheckQuerySet(models.QuerySet["VatCheck"]):
    def visible_to(self, actor: Actor) -> Self:
        """The seller who asked sees the answer; so does the company that it is about."""
        if actor.is_system:
            return self.all()
        return self.filter(Q(seller_id=actor.company_id) | Q(buyer_id=actor.buying_company_id))


class VatCheck(models.Model):
    """What a registry answered about a buyer's VAT id, kept as proof; never changed, only followed by the next."""

    class Outcome(models.TextChoices):
        VALID = "valid", _("Valid")
        INVALID = "invalid", _("Not valid")
        UNREACHABLE = "unreachable", _("No answer")

    seller = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    buyer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    vat_id = models.CharField(max_length=20)
    asker_vat_id = models.CharField(max_length=20, blank=True, help_text="for whom the registry was asked")
    outcome = models.CharField(max_length=12, choices=Outcome)
    asked_at = models.DateTimeField(default=clock.now)
    asked_by = models.CharField(max_length=150, help_text="who asked, by name")
    registry = models.CharField(max_length=40, help_text="vies, by hand, …")
    reference = models.CharField(max_length=60, blank=True, help_text="the registry's number of the request")
    name = models.CharField(max_length=250, blank=True, help_text="as the registry knows it")
    address = models.CharField(max_length=500, blank=True)
    detail = models.CharField(max_length=250, blank=True, help_text="why there was no answer")
    objects = VatCheckQuerySet.as_manager()

    class Meta:
        db_table = "taxes_vat_check"
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["seller", "vat_id", "-asked_at", "-id"], name="taxes_latest_check")]

    def __str__(self) -> str:
        return f"{self.vat_id}: {self.outcome}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, actor: Actor) -> Self:
        """The seller and the buyer between whom it counts."""
        if actor.is_system:
            return self.all()
        if actor.acting_for_id:
            return self.filter(seller_id=actor.company_id, buyer_id=actor.acting_for_id)
        return self.filter(Q(seller_id=actor.company_id) | Q(buyer_id=actor.company_id))


class Certificate(models.Model):
    """A buyer need not be charged tax of a place, for everything or for some goods; counts once approved."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("Waiting for the seller")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        REVOKED = "revoked", _("Revoked")

    seller = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    buyer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=16, blank=True, help_text="TX; empty: the whole country")
    covers_all = models.BooleanField(default=True)
    reason = models.CharField(max_length=200, blank=True, help_text="the legal ground, as printed")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="the last day")
    document = models.CharField(max_length=120, blank=True, help_text="path of the PDF in the store")
    status = models.CharField(max_length=12, choices=Status, default=Status.SUBMITTED)
    submitted_by = models.CharField(max_length=150)
    submitted_at = models.DateTimeField(default=clock.now)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True, help_text="why it was declined or revoked")
    categories = models.ManyToManyField(Category, db_table="taxes_certificate_category", related_name="+")
    products = models.ManyToManyField(Product, db_table="taxes_certificate_product", related_name="+")
    objects = CertificateQuerySet.as_manager()

    class Meta:
        db_table = "taxes_certificate"
        ordering = ["-submitted_at", "-id"]
        constraints = [
            CheckConstraint(
                name="taxes_certificate_in_order",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            CheckConstraint(
                name="taxes_certificate_decided",
                condition=Q(status="submitted") | Q(decided_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["seller", "buyer", "status"], name="taxes_certificates_of")]

    def __str__(self) -> str:
        return self.number
