"""Words for what stands about taxes on pages of both sides."""

from django.utils.translation import gettext as _

from kontor.kernel import clock
from kontor.kernel.storage.chosen import store
from kontor.kernel.storage.store import Missing
from kontor.taxes.models import Certificate
from kontor.taxes.queries import Standing

CHECK_KINDS = {"valid": "done", "invalid": "bad", "unreachable": "warning"}
CERTIFICATE_KINDS = {"submitted": "waiting", "approved": "done", "declined": "bad", "revoked": "bad"}


def standing_words(standing: Standing) -> tuple[str, str]:
    """How a VAT id stands, and the kind of mark for it."""
    return {
        "proven": (_("Proven"), "done"),
        "too_old": (_("Proof too old"), "warning"),
        "invalid": (_("Not valid"), "bad"),
        "unproven": (_("Not proven"), "warning"),
        "no_id": (_("No VAT ID"), "neutral"),
    }[standing.code]


def certificate_words(certificate: Certificate) -> tuple[str, str]:
    """How a certificate stands today, and the kind of mark for it."""
    today = clock.today()
    if certificate.status == Certificate.Status.APPROVED:
        if certificate.valid_until is not None and certificate.valid_until < today:
            return _("Lapsed"), "bad"
        if certificate.valid_from > today:
            return _("Approved, not yet valid"), "waiting"
    return str(certificate.get_status_display()), CERTIFICATE_KINDS[certificate.status]


def document_of(certificate: Certificate) -> bytes | None:
    """The PDF of a certificate, or None when there is none."""
    if not certificate.document:
        return None
    try:
        return store().read(certificate.document)
    except Missing:
        return None
