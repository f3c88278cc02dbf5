from django.db import migrations

RISE = """
CREATE SEQUENCE catalog_revision;
CREATE FUNCTION catalog_revision_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nextval('catalog_revision');
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_category_revision AFTER INSERT OR UPDATE OR DELETE ON catalog_category
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_revision_rises();
"""
FORGET = """
DROP TRIGGER catalog_category_revision ON catalog_category;
DROP FUNCTION catalog_revision_rises();
DROP SEQUENCE catalog_revision;
"""


class Migration(migrations.Migration):
    """A number that rises when the category tree or what stands in it changes: what counts are kept by.

    A sequence, because bulk edits must not queue for a row.
    """

    dependencies = [("catalog", "0002_initial")]
    operations = [migrations.RunSQL(RISE, FORGET)]
