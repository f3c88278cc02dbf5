from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.companies.models import Company


class Attribute(models.Model):
    """A fact that a seller records of its goods, such as the thread or the voltage.

    `unit` is the UN/ECE unit in which numbers are kept, whatever unit they were typed in. `names` gives the name in
    further languages, by language code.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        RANGE = "range", _("Range")
        CHOICE = "choice", _("Choice")
        CHOICES = "choices", _("Several choices")
        BOOLEAN = "boolean", _("Yes or no")
        DATE = "date", _("Date")
        FILE = "file", _("File")

    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    names: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    kind = models.CharField(max_length=8, choices=Kind)
    unit = models.CharField(max_length=3, blank=True)
    is_localised = models.BooleanField(default=False, help_text="texts that differ by language")

    class Meta:
        db_table = "catalog_attribute"
        ordering = ["name", "id"]
        constraints = [
            UniqueConstraint(fields=["seller", "code"], name="catalog_attribute_once"),
            CheckConstraint(
                name="catalog_attribute_unit_of_numbers",
                condition=Q(unit="") | Q(kind__in=("number", "range")),
            ),
            CheckConstraint(
                name="catalog_attribute_localised_texts", condition=Q(is_localised=False) | Q(kind="text")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AttributeChoice(models.Model):
    """A value that may be chosen for an attribute; products keep its code."""

    attribute = models.ForeignKey(Attribute, models.CASCADE, related_name="choices")
    code = models.SlugField(max_length=80)
    label = models.CharField(max_length=120)
    labels: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "catalog_attribute_choice"
        ordering = ["position", "id"]
        constraints = [UniqueConstraint(fields=["attribute", "code"], name="catalog_choice_once")]

    def __str__(self) -> str:
        return self.label


class Family(models.Model):
    """Products that are described by the same attributes; a family has those of its parent as well."""

    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    names: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)

    class Meta:
        db_table = "catalog_family"
        ordering = ["name", "id"]
        constraints = [
            UniqueConstraint(fields=["seller", "code"], name="catalog_family_once"),
            CheckConstraint(name="catalog_family_not_own_parent", condition=~Q(parent=F("id"))),
        ]

    def __str__(self) -> str:
        return self.name


class Heading(models.Model):
    """A heading above attributes in further languages, for all families of the seller that use it."""

    seller = models.ForeignKey(Company, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    names: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)

    class Meta:
        db_table = "catalog_heading"
        ordering = ["name", "id"]
        constraints = [UniqueConstraint(fields=["seller", "name"], name="catalog_heading_once")]

    def __str__(self) -> str:
        return self.name


class Channel(models.TextChoices):
    """Where goods are published, as far as completeness is judged apart."""

    SHOP = "shop", _("Shop")
    FEED = "feed", _("Feeds and API")
    DATASHEET = "datasheet", _("Data sheet")


class FamilyAttribute(models.Model):
    """An attribute of a family: whether it must be filled in, tells variants apart, is offered as a filter.

    Without a required value goods do not go on sale; without one that a channel asks for they are incomplete there.
    """

    family = models.ForeignKey(Family, models.CASCADE, related_name="own_attributes")
    attribute = models.ForeignKey(Attribute, models.PROTECT, related_name="+")
    group = models.CharField(max_length=80, blank=True, help_text="heading under which it is shown")
    is_required = models.BooleanField(default=False)
    channels: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=10, choices=Channel),
        default=list,
        help_text="what is published there should have it",
    )
    is_axis = models.BooleanField(default=False, help_text="tells the variants of a model apart")
    is_facet = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "catalog_family_attribute"
        ordering = ["position", "id"]
        constraints = [UniqueConstraint(fields=["family", "attribute"], name="catalog_family_attribute_once")]

    def __str__(self) -> str:
        return f"{self.attribute_id} of {self.family_id}"


class CatalogSettings(models.Model):
    """How a seller shows its goods: its languages, the first being that of names and texts on the product itself."""

    class GuestMode(models.TextChoices):
        PUBLIC = "public", _("Goods and prices for everybody")
        PRICES_HIDDEN = "prices_hidden", _("Goods for everybody, prices after sign-in")
        SIGN_IN = "sign_in", _("Nothing without sign-in")

    seller = models.OneToOneField(Company, models.CASCADE, primary_key=True, related_name="+")
    languages: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=8), default=list)
    guest_mode = models.CharField(max_length=14, choices=GuestMode, default=GuestMode.PUBLIC)

    class Meta:
        db_table = "catalog_settings"

    def __str__(self) -> str:
        return f"catalog of {self.seller_id}"


Values = dict[str, Any]
"""Attribute values by code: a text ``"M8"`` or ``{"en": .., "de": ..}``, a number ``"12.5"`` (decimal as text, in the
attribute's unit), a range ``["5", "10"]``, a choice ``"red"``, choices ``["red", "blue"]``, ``true``, a date
``"2026-11-22"``, a file ``"ab/abc.pdf"``."""
