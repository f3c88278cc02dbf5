import django.db.models.deletion
from django.db import migrations, models

import kontor.kernel.clock

TABLES = ("feed", "schedule", "schedule_run")
CONSTRAINTS = {
    "feed": ("feed_once", "feed_is_whole"),
    "schedule": ("schedule_once", "schedule_paused_or_next", "schedule_of_a_kind"),
    "schedule_run": ("run_finished",),
}
INDEXES = ("one_price_file", "schedule_due", "one_run_at_a_time", "runs_of_schedule")


def renamed(old: str, new: str) -> str:
    """The statements that call what belongs to `old` after `new`."""
    tables = [f"ALTER TABLE {old}_{one} RENAME TO {new}_{one}" for one in TABLES]
    sequences = [f"ALTER SEQUENCE {old}_{one}_id_seq RENAME TO {new}_{one}_id_seq" for one in TABLES]
    constraints = [
        f"ALTER TABLE {new}_{table} RENAME CONSTRAINT {old}_{name} TO {new}_{name}"
        for table, names in CONSTRAINTS.items()
        for name in names
    ]
    indexes = [f"ALTER INDEX {old}_{one} RENAME TO {new}_{one}" for one in INDEXES]
    return ";".join([*tables, *sequences, *constraints, *indexes])


class Migration(migrations.Migration):
    """The tables of feeds and schedules come over from `exchange`; what is in them stays where it is."""

    dependencies = [("exchange", "0004_schedules_and_feeds_leave"), ("companies", "0002_customer_group")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(renamed("exchange", "publishing"), renamed("publishing", "exchange"))],
            [
                migrations.CreateModel(
                    name="ProductFeed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("language", models.CharField(max_length=8)),
                        ("is_on", models.BooleanField(default=False)),
                        (
                            "tax_country",
                            models.CharField(blank=True, help_text="empty: prices without tax", max_length=2),
                        ),
                        ("items", models.PositiveIntegerField(default=0)),
                        ("problems", models.JSONField(default=dict)),
                        ("xml_file", models.CharField(blank=True, max_length=100)),
                        ("tsv_file", models.CharField(blank=True, max_length=100)),
                        ("digest", models.CharField(blank=True, max_length=64)),
                        ("made_at", models.DateTimeField(null=True)),
                        ("changed_at", models.DateTimeField(null=True)),
                        (
                            "seller",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="companies.company",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "publishing_feed",
                        "ordering": ["language"],
                    },
                ),
                migrations.CreateModel(
                    name="Schedule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("import", "Import"),
                                    ("export", "Export"),
                                    ("feed", "Product feed"),
                                    ("prices", "Price file"),
                                ],
                                max_length=6,
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("times", models.CharField(max_length=60)),
                        ("is_paused", models.BooleanField(default=False)),
                        ("paused_because", models.CharField(blank=True, max_length=300)),
                        ("next_at", models.DateTimeField(null=True)),
                        ("source", models.CharField(blank=True, max_length=500)),
                        ("options", models.JSONField(default=dict)),
                        ("failures", models.PositiveSmallIntegerField(default=0)),
                        ("etag", models.CharField(blank=True, max_length=200)),
                        ("digest", models.CharField(blank=True, max_length=64)),
                        (
                            "membership_id",
                            models.BigIntegerField(
                                help_text="with whose rights; null for the system", null=True
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=kontor.kernel.clock.now)),
                        (
                            "company",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="companies.company",
                            ),
                        ),
                        (
                            "feed",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.productfeed",
                            ),
                        ),
                        (
                            "mapping",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="exchange.savedmapping",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "publishing_schedule",
                        "ordering": ["kind", "name"],
                    },
                ),
                migrations.CreateModel(
                    name="ScheduleRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "In the queue"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("nothing", "Nothing new"),
                                    ("failed", "Failed"),
                                ],
                                default="waiting",
                                max_length=7,
                            ),
                        ),
                        ("said", models.CharField(blank=True, max_length=400)),
                        ("file", models.CharField(blank=True, max_length=100)),
                        ("digest", models.CharField(blank=True, max_length=64)),
                        ("byte_size", models.BigIntegerField(default=0)),
                        (
                            "seen_as",
                            models.CharField(
                                blank=True, help_text="what a price file was made by", max_length=64
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=kontor.kernel.clock.now)),
                        ("started_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "import_run",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="exchange.importrun",
                            ),
                        ),
                        (
                            "schedule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="runs",
                                to="publishing.schedule",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "publishing_schedule_run",
                        "ordering": ["-id"],
                    },
                ),
                migrations.AddConstraint(
                    model_name="productfeed",
                    constraint=models.UniqueConstraint(
                        fields=("seller", "language"), name="publishing_feed_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="productfeed",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("changed_at__isnull", True),
                                ("digest", ""),
                                ("made_at__isnull", True),
                                ("tsv_file", ""),
                                ("xml_file", ""),
                            ),
                            models.Q(
                                ("made_at__gte", models.F("changed_at")),
                                models.Q(("xml_file", ""), _negated=True),
                                models.Q(("tsv_file", ""), _negated=True),
                                models.Q(("digest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="publishing_feed_is_whole",
                    ),
                ),
                migrations.AddIndex(
                    model_name="schedule",
                    index=models.Index(
                        condition=models.Q(("is_paused", False)),
                        fields=["next_at"],
                        name="publishing_schedule_due",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="schedule",
                    constraint=models.UniqueConstraint(
                        fields=("company", "name"), name="publishing_schedule_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="schedule",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("kind", "prices")),
                        fields=("company",),
                        name="publishing_one_price_file",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="schedule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_paused", True), ("next_at__isnull", True)),
                            models.Q(("is_paused", False), ("next_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="publishing_schedule_paused_or_next",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="schedule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("feed__isnull", True),
                                ("kind", "import"),
                                models.Q(("source", ""), _negated=True),
                            ),
                            models.Q(
                                ("feed__isnull", False),
                                ("kind", "feed"),
                                ("mapping__isnull", True),
                                ("source", ""),
                            ),
                            models.Q(
                                ("feed__isnull", True),
                                ("kind__in", ("export", "prices")),
                                ("mapping__isnull", True),
                                ("source", ""),
                            ),
                            _connector="OR",
                        ),
                        name="publishing_schedule_of_a_kind",
                    ),
                ),
                migrations.AddIndex(
                    model_name="schedulerun",
                    index=models.Index(fields=["schedule", "-id"], name="publishing_runs_of_schedule"),
                ),
                migrations.AddConstraint(
                    model_name="schedulerun",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("status__in", ("waiting", "running"))),
                        fields=("schedule",),
                        name="publishing_one_run_at_a_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="schedulerun",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("status__in", ("waiting", "running"))),
                            models.Q(
                                ("finished_at__isnull", False), ("status__in", ("done", "nothing", "failed"))
                            ),
                            _connector="OR",
                        ),
                        name="publishing_run_finished",
                    ),
                ),
            ],
        )
    ]
