"""Words for what stands about taxes on pages of both sides."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kontor.catalog.queries import CategoryTree
from kontor.kernel import clock
from kontor.kernel.storage.chosen import store
from kontor.kernel.storage.store import Missing
from kontor.taxes.models import Certificate
from kontor.taxes.queries import Standing
from kontor.taxes.rules import TaxTotal
from kontor.taxes.wording import components, tax_notes
from kontor.web.numbers import number

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


def notes_of(taxes: Sequence[TaxTotal], facts: Mapping[str, Any]) -> list[str]:
    """Why a document bears no tax, and what has changed since."""
    return tax_notes({total.code for total in taxes}, facts)


def tax_label(total: TaxTotal, facts: Mapping[str, Any]) -> str:
    """What stands beside a sum of tax: the rate, and what it is made of where several authorities share it."""
    label = _("Tax %(rate)s %%") % {"rate": number(total.rate)}
    parts = ", ".join(f"{name} {number(rate)} %" for name, rate in components(facts, total.rate))
    return f"{label} ({parts})" if parts else label


def category_choices(tree: CategoryTree) -> list[tuple[str, str]]:
    """The categories by their paths, those below others set in."""
    return [(node.path, "\u2003" * node.depth + node.name) for root in tree.roots for node in root.walk()]


def covered(certificate: Certificate) -> str:
    """What a certificate is narrowed to, in words; "" when it is for everything."""
    names = [one.name for one in certificate.categories.all()]
    return ", ".join([*names, *(one.sku for one in certificate.products.all())])


def document_of(certificate: Certificate) -> bytes | None:
    """The PDF of a certificate, or None when there is none."""
    if not certificate.document:
        return None
    try:
        return store().read(certificate.document)
    except Missing:
        return None
