"""What the demo's seller knows for its taxes: confirmed VAT ids, a registration abroad, a certificate to decide."""

from datetime import timedelta

from kontor.companies.models import CustomerAccount
from kontor.demo.people import actor_of
from kontor.kernel import clock
from kontor.taxes.operations import (
    CertificateFacts,
    HandProof,
    RegistrationFacts,
    keep_proof_by_hand,
    save_registration,
    submit_certificate,
)
from kontor.taxes.rules import vat_member_state


def settle_taxes(accounts: list[CustomerAccount]) -> None:
    """Prove the VAT ids of customers in other member states, so that they are delivered to without tax."""
    finance = actor_of("fin@nordwerk.example")
    today = clock.today()
    with clock.at(clock.now() - timedelta(days=3)):
        for number, account in enumerate(accounts):
            buyer = account.buyer
            if vat_member_state(buyer.vat_id) not in (None, account.seller.country):
                proof = HandProof(
                    is_valid=True, reference=f"WAPIAAAAY{number:04d}", name=buyer.legal_name.upper()
                )
                keep_proof_by_hand(actor=finance, account=account, proof=proof)
    save_registration(
        actor=finance,
        facts=RegistrationFacts(
            country="CH", number="CHE-100.155.212 MWST", valid_from=today.replace(month=1, day=1)
        ),
    )
    submit_certificate(
        actor=finance,
        account=accounts[1],
        facts=CertificateFacts(
            number="FA-2026-0815",
            country="DE",
            reason="§ 4 Nr. 7 UStG",
            valid_from=today - timedelta(days=10),
            valid_until=today + timedelta(days=355),
        ),
    )
