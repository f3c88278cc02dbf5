from django.db import migrations, models


class Migration(migrations.Migration):
    """SKUs hold the code of a configuration, names what was chosen."""

    dependencies = [("invoicing", "0002_append_only")]
    operations = [
        migrations.AlterField("invoiceline", "name", models.CharField(max_length=1000)),
        migrations.AlterField("invoiceline", "sku", models.CharField(blank=True, max_length=125)),
    ]
