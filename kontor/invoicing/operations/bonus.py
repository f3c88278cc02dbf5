"""Pay out a bonus on what was invoiced before, or take a part of it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.companies.models import CustomerAccount
from kontor.invoicing.models import Invoice
from kontor.invoicing.permissions import ISSUE_INVOICES
from kontor.invoicing.writing import NewLine, announce, write
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import NotAllowed
from kontor.orders.intake import OrderDetails
from kontor.orders.parties import parties_of_account

REASON_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BonusPart:
    """What of a bonus rests on goods of one tax category, code and rate (percent), net and above zero."""

    net: Decimal
    tax_category: str
    tax_code: str
    tax_rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BonusNote:
    """A bonus for one customer. `rests_on` is an invoice whose currency and tax treatment are those of all the goods.

    `takes_back` makes it an invoice.
    """

    account: CustomerAccount
    rests_on: Invoice
    parts: Sequence[BonusPart]
    name: str
    reason: str
    reference: str
    takes_back: bool = False


@transaction.atomic
def issue_bonus_note(*, actor: Actor, note: BonusNote) -> Invoice:
    """Issue the credit note over a bonus; an invoice where a part of one is taken back. One line per tax rate.

    The rates are those of the invoices it rests on, whatever they are today. Raises what trading with the customer
    raises when its account is blocked.
    """
    require(actor, ISSUE_INVOICES)
    if not actor.is_system and note.account.seller_id != actor.company_id:
        raise NotAllowed("not_your_customer", _("This is not a customer of yours."))
    parties = parties_of_account(note.account.pk, OrderDetails(po_number="-"))
    if parties is None:
        raise NotAllowed("not_your_customer", _("This is not a customer of yours."))
    invoice = write(
        Invoice.Kind.INVOICE if note.takes_back else Invoice.Kind.CREDIT_NOTE,
        [_line(note.name, part) for part in note.parts],
        day=parties.seller_day,
        net_days=parties.net_days if note.takes_back else 0,
        seller_id=parties.seller_id,
        buyer_id=parties.buyer_id,
        currency=note.rests_on.currency,
        billing_address=parties.billing_address,
        terms_text=note.account.payment_term.name if note.takes_back and note.account.payment_term else "",
        tax_treatment=note.rests_on.tax_treatment,
        tax_facts=note.rests_on.tax_facts,
        reason=note.reason[:REASON_LENGTH],
        external_reference=note.reference,
    )
    announce(actor, invoice)
    return invoice


def _line(name: str, part: BonusPart) -> NewLine:
    return NewLine(
        sku="",
        name=name,
        quantity=Decimal(1),
        unit="C62",
        unit_price=part.net,
        price_base=Decimal(1),
        net=part.net,
        tax_category=part.tax_category,
        tax_rate=part.tax_rate,
        tax_code=part.tax_code,
    )
