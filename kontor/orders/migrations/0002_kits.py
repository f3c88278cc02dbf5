import django.db.models.deletion
from django.db import migrations, models

import kontor.kernel.fields


class Migration(migrations.Migration):
    """What was in a kit when it was ordered."""

    dependencies = [
        ("orders", "0001_initial"),
        ("catalog", "0004_families_kinship_assortments"),
    ]
    operations = [
        migrations.CreateModel(
            name="LinePart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("sku", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=250)),
                ("kind", models.CharField(max_length=8)),
                ("base_unit", models.CharField(max_length=3)),
                ("quantity", kontor.kernel.fields.QuantityField(decimal_places=3, max_digits=16)),
                ("shipped", kontor.kernel.fields.QuantityField(decimal_places=3, default=0, max_digits=16)),
                (
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="orders.orderline",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.product"
                    ),
                ),
            ],
            options={"db_table": "orders_line_part", "ordering": ["line", "position"]},
        ),
        migrations.AddConstraint(
            "linepart",
            models.UniqueConstraint(fields=("line", "product"), name="orders_line_part_once"),
        ),
        migrations.AddConstraint(
            "linepart",
            models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0), ("shipped__gte", 0)),
                name="orders_line_part_quantities",
            ),
        ),
    ]
