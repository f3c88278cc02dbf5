import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import kontor.kernel.fields

UNITS = """
CREATE FUNCTION catalog_units_for(of_product bigint, buyer bigint) RETURNS TABLE (
    unit varchar, factor numeric, minimum numeric, multiple numeric, maximum numeric, place int, is_agreed boolean
) LANGUAGE sql STABLE AS $$
    SELECT u.unit, u.factor, COALESCE(agreed.minimum, u.minimum), COALESCE(agreed.multiple, u.multiple),
        CASE WHEN agreed.id IS NULL THEN u.maximum ELSE agreed.maximum END, u.position::int, agreed.id IS NOT NULL
    FROM catalog_sales_unit u
    LEFT JOIN LATERAL (
        SELECT q.id, q.minimum, q.multiple, q.maximum
        FROM catalog_agreed_quantity q
        JOIN companies_customer_account a ON a.buyer_id = buyer AND a.status = 'active'
            AND (a.id = q.account_id OR a.group_id = q.group_id)
        WHERE q.product_id = u.product_id AND q.unit = u.unit
        ORDER BY q.account_id LIMIT 1
    ) AS agreed ON true
    WHERE u.product_id = of_product
$$;
"""


class Migration(migrations.Migration):
    """Quantities agreed with customers, channels of completeness, headings in further languages.

    `catalog_units_for` gives the units in which a product is sold to a buying company (NULL: a visitor), with the rules
    that count for it: those agreed with the customer, else with its group, else the product's own. It is inlined into
    the statement that asks.
    """

    dependencies = [
        ("catalog", "0006_assort_medium_file"),
        ("companies", "0002_customer_group"),
    ]

    operations = [
        migrations.AddField(
            model_name="familyattribute",
            name="channels",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[("shop", "Shop"), ("feed", "Feeds and API"), ("datasheet", "Data sheet")],
                    max_length=10,
                ),
                default=list,
                help_text="what is published there should have it",
                size=None,
            ),
        ),
        migrations.CreateModel(
            name="AgreedQuantity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit", models.CharField(max_length=3)),
                ("minimum", kontor.kernel.fields.QuantityField(decimal_places=3, default=1, max_digits=16)),
                ("multiple", kontor.kernel.fields.QuantityField(decimal_places=3, default=1, max_digits=16)),
                ("maximum", kontor.kernel.fields.QuantityField(decimal_places=3, max_digits=16, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="companies.customeraccount",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="companies.customergroup",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.product"
                    ),
                ),
            ],
            options={
                "db_table": "catalog_agreed_quantity",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product", "unit", "account", "group"),
                        name="catalog_agreed_quantity_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("account__isnull", True), ("group__isnull", False)),
                            models.Q(("account__isnull", False), ("group__isnull", True)),
                            _connector="OR",
                        ),
                        name="catalog_agreed_with_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minimum__gt", 0), ("multiple__gt", 0)),
                        name="catalog_agreed_quantity_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("maximum__isnull", True), ("maximum__gte", models.F("minimum")), _connector="OR"
                        ),
                        name="catalog_agreed_quantity_maximum",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Heading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("names", models.JSONField(default=dict)),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
            ],
            options={
                "db_table": "catalog_heading",
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("seller", "name"), name="catalog_heading_once")
                ],
            },
        ),
        migrations.RunSQL(UNITS, "DROP FUNCTION catalog_units_for(bigint, bigint)"),
    ]
