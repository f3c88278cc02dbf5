from typing import Self, TypeVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.catalog.models import Category, Product
from kontor.companies.models import Company, Membership
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import UnitPriceField
from kontor.kernel.money import told_base

Row = TypeVar("Row", bound=models.Model)


class Rhythm(models.TextChoices):
    """How soon somebody is told."""

    INSTANT = "instant", _("At once")
    DAILY = "daily", _("Once a day")
    NEVER = "never", _("Not by mail")


class OwnQuerySet(models.QuerySet[Row]):
    """Rows of one person in one company."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(membership_id=actor.membership_id)


class SavedSearch(models.Model):
    """A search, or a category with its filters, under a name. `query` is the address's query, in a fixed order.

    What came into it is looked for since `looked_at`.
    """

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    query = models.CharField(max_length=1500, help_text="as in an address: q=bolt&category=fasteners")
    rhythm = models.CharField(max_length=8, choices=Rhythm, default=Rhythm.DAILY)
    created_at = models.DateTimeField(default=clock.now)
    looked_at = models.DateTimeField(default=clock.now)
    objects = OwnQuerySet["SavedSearch"].as_manager()

    class Meta:
        db_table = "discovery_saved_search"
        ordering = ["name", "id"]
        constraints = [
            UniqueConstraint(fields=["membership", "query"], name="discovery_search_once"),
            CheckConstraint(name="discovery_search_named", condition=~Q(name="") & ~Q(query="")),
        ]

    def __str__(self) -> str:
        return self.name


class Watch(models.Model):
    """Somebody wants to know when a product is back in stock (told once, then it ends) or costs something else.

    `amount` in `currency` is what one base unit cost this company when it was looked at last; null: no price.
    """

    class Kind(models.TextChoices):
        STOCK = "stock", _("Back in stock")
        PRICE = "price", _("Another price for us")

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind)
    rhythm = models.CharField(max_length=8, choices=Rhythm, default=Rhythm.INSTANT)
    amount = UnitPriceField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    looked_at = models.DateTimeField(default=clock.now)
    objects = OwnQuerySet["Watch"].as_manager()

    class Meta:
        db_table = "discovery_watch"
        constraints = [
            UniqueConstraint(fields=["membership", "product", "kind"], name="discovery_watch_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.product_id}"

    @property
    def told_base(self) -> int:
        """For how many base units its price is told."""
        return told_base(self.currency, self.amount)


class Digest(models.Model):
    """What was found for one person at one time: the substance of one mail."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    by_mail = models.BooleanField(default=True)
    made_at = models.DateTimeField(default=clock.now)
    objects = OwnQuerySet["Digest"].as_manager()

    class Meta:
        db_table = "discovery_digest"
        indexes = [models.Index(fields=["membership", "-made_at"], name="discovery_digest_newest")]

    def __str__(self) -> str:
        return f"digest {self.pk}"


class Finding(models.Model):
    """One product that somebody waited for; prices are per base unit. `search` is none for a watched product."""

    class Kind(models.TextChoices):
        NEW = "new", _("New")
        STOCK = "stock", _("Back in stock")
        PRICE = "price", _("Another price")

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=5, choices=Kind)
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    search = models.ForeignKey(SavedSearch, models.CASCADE, null=True, related_name="+")
    before = UnitPriceField(null=True)
    after = UnitPriceField(null=True)
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        db_table = "discovery_finding"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.product_id}"

    @property
    def told_base(self) -> int:
        """For how many base units both prices are told."""
        return told_base(self.currency, self.before, self.after)


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def visible_to(self, actor: Actor) -> Self:
        """The buyer's people see their company's; the seller's people those put to it."""
        if actor.acting_for_id:
            return self.filter(buyer_id=actor.acting_for_id, seller_id=actor.company_id)
        return self.filter(Q(buyer_id=actor.company_id) | Q(seller_id=actor.company_id))


class Inquiry(models.Model):
    """A question to a seller, about a product or about what was not found; what is said stands in messaging.

    The subject of its thread is ``("inquiry", id)``.
    """

    buyer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.CASCADE, null=True, related_name="+")
    title = models.CharField(max_length=200)
    asked_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    asked_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=clock.now)
    objects = InquiryQuerySet.as_manager()

    class Meta:
        db_table = "discovery_inquiry"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class CategoryAddress(models.Model):
    """A path that a category has or once had: old ones lead to it for good. Written by a trigger."""

    path = models.CharField(max_length=300, primary_key=True)
    category = models.ForeignKey(Category, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "discovery_category_address"

    def __str__(self) -> str:
        return self.path


class FirstListing(models.Model):
    """Since when a product is on sale, the first time: what is new to those who watch a category."""

    product = models.OneToOneField(Product, models.CASCADE, primary_key=True, related_name="+")
    listed_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "discovery_first_listing"
        indexes = [models.Index(fields=["listed_at"], name="discovery_listed")]

    def __str__(self) -> str:
        return f"{self.product_id} since {self.listed_at}"
