import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Parts of kits of which the rest was cancelled are invoiced by themselves."""

    dependencies = [("invoicing", "0003_configurations"), ("orders", "0004_value_of_parts")]
    operations = [
        migrations.AddField(
            model_name="invoiceline",
            name="part",
            field=models.ForeignKey(
                db_index=False,
                help_text="of a kit of which the rest was cancelled; quantity and unit are the part's",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.linepart",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoiceline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("part__isnull", False)), fields=("part",), name="invoicing_part_once"
            ),
        ),
    ]
