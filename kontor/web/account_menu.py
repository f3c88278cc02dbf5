"""The account menu: the same in every office, with the ways from one office to the other."""

from django.utils.translation import gettext as _

from kontor.agreements.permissions import SEE_AGREEMENTS
from kontor.companies.permissions import MANAGE_PEOPLE
from kontor.companies.roles import ROLES
from kontor.discovery.permissions import may_watch
from kontor.web.addresses import url
from kontor.web.identity import Identity
from kontor.web.shell import Account, NavItem


def account_of(known: Identity) -> Account | None:
    """The account menu; the same in every office."""
    actor = known.actor
    if actor is None:
        return None
    items = [
        NavItem(label=_("Your profile"), url=url("storefront:profile"), icon="user-circle"),
        NavItem(label=_("Company"), url=url("storefront:company"), icon="building-office"),
    ]
    if known.is_buyer and actor.may(SEE_AGREEMENTS):
        agreed = url("storefront:agreements")
        items.append(NavItem(label=_("Agreements"), url=agreed, icon="document-check"))
    if known.is_buyer and may_watch(actor):
        items.append(NavItem(label=_("My alerts"), url=url("storefront:alerts"), icon="bell"))
    if known.is_buyer:
        asked = url("storefront:inquiries")
        items.append(NavItem(label=_("Questions"), url=asked, icon="chat-bubble-left-right"))
    if known.companies > 1:
        companies = f"{url('storefront:profile')}#companies"
        items.append(NavItem(label=_("Switch company"), url=companies, icon="arrows-right-left"))
    if actor.may(MANAGE_PEOPLE):
        items.append(NavItem(label=_("People"), url=url("storefront:people"), icon="users"))
    if actor.is_seller:
        items.append(NavItem(label=_("Back office"), url=url("backoffice:home"), icon="briefcase"))
    if actor.is_operator:
        items.append(NavItem(label=_("Platform"), url=url("backoffice:platform_home"), icon="server"))
    return Account(
        name=actor.name,
        company=actor.company_name,
        role=", ".join(str(ROLES[role]) for role in known.roles if role in ROLES),
        items=tuple(items),
        sign_out_url=url("account_logout"),
    )
