from django.db import migrations

CHOICES = """
CREATE FUNCTION pricing_with_choices(base numeric, per numeric, priced_in text, of_product bigint, parts text[])
RETURNS numeric LANGUAGE sql STABLE AS $$
    -- The base price with what the choices add: percents of the base price, then amounts per base unit. NULL when a
    -- choice is no longer offered, is priced in another currency, or the sum falls below 0.
    SELECT CASE WHEN COALESCE(cardinality(parts), 0) = 0 THEN base ELSE (
        SELECT CASE WHEN count(*) = cardinality(parts) AND bool_and(chosen.amount = 0 OR chosen.currency = priced_in)
                AND base + base * sum(chosen.percent) / 100 + per * sum(chosen.amount) >= 0
            THEN round(base + base * sum(chosen.percent) / 100 + per * sum(chosen.amount), 6) END
        FROM (
            SELECT (c ->> 'amount')::numeric AS amount, (c ->> 'percent')::numeric AS percent,
                c ->> 'currency' AS currency
            FROM catalog_options o CROSS JOIN LATERAL jsonb_array_elements(o.document -> 'groups') AS g
            CROSS JOIN LATERAL jsonb_array_elements(g -> 'choices') AS c
            WHERE o.product_id = of_product AND c ->> 'code' = ANY (parts)
        ) AS chosen
    ) END
$$;
"""
FORGET = "DROP FUNCTION pricing_with_choices(numeric, numeric, text, bigint, text[])"


class Migration(migrations.Migration):
    """What the choices of a configurable product add to its price, in any statement that prices it."""

    dependencies = [("pricing", "0003_resolve"), ("catalog", "0010_configurations")]
    operations = [migrations.RunSQL(CHOICES, FORGET)]
