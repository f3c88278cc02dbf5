from django.db import migrations

QUERY = """
CREATE FUNCTION search_query(wanted text[], unwanted text[]) RETURNS tsquery LANGUAGE plpgsql STABLE AS $$
DECLARE
    term text;
    alternative text;
    stem text;
    one tsquery;
    whole tsquery;
BEGIN
    -- A term is one word or several alternatives, joined by |. Words come cleaned: letters and digits only.
    FOREACH term IN ARRAY wanted LOOP
        CONTINUE WHEN cardinality(wanted) > 1
            AND (ts_lexize('english_stem', term) = '{}' OR ts_lexize('german_stem', term) = '{}');
        one := NULL;
        FOREACH alternative IN ARRAY string_to_array(term, '|') LOOP
            one := COALESCE(one || '', '')
                || (quote_literal(alternative) || CASE WHEN length(alternative) > 2 THEN ':*' ELSE '' END)::tsquery;
            FOREACH stem IN ARRAY ts_lexize('english_stem', alternative) || ts_lexize('german_stem', alternative) LOOP
                CONTINUE WHEN stem = alternative OR length(alternative) > 2 AND starts_with(stem, alternative);
                one := one || quote_literal(stem)::tsquery;
            END LOOP;
        END LOOP;
        whole := CASE WHEN whole IS NULL THEN one ELSE whole && one END;
    END LOOP;
    FOREACH term IN ARRAY unwanted LOOP
        FOREACH stem IN ARRAY ARRAY[term] || ts_lexize('english_stem', term) || ts_lexize('german_stem', term) LOOP
            whole := whole && !! (quote_literal(stem)::tsquery);
        END LOOP;
    END LOOP;
    RETURN COALESCE(whole, '');
END $$;
"""


class Migration(migrations.Migration):
    """What people type as a full-text query: every word, as it stands, as the beginning of a word, or by its stem."""

    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunSQL(QUERY, "DROP FUNCTION search_query(text[], text[])")]
