import django.db.models.deletion
from django.db import migrations, models

INDEXES = {
    "pricing_price_product_id_f9da1a33": "pricing_price (product_id)",
    "pricing_price_price_list_id_618540d7": "pricing_price (price_list_id)",
}


class Migration(migrations.Migration):
    """A foreign key that another index begins with needs none of its own; each costs every row that is written."""

    dependencies = [
        ("catalog", "0011_no_index_twice"),
        ("pricing", "0004_choices"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(f"DROP INDEX {name}", f"CREATE INDEX {name} ON {on}")
                for name, on in INDEXES.items()
            ],
            [
                migrations.AlterField(
                    model_name="price",
                    name="price_list",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="pricing.pricelist",
                    ),
                ),
                migrations.AlterField(
                    model_name="price",
                    name="product",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.product",
                    ),
                ),
            ],
        )
    ]
