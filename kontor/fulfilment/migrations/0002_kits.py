import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Parts of kits are picked and packed one by one."""

    dependencies = [
        ("fulfilment", "0001_initial"),
        ("orders", "0002_kits"),
    ]
    operations = [
        migrations.AddField(
            model,
            "part",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.linepart",
            ),
        )
        for model in ("pickline", "shipmentline")
    ]
