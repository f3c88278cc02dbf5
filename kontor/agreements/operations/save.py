from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.agreements.models import Agreement
from kontor.audit.trail import record
from kontor.catalog.ownership import require_own, selling_company_id
from kontor.companies.models import Company, CustomerAccount, CustomerGroup
from kontor.kernel.actors import Actor, require
from kontor.kernel.numbering import next_number
from kontor.kernel.refusal import Refused
from kontor.pricing.models import PriceList
from kontor.pricing.operations import Formula, PriceListFacts, save_price_list
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.queries import scope_of

LONGEST = {"title": 120, "buyer_number": 40, "contact": 150}
FIXED = ("kind", "account_id", "group_id", "price_list_id", "valid_from")
"""What stays once an agreement is in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFacts:
    """An agreement as a form gives it: with a customer or with a group, from `valid_from` to before `valid_until`.

    `price_list` is one of the seller's that no other agreement has; with `adds_list` an empty one is added for it, in
    `currency`, else that of the customer's lists; with neither it has no prices of its own.
    """

    title: str
    valid_from: datetime
    valid_until: datetime | None = None
    kind: str = Agreement.Kind.CONTRACT
    account: CustomerAccount | None = None
    group: CustomerGroup | None = None
    price_list: PriceList | None = None
    adds_list: bool = False
    currency: str = ""
    buyer_number: str = ""
    contact: str = ""
    terms: str = ""

    def columns(self) -> dict[str, Any]:
        """As the table has them, but for the list."""
        return {
            "title": self.title.strip(),
            "kind": self.kind,
            "account_id": self.account.pk if self.account else None,
            "group_id": self.group.pk if self.group else None,
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
            "buyer_number": self.buyer_number.strip(),
            "contact": self.contact.strip(),
            "terms": self.terms.strip(),
        }


@transaction.atomic
def save_agreement(
    *, actor: Actor, facts: AgreementFacts, agreement: Agreement | None = None, seller: Company | None = None
) -> Agreement:
    """Draft an agreement of the actor's company (the system names the seller), or change one.

    Once it is in force, only its title, end, terms and what the customer calls it change; a new end is the list's too.
    Raises Refused: ``incomplete`` at the fields; ``fixed`` at what stays; ``list_taken`` at ``price_list``.
    """
    require(actor, EDIT_PRICES)
    if agreement is None:
        agreement = Agreement(seller_id=selling_company_id(actor, seller))
    else:
        require_own(actor, agreement.seller_id)
        agreement = (
            Agreement.objects.select_for_update(of=("self",)).select_related("seller").get(pk=agreement.pk)
        )
        if agreement.status == Agreement.Status.TERMINATED:
            raise Refused("terminated", _("A terminated agreement stays as it is. Renew it instead."))
    _check(facts, agreement)
    changes = _changes(facts, agreement)
    if not agreement.number:
        agreement.number = next_number("AG", seller_id=agreement.seller_id)
    if agreement.status == Agreement.Status.DRAFT:
        agreement.currency = _currency(facts, agreement)
        agreement.price_list = _list_for(actor, facts, agreement)
    elif "valid_until" in changes and agreement.price_list is not None:
        keep_list_dates(actor, agreement)
    agreement.save()
    record(
        actor, "agreements.agreement_saved", ("agreement", agreement.pk),
        changes={"number": agreement.number} | changes,
    )  # fmt: skip
    return agreement


def _check(facts: AgreementFacts, agreement: Agreement) -> None:
    problems = {}
    if not facts.title.strip():
        problems["title"] = _("Say what it is about, as “Frame 2027”.")
    for name, longest in LONGEST.items():
        if len(getattr(facts, name)) > longest:
            problems[name] = _("Enter at most %(longest)s characters.") % {"longest": longest}
    party = facts.account or facts.group
    if party is None or (facts.account and facts.group) or party.seller_id != agreement.seller_id:
        problems["account"] = _("Choose one of your customers, or a group of them.")
    if facts.kind not in Agreement.Kind.values:
        problems["kind"] = _("Choose contract or project.")
    if facts.valid_until is not None and facts.valid_until <= facts.valid_from:
        problems["valid_until"] = _("It must end after it begins.")
    one = facts.price_list
    if one is not None and (one.seller_id != agreement.seller_id or one.is_public):
        problems["price_list"] = _("Choose a list of your own that is not for everybody.")
    if problems:
        raise Refused("incomplete", _("The agreement was not saved. Correct the marked fields."), problems)
    if one and Agreement.objects.filter(price_list=one).exclude(pk=agreement.pk).exists():
        message = _("Another agreement has this list. Each has a list of its own.")
        raise Refused("list_taken", message, {"price_list": message})


def _changes(facts: AgreementFacts, agreement: Agreement) -> dict[str, list[Any]]:
    """What changes, written into the row. Raises Refused("fixed")."""
    columns = facts.columns()
    if agreement.status != Agreement.Status.DRAFT:
        columns["price_list_id"] = facts.price_list.pk if facts.price_list else None
        moved = [name for name in FIXED if getattr(agreement, name) != columns[name]]
        if moved:
            message = _(
                "This stays while the agreement is in force. Terminate it, or renew it with the change."
            )
            raise Refused("fixed", message, {name.removesuffix("_id"): message for name in moved})
    changes = {}
    for name, value in columns.items():
        if getattr(agreement, name) != value:
            changes[name] = [getattr(agreement, name), value]
            setattr(agreement, name, value)
    return changes


def _list_for(actor: Actor, facts: AgreementFacts, agreement: Agreement) -> PriceList | None:
    if not facts.adds_list:
        return facts.price_list
    seller = agreement.seller
    words = PriceListFacts(
        name=f"{agreement.number} {agreement.title}"[:120],
        code=f"{agreement.number}",
        currency=agreement.currency,
    )
    return save_price_list(actor=actor, facts=words, seller=seller)


def _currency(facts: AgreementFacts, agreement: Agreement) -> str:
    """That of its list, else of the lists that the customer has, else of the seller."""
    if facts.price_list is not None:
        return facts.price_list.currency
    if facts.currency:
        return facts.currency
    given = {"account_id": agreement.account_id, "group_id": agreement.group_id}
    _scope, lists = scope_of(seller_id=agreement.seller_id, **given)
    return lists[0].currency if lists else agreement.seller.currency


def keep_list_dates(actor: Actor, agreement: Agreement) -> None:
    """Let the agreement's price list count as long as the agreement does."""
    one = agreement.price_list
    if one is None or (one.valid_from, one.valid_until) == (agreement.valid_from, agreement.valid_until):
        return
    formula = None
    if one.basis is not None:
        formula = Formula(one.basis, one.factor, one.addend, one.round_to, one.ending, one.rate_days)
    facts = PriceListFacts(
        name=one.name,
        currency=one.currency,
        code=one.code,
        valid_from=agreement.valid_from,
        valid_until=agreement.valid_until,
        is_graduated=one.is_graduated,
        formula=formula,
    )
    save_price_list(actor=actor, facts=facts, price_list=one, agreed=True)
