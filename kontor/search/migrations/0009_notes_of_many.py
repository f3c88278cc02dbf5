from importlib import import_module

from django.db import migrations

BEFORE = import_module("kontor.search.migrations.0006_kits").NOTE.partition("CREATE TRIGGER")[0]
JOINED = """FROM (SELECT n.product_id, sum(n.on_hand - n.reserved - o.on_hand + o.reserved) AS amount
              FROM fresh n JOIN stale o ON o.id = n.id
              WHERE EXISTS (SELECT FROM catalog_kit_component k WHERE k.component_id = n.product_id)
              GROUP BY n.product_id) AS moved"""
ADDED_UP = """FROM (SELECT a.product_id, sum(a.free) AS amount
              FROM (SELECT product_id, on_hand - reserved AS free FROM fresh
                    UNION ALL SELECT product_id, reserved - on_hand FROM stale) AS a
              WHERE EXISTS (SELECT FROM catalog_kit_component k WHERE k.component_id = a.product_id)
              GROUP BY a.product_id) AS moved"""
ONE_BY_ONE = """
ALTER FUNCTION search_note_products() {0} enable_nestloop {1};
ALTER FUNCTION search_note_ranks() {0} enable_nestloop {1};
"""


def kits(body: str) -> str:
    return BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(JOINED, body)


class Migration(migrations.Migration):
    """What a trigger asks is planned once per connection, often when nothing was changed, and kept.

    Old and new rows were then looked up in each other one by one: thirty thousand rows took forty seconds.
    """

    dependencies = [("search", "0008_price_of_least")]
    operations = [
        migrations.RunSQL(kits(ADDED_UP), kits(JOINED)),
        migrations.RunSQL(ONE_BY_ONE.format("SET", "= off"), ONE_BY_ONE.format("RESET", "")),
    ]
