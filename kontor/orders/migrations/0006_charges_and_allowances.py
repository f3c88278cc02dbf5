import django.db.models.deletion
from django.db import migrations, models

import kontor.kernel.fields


class Migration(migrations.Migration):
    """What promotions take off a line, what an order bears beside its lines, and why each price is what it is."""

    dependencies = [("orders", "0005_evidence_of_taxes"), ("promotions", "0001_promotions")]
    operations = [
        migrations.AddField(
            model_name="orderline",
            name="allowance",
            field=kontor.kernel.fields.AmountField(
                db_default=0,
                decimal_places=3,
                default=0,
                max_digits=18,
                help_text="what promotions took off, already less in net",
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="price_grounds",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()), default=dict, help_text="see orders.grounds"
            ),
        ),
        migrations.AlterField(
            model_name="orderline",
            name="price_source",
            field=models.CharField(
                help_text="list:3, offer:12, promotion:7 (a gift), manual, free", max_length=40
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("allowance__gte", 0)), name="orders_line_allowance_sensible"
            ),
        ),
        migrations.CreateModel(
            name="LineAllowance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=120)),
                ("amount", kontor.kernel.fields.AmountField(decimal_places=3, max_digits=18)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allowances",
                        to="orders.orderline",
                    ),
                ),
                (
                    "promotion",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="promotions.promotion",
                    ),
                ),
            ],
            options={
                "db_table": "orders_line_allowance",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="orders_line_allowance_positive"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderCharge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=16)),
                ("code", models.CharField(help_text="UNCL 7161", max_length=4)),
                ("reason", models.CharField(max_length=120)),
                ("net", kontor.kernel.fields.AmountField(decimal_places=3, max_digits=18)),
                ("tax_category", models.CharField(max_length=16)),
                ("tax_rate", models.DecimalField(decimal_places=3, max_digits=6)),
                ("tax_code", models.CharField(help_text="UNCL 5305", max_length=2)),
                ("is_refundable", models.BooleanField(help_text="credited with goods that come back")),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.orderline",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "db_table": "orders_charge",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("order", "position"), name="orders_charge_once"),
                    models.CheckConstraint(condition=models.Q(("net__gt", 0)), name="orders_charge_positive"),
                ],
            },
        ),
    ]
