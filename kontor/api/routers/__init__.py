"""One router per subject, in the order of a trade."""

from ninja import Router

from kontor.api.routers import (
    approvals,
    assortments,
    carts,
    company,
    customers,
    invoices,
    me,
    notifications,
    options,
    order_history,
    orders,
    papers,
    part_numbers,
    people,
    platform,
    price_lists,
    prices,
    quotes,
    returns,
    shipping,
    stock,
)

ROUTERS: list[Router] = [
    me.router,
    company.router,
    people.router,
    customers.router,
    options.router,  # the catalog's own, with what its owner may change
    assortments.router,
    part_numbers.router,
    prices.router,
    price_lists.router,
    stock.router,
    carts.router,
    quotes.router,
    approvals.router,
    orders.router,
    order_history.router,
    shipping.router,
    returns.router,
    invoices.router,
    papers.router,
    platform.router,
    notifications.router,
]
