from django.db import migrations

# Written by the database with the change itself: two renamings in a row would leave a reaction only the last path.
FORWARD = """
CREATE FUNCTION discovery_note_category_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO discovery_category_address (path, category_id, since)
    VALUES (NEW.path, NEW.id, statement_timestamp())
    ON CONFLICT (path) DO UPDATE SET category_id = excluded.category_id, since = excluded.since
    WHERE discovery_category_address.category_id <> excluded.category_id;
    RETURN NULL;
END $$;
CREATE TRIGGER discovery_category_address AFTER INSERT OR UPDATE OF path ON catalog_category
    FOR EACH ROW EXECUTE FUNCTION discovery_note_category_address();
"""
BACKWARD = """
DROP TRIGGER discovery_category_address ON catalog_category;
DROP FUNCTION discovery_note_category_address();
"""


class Migration(migrations.Migration):
    dependencies = [("discovery", "0002_known_so_far"), ("catalog", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
