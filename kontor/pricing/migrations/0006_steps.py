import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

import kontor.kernel.fields

SCOPES = """
INSERT INTO pricing_scope (seller_id, account_id, is_closed, takes_lowest)
SELECT DISTINCT a.seller_id, a.id, false, false
FROM pricing_assignment x JOIN companies_customer_account a ON a.id = x.account_id;
UPDATE pricing_assignment x SET scope_id = s.id FROM pricing_scope s WHERE s.account_id = x.account_id
"""
ACCOUNTS = """
UPDATE pricing_assignment x SET account_id = s.account_id FROM pricing_scope s WHERE s.id = x.scope_id;
DELETE FROM pricing_assignment WHERE account_id IS NULL
"""
# Only dated prices are in this index, so that an import of prices without dates never meets it.
ONE_AT_A_TIME = """
ALTER TABLE pricing_price ADD CONSTRAINT pricing_price_one_at_a_time EXCLUDE USING gist (
    product_id WITH =, price_list_id WITH =, min_quantity WITH =, unit WITH =,
    tstzrange(valid_from, valid_until) WITH &&
) WHERE (valid_from IS NOT NULL)
"""
NOT_ONE_AT_A_TIME = "ALTER TABLE pricing_price DROP CONSTRAINT pricing_price_one_at_a_time"
GUARD = """
CREATE FUNCTION pricing_guard_basis() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above int;
    below int;
BEGIN
    IF NEW.basis_id IS NULL THEN
        RETURN NEW;
    END IF;
    -- Lists that are put above each other at the same moment come one after the other.
    PERFORM pg_advisory_xact_lock(hashtext('pricing_basis'), NEW.seller_id::int);
    IF NOT EXISTS (SELECT FROM pricing_price_list WHERE id = NEW.basis_id AND seller_id = NEW.seller_id) THEN
        RAISE EXCEPTION 'a price list derives from one of its own seller' USING ERRCODE = 'check_violation';
    END IF;
    WITH RECURSIVE up AS (
        SELECT NEW.basis_id AS id, 1 AS depth
        UNION ALL
        SELECT l.basis_id, up.depth + 1 FROM up JOIN pricing_price_list l ON l.id = up.id
        WHERE l.basis_id IS NOT NULL AND up.depth < 5
    ) SELECT max(depth) + 10 * count(*) FILTER (WHERE id = NEW.id) FROM up INTO above;
    WITH RECURSIVE down AS (
        SELECT NEW.id, 0 AS depth
        UNION ALL
        SELECT l.id, down.depth + 1 FROM down JOIN pricing_price_list l ON l.basis_id = down.id
        WHERE down.depth < 5
    ) SELECT max(depth) FROM down INTO below;
    IF above + below > 3 THEN
        RAISE EXCEPTION 'a price list derives from another one over three steps at most, never from itself'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER pricing_guard_basis BEFORE INSERT OR UPDATE OF basis_id, seller_id ON pricing_price_list
FOR EACH ROW EXECUTE FUNCTION pricing_guard_basis();
"""
NO_GUARD = "DROP TRIGGER pricing_guard_basis ON pricing_price_list; DROP FUNCTION pricing_guard_basis()"
RATE = """
CREATE FUNCTION pricing_quote(of_seller bigint, from_currency text, to_currency text, at timestamptz, days int)
RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT rate FROM pricing_rate
    WHERE source = from_currency AND target = to_currency AND (seller_id = of_seller OR seller_id IS NULL)
        AND day <= (at AT TIME ZONE 'UTC')::date AND day >= (at AT TIME ZONE 'UTC')::date - days
    ORDER BY seller_id IS NULL, day DESC LIMIT 1
$$;
CREATE FUNCTION pricing_rate(of_seller bigint, from_currency text, to_currency text, at timestamptz, days int)
RETURNS numeric LANGUAGE sql STABLE AS $$
    -- As quoted, else the other way round, else over the euro, as the reference rates are given.
    SELECT CASE WHEN from_currency = to_currency THEN 1 ELSE COALESCE(
        pricing_quote(of_seller, from_currency, to_currency, at, days),
        1 / pricing_quote(of_seller, to_currency, from_currency, at, days),
        pricing_quote(of_seller, 'EUR', to_currency, at, days)
            / pricing_quote(of_seller, 'EUR', from_currency, at, days)
    ) END
$$;
"""
NO_RATE = """
DROP FUNCTION pricing_rate(bigint, text, text, timestamptz, int);
DROP FUNCTION pricing_quote(bigint, text, text, timestamptz, int)
"""
STEPS = """
CREATE TYPE pricing_step AS (
    list bigint, source bigint, factor numeric, addend numeric, round_to numeric, ending numeric,
    graduated boolean, lowest boolean
);
CREATE FUNCTION pricing_steps(lists bigint[], at timestamptz) RETURNS pricing_step[] LANGUAGE sql STABLE AS $$
    -- Each list that is in force at that moment, followed by those it derives from, with the formula up to it. Where no
    -- rate of that moment is known, a list in another currency derives from nothing.
    WITH RECURSIVE step AS (
        SELECT l.id AS list, asked.place, 0 AS depth, l.id AS source, 1::numeric AS factor, 0::numeric AS addend
        FROM unnest(lists) WITH ORDINALITY AS asked (id, place) JOIN pricing_price_list l ON l.id = asked.id
        WHERE COALESCE(l.valid_from <= at, true) AND COALESCE(at < l.valid_until, true)
        UNION ALL
        SELECT step.list, step.place, step.depth + 1, b.id, step.factor * l.factor * r.rate,
            step.addend + step.factor * l.addend
        FROM step
        JOIN pricing_price_list l ON l.id = step.source
        JOIN pricing_price_list b ON b.id = l.basis_id
        CROSS JOIN LATERAL (
            SELECT pricing_rate(l.seller_id, b.currency, l.currency, at, l.rate_days) AS rate
        ) AS r
        WHERE step.depth < 3 AND r.rate IS NOT NULL
    )
    SELECT COALESCE(array_agg(ROW(
        step.list, step.source, step.factor, step.addend, l.round_to, l.ending, s.is_graduated,
        COALESCE(everybody.takes_lowest, false)
    )::pricing_step ORDER BY step.place, step.depth), '{}')
    FROM step
    JOIN pricing_price_list l ON l.id = step.list
    JOIN pricing_price_list s ON s.id = step.source
    LEFT JOIN pricing_scope everybody
        ON everybody.seller_id = l.seller_id AND everybody.account_id IS NULL AND everybody.group_id IS NULL
$$;
"""
NO_STEPS = "DROP FUNCTION pricing_steps(bigint[], timestamptz); DROP TYPE pricing_step"
CHAIN = """
DROP FUNCTION pricing_chain(bigint);
CREATE FUNCTION pricing_chain(buyer bigint, at timestamptz DEFAULT now()) RETURNS pricing_step[] LANGUAGE sql STABLE AS $$
    WITH scope AS (
        SELECT a.id AS account_id, a.seller_id, x.id, x.is_closed,
            CASE WHEN x.account_id IS NOT NULL THEN 0 WHEN x.group_id IS NOT NULL THEN 1 ELSE 2 END AS level
        FROM companies_customer_account a
        JOIN pricing_scope x ON x.account_id = a.id OR x.group_id = a.group_id
            OR (x.seller_id = a.seller_id AND x.account_id IS NULL AND x.group_id IS NULL)
        WHERE a.buyer_id = buyer AND a.status = 'active'
    ), given AS (
        SELECT scope.account_id, scope.level, y.position, y.price_list_id, l.currency
        FROM scope
        JOIN pricing_assignment y ON y.scope_id = scope.id
        JOIN pricing_price_list l ON l.id = y.price_list_id
        WHERE NOT EXISTS (SELECT FROM scope nearer WHERE nearer.account_id = scope.account_id
            AND nearer.level < scope.level AND nearer.is_closed)
    ), account AS (
        SELECT a.id, a.seller_id,
            NOT EXISTS (SELECT FROM scope WHERE scope.account_id = a.id AND scope.is_closed) AS is_open,
            COALESCE(
                (SELECT g.currency FROM given g WHERE g.account_id = a.id ORDER BY g.level, g.position LIMIT 1),
                (SELECT l.currency FROM pricing_price_list l JOIN companies_company b ON b.id = a.buyer_id
                 WHERE l.seller_id = a.seller_id AND l.is_public AND l.currency = b.currency),
                s.currency) AS currency
        FROM companies_customer_account a
        JOIN companies_company s ON s.id = a.seller_id AND s.status = 'active'
        WHERE a.buyer_id = buyer AND a.status = 'active'
    ), asked AS (
        SELECT g.price_list_id AS id, g.level, g.account_id AS owner, g.position::int AS position
        FROM given g JOIN account ON account.id = g.account_id AND account.currency = g.currency
        UNION ALL
        SELECT l.id, 3, account.id, 0
        FROM account
        JOIN pricing_price_list l
            ON l.seller_id = account.seller_id AND l.is_public AND l.currency = account.currency
        WHERE account.is_open
        UNION ALL
        SELECT l.id, 4, s.id, 0
        FROM companies_company s
        JOIN pricing_price_list l ON l.seller_id = s.id AND l.is_public AND l.currency = s.currency
        WHERE s.is_seller AND s.status = 'active' AND s.prices_for_guests
            AND NOT EXISTS (SELECT FROM account WHERE account.seller_id = s.id)
    ), first_mention AS (
        SELECT DISTINCT ON (id) id, level, owner, position FROM asked ORDER BY id, level, owner, position
    )
    SELECT pricing_steps(COALESCE(array_agg(id ORDER BY level, owner, position, id), '{}'), at) FROM first_mention
$$;
"""
RESOLVE = """
CREATE FUNCTION pricing_rounded(amount numeric, step pricing_step, base numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
    -- An amount per `base` of the source as the list has it. Never below zero.
    SELECT CASE
        WHEN amount IS NULL OR step.list = step.source THEN amount
        WHEN step.round_to IS NULL THEN GREATEST(round(amount * step.factor + base * step.addend, 6), 0)
        ELSE GREATEST(
            round((amount * step.factor + base * step.addend - step.ending) / step.round_to) * step.round_to
                + step.ending, 0)
    END
$$;
CREATE FUNCTION pricing_graduated(
    step pricing_step, product bigint, quantity numeric, in_unit text, at timestamptz)
RETURNS numeric LANGUAGE sql STABLE AS $$
    -- Each part of the quantity at the break below it.
    WITH ladder AS (
        SELECT DISTINCT ON (p.min_quantity) p.min_quantity, p.amount / p.price_base AS each
        FROM pricing_price p
        WHERE p.product_id = product AND p.price_list_id = step.source AND p.unit IN ('', in_unit)
            AND COALESCE(p.valid_from <= at, true) AND COALESCE(at < p.valid_until, true)
        ORDER BY p.min_quantity, p.unit = '', p.valid_from IS NULL
    ), part AS (
        SELECT each, CASE WHEN row_number() OVER up = 1 THEN 0 ELSE min_quantity END AS above,
            LEAST(COALESCE(lead(min_quantity) OVER up, quantity), quantity) AS upto
        FROM ladder WINDOW up AS (ORDER BY min_quantity)
    )
    SELECT round(sum(each * (upto - above)), 6) FROM part WHERE upto > above
$$;
CREATE FUNCTION pricing_resolve(
    chain pricing_step[], product bigint, quantity numeric, in_unit text DEFAULT '', at timestamptz DEFAULT now())
RETURNS TABLE (amount numeric, price_base numeric, min_quantity numeric, price_list_id bigint, source_id bigint)
LANGUAGE sql STABLE AS $$
    -- In each step the nearest break at or below the quantity, else the lowest one; a price of the unit before one of any,
    -- a dated one before a standing one. Then the first step, or the lowest. A winner without an amount is on request.
    SELECT won.amount, won.price_base, won.min_quantity, won.list, won.source
    FROM (
        SELECT told.*
        FROM (
            SELECT near.place, near.lowest, near.list, near.source, near.min_quantity,
                CASE WHEN near.graduated AND quantity > 0 THEN quantity ELSE near.price_base END AS price_base,
                CASE WHEN near.graduated AND quantity > 0 THEN pricing_rounded(
                    pricing_graduated((chain)[near.place::int], product, quantity, in_unit, at),
                    (chain)[near.place::int], quantity)
                ELSE pricing_rounded(near.amount, (chain)[near.place::int], near.price_base) END AS amount
            FROM (
                SELECT DISTINCT ON (s.place) s.place, s.list, s.source, s.graduated, s.lowest,
                    p.amount, p.price_base, p.min_quantity
                FROM (
                    -- The fence keeps the lists together: one by one, the planner would take the index of a list alone.
                    SELECT * FROM pricing_price
                    WHERE product_id = product AND price_list_id = ANY (ARRAY(SELECT source FROM unnest(chain)))
                        AND pricing_price.unit IN ('', in_unit)
                        AND COALESCE(valid_from <= at, true) AND COALESCE(at < valid_until, true)
                    OFFSET 0
                ) AS p
                JOIN unnest(chain) WITH ORDINALITY
                    AS s (list, source, factor, addend, round_to, ending, graduated, lowest, place)
                    ON s.source = p.price_list_id
                ORDER BY s.place, p.min_quantity > quantity, p.unit = '', p.valid_from IS NULL,
                    abs(p.min_quantity - quantity)
            ) AS near
        ) AS told
        ORDER BY CASE WHEN told.lowest THEN told.amount / told.price_base END, told.place
        LIMIT 1
    ) AS won
    WHERE won.amount IS NOT NULL
$$;
CREATE FUNCTION pricing_breaks(
    chain pricing_step[], product bigint, in_unit text DEFAULT '', at timestamptz DEFAULT now())
RETURNS TABLE (min_quantity numeric, amount numeric, price_base numeric, price_list_id bigint)
LANGUAGE sql STABLE AS $$
    -- What the resolver answers at every quantity where its answer may change, without those where it does not.
    SELECT CASE WHEN lag(found.least) OVER up IS NULL THEN found.min_quantity ELSE found.least END,
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
$$;
"""
NO_RESOLVE = """
DROP FUNCTION pricing_breaks(pricing_step[], bigint, text, timestamptz);
DROP FUNCTION pricing_resolve(pricing_step[], bigint, numeric, text, timestamptz);
DROP FUNCTION pricing_graduated(pricing_step, bigint, numeric, text, timestamptz);
DROP FUNCTION pricing_rounded(numeric, pricing_step, numeric)
"""
NO_CHAIN = "DROP FUNCTION pricing_chain(bigint, timestamptz)"


