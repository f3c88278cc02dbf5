from django.db import migrations, models

import kontor.kernel.fields


class Migration(migrations.Migration):
    """What the parts of a kit are worth beside each other; those of earlier orders count alike."""

    dependencies = [("orders", "0003_configurations")]
    operations = [
        migrations.AddField(
            model_name="linepart",
            name="value",
            field=kontor.kernel.fields.UnitPriceField(
                decimal_places=6,
                default=1,
                help_text="of this part in one kit, beside that of the other parts",
                max_digits=18,
            ),
        ),
        migrations.AddConstraint(
            model_name="linepart",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 0)), name="orders_line_part_value"
            ),
        ),
    ]
