"""One router per domain app."""

from ninja import Router

from kontor.api.routers import me

ROUTERS: list[Router] = [me.router]
