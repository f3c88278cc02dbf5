"""One router per domain app."""

from ninja import Router

from kontor.api.routers import approvals, carts, catalog, company, me, orders, people, prices, stock

ROUTERS: list[Router] = [
    me.router,
    company.router,
    people.router,
    catalog.router,
    prices.router,
    stock.router,
    carts.router,
    approvals.router,
    orders.router,
]
