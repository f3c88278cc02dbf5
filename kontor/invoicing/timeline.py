"""How the timeline speaks of invoices."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.verbs import verb

verb("invoicing.invoice_issued", _("Invoice %(invoice)s over %(gross_total)s %(currency)s"))
verb("invoicing.credit_note_issued", _("Credit note %(invoice)s over %(gross_total)s %(currency)s"))
