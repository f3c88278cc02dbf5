from typing import Any, Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
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


class ProductFeed(models.Model):
    """A seller's goods in one language for search engines and shopping portals, as anybody may see them.

    The files of both forms are made by the worker; `problems` counts the goods by what is wrong with them. `changed_at`
    is when what they say last became different. With a `tax_country` prices include its tax.
    """

    seller = models.ForeignKey(Company, models.CASCADE, related_name="+")
    language = models.CharField(max_length=8)
    is_on = models.BooleanField(default=False)
    tax_country = models.CharField(max_length=2, blank=True, help_text="empty: prices without tax")
    items = models.PositiveIntegerField(default=0)
    problems: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(default=dict)
    xml_file = models.CharField(max_length=100, blank=True)
    tsv_file = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    objects = OwnQuerySet.as_manager()

    class Meta:
        db_table = "exchange_feed"
        ordering = ["language"]
        constraints = [
            UniqueConstraint(fields=["seller", "language"], name="exchange_feed_once"),
            CheckConstraint(
                name="exchange_feed_is_whole",
                condition=Q(
                    made_at__isnull=True, changed_at__isnull=True, xml_file="", tsv_file="", digest=""
                )
                | (Q(made_at__gte=F("changed_at")) & ~Q(xml_file="") & ~Q(tsv_file="") & ~Q(digest="")),
            ),
        ]

    def __str__(self) -> str:
        return f"feed {self.language} of {self.seller_id}"


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def visible_to(self, actor: Actor) -> Self:
        """The company's own; nobody else knows of them."""
        return self.all() if actor.is_system else self.filter(company_id=actor.company_id)


class Schedule(models.Model):
    """What the worker does with files at given times, in the time zone of its company.

    `times` is a cron line; `next_at` the next time, none while it is paused. `source` is the address of an import, or a
    folder below the inbox of the installation. `failures` counts those since it last went well. `etag` and `digest`
    are those of the last file, so that the same one is not imported twice. `options` are a file's form, and of an
    export its selection.
    """

    class Kind(models.TextChoices):
        IMPORT = "import", _("Import")
        EXPORT = "export", _("Export")
        FEED = "feed", _("Product feed")
        PRICES = "prices", _("Price file")

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    name = models.CharField(max_length=120)
    times = models.CharField(max_length=60)
    is_paused = models.BooleanField(default=False)
    paused_because = models.CharField(max_length=300, blank=True)
    next_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=500, blank=True)
    mapping = models.ForeignKey(SavedMapping, models.PROTECT, null=True, related_name="+")
    feed = models.ForeignKey(ProductFeed, models.CASCADE, null=True, related_name="+")
    options: "models.JSONField[Facts, Facts]" = models.JSONField(default=dict)
    failures = models.PositiveSmallIntegerField(default=0)
    etag = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    membership_id = models.BigIntegerField(null=True, help_text="with whose rights; null for the system")
    created_at = models.DateTimeField(default=clock.now)
    objects = ScheduleQuerySet.as_manager()

    class Meta:
        db_table = "exchange_schedule"
        ordering = ["kind", "name"]
        constraints = [
            UniqueConstraint(fields=["company", "name"], name="exchange_schedule_once"),
            UniqueConstraint(fields=["company"], condition=Q(kind="prices"), name="exchange_one_price_file"),
            CheckConstraint(
                name="exchange_schedule_paused_or_next",
                condition=Q(is_paused=True, next_at__isnull=True) | Q(is_paused=False, next_at__isnull=False),
            ),
            CheckConstraint(
                name="exchange_schedule_of_a_kind",
                condition=(Q(kind="import", feed__isnull=True) & ~Q(source=""))
                | Q(kind="feed", feed__isnull=False, mapping__isnull=True, source="")
                | Q(kind__in=("export", "prices"), feed__isnull=True, mapping__isnull=True, source=""),
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="exchange_schedule_due", condition=Q(is_paused=False))
        ]

    def __str__(self) -> str:
        return self.name


class ScheduleRun(models.Model):
    """One time that a schedule was carried out. `said` is what came of it, or what went wrong and what to do.

    There is never more than one on its way per schedule: the database sees to that.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("In the queue")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        NOTHING = "nothing", _("Nothing new")
        FAILED = "failed", _("Failed")

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="runs")
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    said = models.CharField(max_length=400, blank=True)
    import_run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, related_name="+")
    file = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    byte_size = models.BigIntegerField(default=0)
    seen_as = models.CharField(max_length=64, blank=True, help_text="what a price file was made by")
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_schedule_run"
        ordering = ["-id"]
        constraints = [
            UniqueConstraint(
                fields=["schedule"],
                condition=Q(status__in=("waiting", "running")),
                name="exchange_one_run_at_a_time",
            ),
            CheckConstraint(
                name="exchange_run_finished",
                condition=Q(status__in=("waiting", "running"), finished_at__isnull=True)
                | Q(status__in=("done", "nothing", "failed"), finished_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["schedule", "-id"], name="exchange_runs_of_schedule")]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.schedule_id}"

    @property
    def is_busy(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.RUNNING)
