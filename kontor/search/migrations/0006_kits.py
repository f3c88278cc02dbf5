from django.db import migrations

# Whether there is any of a kit changes when the free stock of a component, over all warehouses, crosses what one kit
# takes. Whoever gives stock back locks only its own rows: two at once see each other's not yet, so each that finds or
# leaves too little says so.
NOTE = """
CREATE FUNCTION search_note_kits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO search_change (product_id)
        SELECT DISTINCT k.kit_id FROM fresh n JOIN catalog_kit_component k ON k.component_id = n.product_id
        WHERE n.on_hand > n.reserved;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO search_change (product_id)
        SELECT DISTINCT k.kit_id FROM stale o JOIN catalog_kit_component k ON k.component_id = o.product_id
        WHERE o.on_hand > o.reserved;
    ELSE
        INSERT INTO search_change (product_id)
        SELECT DISTINCT k.kit_id
        FROM (SELECT n.product_id, sum(n.on_hand - n.reserved - o.on_hand + o.reserved) AS amount
              FROM fresh n JOIN stale o ON o.id = n.id
              WHERE EXISTS (SELECT FROM catalog_kit_component k WHERE k.component_id = n.product_id)
              GROUP BY n.product_id) AS moved
        JOIN catalog_kit_component k ON k.component_id = moved.product_id
        CROSS JOIN LATERAL (SELECT sum(i.on_hand - i.reserved) AS free FROM inventory_stock_item i
                            WHERE i.product_id = moved.product_id) AS now
        WHERE moved.amount <> 0 AND LEAST(now.free, now.free - moved.amount) < k.quantity;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_note_kits_new AFTER INSERT ON inventory_stock_item
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_note_kits();
CREATE TRIGGER search_note_kits_changed AFTER UPDATE ON inventory_stock_item
    REFERENCING NEW TABLE AS fresh OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION search_note_kits();
CREATE TRIGGER search_note_kits_gone AFTER DELETE ON inventory_stock_item
    REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION search_note_kits();

CREATE FUNCTION search_note_components() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN INSERT INTO search_change (product_id) SELECT DISTINCT kit_id FROM fresh; END IF;
    IF TG_OP <> 'INSERT' THEN INSERT INTO search_change (product_id) SELECT DISTINCT kit_id FROM stale; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_note_new AFTER INSERT ON catalog_kit_component
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_note_components();
CREATE TRIGGER search_note_changed AFTER UPDATE ON catalog_kit_component
    REFERENCING NEW TABLE AS fresh OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION search_note_components();
CREATE TRIGGER search_note_gone AFTER DELETE ON catalog_kit_component
    REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION search_note_components();
"""


class Migration(migrations.Migration):
    """The search hears whether kits can be had, in the transaction that changes it."""

    dependencies = [
        ("search", "0005_curation"),
        ("catalog", "0004_families_kinship_assortments"),
        ("inventory", "0002_kits"),
    ]
    operations = [
        migrations.RunSQL(NOTE, "DROP FUNCTION search_note_kits(), search_note_components() CASCADE")
    ]
