"""Invoices and credit notes without an order: corrections, fees, goodwill."""

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
from kontor.kernel.money import MAX_QUANTITY, line_net
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.kernel.texts import checked_text
from kontor.orders.intake import OrderDetails
from kontor.orders.parties import Parties, parties_of_account
from kontor.taxes.deciding import Item, Taxation
from kontor.taxes.rules import UnknownRate

REASON_LENGTH = 200
NAME_LENGTH = 250
MOST_LINES = 10_000
PRICE_LIMIT = Decimal(10) ** 11


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeLine:
    """A line in words; `unit_price` buys `price_base` units. Amounts of a credit are positive as well."""

    name: str
    quantity: Decimal
    unit_price: Decimal
    sku: str = ""
    unit: str = "C62"
    price_base: Decimal = Decimal(1)
    tax_category: str = "standard"


@transaction.atomic
def issue_free_invoice(
    *,
    actor: Actor,
    account: CustomerAccount,
    lines: Sequence[FreeLine],
    reason: str = "",
    external_reference: str = "",
    currency: str = "",
) -> Invoice:
    """Invoice a customer for something that was never ordered here; `currency` is the buyer's unless named."""
    return _issue(actor, Invoice.Kind.INVOICE, account, lines, (reason, external_reference, currency))


@transaction.atomic
def issue_free_credit(
    *,
    actor: Actor,
    account: CustomerAccount,
    lines: Sequence[FreeLine],
    reason: str = "",
    external_reference: str = "",
    currency: str = "",
) -> Invoice:
    """Credit a customer without a return: goodwill, a price put right. Raises Refused("reason_missing")."""
    if not reason.strip():
        sentence = _("Say what is credited; it stands on the credit note.")
        raise Refused("reason_missing", sentence, {"reason": sentence})
    return _issue(actor, Invoice.Kind.CREDIT_NOTE, account, lines, (reason, external_reference, currency))


def _issue(
    actor: Actor,
    kind: Invoice.Kind,
    account: CustomerAccount,
    lines: Sequence[FreeLine],
    texts: tuple[str, str, str],
) -> Invoice:
    require(actor, ISSUE_INVOICES)
    if not actor.is_system and account.seller_id != actor.company_id:
        raise NotAllowed("not_your_customer", _("This is not a customer of yours."))
    reason, external_reference, currency = texts
    reason = checked_text(reason, field="reason", limit=REASON_LENGTH)
    _check(lines)
    parties = parties_of_account(account.pk, OrderDetails(po_number="-"))
    if parties is None:
        raise NotAllowed("not_your_customer", _("This is not a customer of yours."))
    currency = currency or parties.buyer_currency
    is_invoice = kind == Invoice.Kind.INVOICE
    written, taxation = _new_lines(parties, lines, currency)
    invoice = write(
        kind,
        written,
        day=parties.seller_day,
        net_days=parties.net_days if is_invoice else 0,
        seller_id=parties.seller_id,
        buyer_id=parties.buyer_id,
        currency=currency,
        billing_address=parties.billing_address,
        terms_text=account.payment_term.name if is_invoice and account.payment_term else "",
        tax_treatment=taxation.treatment,
        tax_facts=taxation.facts,
        reason=reason,
        external_reference=external_reference[:60],
    )
    announce(actor, invoice)
    return invoice


def _new_lines(parties: Parties, lines: Sequence[FreeLine], currency: str) -> tuple[list[NewLine], Taxation]:
    try:
        taxation = parties.taxation([Item(line.tax_category) for line in lines])
    except UnknownRate as problem:
        sentence = _("There is no tax rate of this kind.")
        raise Refused("no_tax_rate", sentence, {f"lines/{problem.line}/tax_category": sentence}) from None
    written = [
        NewLine(
            sku=line.sku[:40],
            name=line.name,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            price_base=line.price_base,
            net=line_net(
                unit_price=line.unit_price,
                price_base=line.price_base,
                quantity=line.quantity,
                currency=currency,
            ),
            tax_category=line.tax_category,
            tax_rate=tax.rate,
            tax_code=tax.code,
        )
        for line, tax in zip(lines, taxation.lines, strict=True)
    ]
    return written, taxation


def _check(lines: Sequence[FreeLine]) -> None:
    if not 1 <= len(lines) <= MOST_LINES:
        raise Refused("no_lines", _("Enter at least one line, and at most %(max)s.") % {"max": MOST_LINES})
    wrong = {}
    for number, line in enumerate(lines):
        if not line.name.strip() or len(line.name) > NAME_LENGTH:
            wrong[f"lines/{number}/name"] = _("Say what the line is for.")
        if not line.quantity.is_finite() or not 0 < line.quantity <= MAX_QUANTITY:
            wrong[f"lines/{number}/quantity"] = _("Enter a quantity above 0.")
        if not line.unit_price.is_finite() or not 0 <= line.unit_price < PRICE_LIMIT or line.price_base <= 0:
            wrong[f"lines/{number}/unit_price"] = _("Enter a price of 0 or more.")
    if wrong:
        raise Refused("lines_wrong", _("Some lines cannot be taken as they are."), wrong)
