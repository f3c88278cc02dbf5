"""Addresses in mails: always of this installation, as the operator wrote it, whatever host a request named."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from kontor.notifications.topics import SELLER

BUYERS = {
    "order": ("storefront:order", "storefront:orders"),
    "request": ("storefront:request", "storefront:requests"),
    "agreement": ("storefront:agreement", "storefront:agreements"),
    "return": ("storefront:return", "storefront:returns"),
    "approval": ("storefront:approval", "storefront:approvals"),
    "invoice": ("storefront:invoice", "storefront:invoices"),
    "join": ("storefront:invitation",),
    "inquiry": ("storefront:inquiry", "storefront:inquiries"),
    "product": ("storefront:product", "storefront:catalog"),
    "alerts": ("storefront:alerts",),
    "price_file": ("storefront:price_file",),
    "alerts_end": ("storefront:alerts_end",),
    "home": ("storefront:home",),
    "sign_in": ("account_login",),
    "reset": ("account_reset_password",),
    "preferences": ("storefront:notifications",),
}
SELLERS = {
    "order": ("backoffice:order", "backoffice:orders"),
    "request": ("backoffice:request", "backoffice:requests"),
    "agreement": ("backoffice:agreement", "backoffice:agreements"),
    "return": ("backoffice:return", "backoffice:returns"),
    "customer": ("backoffice:customer", "backoffice:customers"),
    "pick_list": ("backoffice:pick_list", "backoffice:picking"),
    "inquiry": ("backoffice:inquiry", "backoffice:inquiries"),
    "schedule": ("backoffice:schedule", "backoffice:schedules"),
    "home": ("backoffice:home",),
}
"""What a mail is about -> its page on that side, then the list it is found in."""


def link(what: str, *arguments: object, side: str = "") -> str:
    """The whole address of a page; that of its list, at last of the home page, where there is no such page."""
    page, *lists = (SELLERS if side == SELLER else BUYERS)[what]
    for route, given in ((page, arguments), *((each, ()) for each in lists)):
        try:
            return settings.SITE_URL + reverse(route, args=given)
        except NoReverseMatch:
            continue
    return f"{settings.SITE_URL}/"


def preferences_link(topic: str) -> str:
    """Where a person declines this topic."""
    return f"{link('preferences')}#{topic}"
