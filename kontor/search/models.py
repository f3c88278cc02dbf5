from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from kontor.catalog.models import Product


class SearchDocument(models.Model):
    """What the search sees of a product. `code_key` holds SKU, part number and GTIN without dashes and blanks."""

    product = models.OneToOneField(Product, models.CASCADE, primary_key=True, related_name="+")
    words = SearchVectorField()
    text = models.TextField(help_text="lower case, for typing errors")
    sku_key = models.CharField(max_length=40)
    codes = models.TextField(help_text="blank-separated keys: sku, part number, gtin")
    popularity = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "search_document"
        indexes = [
            GinIndex(fields=["words"], name="search_words"),
            GinIndex(fields=["text"], name="search_trigrams", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["sku_key"], name="search_sku", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.sku_key
