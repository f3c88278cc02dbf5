from typing import Any, Self

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.catalog.models import Medium, Product
from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.kernel.actors import Actor

Facts = dict[str, Any]


class OwnQuerySet(models.QuerySet[Any]):
    """Rows of one seller, which nobody else sees."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.is_system else self.filter(seller_id=actor.company_id)


class SavedMapping(models.Model):
    """What the columns of a kind of file mean to a seller. `header` is a digest of the column names it was made for."""

    seller = models.ForeignKey(Company, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    header = models.CharField(max_length=64, blank=True)
    plan: "models.JSONField[Facts, Facts]" = models.JSONField(default=dict)
    used_at = models.DateTimeField(default=clock.now)
    objects = OwnQuerySet.as_manager()

    class Meta:
        db_table = "exchange_mapping"
        ordering = ["name"]
        constraints = [UniqueConstraint(fields=["seller", "name"], name="exchange_mapping_once")]

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """A file on its way into the catalog: taken in, mapped, checked, run; then its report.

    `file` lies in the exchange folder; `about` says how it was understood, `columns` what it has, `plan` what they
    mean, `counts` what came of the rows, `errors` the first rows that are wrong (all are in `error_file`).
    """

    class Status(models.TextChoices):
        OPEN = "open", _("To be mapped")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        QUEUED = "queued", _("In the queue")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Not imported")
        FAILED = "failed", _("Failed")

    seller = models.ForeignKey(Company, models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    file = models.CharField(max_length=100)
    byte_size = models.BigIntegerField(default=0)
    form = models.CharField(max_length=8)
    about: "models.JSONField[Facts, Facts]" = models.JSONField(default=dict)
    columns: "models.JSONField[list[Facts], list[Facts]]" = models.JSONField(default=list)
    mapping = models.ForeignKey(SavedMapping, models.SET_NULL, null=True, related_name="+")
    plan: "models.JSONField[Facts, Facts]" = models.JSONField(default=dict)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    counts: "models.JSONField[Facts, Facts]" = models.JSONField(default=dict)
    errors: "models.JSONField[list[Facts], list[Facts]]" = models.JSONField(default=list)
    error_file = models.CharField(max_length=100, blank=True)
    problem = models.CharField(max_length=400, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    actor_name = models.CharField(max_length=150)
    membership_id = models.BigIntegerField(null=True, help_text="who started it; null for the system")
    door = models.CharField(max_length=20)
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    objects = OwnQuerySet.as_manager()

    class Meta:
        db_table = "exchange_run"
        ordering = ["-id"]
        indexes = [models.Index(fields=["seller", "-id"], name="exchange_run_of_seller")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_busy(self) -> bool:
        return self.status in (self.Status.CHECKING, self.Status.QUEUED, self.Status.RUNNING)

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return min(self.rows_done * 100 // self.rows_total, 100) if self.rows_total else 0


class PictureOrder(models.Model):
    """A picture that a file names by its address; it is fetched after the import, once per product and address."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        FETCHED = "fetched", _("Fetched")
        FAILED = "failed", _("Failed")

    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    url = models.CharField(max_length=500)
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, related_name="pictures")
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    problem = models.CharField(max_length=300, blank=True)
    medium = models.ForeignKey(Medium, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(
        default=clock.now, help_text="not tried before; while it is tried, a lease"
    )

    class Meta:
        db_table = "exchange_picture"
        constraints = [UniqueConstraint(fields=["product", "url"], name="exchange_picture_once")]
        indexes = [
            models.Index(fields=["next_at"], name="exchange_picture_due", condition=Q(status="waiting"))
        ]

    def __str__(self) -> str:
        return self.url
