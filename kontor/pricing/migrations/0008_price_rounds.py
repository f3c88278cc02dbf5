import django.db.models.deletion
from django.db import migrations, models

import kontor.kernel.clock
import kontor.kernel.fields


class Migration(migrations.Migration):
    """Prices that change together: drafted, submitted, approved, written; whether a second person must approve."""

    dependencies = [
        ("catalog", "0011_no_index_twice"),
        ("companies", "0002_customer_group"),
        ("pricing", "0007_costs"),
    ]

    operations = [
        migrations.CreateModel(
            name="PricePolicy",
            fields=[
                (
                    "seller",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="companies.company",
                    ),
                ),
                ("rounds_need_approval", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "pricing_policy",
            },
        ),
        migrations.CreateModel(
            name="PriceRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "To be approved"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("starts_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=kontor.kernel.clock.now)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=400)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="companies.membership",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="companies.membership",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="companies.membership",
                    ),
                ),
            ],
            options={
                "db_table": "pricing_round",
            },
        ),
        migrations.CreateModel(
            name="RoundPrice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "min_quantity",
                    kontor.kernel.fields.QuantityField(decimal_places=3, default=1, max_digits=16),
                ),
                ("unit", models.CharField(db_default="", default="", max_length=3)),
                ("amount", kontor.kernel.fields.UnitPriceField(decimal_places=6, max_digits=18, null=True)),
                (
                    "price_base",
                    kontor.kernel.fields.QuantityField(decimal_places=3, default=1, max_digits=16),
                ),
                ("was", kontor.kernel.fields.UnitPriceField(decimal_places=6, max_digits=18, null=True)),
                ("was_base", kontor.kernel.fields.QuantityField(decimal_places=3, max_digits=16, null=True)),
                (
                    "price_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="pricing.pricelist"
                    ),
                ),
                (
                    "price_round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="pricing.priceround",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.product"
                    ),
                ),
            ],
            options={
                "db_table": "pricing_round_price",
            },
        ),
        migrations.AddIndex(
            model_name="priceround",
            index=models.Index(fields=["seller", "-id"], name="pricing_rounds_of_seller"),
        ),
        migrations.AddConstraint(
            model_name="priceround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("status__in", ["draft", "submitted"])),
                    models.Q(("decided_at__isnull", False), ("status__in", ["approved", "rejected"])),
                    _connector="OR",
                ),
                name="pricing_round_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="roundprice",
            constraint=models.UniqueConstraint(
                fields=("price_round", "price_list", "product", "min_quantity", "unit"),
                name="pricing_round_price_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="roundprice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount", None), ("amount__gte", 0), _connector="OR"),
                    ("min_quantity__gt", 0),
                    ("price_base__gt", 0),
                ),
                name="pricing_round_price_sensible",
            ),
        ),
    ]
