import django.db.models.deletion
from django.db import migrations, models

INDEXES = {
    "inventory_stock_item_product_id_d0c2e57a": "inventory_stock_item (product_id)",
    "inventory_stock_movement_stock_item_id_669efd34": "inventory_stock_movement (stock_item_id)",
}


class Migration(migrations.Migration):
    """A foreign key that another index begins with needs none of its own; each costs every row that is written."""

    dependencies = [("inventory", "0003_expected_receipts"), ("catalog", "0011_no_index_twice")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(f"DROP INDEX {name}", f"CREATE INDEX {name} ON {on}")
                for name, on in INDEXES.items()
            ],
            [
                migrations.AlterField(
                    "stockitem",
                    "product",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                    ),
                ),
                migrations.AlterField(
                    "stockmovement",
                    "stock_item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="inventory.stockitem",
                    ),
                ),
            ],
        )
    ]
