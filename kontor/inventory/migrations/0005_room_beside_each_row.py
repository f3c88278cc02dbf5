from django.db import migrations


class Migration(migrations.Migration):
    """Stock is changed far more often than added: where a page has room for the new version, no index is written."""

    dependencies = [("inventory", "0004_no_index_twice")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE inventory_stock_item SET (fillfactor = 50)",
            "ALTER TABLE inventory_stock_item RESET (fillfactor)",
        )
    ]
