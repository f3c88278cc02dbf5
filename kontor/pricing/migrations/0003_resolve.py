from django.db import migrations

RESOLVE = """
CREATE FUNCTION pricing_resolve(chain bigint[], product bigint, quantity numeric)
RETURNS TABLE (amount numeric, price_base numeric, min_quantity numeric, price_list_id bigint)
LANGUAGE sql STABLE AS $$
    -- The first list of the chain that prices the product wins alone. In it the nearest break at or below the
    -- quantity counts; below the lowest break the lowest one does.
    SELECT p.amount, p.price_base, p.min_quantity, p.price_list_id
    FROM pricing_price p
    WHERE p.product_id = product AND p.price_list_id = ANY (chain)
    ORDER BY array_position(chain, p.price_list_id), p.min_quantity > quantity, abs(p.min_quantity - quantity)
    LIMIT 1
$$;
"""
FORGET_RESOLVE = "DROP FUNCTION pricing_resolve(bigint[], bigint, numeric)"


class Migration(migrations.Migration):
    """The price resolver as an SQL function that is inlined, so that any statement can price its rows."""

    dependencies = [("pricing", "0002_chain")]
    operations = [migrations.RunSQL(RESOLVE, FORGET_RESOLVE)]
