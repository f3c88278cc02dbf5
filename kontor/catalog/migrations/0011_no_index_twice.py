import django.db.models.deletion
from django.db import migrations, models

INDEXES = {
    "catalog_classification_product_id_60ea776e": "catalog_classification (product_id)",
    "catalog_product_seller_id_5ed88bb1": "catalog_product (seller_id)",
    "catalog_product_slug_f37848b0": "catalog_product (slug)",
    "catalog_product_slug_f37848b0_like": "catalog_product (slug varchar_pattern_ops)",
    "catalog_text_product_id_87d4f9bf": "catalog_text (product_id)",
    "catalog_version_product_id_cc55142f": "catalog_version (product_id)",
    "catalog_sales_unit_product_id_67587260": "catalog_sales_unit (product_id)",
}


class Migration(migrations.Migration):
    """A foreign key that another index begins with needs none of its own, and nobody asks for a slug."""

    dependencies = [
        ("catalog", "0010_configurations"),
        ("companies", "0002_customer_group"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(f"DROP INDEX {name}", f"CREATE INDEX {name} ON {on}")
                for name, on in INDEXES.items()
            ],
            [
                migrations.AlterField(
                    model_name="classification",
                    name="product",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="classifications",
                        to="catalog.product",
                    ),
                ),
                migrations.AlterField(
                    model_name="product",
                    name="seller",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="companies.company",
                    ),
                ),
                migrations.AlterField(
                    model_name="product",
                    name="slug",
                    field=models.SlugField(db_index=False, max_length=280),
                ),
                migrations.AlterField(
                    model_name="producttext",
                    name="product",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="catalog.product",
                    ),
                ),
                migrations.AlterField(
                    model_name="productversion",
                    name="product",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="catalog.product",
                    ),
                ),
                migrations.AlterField(
                    model_name="salesunit",
                    name="product",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sales_units",
                        to="catalog.product",
                    ),
                ),
            ],
        )
    ]
