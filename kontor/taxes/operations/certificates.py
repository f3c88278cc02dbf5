"""Certificates of exemption: handed in by the buyer or entered by the seller, decided by the seller."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.models import Category, Product
from kontor.companies.countries import COUNTRIES
from kontor.companies.models import CustomerAccount
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.kernel.storage.chosen import store
from kontor.kernel.storage.store import FilesUnavailable, StoreProblem
from kontor.kernel.texts import checked_text
from kontor.taxes.models import Certificate
from kontor.taxes.permissions import MANAGE_TAXES, SUBMIT_CERTIFICATES
from kontor.taxes.places import place_of

FOLDER = "certificates/"
LARGEST = 10_000_000
MOST_SCOPES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """`skus` and `category_paths` narrow what it covers; neither means everything. Days are inclusive."""

    number: str
    country: str
    valid_from: date | None
    region: str = ""
    reason: str = ""
    valid_until: date | None = None
    skus: Sequence[str] = ()
    category_paths: Sequence[str] = ()
    document: bytes = b""


@transaction.atomic
def submit_certificate(*, actor: Actor, account: CustomerAccount, facts: CertificateFacts) -> Certificate:
    """Hand in a certificate: the buyer's administrator, who must bring the document, or the seller itself.

    Raises Refused("certificate_wrong"), with problems at their fields, and "files_unavailable".
    """
    by_seller = actor.is_system or (actor.company_id == account.seller_id and actor.acting_for_id is None)
    require(actor, MANAGE_TAXES if by_seller else SUBMIT_CERTIFICATES)
    if not by_seller and (actor.company_id != account.buyer_id or actor.acting_for_id is not None):
        raise NotAllowed("not_your_account", _("This is not a customer account of your company."))
    products, categories = _scope(actor, account, facts)
    row = Certificate(
        seller_id=account.seller_id,
        buyer_id=account.buyer_id,
        number=checked_text(facts.number, field="number", limit=60),
        country=facts.country.strip().upper(),
        reason=checked_text(facts.reason, field="reason", limit=200),
        covers_all=not products and not categories,
        submitted_by=actor.name[:150],
        submitted_at=clock.now(),
    )
    row.region = place_of({"country": row.country, "region": facts.region}).region
    _check(row, facts, needs_document=not by_seller)
    row.valid_from, row.valid_until = facts.valid_from or date.min, facts.valid_until
    if facts.document:
        row.document = _kept(facts.document)
    row.save()
    row.products.set(products)
    row.categories.set(categories)
    changes = {"number": row.number, "place": _place(row)}
    record(actor, "taxes.certificate_submitted", ("account", account.pk), changes=changes, shared=True)
    return row


@transaction.atomic
def decide_certificate(*, actor: Actor, certificate: Certificate, status: str, note: str = "") -> Certificate:
    """Approve or decline what was handed in, or revoke what was approved; the latter two say why.

    Raises Refused("reason_missing"), Stale when it was decided meanwhile.
    """
    require(actor, MANAGE_TAXES)
    if not actor.is_system and certificate.seller_id != actor.company_id:
        raise NotAllowed("not_yours", _("This does not belong to your company."))
    states = Certificate.Status
    before = {
        states.APPROVED: states.SUBMITTED,
        states.DECLINED: states.SUBMITTED,
        states.REVOKED: states.APPROVED,
    }
    note = checked_text(note, field="note", limit=500)
    if status not in before:
        raise Refused("status_wrong", _("A certificate is approved, declined or revoked."))
    if status != states.APPROVED and not note:
        sentence = _("Say why; the customer reads it.")
        raise Refused("reason_missing", sentence, {"note": sentence})
    decided = {"status": status, "note": note, "decided_by": actor.name[:150], "decided_at": clock.now()}
    found = Certificate.objects.filter(pk=certificate.pk, status=before[states(status)])
    if not found.update(**decided):
        raise Stale(
            "changed_meanwhile", _("Somebody has decided about this certificate meanwhile. Reload the page.")
        )
    certificate.refresh_from_db()
    account = CustomerAccount.objects.get(seller_id=certificate.seller_id, buyer_id=certificate.buyer_id)
    changes = {"number": certificate.number}
    record(
        actor, f"taxes.certificate_{status}", ("account", account.pk), changes=changes, note=note, shared=True
    )
    return certificate


def _scope(
    actor: Actor, account: CustomerAccount, facts: CertificateFacts
) -> tuple[list[Product], list[Category]]:
    """The goods that it names. A buyer's hidden articles are as unknown as those that are not there."""
    skus = list(dict.fromkeys(one.strip() for one in facts.skus if one.strip()))
    slugs = list(dict.fromkeys(one.strip() for one in facts.category_paths if one.strip()))
    known = Product.objects.visible_to(actor).filter(seller_id=account.seller_id)
    products = list(known.filter(sku__in=skus[:MOST_SCOPES]))
    categories = list(Category.objects.filter(path__in=slugs[:MOST_SCOPES]))
    unknown = sorted({*skus} - {one.sku for one in products})
    if unknown:
        sentence = _("Not known: %(names)s.") % {"names": ", ".join(unknown[:10])}
        raise Refused("certificate_wrong", _("The certificate cannot be taken as it is."), {"skus": sentence})
    if len(categories) != len(slugs):
        sentence = _("Choose categories that exist.")
        raise Refused(
            "certificate_wrong", _("The certificate cannot be taken as it is."), {"category_paths": sentence}
        )
    return products, categories


def _check(row: Certificate, facts: CertificateFacts, *, needs_document: bool) -> None:
    wrong = {}
    if not row.number:
        wrong["number"] = _("Enter the number of the certificate.")
    if row.country not in COUNTRIES:
        wrong["country"] = _("Choose a country.")
    if facts.valid_from is None:
        wrong["valid_from"] = _("Enter the first day.")
    elif facts.valid_until is not None and facts.valid_until < facts.valid_from:
        wrong["valid_until"] = _("The last day is before the first.")
    if needs_document and not facts.document:
        wrong["file"] = _("Add the certificate as PDF.")
    elif len(facts.document) > LARGEST:
        wrong["file"] = _("The file is larger than 10 MB.")
    elif facts.document and not (facts.document.startswith(b"%PDF-") and b"%%EOF" in facts.document[-2048:]):
        wrong["file"] = _("This is not a PDF file. Documents must be PDF.")
    if wrong:
        raise Refused("certificate_wrong", _("The certificate cannot be taken as it is."), wrong)


def _kept(document: bytes) -> str:
    """Its path in the store. Not below `media/`: whoever reads it is asked who he is."""
    name = f"{FOLDER}{hashlib.sha256(document).hexdigest()}.pdf"
    try:
        store().write(name, document)
    except StoreProblem as problem:
        raise FilesUnavailable from problem
    return name


def _place(row: Certificate) -> str:
    return f"{row.country}-{row.region}" if row.region else row.country
