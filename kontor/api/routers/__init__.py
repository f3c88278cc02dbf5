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
    media,
    notifications,
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
    media.router,  # the catalog's own, with what the owner of a product may change
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
