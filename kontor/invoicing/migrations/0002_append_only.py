from django.db import migrations

FORBID = """
CREATE TRIGGER invoicing_invoice_append_only BEFORE UPDATE OR DELETE ON invoicing_invoice
    FOR EACH STATEMENT EXECUTE FUNCTION kontor_append_only();
CREATE TRIGGER invoicing_line_append_only BEFORE UPDATE OR DELETE ON invoicing_line
    FOR EACH STATEMENT EXECUTE FUNCTION kontor_append_only();
"""
ALLOW = """
DROP TRIGGER invoicing_invoice_append_only ON invoicing_invoice;
DROP TRIGGER invoicing_line_append_only ON invoicing_line;
"""


class Migration(migrations.Migration):
    """An issued invoice is corrected by a credit note, never changed."""

    dependencies = [("invoicing", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
