import django.db.models.deletion
from django.db import migrations, models

import kontor.kernel.clock
import kontor.kernel.fields


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0002_kits"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExpectedReceipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", kontor.kernel.fields.QuantityField(decimal_places=3, max_digits=16)),
                ("remaining", kontor.kernel.fields.QuantityField(decimal_places=3, max_digits=16)),
                ("due_on", models.DateField()),
                (
                    "reference",
                    models.CharField(
                        blank=True, help_text="the purchase order at the supplier", max_length=60
                    ),
                ),
                ("created_at", models.DateTimeField(default=kontor.kernel.clock.now)),
                ("actor_name", models.CharField(max_length=150)),
                (
                    "stock_item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expected",
                        to="inventory.stockitem",
                    ),
                ),
            ],
            options={
                "db_table": "inventory_expected_receipt",
                "indexes": [
                    models.Index(
                        condition=models.Q(("remaining__gt", 0)),
                        fields=["stock_item", "due_on", "id"],
                        name="inventory_expected_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="inventory_expected_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("remaining__gte", 0), ("remaining__lte", models.F("quantity"))),
                        name="inventory_expected_remaining",
                    ),
                ],
            },
        ),
    ]
