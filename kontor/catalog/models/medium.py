from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.utils.translation import gettext_lazy as _

from kontor.catalog.models.product import Product


class Medium(models.Model):
    """A picture, document or video of a product; `file` is a path below `media/` of the store, named by its SHA-256.

    A certificate counts from `valid_from` to `valid_until`, both days included. An empty `language` is for all.
    """

    class Kind(models.TextChoices):
        PICTURE = "picture", _("Picture")
        DATASHEET = "datasheet", _("Data sheet")
        CERTIFICATE = "certificate", _("Certificate")
        MANUAL = "manual", _("Manual")
        DRAWING = "drawing", _("Drawing")
        SAFETY = "safety", _("Safety data sheet")
        VIDEO = "video", _("Video")

    product = models.ForeignKey(Product, models.CASCADE, related_name="media")
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=150)
    file = models.CharField(
        max_length=200, blank=True, help_text="empty for a data sheet made from the product's data"
    )
    url = models.URLField(max_length=500, blank=True, help_text="of a video that lies elsewhere")
    language = models.CharField(max_length=8, blank=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    media_type = models.CharField(max_length=80)
    byte_size = models.PositiveIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(
        max_length=64, blank=True, default="", help_text="SHA-256 of the file as it came"
    )
    source = models.CharField(
        max_length=500,
        blank=True,
        default="",
        help_text="the address, or the name in an archive, it came from",
    )

    class Meta:
        db_table = "catalog_medium"
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["file"], name="catalog_medium_file", condition=~Q(file=""))]
        constraints = [
            CheckConstraint(
                name="catalog_medium_validity",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.title
