"""The customer that somebody names in a field: by its number or its name."""

from django.db.models import Case, Q, Value, When

from kontor.companies.models import CustomerAccount
from kontor.kernel.actors import Actor


def customer_named(actor: Actor, typed: str) -> CustomerAccount | None:
    """The seller's customer of this number or name, else the only one whose name begins so. One statement."""
    typed = typed.replace("\x00", "").strip()[:200]
    if not typed:
        return None
    own = CustomerAccount.objects.visible_to(actor).filter(seller_id=actor.company_id)
    exact = Q(customer_number=typed) | Q(buyer__legal_name__iexact=typed) | Q(buyer__trade_name__iexact=typed)
    begins = Q(buyer__legal_name__istartswith=typed) | Q(buyer__trade_name__istartswith=typed)
    fitting = own.filter(exact | begins).select_related("buyer", "seller")
    found = list(fitting.order_by(Case(When(exact, then=Value(0)), default=Value(1)), "id")[:2])
    if len(found) > 1 and not _is_called(found[0], typed):
        return None
    return found[0] if found else None


def _is_called(account: CustomerAccount, typed: str) -> bool:
    names = (account.customer_number, account.buyer.legal_name, account.buyer.trade_name)
    return typed.casefold() in [name.casefold() for name in names]
