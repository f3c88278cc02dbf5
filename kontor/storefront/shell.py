"""The frame of the buyer's pages: where to go, what waits in the cart, who is signed in."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kontor.approvals.permissions import DECIDE
from kontor.invoicing.permissions import SEE_INVOICES
from kontor.kernel.actors import Actor
from kontor.orders.models import Order
from kontor.storefront.buying import may_fill_carts
from kontor.web.access import as_kontor
from kontor.web.account_menu import account_of
from kontor.web.addresses import url
from kontor.web.demo import demo_footer
from kontor.web.identity import Identity
from kontor.web.shell import AsCustomer, NavItem, Shell


def shell(request: HttpRequest) -> Shell:
    """The frame for a visitor, a buyer's person, or a sales representative on a customer's behalf."""
    known = as_kontor(request).identity
    actor = known.actor
    return Shell(
        office="buyer" if actor else "guest",
        brand=known.brand or "Kontor",
        accent=known.brand_accent or "harbour",
        home_url=url("storefront:home"),
        nav=_nav(request, actor),
        search_url=url("storefront:search"),
        search_label=_("Search by words or article number"),
        suggest_url=url("storefront:suggest"),
        search_value=request.GET.get("q", "")[:200],
        cart_url=url("storefront:cart") if may_fill_carts(actor) else "",
        cart_count=known.cart_lines if actor else None,
        account=account_of(known),
        sign_in_url="" if actor else url("account_login"),
        register_url="" if actor else url("storefront:register"),
        language_url=url("storefront:language"),
        languages=tuple(settings.LANGUAGES),
        as_customer=as_customer(known),
        footer=demo_footer(),
    )


def as_customer(known: Identity) -> AsCustomer | None:
    """The banner while a representative works on a customer's behalf."""
    actor = known.actor
    if actor is None or actor.acting_for_id is None:
        return None
    return AsCustomer(
        company=actor.acting_for_name,
        rep=actor.name,
        leave_url=url("backoffice:act_for_end"),
        channel=str(Order.Channel(known.acting_channel).label) if known.acting_channel else "",
    )


def _nav(request: HttpRequest, actor: Actor | None) -> tuple[NavItem, ...]:
    entries = [("catalog", _("Products"), "p", True)]
    if actor is not None:
        entries += [
            ("orders", _("Orders"), "o", True),
            ("requests", _("Requests"), "q", True),
            ("approvals", _("Approvals"), "a", actor.may(DECIDE)),
            ("invoices", _("Invoices"), "i", actor.may(SEE_INVOICES)),
            ("returns", _("Returns"), "r", True),
        ]
    path = request.path
    items = []
    for name, label, key, shown in entries:
        if shown:
            address = url(f"storefront:{name}")
            items.append(NavItem(label=label, url=address, key=key, current=path.startswith(address)))
    return tuple(items)
