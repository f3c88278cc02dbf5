"""A contract in force, as sales would conclude it, for tests of pages, API and mails."""

from datetime import UTC, datetime
from decimal import Decimal

from kontor.agreements.models import Agreement
from kontor.agreements.operations import (
    AgreementFacts,
    CommitmentRow,
    activate_agreement,
    save_agreement,
    save_commitments,
)
from kontor.catalog.models import Product
from kontor.companies.models import CustomerAccount, Membership
from kontor.pricing.models import PriceList

FIRST, LAST = datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2099, 12, 31, 23, tzinfo=UTC)


def contract_of(
    sal: Membership, account: CustomerAccount, price_list: PriceList, product: Product
) -> Agreement:
    """At most ten of the product at the prices of the list, at least 1,000.00 of all goods; to the end of 2099."""
    actor = sal.as_actor("page")
    facts = AgreementFacts(
        title="Frame 2026", account=account, price_list=price_list, valid_from=FIRST, valid_until=LAST
    )
    made = save_agreement(actor=actor, facts=facts)
    rows = [
        CommitmentRow(product.pk, "at_most", "quantity", Decimal(10)),
        CommitmentRow(None, "at_least", "value", Decimal(1000)),
    ]
    save_commitments(actor=actor, agreement=made, rows=rows)
    return activate_agreement(actor=actor, agreement=made)
