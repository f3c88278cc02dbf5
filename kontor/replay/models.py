from django.db import models
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.kernel.fields import UnitPriceField


class Run(models.Model):
    """A file that is being replayed, or was. The same bytes are never booked twice."""

    class Stage(models.TextChoices):
        READING = "reading", _("Reading the file")
        TRADING = "trading", _("Trading")
        DONE = "done", _("Done")

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    seller = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.READING)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "replay_run"

    def __str__(self) -> str:
        return self.file_name


class Line(models.Model):
    """A line as the file has it, and what became of it. An empty outcome is still to be booked."""

    class Outcome(models.TextChoices):
        SOLD = "sold", _("Ordered, shipped and invoiced")
        RETURNED = "returned", _("Returned and credited against its order")
        CREDITED = "credited", _("Credited; no earlier purchase in the file fits")
        ADJUSTED = "adjusted", _("Stock corrected")
        CHARGED = "charged", _("Invoiced without an order")
        NO_EFFECT = "no_effect", _("Not booked: a service at no price")
        REFUSED = "refused", _("Not booked: refused")

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="lines")
    line_number = models.PositiveIntegerField(help_text="in the file; the header is line 1")
    invoice = models.CharField(max_length=12)
    stock_code = models.CharField(max_length=20)
    description = models.CharField(max_length=200, blank=True)
    quantity = models.IntegerField()
    invoiced_at = models.DateTimeField()
    unit_price = UnitPriceField()
    customer = models.CharField(max_length=12, blank=True)
    country = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "replay_line"
        constraints = [UniqueConstraint(fields=["run", "line_number"], name="replay_line_once")]
        indexes = [models.Index(fields=["run", "invoice"], name="replay_line_invoice")]

    def __str__(self) -> str:
        return f"{self.line_number}: {self.invoice} {self.stock_code}"
