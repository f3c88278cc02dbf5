from django.db import migrations, models

QUOTE = """
CREATE OR REPLACE FUNCTION pricing_quote(of_seller bigint, from_currency text, to_currency text, at timestamptz, days int)
RETURNS numeric LANGUAGE sql STABLE AS $$
    -- A rate that the seller fixed, however old; else its own, else everybody's, of the last `days` days.
    SELECT rate FROM pricing_rate
    WHERE source = from_currency AND target = to_currency AND (seller_id = of_seller OR seller_id IS NULL)
        AND day <= (at AT TIME ZONE 'UTC')::date
        AND (is_fixed OR day >= (at AT TIME ZONE 'UTC')::date - days)
    ORDER BY NOT is_fixed, seller_id IS NULL, day DESC LIMIT 1
$$
"""
BEFORE = """
CREATE OR REPLACE FUNCTION pricing_quote(of_seller bigint, from_currency text, to_currency text, at timestamptz, days int)
RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT rate FROM pricing_rate
    WHERE source = from_currency AND target = to_currency AND (seller_id = of_seller OR seller_id IS NULL)
        AND day <= (at AT TIME ZONE 'UTC')::date AND day >= (at AT TIME ZONE 'UTC')::date - days
    ORDER BY seller_id IS NULL, day DESC LIMIT 1
$$
"""


class Migration(migrations.Migration):
    """A rate that a seller fixes stands until it fixes another one; rates of files grow old."""

    dependencies = [("pricing", "0008_price_rounds")]
    operations = [
        migrations.AddField("exchangerate", "is_fixed", models.BooleanField(default=False, db_default=False)),
        migrations.AddConstraint(
            "exchangerate",
            models.CheckConstraint(
                name="pricing_rate_fixed_by_seller",
                condition=models.Q(("is_fixed", False), ("seller__isnull", False), _connector="OR"),
            ),
        ),
        migrations.RunSQL(QUOTE, BEFORE),
    ]
