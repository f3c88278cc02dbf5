"""On what terms an accepted customer buys, and who looks after it."""

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.entries import Entries
from kontor.companies.events import AccountTermsChanged
from kontor.companies.models import CustomerAccount, Membership, PaymentTerm
from kontor.companies.ownership import require_seller_of
from kontor.kernel.actors import Actor
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused

NOTE_LENGTH = 2000
ACCEPTED = (CustomerAccount.Status.ACTIVE, CustomerAccount.Status.BLOCKED)


@transaction.atomic
def change_customer_terms(
    *,
    actor: Actor,
    account: CustomerAccount,
    payment_term: PaymentTerm,
    sales_rep: Membership | None,
    note: str,
) -> CustomerAccount:
    """Give an accepted customer another payment term, representative or internal note; None is nobody in particular.

    Orders that are placed keep the term that they were placed on. What is as it was leaves no trace; the customer
    reads of terms and representative on its timeline, never of the note. Raises Refused("invalid_entries",
    "not_a_customer").
    """
    require_seller_of(actor, account)
    entries = Entries()
    # Who has left the company stays where they are named until somebody names another.
    rep = None if sales_rep and sales_rep.pk == account.sales_rep_id else sales_rep
    note = checked_terms(entries, account, payment_term=payment_term, sales_rep=rep, note=note)
    entries.done()
    # `of` leaves term and colleague alone: only the account is held.
    held = CustomerAccount.objects.select_for_update(of=("self",))
    account = held.select_related("payment_term", "sales_rep__user", "seller", "buyer").get(pk=account.pk)
    if account.status not in ACCEPTED:
        raise Refused("not_a_customer", _("Accept this customer first. Terms are chosen there."))
    terms = {
        "payment_term": [account.payment_term.name if account.payment_term else "", payment_term.name],
        "sales_rep": [_name(account.sales_rep), _name(sales_rep)],
    }
    same = {
        "payment_term": account.payment_term_id == payment_term.pk,
        "sales_rep": account.sales_rep_id == (sales_rep.pk if sales_rep else None),
    }
    terms = {name: change for name, change in terms.items() if not same[name]}
    before = account.note
    if not terms and note == before:
        return account
    account.payment_term, account.sales_rep, account.note = payment_term, sales_rep, note
    account.save(update_fields=["payment_term", "sales_rep", "note"])
    about = ("account", account.pk)
    if terms:
        record(actor, "companies.customer_terms_changed", about, changes=terms, shared=True)
        publish(AccountTermsChanged(account_id=account.pk))
    if note != before:
        record(actor, "companies.customer_note_changed", about, changes={"note": [before, note]})
    return account


def checked_terms(
    entries: Entries,
    account: CustomerAccount,
    *,
    payment_term: PaymentTerm,
    sales_rep: Membership | None,
    note: str,
) -> str:
    """Name what cannot be given to this customer in `entries`; returns the note as it is kept."""
    if payment_term.seller_id != account.seller_id:
        entries.wrong("payment_term", _("Choose one of your payment terms."))
    if sales_rep is not None and not (sales_rep.company_id == account.seller_id and sales_rep.is_active):
        entries.wrong("sales_rep", _("Choose one of your colleagues."))
    return entries.text("note", note, longest=NOTE_LENGTH, lines=True)


def _name(member: Membership | None) -> str:
    return member.user.name if member else ""
