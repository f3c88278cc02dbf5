from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint


class TaxRate(models.Model):
    """The rate (percent) of a tax category in a country from a day on, until a later row takes over."""

    country = models.CharField(max_length=2)
    category = models.CharField(max_length=16, help_text="standard, reduced, zero, exempt")
    rate = models.DecimalField(max_digits=6, decimal_places=3)
    valid_from = models.DateField()

    class Meta:
        db_table = "taxes_rate"
        constraints = [
            UniqueConstraint(fields=["country", "category", "valid_from"], name="taxes_rate_once"),
            CheckConstraint(name="taxes_rate_sensible", condition=Q(rate__gte=0, rate__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.category} {self.rate} %"
