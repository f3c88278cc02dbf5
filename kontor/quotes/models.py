from collections.abc import Sequence
from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kontor.carts.models import Cart
from kontor.catalog.models import Configuration, Product
from kontor.catalog.queries.kits import Part
from kontor.companies.models import Company, Membership
from kontor.goods.option_texts import choices_text
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.fields import AmountField, QuantityField, UnitPriceField


class QuoteRequestQuerySet(models.QuerySet["QuoteRequest"]):
    def visible_to(self, actor: Actor) -> Self:
        """The buyer's people see their company's requests, the seller's people those sent to it."""
        if actor.is_system:
            return self.all()
        if actor.acting_for_id:
            return self.filter(buyer_id=actor.acting_for_id, seller_id=actor.company_id)
        own = Q(buyer_id=actor.company_id)
        return self.filter(own | Q(seller_id=actor.company_id) if actor.is_seller else own)


class QuoteRequest(models.Model):
    """A buyer asks a seller for prices. Whose turn it is follows from the status."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("Waiting for the seller")
        OFFERED = "offered", _("Offer received")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused by the buyer")
        DECLINED = "declined", _("Declined by the seller")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    number = models.CharField(max_length=24)
    buyer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    cart = models.ForeignKey(Cart, models.PROTECT, null=True, related_name="+")
    requested_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    requested_by_name = models.CharField(max_length=150)
    status = models.CharField(max_length=10, choices=Status, default=Status.SUBMITTED)
    currency = models.CharField(max_length=3)
    note = models.TextField(blank=True)
    requested_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)
    close_note = models.TextField(blank=True)
    objects = QuoteRequestQuerySet.as_manager()

    class Meta:
        db_table = "quotes_request"
        constraints = [UniqueConstraint(fields=["seller", "number"], name="quotes_number_once")]
        indexes = [
            models.Index(fields=["buyer", "-id"], name="quotes_request_buyer"),
            models.Index(fields=["seller", "status", "-id"], name="quotes_request_seller"),
        ]

    def __str__(self) -> str:
        return self.number


class QuotedLine(models.Model):
    """A product, or one of its configurations."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    configuration = models.ForeignKey(
        Configuration, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        abstract = True

    @property
    def sku(self) -> str:
        one = self.configuration
        return Configuration.sku(self.product.sku, one.code) if one else self.product.sku

    @property
    def name(self) -> str:
        """What it is, and what was chosen in the reader's language."""
        if self.configuration is None:
            return self.product.name
        return f"{self.product.name} ({choices_text(self.configuration.choices, get_language() or '')})"

    @property
    def chosen(self) -> Sequence[str]:
        """What was chosen, by code."""
        return self.configuration.parts if self.configuration else ()


class QuoteRequestLine(QuotedLine):
    """What is asked for; `list_price` is the buyer's own price of that moment, `target_price` the wish, both per
    `price_base` base units."""

    request = models.ForeignKey(QuoteRequest, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=3)
    factor = QuantityField()
    quantity = QuantityField()
    list_price = UnitPriceField(null=True)
    target_price = UnitPriceField(null=True)
    price_base = QuantityField(default=1)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "quotes_request_line"
        ordering = ["position"]
        constraints = [
            UniqueConstraint(fields=["request", "position"], name="quotes_request_line_once"),
            CheckConstraint(name="quotes_request_quantity_positive", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.quantity} {self.unit}"


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, actor: Actor) -> Self:
        """Offers of the requests the actor sees; a draft only on the seller's side."""
        requests = QuoteRequest.objects.visible_to(actor)
        offers = self.filter(request__in=requests)
        if actor.is_system:
            return offers
        drafts = Q(status=Offer.Status.DRAFT)
        return offers.filter(~drafts | Q(request__seller_id=actor.company_id) if actor.is_seller else ~drafts)


class Offer(models.Model):
    """A numbered version of the seller's answer. Once sent it never changes; a new version replaces it.

    Expiry is judged when the offer is accepted: `valid_until` is the last moment, `expired` is no status.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        SUPERSEDED = "superseded", _("Replaced by a newer version")
        COUNTERED = "countered", _("Answered with a wish")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    request = models.ForeignKey(QuoteRequest, models.PROTECT, related_name="offers")
    version = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    revision = models.PositiveIntegerField(default=1, help_text="of the draft: two editors, one wins")
    valid_until = models.DateTimeField(null=True)
    conditions = models.TextField(blank=True)
    message = models.TextField(blank=True)
    net_total = AmountField(default=0)
    content_hash = models.CharField(max_length=64, blank=True)
    prepared_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    prepared_by_name = models.CharField(max_length=150, blank=True)
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    answered_by_name = models.CharField(max_length=150, blank=True)
    answer_note = models.TextField(blank=True)
    objects = OfferQuerySet.as_manager()

    class Meta:
        db_table = "quotes_offer"
        constraints = [
            UniqueConstraint(fields=["request", "version"], name="quotes_offer_version_once"),
            UniqueConstraint(
                fields=["request"],
                condition=Q(status__in=["sent", "accepted"]),
                name="quotes_one_current_offer",
            ),
            UniqueConstraint(fields=["request"], condition=Q(status="draft"), name="quotes_one_draft_offer"),
            CheckConstraint(
                name="quotes_sent_offer_is_whole",
                condition=Q(status="draft") | Q(valid_until__isnull=False, sent_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} v{self.version}"

    @property
    def is_expired(self) -> bool:
        return self.valid_until is not None and self.valid_until < clock.now()


class OfferLine(QuotedLine):
    """An offered price, per `price_base` base units; null while the draft lacks one.

    `list_price` is what the buyer's own lists ask for the offered quantity, to compare with.
    """

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=3)
    factor = QuantityField()
    quantity = QuantityField()
    unit_price = UnitPriceField(null=True)
    list_price = UnitPriceField(null=True)
    price_base = QuantityField(default=1)
    net = AmountField(default=0)
    lead_days = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True)
    contents: "models.JSONField[list[dict[str, Any]] | None, list[dict[str, Any]] | None]" = models.JSONField(
        null=True,
        encoder=DjangoJSONEncoder,
        help_text="of a kit, what was in it when the offer was sent",
    )

    class Meta:
        db_table = "quotes_offer_line"
        ordering = ["position"]
        constraints = [
            UniqueConstraint(fields=["offer", "position"], name="quotes_offer_line_once"),
            CheckConstraint(
                name="quotes_offer_line_sensible",
                condition=Q(quantity__gt=0, price_base__gt=0)
                & (Q(unit_price__isnull=True) | Q(unit_price__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.unit_price}"

    @property
    def parts(self) -> list[Part]:
        """What is in the offered kit, as it was when the offer was sent; a draft does not say."""
        return [Part.from_facts(one) for one in self.contents or ()]
