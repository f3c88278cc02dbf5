"""Everything that changes agreements and what is used of them."""

from kontor.agreements.operations.commit import CommitmentRow, save_commitments
from kontor.agreements.operations.life import activate_agreement, delete_draft, terminate_agreement
from kontor.agreements.operations.renew import Renewal, renew_agreement
from kontor.agreements.operations.save import AgreementFacts, save_agreement
from kontor.agreements.operations.use import Drawn, draw, give_back

__all__ = [
    "AgreementFacts",
    "CommitmentRow",
    "Drawn",
    "Renewal",
    "activate_agreement",
    "delete_draft",
    "draw",
    "give_back",
    "renew_agreement",
    "save_agreement",
    "save_commitments",
    "terminate_agreement",
]
