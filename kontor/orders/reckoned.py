"""A draft reckoned as every basket is: prices within contracts, promotions, charges (`carts.reckoning`)."""

from collections.abc import Sequence
from dataclasses import dataclass

from kontor.carts.messages import line_problem
from kontor.carts.reckoning import Reckoned, reckon
from kontor.carts.rules import LineProblem
from kontor.kernel import clock
from kontor.kernel.money import ZERO, line_net
from kontor.orders.draft import Draft, DraftCharge, DraftLine
from kontor.orders.grounds import Bought, grounds_of
from kontor.orders.wares import refuse_lines, wares_given
from kontor.pricing.basket import Basket, BasketLine
from kontor.pricing.queries import Chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a basket is judged by beside its lines: the buyer's chain, channel, who orders, codes as typed."""

    chain: Chain
    channel: str
    membership_id: int | None
    codes: Sequence[str] = ()


def reckon_draft(draft: Draft, asked: Circumstances) -> None:
    """Lower the lines, add gifts and charges, keep why each costs what it does. `Draft.add_up` follows.

    Raises Refused("lines_not_orderable") where nothing is left of a contract and no further list has a price.
    """
    parties = draft.parties
    lines = list(draft.lines)
    reckoned = reckon(
        Basket(
            seller_id=parties.seller_id,
            buyer_id=parties.buyer_id,
            account_id=parties.account_id,
            membership_id=asked.membership_id,
            channel=asked.channel,
            currency=draft.currency,
            at=clock.now(),
            lines=(),
            delivery_country=str(parties.delivery_address.get("country", "")),
            delivery_postcode=str(parties.delivery_address.get("postal_code", "")),
            codes=asked.codes,
        ),
        [_basket_line(line, draft.currency) for line in lines],
        chain=asked.chain,
        chosen={number: line.chosen for number, line in enumerate(lines) if line.chosen},
    )
    unpriced = [number for number, line in enumerate(reckoned.lines) if line is None]
    refuse_lines({number: line_problem(LineProblem.NO_PRICE) for number in unpriced})
    for number, (line, found) in enumerate(zip(lines, reckoned.lines, strict=True)):
        if found is not None:
            line.unit_price, line.price_base = found.unit_price, found.price_base
            line.price_source, line.allowance = found.price_source, found.allowance
        if number in reckoned.passed_over:
            line.price_break = None
    _ground(lines, reckoned, asked.chain, parties.account_id)
    draft.lines = [*lines, *_gifts(reckoned)]
    draft.charges = [DraftCharge(charge=one) for one in reckoned.charges]
    draft.reckoned = reckoned


def _basket_line(line: DraftLine, currency: str) -> BasketLine:
    return BasketLine(
        product_id=line.product_id,
        unit=line.unit,
        quantity=line.quantity,
        base_quantity=line.base_quantity,
        unit_price=line.unit_price,
        price_base=line.price_base,
        net=line_net(
            unit_price=line.unit_price,
            price_base=line.price_base,
            quantity=line.base_quantity,
            currency=currency,
        ),
        tax_category=line.tax_category,
        price_source=line.price_source,
    )


def _ground(lines: Sequence[DraftLine], reckoned: Reckoned, chain: Chain, account_id: int) -> None:
    bought = [
        Bought(
            line.product_id,
            found.price_list_id if found else None,
            line.unit,
            line.price_break,
            reckoned.passed_over.get(number, ()),
        )
        for number, (line, found) in enumerate(zip(lines, reckoned.lines, strict=True))
    ]
    for line, grounds in zip(lines, grounds_of(chain, account_id, bought), strict=True):
        line.price_grounds = grounds


def _gifts(reckoned: Reckoned) -> list[DraftLine]:
    """Lines at 0 for the goods that come free, in their base units."""
    gifts = reckoned.gifts
    if not gifts:
        return []
    wares = wares_given(
        [one.product_id for one in gifts],
        ["" for _one in gifts],
        [one.base_quantity for one in gifts],
        [one.name for one in gifts],
        [None for _one in gifts],
    )
    return [
        _given(ware.draft(number), gift.promotion_id)
        for number, (ware, gift) in enumerate(zip(wares, gifts, strict=True), len(reckoned.lines))
    ]


def _given(line: DraftLine, promotion_id: int) -> DraftLine:
    line.unit_price, line.price_source = ZERO, f"promotion:{promotion_id}"
    return line
