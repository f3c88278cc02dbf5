from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.models import CustomerAccount, Membership, PaymentTerm
from kontor.companies.operations import accept_customer
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.models import PriceAssignment, PriceList
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.rules import one_currency


@transaction.atomic
def assign_lists(*, actor: Actor, account: CustomerAccount, price_lists: Sequence[PriceList]) -> None:
    """Give a customer these price lists, asked in this order, instead of those it had.

    The seller's public list in their currency always comes last and need not be named. Raises Refused at field
    ``price_lists``: ``mixed_currencies``, ``assigned_twice``.
    """
    require(actor, EDIT_PRICES)
    own = actor.is_system or account.seller_id == actor.company_id
    if not own or any(one.seller_id != account.seller_id for one in price_lists):
        raise NotAllowed(
            "not_allowed", _("Only the seller's own lists can be given, and only to its own customers.")
        )
    if not one_currency(one.currency for one in price_lists):
        message = _("All price lists of a customer must be in one currency.")
        raise Refused("mixed_currencies", message, {"price_lists": message})
    ids = [one.pk for one in price_lists]
    if len(set(ids)) < len(ids):
        message = _("A price list can be given once only.")
        raise Refused("assigned_twice", message, {"price_lists": message})
    # The account's row is the queue: two colleagues assigning at once come one after the other.
    CustomerAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    assigned = PriceAssignment.objects.filter(account=account)
    before = list(assigned.order_by("position").values_list("price_list__name", "price_list_id"))
    if [pk for _name, pk in before] == ids:
        return
    assigned.delete()
    PriceAssignment.objects.bulk_create(
        PriceAssignment(account=account, price_list=one, position=position)
        for position, one in enumerate(price_lists)
    )
    names = [[name for name, _pk in before], [one.name for one in price_lists]]
    record(actor, "pricing.lists_assigned", ("account", account.pk), changes={"price_lists": names})


@transaction.atomic
def accept_customer_with_prices(
    *,
    actor: Actor,
    account: CustomerAccount,
    payment_term: PaymentTerm,
    price_lists: Sequence[PriceList],
    sales_rep: Membership | None = None,
    note: str = "",
) -> CustomerAccount:
    """Accept a customer and give it its price lists, both or neither. Raises what the two of them raise."""
    if price_lists:
        assign_lists(actor=actor, account=account, price_lists=price_lists)
    return accept_customer(
        actor=actor, account=account, payment_term=payment_term, sales_rep=sales_rep, note=note
    )
