from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.ownership import selling_company_id
from kontor.companies.models import Company, CustomerAccount, CustomerGroup, Membership, PaymentTerm
from kontor.companies.operations import accept_customer
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.models import PriceAssignment, PriceList, PriceScope
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.rules import one_currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Price lists in the order in which they are asked. `is_closed`: these alone, no lists further on.

    `takes_lowest` is said for all customers only: the lowest price of all lists counts, not the first.
    """

    price_lists: Sequence[PriceList]
    is_closed: bool = False
    takes_lowest: bool = False


@transaction.atomic
def assign_lists(*, actor: Actor, account: CustomerAccount, given: Given) -> None:
    """Give a customer these price lists instead of those it had.

    Further on are those of its group, those for all, and the seller's public list in their currency. Raises Refused at
    field ``price_lists``: ``mixed_currencies``, ``assigned_twice``.
    """
    require(actor, EDIT_PRICES)
    if not actor.is_system and account.seller_id != actor.company_id:
        raise _not_own()
    # The account's row is the queue: two colleagues assigning at once come one after the other.
    CustomerAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    scope, _new = PriceScope.objects.get_or_create(account=account, defaults={"seller_id": account.seller_id})
    _give(actor, scope, given, ("account", account.pk))


@transaction.atomic
def assign_group_lists(*, actor: Actor, group: CustomerGroup, given: Given) -> None:
    """Give all customers of a group these price lists, after their own. Raises what `assign_lists` raises."""
    require(actor, EDIT_PRICES)
    if not actor.is_system and group.seller_id != actor.company_id:
        raise _not_own()
    CustomerGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
    scope, _new = PriceScope.objects.get_or_create(group=group, defaults={"seller_id": group.seller_id})
    _give(actor, scope, given, ("customer_group", group.pk))


@transaction.atomic
def assign_lists_for_all(*, actor: Actor, given: Given, seller: Company | None = None) -> None:
    """Give all customers these price lists, after their own and those of their groups; the system names the seller.

    Raises what `assign_lists` raises.
    """
    require(actor, EDIT_PRICES)
    seller_id = selling_company_id(actor, seller)
    Company.objects.select_for_update(no_key=True).get(pk=seller_id)
    scope, _new = PriceScope.objects.get_or_create(seller_id=seller_id, account=None, group=None)
    _give(actor, scope, given, ("company", seller_id))


def _not_own() -> NotAllowed:
    message = _("Only the seller's own lists can be given, and only to its own customers.")
    return NotAllowed("not_allowed", message)


def _give(actor: Actor, scope: PriceScope, given: Given, whom: tuple[str, int]) -> None:
    lists = given.price_lists
    if any(one.seller_id != scope.seller_id for one in lists):
        raise _not_own()
    if not one_currency(one.currency for one in lists):
        message = _("All price lists of a customer must be in one currency.")
        raise Refused("mixed_currencies", message, {"price_lists": message})
    ids = [one.pk for one in lists]
    if len(set(ids)) < len(ids):
        message = _("A price list can be given once only.")
        raise Refused("assigned_twice", message, {"price_lists": message})
    assigned = PriceAssignment.objects.filter(scope=scope)
    before = list(assigned.order_by("position").values_list("price_list__name", "price_list_id"))
    changes: dict[str, list[Any]] = {}
    if [pk for _name, pk in before] != ids:
        assigned.delete()
        PriceAssignment.objects.bulk_create(
            PriceAssignment(scope=scope, price_list=one, position=position)
            for position, one in enumerate(lists)
        )
        changes["price_lists"] = [[name for name, _pk in before], [one.name for one in lists]]
    for name in ("is_closed", "takes_lowest"):
        if getattr(scope, name) != getattr(given, name):
            changes[name] = [getattr(scope, name), getattr(given, name)]
            setattr(scope, name, getattr(given, name))
    if changes:
        scope.save()
        record(actor, "pricing.lists_assigned", whom, changes=changes)


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
        assign_lists(actor=actor, account=account, given=Given(price_lists=price_lists))
    return accept_customer(
        actor=actor, account=account, payment_term=payment_term, sales_rep=sales_rep, note=note
    )
