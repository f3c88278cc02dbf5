from django.db import migrations

BONUS = """
CREATE FUNCTION rebates_bonus(
    froms numeric[], rates numeric[], graduated boolean, reward text, value numeric, quantity numeric, places int)
RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
    -- What so much comes to. Without a quantity the value is what is measured. Rounded once, half away from zero.
    SELECT round(GREATEST(0, COALESCE(CASE WHEN graduated THEN (
        SELECT sum(t.rate * (LEAST(m.counted, COALESCE(froms[t.n + 1], m.counted)) - t.least))
        FROM unnest(froms, rates) WITH ORDINALITY AS t(least, rate, n) WHERE t.least < m.counted
    ) ELSE (
        SELECT t.rate FROM unnest(froms, rates) AS t(least, rate)
        WHERE t.least <= m.counted AND m.counted > 0 ORDER BY t.least DESC LIMIT 1
    ) * CASE reward WHEN 'percent' THEN value ELSE m.counted END END, 0))
        * CASE reward WHEN 'percent' THEN 0.01 ELSE 1 END, places)
    FROM (SELECT CASE WHEN quantity IS NULL THEN value ELSE round(quantity, 3) END AS counted) AS m
$$;
CREATE FUNCTION rebates_ascends(figures numeric[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT COALESCE(bool_and(figure > least), FALSE) FROM (
        SELECT figure, lag(figure, 1, -1) OVER (ORDER BY n) AS least
        FROM unnest(figures) WITH ORDINALITY AS f(figure, n)
    ) AS pairs
$$;
ALTER TABLE rebates_rebate
    ADD CONSTRAINT rebates_tiers_ascend CHECK (
        cardinality(tier_from) = cardinality(tier_rate) AND rebates_ascends(tier_from) AND rebates_ascends(tier_rate)
        AND tier_rate[1] > 0 AND (reward <> 'percent' OR tier_rate[cardinality(tier_rate)] <= 100));
"""
NO_BONUS = """
ALTER TABLE rebates_rebate DROP CONSTRAINT rebates_tiers_ascend;
DROP FUNCTION rebates_ascends(numeric[]);
DROP FUNCTION rebates_bonus(numeric[], numeric[], boolean, text, numeric, numeric, int);
"""
MEMBERS = """
CREATE FUNCTION rebates_member_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT basket_key, currency, begins_on, ends_on, state IN ('active', 'settled') AND NOT is_cumulative
    INTO NEW.basket_key, NEW.currency, NEW.begins_on, NEW.ends_on, NEW.is_binding
    FROM rebates_rebate WHERE id = NEW.rebate_id;
    RETURN NEW;
END $$;
CREATE TRIGGER rebates_member_follows BEFORE INSERT OR UPDATE ON rebates_member
    FOR EACH ROW EXECUTE FUNCTION rebates_member_follows();
CREATE FUNCTION rebates_members_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE rebates_member SET rebate_id = rebate_id WHERE rebate_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER rebates_members_follow
    AFTER UPDATE OF basket_key, currency, begins_on, ends_on, state, is_cumulative ON rebates_rebate
    FOR EACH ROW EXECUTE FUNCTION rebates_members_follow();
ALTER TABLE rebates_member ADD CONSTRAINT rebates_not_contradicting EXCLUDE USING gist (
    account_id WITH =, basket_key WITH =, currency WITH =, daterange(begins_on, ends_on, '[]') WITH &&
) WHERE (is_binding);
"""
NO_MEMBERS = """
ALTER TABLE rebates_member DROP CONSTRAINT rebates_not_contradicting;
DROP TRIGGER rebates_members_follow ON rebates_rebate;
DROP FUNCTION rebates_members_follow();
DROP TRIGGER rebates_member_follows ON rebates_member;
DROP FUNCTION rebates_member_follows();
"""


class Migration(migrations.Migration):
    """What a bonus comes to, in one place; tiers that ascend; no two agreements that contradict each other."""

    dependencies = [("rebates", "0001_initial"), ("pricing", "0006_steps")]
    operations = [migrations.RunSQL(BONUS, NO_BONUS), migrations.RunSQL(MEMBERS, NO_MEMBERS)]
