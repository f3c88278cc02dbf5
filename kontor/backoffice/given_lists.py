"""Who is given price lists: one customer, a group of customers, all customers; and which price of several counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.kernel.actors import Actor
from kontor.pricing.models import PriceList, PriceScope
from kontor.pricing.operations import Given
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.queries import price_lists_of, scope_of, scopes_for
from kontor.web.asked import key_of
from kontor.web.toasts import Toast

LEAST_FIELDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenForm:
    """The form of lists that somebody is given: a field for each, in order, and some more."""

    options: Sequence[tuple[Any, str]] = ()
    chosen: Sequence[Any] = ()
    is_closed: bool = False
    takes_lowest: bool = False

    @property
    def fields(self) -> int:
        """How many lists can be chosen; none where there is no list to give."""
        return max(LEAST_FIELDS, len(self.chosen) + 1) if len(self.options) > 1 else 0


def given_form(
    lists: Sequence[PriceList], scope: PriceScope, given: Sequence[PriceList], typed: QueryDict
) -> GivenForm:
    """What is chosen from, and what was typed, else what is given."""
    options = [("", "–"), *((one.pk, f"{one.name} ({one.currency})") for one in lists if not one.is_public)]
    if "price_lists" not in typed:
        return GivenForm(
            options=options,
            chosen=[one.pk for one in given],
            is_closed=scope.is_closed,
            takes_lowest=scope.takes_lowest,
        )
    return GivenForm(
        options=options,
        chosen=typed.getlist("price_lists"),
        is_closed=bool(typed.get("is_closed")),
        takes_lowest=bool(typed.get("takes_lowest")),
    )


def given_from(typed: QueryDict, actor: Actor) -> Given:
    """The price lists in the order of their fields; what is not the seller's own is left out."""
    keys = [key for text in typed.getlist("price_lists") if (key := key_of(text)) is not None]
    found = PriceList.objects.visible_to(actor).in_bulk(keys)
    return Given(
        price_lists=[found[key] for key in keys if key in found],
        is_closed=bool(typed.get("is_closed")),
        takes_lowest=bool(typed.get("takes_lowest")),
    )


@dataclass(frozen=True, slots=True)
class Level:
    """The lists of a customer, of its group or of all customers, on the customer's page."""

    label: str
    lists: Sequence[PriceList]
    is_own: bool


def levels_of(account: CustomerAccount) -> tuple[list[Level], PriceScope]:
    """Whose lists are asked one after the other for a customer, to where one says that it stands alone; and its own."""
    levels: list[Level] = []
    own = PriceScope(seller_id=account.seller_id, account=account)
    is_open = True
    for one in scopes_for(account):
        lists = [given.price_list for given in one.assignments.all()]
        if one.account_id is not None:
            own, label = one, ""
        elif one.group_id is not None:
            label = _("of the group %(group)s") % {"group": account.group}
        else:
            label = _("for all customers")
        if is_open and lists:
            levels.append(Level(label, lists, one.account_id is not None))
        is_open = is_open and not one.is_closed
    if is_open:
        levels.append(Level(_("your public list"), [], False))
    return levels, own


def for_all(actor: Actor, lists: Sequence[PriceList], typed: QueryDict) -> dict[str, Any]:
    """What all customers of the seller are given, for its form."""
    scope, given = scope_of(seller_id=actor.company_id or 0)
    return {"given": given_form(lists, scope, given, typed), "given_all": given}


def for_group(actor: Actor, group: CustomerGroup, typed: QueryDict) -> dict[str, Any]:
    """What a group is given, for its page; nothing for those who do not edit prices."""
    if not actor.may(EDIT_PRICES):
        return {"given": None}
    scope, given = scope_of(seller_id=group.seller_id, group_id=group.pk)
    return {"given": given_form(list(price_lists_of(actor)), scope, given, typed), "given_lists": given}


def given_toast() -> Toast:
    """What is said when somebody was given lists."""
    return Toast(
        message=_("The price lists are saved."),
        told=_("The new prices count from now on; offers and orders keep theirs."),
    )
