from django.db import models


class Category(models.Model):
    """A shelf in the shop; shelves hold shelves. `path` is the slash-joined slugs from the root."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80)
    path = models.CharField(max_length=300, unique=True)
    position = models.PositiveIntegerField(default=0)
    description = models.TextField(blank=True)

    class Meta:
        db_table = "catalog_category"
        ordering = ["position", "name"]
        indexes = [
            models.Index(fields=["path"], name="catalog_category_below", opclasses=["text_pattern_ops"])
        ]

    def __str__(self) -> str:
        return self.name
