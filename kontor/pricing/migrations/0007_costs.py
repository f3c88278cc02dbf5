import django.db.models.deletion
from django.db import migrations, models
from django.db.models import CheckConstraint, Q, UniqueConstraint

import kontor.kernel.fields


class Migration(migrations.Migration):
    """What a product costs and the least price at which it may be sold, by day."""

    dependencies = [("catalog", "0011_no_index_twice"), ("pricing", "0006_steps")]
    operations = [
        migrations.CreateModel(
            name="ProductCost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("cost", kontor.kernel.fields.UnitPriceField(decimal_places=6, max_digits=18, null=True)),
                ("floor", kontor.kernel.fields.UnitPriceField(decimal_places=6, max_digits=18, null=True)),
                ("least_margin", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                (
                    "product",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.product",
                    ),
                ),
            ],
            options={
                "db_table": "pricing_cost",
                "constraints": [
                    UniqueConstraint(fields=("product", "day"), name="pricing_cost_once"),
                    CheckConstraint(
                        name="pricing_cost_sensible",
                        condition=Q(
                            Q(("cost", None), ("cost__gte", 0), _connector="OR"),
                            Q(("floor", None), ("floor__gte", 0), _connector="OR"),
                            Q(
                                ("least_margin", None),
                                Q(
                                    ("cost__isnull", False),
                                    ("least_margin__gte", 0),
                                    ("least_margin__lt", 100),
                                ),
                                _connector="OR",
                            ),
                        ),
                    ),
                ],
            },
        ),
    ]
