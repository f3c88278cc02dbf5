"""Addresses in mails: always of this installation, as the operator wrote it, whatever host a request named."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from kontor.notifications.topics import SELLER

# what -> the buyer's page, the seller's page
PAGES = {
    "order": ("storefront:order", "backoffice:order"),
    "request": ("storefront:request", "backoffice:request"),
    "return": ("storefront:return", "backoffice:return"),
    "approval": ("storefront:approval", "storefront:approval"),
    "invoice": ("storefront:invoice", "backoffice:invoice"),
    "customer": ("storefront:company", "backoffice:customer"),
    "pick_list": ("backoffice:pick_list", "backoffice:pick_list"),
    "join": ("storefront:invitation", "storefront:invitation"),
    "home": ("storefront:home", "backoffice:home"),
    "sign_in": ("account_login", "account_login"),
    "reset": ("account_reset_password", "account_reset_password"),
    "preferences": ("storefront:notifications", "storefront:notifications"),
}


def link(what: str, *arguments: object, side: str = "") -> str:
    """The whole address of a page; that of the home page while an edge is not installed."""
    route = PAGES[what][1 if side == SELLER else 0]
    try:
        return settings.SITE_URL + reverse(route, args=arguments)
    except NoReverseMatch:
        return f"{settings.SITE_URL}/"


def preferences_link(topic: str) -> str:
    """Where a person declines this topic."""
    return f"{link('preferences')}#{topic}"
