"""The form of an agreement: whom it is with, from which to which day, at which list."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from kontor.agreements.models import Agreement
from kontor.agreements.operations import AgreementFacts
from kontor.companies.models import Company, CustomerAccount, CustomerGroup
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import printable
from kontor.pricing.models import PriceList
from kontor.web.asked import day_of, key_of

NEW_LIST = "new"
WORDS = ("title", "kind", "buyer_number", "contact", "terms")


def facts_of(form: Mapping[str, str], actor: Actor, seller: Company) -> AgreementFacts:
    """The agreement as it was typed. Raises Refused at days and at a customer that is none."""
    begins, ends = days_of(form, seller)
    typed = {name: form.get(name, "").strip() for name in ("account", "group", "price_list")}
    account = None
    if typed["account"]:
        own = CustomerAccount.objects.visible_to(actor).filter(seller=seller)
        account = own.filter(customer_number=typed["account"][:20].replace("\x00", "")).first()
        if account is None:
            message = _("You have no customer with this number.")
            raise Refused("incomplete", message, {"account": message})
    groups, lists = CustomerGroup.objects.visible_to(actor), PriceList.objects.visible_to(actor)
    return AgreementFacts(
        **{name: printable(form.get(name, "")) for name in WORDS},
        account=account,
        group=groups.filter(pk=key_of(typed["group"]) or 0).first(),
        price_list=lists.filter(pk=key_of(typed["price_list"]) or 0).first(),
        adds_list=typed["price_list"] == NEW_LIST,
        valid_from=begins,
        valid_until=ends,
    )


def days_of(form: Mapping[str, str], seller: Company) -> tuple[datetime, datetime | None]:
    """From the beginning of the first day to the end of the last one, in the seller's time zone. Raises Refused."""
    wrong, found = {}, {}
    for name in ("valid_from", "valid_until"):
        text = form.get(name, "").strip()
        found[name] = day_of(text)
        if found[name] is None and (text or name == "valid_from"):
            wrong[name] = _("Enter a day, such as 2026-05-31.")
    first, last = found["valid_from"], found["valid_until"]
    if first is None or wrong:
        raise Refused("incomplete", _("The agreement was not saved. Correct the marked fields."), wrong)
    return _begin(first, seller), _begin(last + timedelta(days=1), seller) if last else None


def _begin(day: date, seller: Company) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(seller.timezone))


def fields_of(found: Agreement | None, typed: Mapping[str, str]) -> dict[str, Any]:
    """What stands in the form: what was typed, else what is saved."""
    if "title" in typed or found is None:
        return {"price_list": NEW_LIST, "kind": Agreement.Kind.CONTRACT} | dict(typed.items())
    saved = {name: getattr(found, name) for name in WORDS}
    return saved | {
        "account": found.account.customer_number if found.account else "",
        "group": str(found.group_id or ""),
        "price_list": str(found.price_list_id or ""),
        "valid_from": found.first_day.isoformat(),
        "valid_until": found.last_day.isoformat() if found.last_day else "",
    }


def choices_of(actor: Actor, found: Agreement | None = None) -> dict[str, Any]:
    """What can be chosen: kinds, groups, and lists that no other agreement has."""
    taken = Agreement.objects.visible_to(actor).filter(price_list__isnull=False)
    taken = taken.exclude(pk=found.pk) if found else taken
    lists = PriceList.objects.visible_to(actor).filter(~Q(pk__in=taken.values("price_list")), is_public=False)
    return {
        "kinds": Agreement.Kind.choices,
        "groups": [("", "–"), *((one.pk, one.name) for one in CustomerGroup.objects.visible_to(actor))],
        "lists": [
            (NEW_LIST, _("A new, empty one")),
            *((one.pk, f"{one.name} ({one.currency})") for one in lists.order_by("name", "pk")),
            ("", _("None: only what is bought")),
        ],
    }
