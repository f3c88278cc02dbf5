"""Who on either side of a trade a mail concerns."""

from kontor.companies.models import CustomerAccount
from kontor.orders.models import Order


def sales_reps(buyer_id: int, seller_id: int) -> list[int | None]:
    """The membership of the seller's rep for this buyer, if there is one. One query."""
    account = CustomerAccount.objects.filter(buyer_id=buyer_id, seller_id=seller_id)
    return list(account.values_list("sales_rep_id", flat=True))


def rep_address(order: Order) -> str:
    """The mail address of the rep who entered the order, or who looks after the customer; both loaded before."""
    rep = order.sales_rep or order.account.sales_rep
    return rep.user.email if rep else ""
