"""The frame of the back office: each role sees the rooms it works in."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kontor.catalog.permissions import EDIT_ASSORTMENTS, EDIT_CATALOG
from kontor.companies.permissions import ACCEPT_CUSTOMERS, MANAGE_COMPANY
from kontor.discovery.permissions import ANSWER_INQUIRIES
from kontor.fulfilment.permissions import ACCEPT_RETURNS, SHIP
from kontor.inventory.permissions import MOVE_STOCK, SEE_STOCK
from kontor.invoicing.permissions import SEE_INVOICES
from kontor.kernel.actors import Actor
from kontor.orders.models import Order
from kontor.orders.permissions import CONFIRM_ORDERS
from kontor.pricing.permissions import EDIT_PRICES
from kontor.quotes.permissions import ANSWER_QUOTES
from kontor.search.permissions import CURATE_SEARCH
from kontor.taxes.permissions import MANAGE_TAXES
from kontor.web.access import as_kontor
from kontor.web.account_menu import account_of
from kontor.web.demo import demo_footer
from kontor.web.identity import Identity
from kontor.web.shell import AsCustomer, NavItem, Shell

ALSO = {
    "customers": ("customer-groups/",),
    "imports": ("exports/", "schedules/", "feeds/"),
    "picking": ("pick-lists/",),
    "price_lists": (
        "agreements/",
        "charges/",
        "exchange-rates/",
        "margins/",
        "price-rounds/",
        "prices/",
        "promotions/",
        "rebates/",
    ),
    "products": ("attributes/", "categories/", "families/"),
    "stock": ("receipts/", "warehouses/"),
}
"""Below the office's address: whose pages belong to a room without standing below its own."""


def shell(request: HttpRequest) -> Shell:
    """The frame for a seller's person or for the platform's operator."""
    known = as_kontor(request).identity
    actor = known.actor
    platform = actor is not None and actor.is_operator
    return Shell(
        office="operator" if platform else "seller",
        office_name=_("Platform") if platform else _("Back office"),
        brand=actor.company_name if actor else "Kontor",
        accent=known.accent or "harbour",
        home_url=reverse("backoffice:platform_home" if platform else "backoffice:home"),
        nav=_nav(request, actor),
        search_url=reverse("backoffice:orders") if actor and actor.may(CONFIRM_ORDERS) else "",
        search_label=_("Find an order by number, customer or PO number"),
        account=account_of(known),
        sign_in_url="" if actor else reverse("account_login"),
        language_url=reverse("storefront:language"),
        languages=tuple(settings.LANGUAGES),
        as_customer=_as_customer(known),
        footer=demo_footer(),
    )


def _as_customer(known: Identity) -> AsCustomer | None:
    """The banner while somebody works for a customer in the shop: here to leave it, the office is always the own."""
    actor = known.actor
    if actor is None or actor.acting_for_id is None:
        return None
    return AsCustomer(
        company=actor.acting_for_name,
        rep=actor.name,
        leave_url=reverse("backoffice:act_for_end"),
        channel=str(dict(Order.Channel.choices).get(known.acting_channel, "")),
    )


def _nav(request: HttpRequest, actor: Actor | None) -> tuple[NavItem, ...]:
    if actor is None:
        return ()
    if actor.is_operator:
        rooms = [
            ("platform_companies", _("Companies"), "c", True),
            ("platform_health", _("Health"), "h", True),
            ("tax_rates", _("Tax rates"), "t", True),
            ("audit", _("Audit"), "a", True),
        ]
    else:
        rooms = [
            ("requests", _("Requests"), "q", actor.may(ANSWER_QUOTES)),
            ("inquiries", _("Questions"), "w", actor.may(ANSWER_INQUIRIES)),
            ("orders", _("Orders"), "o", actor.may(CONFIRM_ORDERS) or actor.may(SEE_INVOICES)),
            ("customers", _("Customers"), "c", actor.may(ACCEPT_CUSTOMERS)),
            ("picking", _("Picking"), "p", actor.may(SHIP)),
            ("shipments", _("Shipments"), "s", actor.may(SHIP)),
            ("returns", _("Returns"), "r", actor.may(ACCEPT_RETURNS)),
            ("invoices", _("Invoices"), "i", actor.may(SEE_INVOICES)),
            ("products", _("Products"), "a", actor.may(EDIT_CATALOG)),
            ("assortments", _("Assortments"), "v", actor.may(EDIT_ASSORTMENTS)),
            ("search", _("Search"), "f", actor.may(CURATE_SEARCH)),
            ("price_lists", _("Prices"), "l", actor.may(EDIT_PRICES)),
            ("stock", _("Stock"), "k", actor.may(SEE_STOCK)),
            ("imports", _("Imports"), "m", any(map(actor.may, (EDIT_CATALOG, EDIT_PRICES, MOVE_STOCK)))),
            ("taxes", _("Taxes"), "t", actor.may(MANAGE_TAXES)),
            ("audit", _("Audit"), "u", actor.may(MANAGE_COMPANY)),
        ]
    items, office = [], reverse("backoffice:home")
    for name, label, key, shown in rooms:
        if shown:
            url = reverse(f"backoffice:{name}")
            current = request.path.startswith((url, *(office + more for more in ALSO.get(name, ()))))
            items.append(NavItem(label=label, url=url, key=key, current=current))
    return tuple(items)
