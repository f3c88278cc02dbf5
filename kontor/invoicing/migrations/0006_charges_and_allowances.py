import django.db.models.deletion
from django.db import migrations, models

import kontor.kernel.fields

FORBID = """
CREATE TRIGGER invoicing_charge_append_only BEFORE UPDATE OR DELETE ON invoicing_charge
    FOR EACH STATEMENT EXECUTE FUNCTION kontor_append_only()
"""
ALLOW = "DROP TRIGGER invoicing_charge_append_only ON invoicing_charge"


class Migration(migrations.Migration):
    """What was taken off a line, and what was charged beside the lines."""

    dependencies = [
        ("invoicing", "0005_evidence_of_taxes"),
        ("orders", "0006_charges_and_allowances"),
    ]
    operations = [
        migrations.AddField(
            model_name="invoiceline",
            name="allowance",
            field=kontor.kernel.fields.AmountField(
                db_default=0,
                decimal_places=3,
                default=0,
                max_digits=18,
                help_text="taken off, already less in net",
            ),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="allowance_reason",
            field=models.CharField(blank=True, db_default="", max_length=250),
        ),
        migrations.AddConstraint(
            model_name="invoiceline",
            constraint=models.CheckConstraint(
                condition=models.Q(("allowance__gte", 0)), name="invoicing_line_allowance_sensible"
            ),
        ),
        migrations.CreateModel(
            name="InvoiceCharge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("code", models.CharField(help_text="UNCL 7161", max_length=4)),
                ("reason", models.CharField(max_length=120)),
                ("net", kontor.kernel.fields.AmountField(decimal_places=3, max_digits=18)),
                ("tax_category", models.CharField(max_length=16)),
                ("tax_rate", models.DecimalField(decimal_places=3, max_digits=6)),
                ("tax_code", models.CharField(help_text="UNCL 5305", max_length=2)),
                (
                    "credits",
                    models.ForeignKey(
                        help_text="the charge that a credit takes back",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="invoicing.invoicecharge",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                        to="invoicing.invoice",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="invoicing.invoiceline",
                    ),
                ),
                (
                    "order_charge",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.ordercharge",
                    ),
                ),
            ],
            options={
                "db_table": "invoicing_charge",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "position"), name="invoicing_charge_once"),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("credits", None), ("line", None), ("order_charge__isnull", False)
                        ),
                        fields=("order_charge",),
                        name="invoicing_order_charge_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("net__gt", 0)), name="invoicing_charge_positive"
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORBID, ALLOW),
    ]
