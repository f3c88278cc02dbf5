"""The first page of a seller's people: the desks they work at, each with what waits there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kontor.backoffice import desks
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.fulfilment.permissions import SHIP
from kontor.invoicing.permissions import ISSUE_INVOICES
from kontor.kernel.actors import Actor
from kontor.kernel.capabilities import Capability
from kontor.quotes.permissions import ANSWER_QUOTES
from kontor.web.access import seller
from kontor.web.identity import PersonRequest
from kontor.web.pages import page


@dataclass(frozen=True, slots=True)
class Desk:
    """A place of work: who sits there, and what stands on it."""

    key: str
    label: str | Promise
    right: Capability
    laid: Callable[[Actor, str], dict[str, Any]]


DESKS = (
    Desk("sales", gettext_lazy("Sales"), ANSWER_QUOTES, desks.sales),
    Desk("warehouse", gettext_lazy("Warehouse"), SHIP, desks.warehouse),
    Desk("finance", gettext_lazy("Finance"), ISSUE_INVOICES, desks.finance),
    Desk("catalog", gettext_lazy("Catalog"), EDIT_CATALOG, desks.catalog),
)


@seller
@require_GET
def home(request: PersonRequest) -> HttpResponse:
    """GET /office/ -> the person's desk; who works at several sees a tab for each (?desk=finance)."""
    actor = at_own_desk(request)
    own = [desk for desk in DESKS if actor.may(desk.right)]
    asked = request.GET.get("desk", "")
    desk = next((one for one in own if one.key == asked), own[0] if own else None)
    address = reverse("backoffice:home")
    tabs = [{"label": one.label, "url": f"{address}?desk={one.key}", "current": one is desk} for one in own]
    return page(
        request,
        "backoffice/home/home.html",
        block="desk",
        first_name=actor.name.partition(" ")[0],
        company=actor.company_name,
        tabs=tabs if len(own) > 1 else [],
        tabs_label=_("Desks"),
        desk=desk.key if desk else "",
        values=desk.laid(actor, request.identity.timezone or "UTC") if desk else {},
    )


urlpatterns = [path("", home, name="home")]
