from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.agreements.models import Agreement
from kontor.agreements.operations.commit import CommitmentRow, save_commitments
from kontor.agreements.operations.save import AgreementFacts, save_agreement
from kontor.agreements.queries import prices_at_end
from kontor.agreements.rules import raised
from kontor.audit.trail import record
from kontor.catalog.ownership import require_own
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused
from kontor.pricing.models import PriceList
from kontor.pricing.operations import Formula, PriceListFacts, PriceRow, save_price_list, set_prices
from kontor.pricing.permissions import EDIT_PRICES

LEAST, MOST = Decimal(-90), Decimal(500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """From when to before when the agreement goes on, and by how many percent its prices change."""

    valid_from: datetime
    valid_until: datetime | None
    percent: Decimal = Decimal(0)


@transaction.atomic
def renew_agreement(*, actor: Actor, agreement: Agreement, renewal: Renewal) -> Agreement:
    """Draft the agreement that follows: the same, with new dates, prices changed by a percentage, nothing used.

    The prices are those that stand when the old one ends; they are in a list of their own, so that both stand side by
    side. A formula changes by the percentage as well. Raises Refused: ``still_draft``; ``renewed_already``;
    ``incomplete`` at ``percent``; what `save_agreement` raises.
    """
    require(actor, EDIT_PRICES)
    require_own(actor, agreement.seller_id)
    old = Agreement.objects.select_for_update(of=("self",)).select_related(
        "seller", "price_list__basis", "account", "group"
    ).get(pk=agreement.pk)  # fmt: skip
    if old.status == Agreement.Status.DRAFT:
        raise Refused("still_draft", _("A draft is changed, not renewed."))
    if Agreement.objects.filter(renews=old).exists():
        raise Refused("renewed_already", _("This agreement was renewed already."))
    if not LEAST <= renewal.percent <= MOST:
        message = _("Enter a percentage between −90 and 500.")
        raise Refused("incomplete", message, {"percent": message})
    new = save_agreement(
        actor=actor,
        facts=AgreementFacts(
            title=old.title,
            kind=old.kind,
            account=old.account,
            group=old.group,
            currency=old.currency,
            valid_from=renewal.valid_from,
            valid_until=renewal.valid_until,
            buyer_number=old.buyer_number,
            contact=old.contact,
            terms=old.terms,
        ),
        seller=old.seller,
    )
    new.renews = old
    if old.price_list is not None:
        new.price_list = _copied_list(actor, old.price_list, new, renewal.percent)
    new.save(update_fields=["renews", "price_list"])
    rows = [
        CommitmentRow(one.product_id, one.kind, one.measure, one.committed) for one in old.commitments.all()
    ]
    save_commitments(actor=actor, agreement=new, rows=rows)
    record(actor, "agreements.renewed", ("agreement", old.pk), changes={"number": new.number})
    return new


def _copied_list(actor: Actor, source: PriceList, new: Agreement, percent: Decimal) -> PriceList:
    formula = None
    if source.basis is not None:
        rate = 1 + percent / 100
        factor, addend = round(source.factor * rate, 6), round(source.addend * rate, 6)
        formula = Formula(source.basis, factor, addend, source.round_to, source.ending, source.rate_days)
    copy = save_price_list(
        actor=actor,
        facts=PriceListFacts(
            name=f"{new.number} {new.title}"[:120],
            code=new.number,
            currency=source.currency,
            is_graduated=source.is_graduated,
            formula=formula,
        ),
        seller=new.seller,
    )
    rows = [
        PriceRow(
            product_id=one.product_id,
            amount=None if one.amount is None else raised(one.amount, percent, source.currency),
            min_quantity=one.min_quantity,
            price_base=one.price_base,
            unit=one.unit,
        )
        for one in prices_at_end(source, new.valid_from)
    ]
    set_prices(actor=actor, price_list=copy, rows=rows, agreed=True)
    return copy
