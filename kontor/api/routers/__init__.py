"""One router per domain app."""

from ninja import Router

from kontor.api.routers import (
    approvals,
    carts,
    catalog,
    company,
    me,
    order_history,
    orders,
    people,
    prices,
    quotes,
    stock,
)

ROUTERS: list[Router] = [
    me.router,
    company.router,
    people.router,
    catalog.router,
    prices.router,
    stock.router,
    carts.router,
    quotes.router,
    approvals.router,
    orders.router,
    order_history.router,
]
