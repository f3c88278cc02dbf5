import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A cart line may name a configuration; an article stands in a cart once per unit and configuration."""

    dependencies = [
        ("carts", "0004_carts_of_machines"),
        ("catalog", "0010_configurations"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="cartline",
            name="carts_line_once",
        ),
        migrations.AddField(
            model_name="cartline",
            name="configuration",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.configuration",
            ),
        ),
        migrations.AddConstraint(
            model_name="cartline",
            constraint=models.UniqueConstraint(
                fields=("cart", "product", "unit", "configuration"),
                name="carts_configured_line_once",
                nulls_distinct=False,
            ),
        ),
    ]
