"""Keep what a registry says about VAT ids."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.models import Company, CustomerAccount
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.jobs import defer
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.kernel.texts import checked_text
from kontor.taxes.models import VatCheck
from kontor.taxes.permissions import MANAGE_TAXES
from kontor.taxes.registry import Answer, registry
from kontor.taxes.rules import vat_member_state

BY_HAND = "by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandProof:
    """What somebody read on the registry's own page."""

    is_valid: bool
    reference: str
    name: str = ""
    address: str = ""


@transaction.atomic
def ask_registry(*, actor: Actor, account: CustomerAccount) -> None:
    """Have the registry asked about a customer's VAT id, soon. Raises Refused("no_registry", "no_vat_id")."""
    _check_may(actor, account)
    if registry() is None:
        raise Refused(
            "no_registry", _("No registry is set up here. Look the VAT ID up and enter the proof by hand.")
        )
    _check_vat_id(account)
    record(actor, "taxes.registry_asked", ("account", account.pk))
    defer(
        "check_vat_id",
        queue="default",
        seller_id=account.seller_id,
        buyer_id=account.buyer_id,
        asked_by=actor.name,
    )


@transaction.atomic
def keep_proof_by_hand(*, actor: Actor, account: CustomerAccount, proof: HandProof) -> VatCheck:
    """Keep what the registry's page said about a customer's VAT id. Raises Refused("no_vat_id", "no_reference")."""
    _check_may(actor, account)
    _check_vat_id(account)
    reference = checked_text(proof.reference, field="reference", limit=60)
    if not reference:
        sentence = _("Enter the registry's number of the request; it is the proof.")
        raise Refused("no_reference", sentence, {"reference": sentence})
    answer = Answer(
        "valid" if proof.is_valid else "invalid",
        reference,
        checked_text(proof.name, field="name", limit=250),
        checked_text(proof.address, field="address", limit=500),
    )
    return keep_answer(account.seller, account.buyer, answer, by=actor.name, source=BY_HAND, actor=actor)


def keep_answer(
    seller: Company, buyer: Company, answer: Answer, *, by: str, source: str, actor: Actor
) -> VatCheck:
    """Write an answer down, as proof, on the customer's trail. The caller has checked the right."""
    check = VatCheck.objects.create(
        seller=seller,
        buyer=buyer,
        vat_id=buyer.vat_id,
        asker_vat_id=seller.vat_id,
        outcome=answer.outcome,
        asked_at=clock.now(),
        asked_by=by[:150],
        registry=source,
        reference=answer.reference,
        name=answer.name,
        address=answer.address,
        detail=answer.detail[:250],
    )
    if answer.outcome != "unreachable":
        account = CustomerAccount.objects.filter(seller=seller, buyer=buyer).values_list("pk", flat=True)
        facts = {"vat_id": check.vat_id, "reference": check.reference}
        record(actor, f"taxes.vat_id_{answer.outcome}", ("account", account[0]), changes=facts)
    return check


def _check_may(actor: Actor, account: CustomerAccount) -> None:
    require(actor, MANAGE_TAXES)
    if not actor.is_system and account.seller_id != actor.company_id:
        raise NotAllowed("not_your_customer", _("This is not a customer of yours."))


def _check_vat_id(account: CustomerAccount) -> None:
    if vat_member_state(account.buyer.vat_id) is None:
        raise Refused(
            "no_vat_id",
            _(
                "%(company)s has no VAT ID of the European Union with right check digits. Ask the customer for it."
            )
            % {"company": account.buyer},
        )
