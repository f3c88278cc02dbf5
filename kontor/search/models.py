from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from kontor.catalog.models import Product
from kontor.catalog.models.product import everybody
from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.kernel.fields import UnitPriceField

UNPRICED = Decimal(999_999_999_999)
"""The list price of what has none, so that it sorts last."""


class SearchDocument(models.Model):
    """What the search sees of a product on sale. What is shown is read from the product itself, live."""

    product = models.OneToOneField(Product, models.CASCADE, primary_key=True, related_name="+")
    seller = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    words = SearchVectorField()
    category_path = models.CharField(max_length=300, blank=True)
    brand = models.CharField(max_length=100, blank=True)
    sort_key = models.CharField(
        max_length=120, help_text="the name as it is sorted, whatever the database's locale"
    )
    list_price = UnitPriceField(default=UNPRICED, help_text="public price of one base unit, only to sort by")
    popularity = models.PositiveIntegerField(default=0)
    listed_at = models.DateTimeField(default=clock.now)
    assortments: "ArrayField[list[int], list[int]]" = ArrayField(models.BigIntegerField(), default=everybody)

    class Meta:
        db_table = "search_document"
        indexes = [
            GinIndex(fields=["words"], name="search_words"),
            models.Index(fields=["popularity", "product"], name="search_popular"),
        ]

    def __str__(self) -> str:
        return self.sort_key


class SearchCode(models.Model):
    """A number by which a product is known, in capitals without dashes and blanks."""

    class Kind(models.IntegerChoices):
        SKU = 0
        PART_NUMBER = 1
        GTIN = 2

    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)
    kind = models.PositiveSmallIntegerField(choices=Kind)

    class Meta:
        db_table = "search_code"
        indexes = [models.Index(fields=["key"], name="search_code_key", opclasses=["text_pattern_ops"])]

    def __str__(self) -> str:
        return self.key


class SearchWord(models.Model):
    """A word that occurs in some document: what a mistyped word is compared with."""

    word = models.CharField(max_length=60, primary_key=True)

    class Meta:
        db_table = "search_word"
        indexes = [GinIndex(fields=["word"], name="search_word_trigrams", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word


class Shelf(models.Model):
    """A product on a shelf of the shop, in all the orders in which shelves are looked through.

    A product stands in its category, in each category above it, and in the whole shop; so every listing, however
    large, is one walk along one index.
    """

    id = models.BigAutoField(primary_key=True)
    shelf = models.BigIntegerField(
        help_text="a category; 0 is the whole shop, because NULL would not sort by the index"
    )
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    seller = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    brand = models.CharField(max_length=100, blank=True)
    sort_key = models.CharField(max_length=120)
    list_price = UnitPriceField(default=UNPRICED)
    popularity = models.PositiveIntegerField(default=0)
    listed_at = models.DateTimeField(default=clock.now)
    assortments: "ArrayField[list[int], list[int]]" = ArrayField(models.BigIntegerField(), default=everybody)

    class Meta:
        db_table = "search_shelf"
        indexes = [
            models.Index(fields=["shelf", "sort_key", "product"], name="search_shelf_name"),
            models.Index(fields=["shelf", "popularity", "product"], name="search_shelf_popular"),
            models.Index(fields=["shelf", "listed_at", "product"], name="search_shelf_new"),
            models.Index(fields=["shelf", "list_price", "product"], name="search_shelf_price"),
            models.Index(fields=["shelf", "brand"], name="search_shelf_brand"),
        ]

    def __str__(self) -> str:
        return self.sort_key


class Synonym(models.Model):
    """Words that mean the same to those who search: each finds what the others find."""

    terms: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=60))
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "search_synonym"
        ordering = ["terms", "id"]

    def __str__(self) -> str:
        return ", ".join(self.terms)


class Redirect(models.Model):
    """Words that lead to an address of the shop instead of a list of hits. `words` as `Wording.text` has them."""

    words = models.CharField(max_length=200, unique=True)
    shown = models.CharField(max_length=200)
    address = models.CharField(max_length=300)

    class Meta:
        db_table = "search_redirect"
        ordering = ["shown", "id"]

    def __str__(self) -> str:
        return f"{self.shown} → {self.address}"


class Pin(models.Model):
    """A product that stands first for certain words."""

    words = models.CharField(max_length=200)
    shown = models.CharField(max_length=200)
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "search_pin"
        ordering = ["shown", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["words", "product"], name="search_pin_once")]

    def __str__(self) -> str:
        return f"{self.shown}: {self.product_id}"


class Asked(models.Model):
    """How often some words were asked on a day, by all together, and how many products that found."""

    day = models.DateField()
    words = models.CharField(max_length=200)
    shown = models.CharField(max_length=200, help_text="as somebody typed it")
    times = models.PositiveIntegerField()
    found = models.PositiveIntegerField()

    class Meta:
        db_table = "search_asked"
        constraints = [models.UniqueConstraint(fields=["day", "words"], name="search_asked_once_a_day")]

    def __str__(self) -> str:
        return f"{self.words} on {self.day}"


class PricesFollowed(models.Model):
    """Until when prices and lists that begin or end have found their way into the search; one row."""

    until = models.DateTimeField()

    class Meta:
        db_table = "search_prices_followed"
        constraints = [models.CheckConstraint(name="search_followed_once", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return f"until {self.until}"
