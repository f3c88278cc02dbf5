"""One router per domain app."""

from ninja import Router

from kontor.api.routers import company, me, people

ROUTERS: list[Router] = [me.router, company.router, people.router]
