from django.db import migrations

ADDRESSES = """
INSERT INTO discovery_category_address (path, category_id, since)
SELECT path, id, statement_timestamp() FROM catalog_category ON CONFLICT DO NOTHING
"""
LISTINGS = """
INSERT INTO discovery_first_listing (product_id, listed_at)
SELECT id, created_at FROM catalog_product WHERE status = 'active' ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    """Where the categories of an older installation stand, and since when its goods are on sale."""

    dependencies = [("discovery", "0001_initial")]
    operations = [
        migrations.RunSQL(ADDRESSES, migrations.RunSQL.noop),
        migrations.RunSQL(LISTINGS, migrations.RunSQL.noop),
    ]
