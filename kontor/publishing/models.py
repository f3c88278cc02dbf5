from typing import Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kontor.companies.models import Company
from kontor.exchange.models import Facts, ImportRun, OwnQuerySet, SavedMapping
from kontor.kernel import clock
from kontor.kernel.actors import Actor


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
        db_table = "publishing_feed"
        ordering = ["language"]
        constraints = [
            UniqueConstraint(fields=["seller", "language"], name="publishing_feed_once"),
            CheckConstraint(
                name="publishing_feed_is_whole",
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
        db_table = "publishing_schedule"
        ordering = ["kind", "name"]
        constraints = [
            UniqueConstraint(fields=["company", "name"], name="publishing_schedule_once"),
            UniqueConstraint(
                fields=["company"], condition=Q(kind="prices"), name="publishing_one_price_file"
            ),
            CheckConstraint(
                name="publishing_schedule_paused_or_next",
                condition=Q(is_paused=True, next_at__isnull=True) | Q(is_paused=False, next_at__isnull=False),
            ),
            CheckConstraint(
                name="publishing_schedule_of_a_kind",
                condition=(Q(kind="import", feed__isnull=True) & ~Q(source=""))
                | Q(kind="feed", feed__isnull=False, mapping__isnull=True, source="")
                | Q(kind__in=("export", "prices"), feed__isnull=True, mapping__isnull=True, source=""),
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="publishing_schedule_due", condition=Q(is_paused=False))
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
        db_table = "publishing_schedule_run"
        ordering = ["-id"]
        constraints = [
            UniqueConstraint(
                fields=["schedule"],
                condition=Q(status__in=("waiting", "running")),
                name="publishing_one_run_at_a_time",
            ),
            CheckConstraint(
                name="publishing_run_finished",
                condition=Q(status__in=("waiting", "running"), finished_at__isnull=True)
                | Q(status__in=("done", "nothing", "failed"), finished_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["schedule", "-id"], name="publishing_runs_of_schedule")]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.schedule_id}"

    @property
    def is_busy(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.RUNNING)
