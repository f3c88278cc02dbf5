from django.db import migrations

FORBID = """
CREATE FUNCTION kontor_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are facts: they are added, never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION kontor_append_only();
"""
ALLOW = "DROP TRIGGER audit_entry_append_only ON audit_entry; DROP FUNCTION kontor_append_only();"


class Migration(migrations.Migration):
    """The trail cannot be rewritten, not even by our own code."""

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
