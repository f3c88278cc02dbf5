from django.db import migrations

BREAKS = """
CREATE OR REPLACE FUNCTION pricing_breaks(
    chain pricing_step[], product bigint, in_unit text DEFAULT '', at timestamptz DEFAULT now())
RETURNS TABLE (min_quantity numeric, amount numeric, price_base numeric, price_list_id bigint)
LANGUAGE sql STABLE AS $$
    -- What the resolver answers at every quantity where its answer may change, without those where it does not.
    SELECT CASE WHEN {first} THEN found.min_quantity ELSE found.least END,
        found.amount, found.price_base, found.price_list_id
    FROM (
        SELECT b.least, r.*, lag(ARRAY[r.min_quantity, r.price_list_id, r.source_id]) OVER (ORDER BY b.least) AS before
        FROM (
            SELECT DISTINCT p.min_quantity AS least FROM pricing_price p
            WHERE p.product_id = product AND p.price_list_id = ANY (ARRAY(SELECT source FROM unnest(chain)))
                AND p.unit IN ('', in_unit)
        ) AS b
        CROSS JOIN LATERAL pricing_resolve(chain, product, b.least, in_unit, at) AS r
    ) AS found
    WHERE found.before IS DISTINCT FROM ARRAY[found.min_quantity, found.price_list_id, found.source_id]
    WINDOW up AS (ORDER BY found.least)
$$
"""
FIRST = "lag(found.least) OVER up IS NULL"
BEFORE_THE_NEXT = f"{FIRST} AND COALESCE(found.min_quantity < lead(found.least) OVER up, true)"


class Migration(migrations.Migration):
    """Where the lowest price of several lists counts, the first break may be one of a list that begins above the next
    break: it is told from the quantity where it counts, so that breaks stand in order."""

    dependencies = [("pricing", "0009_fixed_rates")]
    operations = [
        migrations.RunSQL(BREAKS.format(first=BEFORE_THE_NEXT), BREAKS.format(first=FIRST)),
    ]
