from django.db import migrations

FREE = """
CREATE FUNCTION inventory_kit_free(kit bigint, place bigint DEFAULT NULL) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(min(div(COALESCE(shelf.free, 0), k.quantity)), 0)
    FROM catalog_kit_component k
    JOIN catalog_product c ON c.id = k.component_id AND c.kind = 'goods'
    LEFT JOIN LATERAL (
        SELECT sum(i.on_hand - i.reserved) AS free FROM inventory_stock_item i
        WHERE i.product_id = k.component_id AND (place IS NULL OR i.warehouse_id = place)) AS shelf ON true
    WHERE k.kit_id = kit
$$;
COMMENT ON FUNCTION inventory_kit_free IS
    'How many of a kit the free stock of its components gives, over all warehouses or in one; services do not limit.';
"""


class Migration(migrations.Migration):
    """The one rule of what may be promised of a kit."""

    dependencies = [
        ("inventory", "0001_initial"),
        ("catalog", "0004_families_kinship_assortments"),
    ]
    operations = [migrations.RunSQL(FREE, "DROP FUNCTION inventory_kit_free(bigint, bigint)")]
