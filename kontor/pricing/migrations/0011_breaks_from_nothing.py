from django.db import migrations

BREAKS = """
CREATE OR REPLACE FUNCTION pricing_breaks(
    chain pricing_step[], product bigint, in_unit text DEFAULT '', at timestamptz DEFAULT now())
RETURNS TABLE (min_quantity numeric, amount numeric, price_base numeric, price_list_id bigint)
LANGUAGE sql STABLE AS $$
    -- What the resolver answers at every quantity where its answer may change, without those where it does not.
    SELECT CASE WHEN lag(found.least) OVER up IS NULL AND COALESCE(found.min_quantity < lead(found.least) OVER up, true)
            THEN found.min_quantity ELSE found.least END,
        found.amount, found.price_base, found.price_list_id
    FROM (
        SELECT b.least, r.*, lag(ARRAY[r.min_quantity, r.price_list_id, r.source_id]) OVER (ORDER BY b.least) AS before
        FROM (
            SELECT p.min_quantity AS least FROM pricing_price p
            WHERE p.product_id = product AND p.price_list_id = ANY (ARRAY(SELECT source FROM unnest(chain)))
                AND p.unit IN ('', in_unit)
            {below}
        ) AS b
        CROSS JOIN LATERAL pricing_resolve(chain, product, b.least, in_unit, at) AS r
    ) AS found
    WHERE found.before IS DISTINCT FROM ARRAY[found.min_quantity, found.price_list_id, found.source_id]
    WINDOW up AS (ORDER BY found.least)
$$
"""


class Migration(migrations.Migration):
    """Below all breaks a dated price goes before a standing one of a lower break: breaks are told from there as well."""

    dependencies = [("pricing", "0010_breaks_in_order")]
    operations = [
        migrations.RunSQL(BREAKS.format(below="UNION SELECT 0.001"), BREAKS.format(below="GROUP BY 1")),
    ]
