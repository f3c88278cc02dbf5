from django.db import migrations

GUARD = """
CREATE FUNCTION quotes_offer_is_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM quotes_offer
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.offer_id ELSE NEW.offer_id END AND status <> 'draft'
    ) THEN
        RAISE EXCEPTION 'the lines of a sent offer never change' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quotes_sent_lines_never_change BEFORE INSERT OR UPDATE OR DELETE ON quotes_offer_line
    FOR EACH ROW EXECUTE FUNCTION quotes_offer_is_draft();

CREATE FUNCTION quotes_offer_keeps_its_word() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a sent offer never changes' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER quotes_sent_offer_never_changes BEFORE UPDATE ON quotes_offer FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND (
        (OLD.request_id, OLD.version, OLD.valid_until, OLD.conditions, OLD.message, OLD.net_total, OLD.content_hash,
         OLD.sent_at)
        IS DISTINCT FROM
        (NEW.request_id, NEW.version, NEW.valid_until, NEW.conditions, NEW.message, NEW.net_total, NEW.content_hash,
         NEW.sent_at)
        OR NEW.status = 'draft'
    )) EXECUTE FUNCTION quotes_offer_keeps_its_word();
"""
FREE = """
DROP TRIGGER quotes_sent_offer_never_changes ON quotes_offer;
DROP TRIGGER quotes_sent_lines_never_change ON quotes_offer_line;
DROP FUNCTION quotes_offer_keeps_its_word();
DROP FUNCTION quotes_offer_is_draft();
"""


class Migration(migrations.Migration):
    """What was sent stays as it was sent, whoever writes to the tables."""

    dependencies = [("quotes", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, FREE)]
