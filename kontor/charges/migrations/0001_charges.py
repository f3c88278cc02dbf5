import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import kontor.kernel.fields

# Countries as numbers, so that an index can tell whether two sets meet; no countries stands for all others.
PLACES = """
CREATE FUNCTION charges_places(countries text[]) RETURNS int4multirange LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN countries = '{}' THEN '{[0,1)}'::int4multirange ELSE (
        SELECT range_agg(int4range(place, place + 1))
        FROM (SELECT ascii(code) * 256 + ascii(substr(code, 2)) AS place FROM unnest(countries) AS code) AS named
    ) END
$$
"""
NO_PLACES = "DROP FUNCTION charges_places(text[])"
ONE_TARIFF = """
ALTER TABLE charges_tariff ADD CONSTRAINT charges_one_tariff EXCLUDE USING gist (
    rule_id WITH =, currency WITH =, (COALESCE(account_id, 0)) WITH =, (COALESCE(group_id, 0)) WITH =,
    charges_places(countries::text[]) WITH &&, tstzrange(valid_from, valid_until) WITH &&
)
"""
NOT_ONE_TARIFF = "ALTER TABLE charges_tariff DROP CONSTRAINT charges_one_tariff"


class Migration(migrations.Migration):
    """Rules, their tariffs with steps, indices. Two tariffs that would both count cannot be stored."""

    initial = True

    dependencies = [
        ("catalog", "0011_no_index_twice"),
        ("companies", "0002_customer_group"),
        ("pricing", "0006_steps"),
    ]

    operations = [
        migrations.CreateModel(
            name="Index",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("currency", models.CharField(max_length=3)),
                ("per", kontor.kernel.fields.QuantityField(decimal_places=3, default=100, max_digits=16)),
                ("unit", models.CharField(default="KGM", max_length=3)),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
            ],
            options={
                "db_table": "charges_index",
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Content",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=6, max_digits=16)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.product"
                    ),
                ),
                (
                    "index",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contents",
                        to="charges.index",
                    ),
                ),
            ],
            options={
                "db_table": "charges_content",
            },
        ),
        migrations.CreateModel(
            name="IndexValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("value", kontor.kernel.fields.UnitPriceField(decimal_places=6, max_digits=18)),
                (
                    "index",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="charges.index",
                    ),
                ),
            ],
            options={
                "db_table": "charges_index_value",
            },
        ),
        migrations.CreateModel(
            name="Rule",
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
                            ("freight", "Freight"),
                            ("packaging", "Packaging"),
                            ("small_order", "Small order surcharge"),
                            ("deposit", "Deposit"),
                            ("index", "Metal or energy surcharge"),
                            ("hazardous", "Hazardous goods surcharge"),
                            ("allowance", "Order discount"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("value", "Net value of the order"),
                            ("weight", "Weight in kilograms"),
                            ("quantity", "Quantity of a line"),
                            ("content", "Content at the index"),
                            ("index", "Percentage by the index"),
                        ],
                        default="value",
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("code", models.CharField(max_length=3)),
                ("tax_category", models.CharField(blank=True, max_length=16)),
                ("is_refundable", models.BooleanField(default=False)),
                (
                    "per",
                    kontor.kernel.fields.QuantityField(
                        decimal_places=3,
                        default=1,
                        help_text="by quantity: base units that an amount is for, begun ones count",
                        max_digits=16,
                    ),
                ),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), blank=True, default=list, size=None
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "categories",
                    models.ManyToManyField(
                        db_table="charges_rule_category", related_name="+", to="catalog.category"
                    ),
                ),
                (
                    "index",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rules",
                        to="charges.index",
                    ),
                ),
                (
                    "products",
                    models.ManyToManyField(
                        db_table="charges_rule_product", related_name="+", to="catalog.product"
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
            ],
            options={
                "db_table": "charges_rule",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Tariff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), blank=True, default=list, size=None
                    ),
                ),
                ("valid_from", models.DateTimeField(null=True)),
                ("valid_until", models.DateTimeField(null=True)),
                ("is_none", models.BooleanField(default=False)),
                ("free_from", kontor.kernel.fields.AmountField(decimal_places=3, max_digits=18, null=True)),
                (
                    "index_base",
                    kontor.kernel.fields.UnitPriceField(decimal_places=6, default=0, max_digits=18),
                ),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="companies.customeraccount",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="companies.customergroup",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tariffs", to="charges.rule"
                    ),
                ),
            ],
            options={
                "db_table": "charges_tariff",
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start", kontor.kernel.fields.QuantityField(decimal_places=3, default=0, max_digits=16)),
                ("amount", kontor.kernel.fields.UnitPriceField(decimal_places=6, max_digits=18, null=True)),
                ("percent", models.DecimalField(decimal_places=4, max_digits=7, null=True)),
                (
                    "tariff",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="charges.tariff",
                    ),
                ),
            ],
            options={
                "db_table": "charges_step",
                "ordering": ["start"],
            },
        ),
        migrations.AddConstraint(
            model_name="index",
            constraint=models.UniqueConstraint(fields=("seller", "code"), name="charges_index_code_once"),
        ),
        migrations.AddConstraint(
            model_name="index",
            constraint=models.CheckConstraint(
                condition=models.Q(("per__gt", 0)), name="charges_index_per_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="content",
            constraint=models.UniqueConstraint(fields=("index", "product"), name="charges_content_once"),
        ),
        migrations.AddConstraint(
            model_name="content",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="charges_content_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="indexvalue",
            constraint=models.UniqueConstraint(fields=("index", "day"), name="charges_index_value_once"),
        ),
        migrations.AddConstraint(
            model_name="indexvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 0)), name="charges_index_value_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.UniqueConstraint(fields=("seller", "name"), name="charges_rule_name_once"),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(("per__gt", 0)), name="charges_rule_per_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "freight"), ("measure__in", ["value", "weight"])),
                    models.Q(("kind__in", ["small_order", "allowance"]), ("measure", "value")),
                    models.Q(("kind", "deposit"), ("measure", "quantity")),
                    models.Q(
                        ("kind__in", ["packaging", "hazardous"]),
                        ("measure__in", ["value", "weight", "quantity"]),
                    ),
                    models.Q(("kind", "index"), ("measure__in", ["content", "index"])),
                    _connector="OR",
                ),
                name="charges_rule_measured",
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("index__isnull", False), ("kind", "index")),
                    models.Q(models.Q(("kind", "index"), _negated=True), ("index", None)),
                    _connector="OR",
                ),
                name="charges_rule_has_index",
            ),
        ),
        migrations.AddConstraint(
            model_name="tariff",
            constraint=models.CheckConstraint(
                condition=models.Q(("account", None), ("group", None), _connector="OR"),
                name="charges_tariff_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="tariff",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gt", models.F("valid_from"))), name="charges_tariff_window"
            ),
        ),
        migrations.AddConstraint(
            model_name="tariff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("free_from", None), ("free_from__gt", 0), _connector="OR"),
                    ("index_base__gte", 0),
                ),
                name="charges_tariff_sensible",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(fields=("tariff", "start"), name="charges_step_once"),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("start__gte", 0),
                    models.Q(
                        models.Q(("amount__gte", 0), ("percent", None)),
                        models.Q(("amount", None), ("percent__gte", 0), ("percent__lte", 100)),
                        _connector="OR",
                    ),
                ),
                name="charges_step_sensible",
            ),
        ),
        migrations.RunSQL(PLACES, NO_PLACES),
        migrations.RunSQL(ONE_TARIFF, NOT_ONE_TARIFF),
    ]
