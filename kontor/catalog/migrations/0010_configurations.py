import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import kontor.kernel.clock

FORBID = """
CREATE TRIGGER catalog_configuration_append_only BEFORE UPDATE OR DELETE ON catalog_configuration
    FOR EACH STATEMENT EXECUTE FUNCTION kontor_append_only();
"""
ALLOW = "DROP TRIGGER catalog_configuration_append_only ON catalog_configuration"


class Migration(migrations.Migration):
    """Options of configurable products, and what was chosen of them; what was chosen never changes."""

    dependencies = [
        ("audit", "0002_append_only"),
        ("catalog", "0009_media_digest_source"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductOptions",
            fields=[
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="options",
                        serialize=False,
                        to="catalog.product",
                    ),
                ),
                ("document", models.JSONField()),
            ],
            options={
                "db_table": "catalog_options",
            },
        ),
        migrations.AlterField(
            model_name="product",
            name="kind",
            field=models.CharField(
                choices=[
                    ("goods", "Goods"),
                    ("service", "Service"),
                    ("model", "Model with variants"),
                    ("kit", "Kit"),
                    ("configurable", "Configurable"),
                ],
                default="goods",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Configuration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=80)),
                (
                    "parts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8), size=None
                    ),
                ),
                ("choices", models.JSONField()),
                ("text", models.CharField(max_length=700)),
                ("weight_grams", models.IntegerField(default=0, help_text="beside the product's own")),
                (
                    "lead_days",
                    models.PositiveSmallIntegerField(default=0, help_text="beside the product's own"),
                ),
                ("created_at", models.DateTimeField(default=kontor.kernel.clock.now)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.product"
                    ),
                ),
            ],
            options={
                "db_table": "catalog_configuration",
                "constraints": [
                    models.UniqueConstraint(fields=("product", "code"), name="catalog_configuration_once")
                ],
            },
        ),
        migrations.RunSQL(FORBID, ALLOW),
    ]
