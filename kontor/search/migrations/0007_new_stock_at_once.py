from django.db import migrations

NOTE = """
DROP TRIGGER search_note_new ON inventory_stock_item;
CREATE FUNCTION search_note_new_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id) SELECT product_id FROM fresh WHERE on_hand > reserved;
    RETURN NULL;
END $$;
CREATE TRIGGER search_note_new AFTER INSERT ON inventory_stock_item
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_note_new_stock();
"""
UNDO = """
DROP FUNCTION search_note_new_stock() CASCADE;
CREATE TRIGGER search_note_new AFTER INSERT ON inventory_stock_item FOR EACH ROW
    WHEN (NEW.on_hand > NEW.reserved) EXECUTE FUNCTION search_note_stock();
"""


class Migration(migrations.Migration):
    """A file of new stock is noted by one statement, not by one per row."""

    dependencies = [("search", "0006_kits")]
    operations = [migrations.RunSQL(NOTE, UNDO)]
