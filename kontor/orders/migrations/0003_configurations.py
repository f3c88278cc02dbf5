import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A line keeps the configuration; its SKU holds the code, its name what was chosen."""

    dependencies = [("catalog", "0010_configurations"), ("orders", "0002_kits")]
    operations = [
        migrations.AddField(
            model_name="orderline",
            name="configuration",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.configuration",
            ),
        ),
        migrations.AlterField("orderline", "kind", models.CharField(max_length=12)),
        migrations.AlterField(
            "orderline", "name", models.CharField(help_text="with what was chosen", max_length=1000)
        ),
        migrations.AlterField(
            "orderline",
            "sku",
            models.CharField(help_text="with the code of the configuration", max_length=125),
        ),
    ]
