import django.contrib.postgres.fields
from django.db import migrations, models

# Places as numbers, so that an index can tell whether two sets meet. Each country has one of its own, for tariffs that
# name only the country, and behind it one for each postcode of up to ten signs; 0 stands for all other countries. An
# index is built without the schema in the path, so functions that call others keep theirs.
PLACES = """
CREATE FUNCTION charges_country(code text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT ((ascii(code) - 64) * 27 + ascii(substr(code, 2)) - 64) * 2 * (36::numeric ^ 10)::bigint
$$;
CREATE FUNCTION charges_postcode(country text, code text, filler text) RETURNS bigint LANGUAGE sql IMMUTABLE
SET search_path FROM CURRENT AS $$
    SELECT charges_country(country) + 1 + sum(
        (strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(rpad(code, 10, filler), place, 1)) - 1)
        * (36::numeric ^ (10 - place)))::bigint
    FROM generate_series(1, 10) AS place
$$;
CREATE FUNCTION charges_places(countries text[], postcodes text[]) RETURNS int8multirange LANGUAGE sql IMMUTABLE
SET search_path FROM CURRENT AS $$
    SELECT CASE WHEN countries = '{}' THEN '{[0,1)}'::int8multirange
        WHEN postcodes = '{}' THEN (
            SELECT range_agg(int8range(charges_country(code), charges_country(code) + 1))
            FROM unnest(countries) AS code)
        ELSE (
            SELECT range_agg(int8range(
                charges_postcode(countries[1], split_part(code, '-', 1), '0'),
                charges_postcode(countries[1], COALESCE(NULLIF(split_part(code, '-', 2), ''), code), 'Z'), '[]'))
            FROM unnest(postcodes) AS code)
    END
$$
"""
NO_PLACES = """
DROP FUNCTION charges_places(text[], text[]);
DROP FUNCTION charges_postcode(text, text, text);
DROP FUNCTION charges_country(text)
"""
OLD_PLACES = """
CREATE FUNCTION charges_places(countries text[]) RETURNS int4multirange LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN countries = '{}' THEN '{[0,1)}'::int4multirange ELSE (
        SELECT range_agg(int4range(place, place + 1))
        FROM (SELECT ascii(code) * 256 + ascii(substr(code, 2)) AS place FROM unnest(countries) AS code) AS named
    ) END
$$
"""
NO_OLD_PLACES = "DROP FUNCTION charges_places(text[])"


def one_tariff(places: str) -> str:
    return f"""
ALTER TABLE charges_tariff ADD CONSTRAINT charges_one_tariff EXCLUDE USING gist (
    rule_id WITH =, currency WITH =, (COALESCE(account_id, 0)) WITH =, (COALESCE(group_id, 0)) WITH =,
    charges_places({places}) WITH &&, tstzrange(valid_from, valid_until) WITH &&
)"""


NOT_ONE_TARIFF = "ALTER TABLE charges_tariff DROP CONSTRAINT charges_one_tariff"


class Migration(migrations.Migration):
    """Tariffs for postcodes of a country, and charges for goods by their hazard class."""

    dependencies = [("charges", "0001_charges")]

    operations = [
        migrations.AddField(
            model_name="rule",
            name="hazards",
            field=django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=10), blank=True, db_default=[], default=list
            ),
        ),
        migrations.AddField(
            model_name="tariff",
            name="postcodes",
            field=django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=21), blank=True, db_default=[], default=list
            ),
        ),
        migrations.AddConstraint(
            model_name="tariff",
            constraint=models.CheckConstraint(
                condition=models.Q(("postcodes", []), ("countries__len", 1), _connector="OR"),
                name="charges_postcodes_of_a_country",
            ),
        ),
        migrations.RunSQL(NOT_ONE_TARIFF, one_tariff("countries::text[]")),
        migrations.RunSQL(NO_OLD_PLACES, OLD_PLACES),
        migrations.RunSQL(PLACES, NO_PLACES),
        migrations.RunSQL(one_tariff("countries::text[], postcodes::text[]"), NOT_ONE_TARIFF),
    ]
