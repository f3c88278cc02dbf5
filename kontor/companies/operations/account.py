"""A buyer becomes a seller's customer, and how that may end."""

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.entries import Entries
from kontor.companies.events import (
    AccountAccepted,
    AccountBlocked,
    AccountDeclined,
    AccountRequested,
    AccountUnblocked,
    CompanyChanged,
)
from kontor.companies.models import Company, CustomerAccount, Membership, PaymentTerm
from kontor.companies.operations.customer_terms import NOTE_LENGTH, checked_terms
from kontor.companies.ownership import own_company_id, require_open, require_seller_of
from kontor.companies.permissions import MANAGE_COMPANY
from kontor.companies.rules import ACCOUNT_MOVES
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.numbering import next_number
from kontor.kernel.refusal import Refused, Stale

Status = CustomerAccount.Status


@transaction.atomic
def request_account(*, actor: Actor, seller: Company) -> CustomerAccount:
    """Ask a seller to become its customer; after a refusal one may ask again.

    Raises Refused("not_a_seller", "own_company", "already_requested", "already_customer", "account_blocked").
    """
    require(actor, MANAGE_COMPANY)
    buyer = Company.objects.get(pk=own_company_id(actor))
    require_open(buyer)
    if not (seller.is_seller and seller.is_active):
        raise Refused("not_a_seller", _("%(company)s does not sell here.") % {"company": seller})
    if seller.pk == buyer.pk:
        raise Refused("own_company", _("A company cannot be its own customer."))
    account, is_new = CustomerAccount.objects.get_or_create(seller=seller, buyer=buyer)
    if not is_new:
        _ask_again(account)
    record(actor, "companies.account_requested", ("account", account.pk), shared=True)
    publish(AccountRequested(account_id=account.pk))
    return account


def _ask_again(account: CustomerAccount) -> None:
    asked = CustomerAccount.objects.filter(pk=account.pk, status=Status.DECLINED).update(
        status=Status.REQUESTED, requested_at=clock.now(), decided_at=None, decided_by="", decision_note=""
    )
    if not asked:
        account.refresh_from_db(fields=["status"])
        refusals = {
            Status.REQUESTED: ("already_requested", _("Your request is waiting for the seller’s answer.")),
            Status.ACTIVE: ("already_customer", _("Your company is a customer of this seller already.")),
            Status.BLOCKED: ("account_blocked", _("This seller has blocked your account. Please call them.")),
        }
        code, message = refusals.get(Status(account.status), ("stale", _("Please try again.")))
        raise Refused(code, message)
    account.refresh_from_db()


@transaction.atomic
def accept_customer(
    *,
    actor: Actor,
    account: CustomerAccount,
    payment_term: PaymentTerm,
    sales_rep: Membership | None = None,
    note: str = "",
) -> CustomerAccount:
    """Accept a customer with a payment term: the account and the company become active, a number is given.

    A declined request may be accepted after all. Raises Refused("invalid_entries", "company_blocked") and Stale.
    """
    require_seller_of(actor, account)
    require_open(account.buyer)
    entries = Entries()
    note = checked_terms(entries, account, payment_term=payment_term, sales_rep=sales_rep, note=note)
    entries.done()
    number = account.customer_number or next_number("C", seller_id=account.seller_id, first=10001)
    facts = {"payment_term": payment_term, "sales_rep": sales_rep, "note": note, "customer_number": number}
    _move(account, Status.ACTIVE, actor, come_from=(Status.REQUESTED, Status.DECLINED), **facts)
    opened = Company.objects.filter(pk=account.buyer_id, status=Company.Status.REGISTERED).update(
        status=Company.Status.ACTIVE
    )
    record(
        actor,
        "companies.customer_accepted",
        ("account", account.pk),
        changes={"customer_number": number, "payment_term": payment_term.name},
        shared=True,
    )
    if opened:
        publish(CompanyChanged(company_id=account.buyer_id))
    publish(AccountAccepted(account_id=account.pk))
    return account


@transaction.atomic
def decline_customer(*, actor: Actor, account: CustomerAccount, reason: str) -> CustomerAccount:
    """Decline a request with a reason that the customer reads. Raises Refused("invalid_entries") and Stale."""
    require_seller_of(actor, account)
    reason = _reason(reason)
    _move(account, Status.DECLINED, actor, come_from=(Status.REQUESTED,), decision_note=reason)
    record(actor, "companies.customer_declined", ("account", account.pk), note=reason, shared=True)
    publish(AccountDeclined(account_id=account.pk))
    return account


@transaction.atomic
def block_customer(*, actor: Actor, account: CustomerAccount, reason: str) -> CustomerAccount:
    """Take no more orders from a customer. Raises Refused("invalid_entries") and Stale."""
    require_seller_of(actor, account)
    reason = _reason(reason)
    _move(account, Status.BLOCKED, actor, come_from=(Status.ACTIVE,), decision_note=reason)
    record(actor, "companies.customer_blocked", ("account", account.pk), note=reason)
    publish(AccountBlocked(account_id=account.pk))
    return account


@transaction.atomic
def unblock_customer(*, actor: Actor, account: CustomerAccount) -> CustomerAccount:
    """Let a blocked customer order again. Raises Stale."""
    require_seller_of(actor, account)
    _move(account, Status.ACTIVE, actor, come_from=(Status.BLOCKED,), decision_note="")
    record(actor, "companies.customer_unblocked", ("account", account.pk))
    publish(AccountUnblocked(account_id=account.pk))
    return account


def _reason(reason: str) -> str:
    entries = Entries()
    cleaned = entries.text("reason", reason, longest=NOTE_LENGTH, required=True, lines=True)
    entries.done()
    return cleaned


def _move(
    account: CustomerAccount, to: Status, actor: Actor, *, come_from: tuple[Status, ...], **facts: object
) -> None:
    """Move along ACCOUNT_MOVES; the WHERE clause is the lock. Raises Stale when somebody decided meanwhile."""
    if not all(to in ACCOUNT_MOVES[start] for start in come_from):
        raise ValueError(f"no account goes from {come_from} to {to}")
    facts |= {"status": to, "decided_at": clock.now(), "decided_by": actor.name}
    moved = CustomerAccount.objects.filter(pk=account.pk, status__in=come_from).update(**facts)
    account.refresh_from_db()
    if not moved:
        raise Stale(
            "already_decided",
            _("Somebody has decided this meanwhile: it is now “%(status)s”. Reload the page.")
            % {"status": account.get_status_display()},
        )
