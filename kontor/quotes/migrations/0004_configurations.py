import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is asked for and offered may be a configuration."""

    dependencies = [
        ("catalog", "0010_configurations"),
        ("quotes", "0003_list_price_of_the_offered_quantity"),
    ]

    operations = [
        migrations.AddField(
            model_name="offerline",
            name="configuration",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.configuration",
            ),
        ),
        migrations.AddField(
            model_name="quoterequestline",
            name="configuration",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.configuration",
            ),
        ),
    ]
