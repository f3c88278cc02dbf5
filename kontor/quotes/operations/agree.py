from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.agreements.models import Agreement, Commitment
from kontor.agreements.operations import AgreementFacts, CommitmentRow, save_agreement, save_commitments
from kontor.audit.trail import record
from kontor.companies.models import CustomerAccount
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused
from kontor.pricing.operations import PriceRow, set_prices
from kontor.pricing.permissions import EDIT_PRICES
from kontor.quotes.models import Offer, OfferLine
from kontor.quotes.permissions import require_seller_side


@transaction.atomic
def agree_on_offer(*, actor: Actor, offer: Offer, facts: AgreementFacts, committed: str = "") -> Agreement:
    """Draft an agreement with the buyer at the prices of its accepted offer, in a new list.

    Title, kind, dates and terms are of `facts`. `committed` says what the offered quantities are: the most that is sold
    at these prices (``at_most``), the least that is bought (``at_least``), or neither. An article offered in several
    quantities has a break at each. Configured articles are left out: their price is of what was chosen.
    Raises Refused: ``not_accepted``; ``no_customer``; ``nothing_to_agree``; what `save_agreement` raises.
    """
    request = offer.request
    require(actor, EDIT_PRICES)
    require_seller_side(actor, seller_id=request.seller_id)
    if offer.status != Offer.Status.ACCEPTED:
        raise Refused("not_accepted", _("Only what the customer has accepted is agreed."))
    account = CustomerAccount.objects.filter(
        buyer_id=request.buyer_id, seller_id=request.seller_id, status=CustomerAccount.Status.ACTIVE
    ).first()
    if account is None:
        raise Refused("no_customer", _("This company is no active customer of yours."))
    lines = list(offer.lines.filter(configuration=None, unit_price__isnull=False).order_by("position"))
    if not lines:
        raise Refused("nothing_to_agree", _("The offer has no article whose price could go on."))
    facts = replace(
        facts, account=account, group=None, price_list=None, adds_list=True, currency=request.currency
    )
    agreement = save_agreement(actor=actor, facts=facts, seller=request.seller)
    if agreement.price_list is not None:
        set_prices(actor=actor, price_list=agreement.price_list, rows=_prices(lines), agreed=True)
    if committed in Commitment.Kind.values:
        save_commitments(actor=actor, agreement=agreement, rows=_commitments(lines, committed))
    record(actor, "quotes.agreed_on", ("quote", request.pk), changes={"agreement": agreement.number})
    return agreement


def _prices(lines: Iterable[OfferLine]) -> list[PriceRow]:
    """A break per quantity; the lowest counts from the first unit on. Of the same quantity twice, the first line's."""
    rows: dict[tuple[int, Decimal], PriceRow] = {}
    begun: set[int] = set()
    for line in sorted(lines, key=lambda one: one.quantity * one.factor):
        least = line.quantity * line.factor if line.product_id in begun else Decimal(1)
        begun.add(line.product_id)
        row = PriceRow(line.product_id, line.unit_price, min_quantity=least, price_base=line.price_base)
        rows.setdefault((line.product_id, least), row)
    return list(rows.values())


def _commitments(lines: Iterable[OfferLine], kind: str) -> list[CommitmentRow]:
    offered: dict[int, Decimal] = {}
    for line in lines:
        offered[line.product_id] = offered.get(line.product_id, Decimal(0)) + line.quantity * line.factor
    return [
        CommitmentRow(product, kind, Commitment.Measure.QUANTITY, quantity)
        for product, quantity in offered.items()
    ]
