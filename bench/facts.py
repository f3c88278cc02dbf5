"""Run inside the installation: print what the scenarios need as JSON; stock becomes plentiful, a key is made."""

import sys

import django
import orjson

django.setup()

from django.db import connection  # noqa: E402  # only after setup()

from kontor.companies.models import Membership  # noqa: E402  # as above
from kontor.companies.operations import create_api_key  # noqa: E402  # as above

PLENTY = """
WITH more AS (UPDATE inventory_stock_item SET on_hand = on_hand + 1000000 WHERE on_hand < 1000000 RETURNING id)
INSERT INTO inventory_stock_movement (stock_item_id, kind, quantity, reference, reason, actor_name, at)
SELECT id, 'receipt', 1000000, 'bench', '', 'bench', now() FROM more
"""
GOODS = """
SELECT p.id, p.slug, p.sku, u.minimum::text, u.unit FROM catalog_product p
JOIN catalog_sales_unit u ON u.product_id = p.id AND u.position = 0
WHERE p.status = 'active' AND EXISTS (SELECT FROM inventory_stock_item s WHERE s.product_id = p.id)
    AND NOT EXISTS (SELECT FROM pricing_price r WHERE r.product_id = p.id AND r.amount IS NULL)
ORDER BY p.id
"""


def main(email: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PLENTY)
        cursor.execute("SELECT path FROM catalog_category WHERE path LIKE '%%/%%' ORDER BY id")
        shelves = [path for (path,) in cursor.fetchall()]
        cursor.execute(GOODS)
        products = [list(row) for row in cursor.fetchall()]
    admin = Membership.objects.select_related("user", "company").get(user__email=email)
    _key, secret = create_api_key(
        actor=admin.as_actor("shell"),
        name="bench",
        roles=("admin", "buyer"),
        is_read_only=False,
        order_limit=None,
    )
    sys.stdout.buffer.write(orjson.dumps({"shelves": shelves, "products": products, "key": secret}))


main(sys.argv[1])
