"""What fields are called that mean the same on every trail."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kontor.audit.facts import fact, facts

facts(
    "",
    {
        "name": _("Name"),
        "title": _("Title"),
        "sku": _("Article number"),
        "number": _("Number"),
        "code": _("Code"),
        "count": _("How many"),
        "lines": _("Lines"),
        "line": _("Line"),
        "rows": _("Rows"),
        "quantity": _("Quantity"),
        "amount": _("Amount"),
        "currency": _("Currency"),
        "net_total": _("Net total"),
        "gross_total": _("Gross total"),
        "note": _("Note"),
        "file": _("File"),
        "day": _("Day"),
        "date": _("Date"),
        "version": _("Version"),
        "added": _("Added"),
        "changed": _("Changed"),
        "removed": _("Removed"),
        "rejected": _("Not accepted"),
        "reference": _("Reference"),
        "warehouse": _("Warehouse"),
        "invoice": _("Invoice"),
        "shipment": _("Shipment"),
        "return": _("Return"),
        "order": _("Order"),
        "po_number": _("Order number of the customer"),
    },
)
fact("language", _("Language"), dict(settings.LANGUAGES))
