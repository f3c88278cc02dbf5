"""What a worker does about VAT ids: ask the registry, again before a proof is too old, again when nobody answered."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from kontor.companies.models import Company, CustomerAccount
from kontor.kernel import clock
from kontor.kernel.actors import system_actor
from kontor.kernel.jobs import defer
from kontor.taxes.models import VatCheck
from kontor.taxes.operations.checks import keep_answer
from kontor.taxes.registry import registry
from kontor.taxes.rules import vat_member_state

MOST_A_NIGHT = 2000
EARLY_DAYS = 5
"""How many days before a proof is too old the next one is fetched."""
# Customers without a proof of their VAT id, or with one that will soon be too old; the longest unasked first.
DUE = """
SELECT a.seller_id, a.buyer_id FROM companies_customer_account a
JOIN companies_company b ON b.id = a.buyer_id AND b.vat_id <> '' AND b.status <> 'blocked'
JOIN companies_company s ON s.id = a.seller_id AND s.status = 'active' AND s.vat_id <> ''
LEFT JOIN taxes_policy p ON p.seller_id = a.seller_id
LEFT JOIN LATERAL (
    SELECT c.asked_at FROM taxes_vat_check c WHERE c.seller_id = a.seller_id AND c.vat_id = b.vat_id
        AND c.outcome IN ('valid', 'invalid') ORDER BY c.asked_at DESC, c.id DESC LIMIT 1
) last ON TRUE
WHERE a.status = 'active' AND COALESCE(p.evidence, 'proof') = 'proof' AND (last.asked_at IS NULL
    OR last.asked_at < %(now)s - GREATEST(COALESCE(p.max_age_days, 30) - %(early)s, 1) * interval '1 day')
ORDER BY last.asked_at NULLS FIRST, a.id LIMIT %(most)s
"""


class NoAnswer(Exception):
    """The registry did not answer: to be asked again later."""


def check_vat_id(seller_id: int, buyer_id: int, asked_by: str) -> None:
    """Ask the registry about a buyer for a seller and keep what it says. Raises NoAnswer, after it was written down."""
    asked = registry()
    companies = Company.objects.in_bulk([seller_id, buyer_id])
    seller, buyer = companies[seller_id], companies[buyer_id]
    if asked is None or vat_member_state(buyer.vat_id) is None:
        return
    asker = seller.vat_id if vat_member_state(seller.vat_id) else ""
    answer = asked.look_up(buyer.vat_id, asker=asker)
    with transaction.atomic():
        keep_answer(
            seller, buyer, answer, by=asked_by, source=asked.name, actor=system_actor(asked_by, door="worker")
        )
    if answer.outcome == "unreachable":
        raise NoAnswer(answer.detail)


def send_for_proofs() -> int:
    """Have the registry asked about all customers whose proof is missing or will soon be too old; how many."""
    if registry() is None:
        return 0
    facts: dict[str, Any] = {"now": clock.now(), "early": EARLY_DAYS, "most": MOST_A_NIGHT}
    with connection.cursor() as cursor:
        cursor.execute(DUE, facts)
        due = cursor.fetchall()
    for seller_id, buyer_id in due:
        send_for_proof(seller_id, buyer_id)
    return len(due)


def send_for_proof(seller_id: int, buyer_id: int) -> None:
    """Have the registry asked about one customer."""
    defer("check_vat_id", queue="default", seller_id=seller_id, buyer_id=buyer_id, asked_by="Kontor")


def send_for_proofs_about(buyer_id: int) -> None:
    """The same for all sellers of a buyer whose present VAT id nobody has a proof of."""
    if registry() is None:
        return
    asked = VatCheck.objects.filter(seller_id=OuterRef("seller_id"), vat_id=OuterRef("buyer__vat_id"))
    accounts = CustomerAccount.objects.filter(buyer_id=buyer_id, status=CustomerAccount.Status.ACTIVE)
    for account in accounts.exclude(buyer__vat_id="").exclude(Exists(asked)):
        send_for_proof(account.seller_id, buyer_id)
