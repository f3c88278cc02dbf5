"""What people do about taxes: register, keep proofs, certificates and rates."""

from kontor.taxes.operations.certificates import CertificateFacts, decide_certificate, submit_certificate
from kontor.taxes.operations.checks import HandProof, ask_registry, keep_proof_by_hand
from kontor.taxes.operations.rates import (
    RateFacts,
    import_rates,
    remove_rate,
    save_rates,
    take_shipped_rates,
)
from kontor.taxes.operations.settings import (
    PolicyFacts,
    RegistrationFacts,
    remove_registration,
    save_policy,
    save_registration,
    show_prices,
)

__all__ = [
    "CertificateFacts",
    "HandProof",
    "PolicyFacts",
    "RateFacts",
    "RegistrationFacts",
    "ask_registry",
    "decide_certificate",
    "import_rates",
    "keep_proof_by_hand",
    "remove_rate",
    "remove_registration",
    "save_policy",
    "save_rates",
    "save_registration",
    "show_prices",
    "submit_certificate",
    "take_shipped_rates",
]
