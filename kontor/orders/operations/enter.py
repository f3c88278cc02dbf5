from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.models import Configuration
from kontor.catalog.operations import keep_configurations
from kontor.goods.options import code_of
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.money import ZERO
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.orders.draft import Draft, DraftLine
from kontor.orders.duplicates import naming_duplicates
from kontor.orders.events import OrderPlaced
from kontor.orders.intake import EnteredLine, EnteredOrder, OrderDetails, cleaned
from kontor.orders.models import Order
from kontor.orders.operations.place import facts_of, repeats_po, trail_facts
from kontor.orders.parties import Parties, parties_of_account
from kontor.orders.permissions import ENTER_ORDERS
from kontor.orders.reckoned import Circumstances, reckon_draft
from kontor.orders.wares import problems_of, refuse_lines, wares_given
from kontor.pricing.floors import Lowered, require_floor
from kontor.pricing.queries import Chain, ResolvedPrice, Wanted, chain_for, resolve

UNIT_PRICE_LIMIT = 10**11
MOST_LINES = 10_000


@naming_duplicates
@transaction.atomic
def enter_order(*, actor: Actor, entered: EnteredOrder) -> Order:
    """Take down an order for a customer: by phone, by mail, at the counter, from an import.

    The seller's side may set prices by hand, give lines free of charge, and sell below a minimum; no limit of the buyer
    applies. Promotions and charges are those of any order; one from an import comes as it was. Stock is reserved. The
    number of statements does not depend on the number of lines.
    Raises Refused with the sentence at its line (``lines/3/quantity``, from 0), ``below_floor`` at ``unit_price`` where
    a price by hand is lower than the actor may give.
    """
    require(actor, ENTER_ORDERS)
    details = cleaned(entered.details())
    draft = _drafted(actor, entered, details)
    parties = draft.parties
    facts = facts_of(actor, parties, details) | {
        "order_limit": None,
        "sales_rep_id": actor.membership_id,
        "sales_rep_name": actor.name,
        "released_at": clock.now(),
        "external_reference": entered.external_reference[:60],
        "repeats_po": repeats_po(parties, details),
    }
    order = draft.write(facts)
    record(actor, "orders.entered", ("order", order.pk), changes=trail_facts(order), shared=True)
    publish(OrderPlaced(order.pk))
    return order


@transaction.atomic
def preview_order(*, actor: Actor, entered: EnteredOrder) -> Draft:
    """What an order would come to as it is entered so far, with promotions, charges and tax. Nothing is kept.

    The customer's order number may still be missing. Raises what `enter_order` raises before it writes.
    """
    require(actor, ENTER_ORDERS)
    details = cleaned(entered.details())
    draft = _drafted(actor, entered, replace(details, po_number=details.po_number or "-"))
    transaction.set_rollback(True)  # choices of configurable goods were written, so that they could be priced
    return draft


def _drafted(actor: Actor, entered: EnteredOrder, details: OrderDetails) -> Draft:
    parties = parties_of_account(entered.account_id, details)
    if parties is None or not (actor.is_system or parties.seller_id == actor.company_id):
        raise NotAllowed("not_your_customer", _("This is not a customer of yours."))
    chain = chain_for(parties.buyer_id)
    currency, lines = _priced(entered, parties, chain, drafts=actor.is_system)
    draft = Draft(parties=parties, currency=currency, lines=lines)
    if entered.channel != Order.Channel.IMPORT:
        _require_floors(actor, lines, currency)
        asked = Circumstances(
            chain=chain,
            channel=str(entered.channel),
            membership_id=actor.membership_id,
            codes=entered.codes,
        )
        reckon_draft(draft, asked)
    draft.add_up()
    return draft


def _require_floors(actor: Actor, lines: list[DraftLine], currency: str) -> None:
    by_hand = [(n, line) for n, line in enumerate(lines) if line.price_source in ("manual", "free")]
    asked = [Lowered(line.product_id, line.unit_price / line.price_base) for _n, line in by_hand]
    require_floor(actor, asked, currency, [f"lines/{n}/unit_price" for n, _line in by_hand])


def _priced(
    entered: EnteredOrder, parties: Parties, chain: Chain, *, drafts: bool
) -> tuple[str, list[DraftLine]]:
    given = entered.lines
    if not given:
        raise Refused("no_lines", _("An order needs at least one line."))
    if len(given) > MOST_LINES:
        raise Refused("too_many_lines", _("An order holds at most %(most)s lines.") % {"most": MOST_LINES})
    kept = keep_configurations({(line.product_id, tuple(line.chosen)) for line in given if line.chosen})
    wares = wares_given(
        [line.product_id for line in given],
        [line.unit for line in given],
        [line.quantity for line in given],
        [line.note[:500] for line in given],
        [_configuration(line, kept) for line in given],
    )
    problems = problems_of(wares, seller_id=parties.seller_id, steps=False, drafts=drafts)
    for number, entry in enumerate(given):
        price = entry.unit_price
        wrong = price is not None and not (price.is_finite() and 0 <= price < UNIT_PRICE_LIMIT)
        if wrong or not entry.price_base.is_finite() or entry.price_base <= 0:
            problems[number] = _("Enter a price of 0 or more.")
    refuse_lines(problems)
    lines = [ware.draft(number) for number, ware in enumerate(wares)]
    listed = _from_lists(entered, chain, lines)
    currencies = {price.currency for price in listed.values()}
    if len(currencies | ({entered.currency} if entered.currency else set())) > 1:
        raise Refused(
            "mixed_currencies", _("These goods are priced in several currencies. Enter them apart.")
        )
    for number, (line, entry) in enumerate(zip(lines, given, strict=True)):
        if number in listed:
            found = listed[number]
            line.unit_price, line.price_base = found.amount, found.price_base
            line.price_source, line.price_break = f"list:{found.price_list_id}", found.min_quantity
        elif entry.unit_price is not None:
            line.unit_price, line.price_base = entry.unit_price, entry.price_base
            line.price_source = "manual" if entry.unit_price > ZERO else "free"
    return (currencies.pop() if currencies else entered.currency or parties.buyer_currency), lines


def _configuration(line: EnteredLine, kept: Mapping[tuple[int, str], Configuration]) -> int | None:
    return kept[line.product_id, code_of(line.chosen)].pk if line.chosen else None


def _from_lists(entered: EnteredOrder, chain: Chain, lines: list[DraftLine]) -> dict[int, ResolvedPrice]:
    """Prices by line number for the lines that came without one."""
    open_lines = [number for number, entry in enumerate(entered.lines) if entry.unit_price is None]
    if not open_lines:
        return {}
    wanted = [
        Wanted(line.product_id, line.base_quantity, line.chosen, line.unit)
        for line in (lines[number] for number in open_lines)
    ]
    found = dict(zip(open_lines, resolve(chain, wanted), strict=True))
    missing = {
        n: _("No price list has a price for this article. Enter one.") for n, p in found.items() if p is None
    }
    refuse_lines(missing)
    return {number: price for number, price in found.items() if price is not None}
