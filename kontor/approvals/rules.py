"""What is decided about approvals without a database."""

from decimal import Decimal


def needs_approval(order_limit: Decimal | None, net_total: Decimal) -> bool:
    """Whether an order of this net total is above the limit of who places it; None is no limit.

    >>> needs_approval(Decimal("500.00"), Decimal("500.00")), needs_approval(Decimal("500.00"), Decimal("500.01"))
    (False, True)
    >>> needs_approval(None, Decimal(1000000)), needs_approval(Decimal(0), Decimal("0.01"))
    (False, True)
    """
    return order_limit is not None and net_total > order_limit


def may_approve(order_limit: Decimal | None, amount: Decimal | None) -> bool:
    """Whether an approver with this limit of their own may approve the amount; None is one in another currency.

    A limit says nothing about another currency, so only who has none may approve that.

    >>> [may_approve(limit, Decimal(900)) for limit in (None, Decimal(900), Decimal(899))]
    [True, True, False]
    >>> may_approve(None, None), may_approve(Decimal(900), None)
    (True, False)
    """
    return order_limit is None or (amount is not None and not needs_approval(order_limit, amount))