class Migration(migrations.Migration):
    """Lists that derive from others, prices with dates and units, lists for groups and for all, exchange rates. A chain
    is of steps now: whose rows are asked, with which formula, at which moment.

    The function of the same name over plain lists stays until the search, which was built with it, has let it go.
    """

    dependencies = [
        ("catalog", "0011_no_index_twice"),
        ("companies", "0002_customer_group"),
        ("pricing", "0005_no_index_twice"),
    ]
    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=3)),
                ("target", models.CharField(max_length=3)),
                ("day", models.DateField()),
                ("rate", models.DecimalField(decimal_places=8, max_digits=18)),
                (
                    "seller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="companies.company",
                    ),
                ),
            ],
            options={
                "db_table": "pricing_rate",
                "constraints": [
                    UniqueConstraint(
                        fields=("source", "target", "seller", "day"),
                        name="pricing_rate_once",
                        nulls_distinct=False,
                    ),
                    CheckConstraint(
                        condition=Q(("rate__gt", 0), Q(("source", F("target")), _negated=True)),
                        name="pricing_rate_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PriceScope",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_closed", models.BooleanField(default=False)),
                ("takes_lowest", models.BooleanField(default=False)),
                (
                    "account",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="companies.customeraccount",
                    ),
                ),
                (
                    "group",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="companies.customergroup",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
            ],
            options={
                "db_table": "pricing_scope",
                "constraints": [
                    UniqueConstraint(
                        condition=Q(("account", None), ("group", None)),
                        fields=("seller",),
                        name="pricing_scope_for_all_once",
                    ),
                    CheckConstraint(
                        condition=Q(("account", None), ("group", None), _connector="OR"),
                        name="pricing_scope_of_one",
                    ),
                    CheckConstraint(
                        condition=Q(
                            ("takes_lowest", False), Q(("account", None), ("group", None)), _connector="OR"
                        ),
                        name="pricing_lowest_for_all",
                    ),
                ],
            },
        ),
        migrations.AddField(
            "priceassignment",
            "scope",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="assignments",
                to="pricing.pricescope",
            ),
        ),
        migrations.RunSQL(SCOPES, ACCOUNTS),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveConstraint("priceassignment", "pricing_assignment_once"),
        migrations.RemoveConstraint("priceassignment", "pricing_assignment_order"),
        migrations.AlterField(
            "priceassignment",
            "account",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="companies.customeraccount",
            ),
        ),
        migrations.RemoveField("priceassignment", "account"),
        migrations.AlterField(
            "priceassignment",
            "scope",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="assignments",
                to="pricing.pricescope",
            ),
        ),
        migrations.AddConstraint(
            "priceassignment",
            UniqueConstraint(fields=("scope", "price_list"), name="pricing_assignment_once"),
        ),
        migrations.AddConstraint(
            "priceassignment", UniqueConstraint(fields=("scope", "position"), name="pricing_assignment_order")
        ),
        migrations.AddField("pricelist", "valid_from", models.DateTimeField(null=True)),
        migrations.AddField("pricelist", "valid_until", models.DateTimeField(null=True)),
        migrations.AddField("pricelist", "is_graduated", models.BooleanField(default=False)),
        migrations.AddField(
            "pricelist",
            "basis",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="derived",
                to="pricing.pricelist",
            ),
        ),
        migrations.AddField(
            "pricelist", "factor", models.DecimalField(decimal_places=6, default=1, max_digits=12)
        ),
        migrations.AddField(
            "pricelist",
            "addend",
            kontor.kernel.fields.UnitPriceField(decimal_places=6, default=0, max_digits=18),
        ),
        migrations.AddField(
            "pricelist",
            "round_to",
            kontor.kernel.fields.UnitPriceField(decimal_places=6, max_digits=18, null=True),
        ),
        migrations.AddField(
            "pricelist",
            "ending",
            kontor.kernel.fields.UnitPriceField(decimal_places=6, default=0, max_digits=18),
        ),
        migrations.AddField(
            "pricelist",
            "rate_days",
            models.PositiveSmallIntegerField(default=7, help_text="how old an exchange rate may be"),
        ),
        migrations.AddConstraint(
            "pricelist",
            CheckConstraint(condition=Q(("valid_until__gt", F("valid_from"))), name="pricing_list_window"),
        ),
        migrations.AddConstraint(
            "pricelist",
            CheckConstraint(
                condition=Q(
                    ("factor__gt", 0),
                    ("factor__lte", 1000),
                    Q(("round_to", None), ("round_to__gt", 0), _connector="OR"),
                    Q(
                        ("basis__isnull", False),
                        Q(("addend", 0), ("factor", 1), ("round_to", None)),
                        _connector="OR",
                    ),
                ),
                name="pricing_formula_sensible",
            ),
        ),
        migrations.RemoveConstraint("price", "pricing_break_once"),
        migrations.AddField("price", "unit", models.CharField(db_default="", default="", max_length=3)),
        migrations.AddField("price", "valid_from", models.DateTimeField(null=True)),
        migrations.AddField("price", "valid_until", models.DateTimeField(null=True)),
        migrations.AlterField(
            "price",
            "amount",
            kontor.kernel.fields.UnitPriceField(decimal_places=6, max_digits=18, null=True),
        ),
        migrations.AddConstraint(
            "price",
            CheckConstraint(
                condition=Q(
                    ("valid_until", None),
                    Q(("valid_from__isnull", False), ("valid_until__gt", F("valid_from"))),
                    _connector="OR",
                ),
                name="pricing_price_window",
            ),
        ),
        migrations.AddConstraint(
            "price",
            UniqueConstraint(
                fields=("product", "price_list", "min_quantity", "unit", "valid_from"),
                include=("amount", "price_base", "valid_until"),
                name="pricing_break_once",
                nulls_distinct=False,
            ),
        ),
        migrations.RunSQL(ONE_AT_A_TIME, NOT_ONE_AT_A_TIME),
        migrations.RunSQL(GUARD, NO_GUARD),
        migrations.RunSQL(RATE, NO_RATE),
        migrations.RunSQL(STEPS, NO_STEPS),
        migrations.RunSQL(CHAIN, NO_CHAIN),
        migrations.RunSQL(RESOLVE, NO_RESOLVE),
    ]
