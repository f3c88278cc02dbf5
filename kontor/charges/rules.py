"""What a basket bears beside its goods, as arithmetic. No database, no clock.

Each charge is rounded once, to the currency's minor unit, half away from zero. Codes: UN/EDIFACT 7161 for charges and
5189 for allowances, as EN 16931 takes them (BT-105, BT-98).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal, localcontext

from kontor.kernel.money import ZERO, allocate, round_amount

BY_LINE = frozenset({"quantity", "content", "index"})
"""Measures that give an amount for each line; the others give one for the order."""
MEASURES = {
    "freight": ("value", "weight"),
    "packaging": ("value", "weight", "quantity"),
    "small_order": ("value",),
    "deposit": ("quantity",),
    "index": ("content", "index"),
    "hazardous": ("value", "weight", "quantity"),
    "allowance": ("value",),
}
"""What each kind of rule may be measured by, the usual one first."""
GOES_WITH_GOODS = frozenset({"deposit", "index", "allowance"})
"""Kinds that are credited with goods that come back, when nobody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """An amount beside the lines; `net` is positive, `is_allowance` says that it is taken off.

    `code` is of UNCL 7161 (charges) or 5189 (allowances), as EN 16931 wants it. A charge for a line (its number from 0)
    goes with the goods: invoiced and credited as they are. One for the whole order is invoiced with the first goods.
    `is_refundable` says whether it is credited with goods that come back.
    """

    kind: str
    code: str
    reason: str
    net: Decimal
    tax_category: str
    line: int | None = None
    is_allowance: bool = False
    is_refundable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """How much net value is `missing` until the charge called `reason` is not borne any more, and what that saves."""

    kind: str
    reason: str
    missing: Decimal
    saved: Decimal


@dataclass(frozen=True, slots=True)
class Borne:
    """The charges in the order of the paper, and those that a larger order would be free of; `freed` is the freight
    that is not charged."""

    charges: Sequence[Charge] = ()
    near: Sequence[Near] = ()
    freed: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Rung:
    """From `start` on an amount, or a percentage."""

    start: Decimal
    amount: Decimal | None
    percent: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A rule with the one tariff that counts. `index_value` is None while the index stands at nothing."""

    rule_id: int
    kind: str
    measure: str
    name: str
    code: str
    tax_category: str = ""
    is_refundable: bool = False
    per: Decimal = Decimal(1)
    is_targeted: bool = False
    free_from: Decimal | None = None
    index_id: int | None = None
    index_base: Decimal = ZERO
    index_value: Decimal | None = None
    index_per: Decimal = Decimal(1)
    hazards: Sequence[str] = ()
    rungs: Sequence[Rung] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A line of the basket: its net less allowances, the weight of all of it, which rules are about it, how much of
    which index is in one base unit; `hazard` is its class (ADR), "" for goods without danger."""

    net: Decimal
    base_quantity: Decimal
    tax_category: str
    kilograms: Decimal = ZERO
    hazard: str = ""
    is_free: bool = False
    targets: frozenset[int] = frozenset()
    contents: Mapping[int, Decimal] = field(default_factory=dict)


def bear(terms: Sequence[Terms], goods: Mapping[int, Goods], currency: str, *, free_freight: bool) -> Borne:
    """What the lines of a basket (by their number) bear: charges for lines, then those for the order.

    >>> freight = Terms(rule_id=1, kind="freight", measure="value", name="Freight", code="FC", free_from=Decimal(100),
    ...                 rungs=[Rung(Decimal(0), Decimal("6.90"), None)])
    >>> line = Goods(net=Decimal(80), base_quantity=Decimal(1), tax_category="standard")
    >>> borne = bear([freight], {0: line}, "EUR", free_freight=False)
    >>> [one.net for one in borne.charges], [one.missing for one in borne.near]
    ([Decimal('6.90')], [Decimal('20.00')])
    """
    value = sum((one.net for one in goods.values()), ZERO)
    for_lines: list[Charge] = []
    for_order: list[Charge] = []
    near, freed = [], ZERO
    for one in terms:
        if not goods or (one.free_from is not None and value >= one.free_from):
            continue
        about = {number: line for number, line in goods.items() if _is_about(one, line)}
        found = list((_for_lines if one.measure in BY_LINE else _for_order)(one, about, currency))
        if free_freight and one.kind == "freight":
            freed += sum((charge.net for charge in found), ZERO)
            continue
        (for_lines if one.measure in BY_LINE else for_order).extend(found)
        if found and one.free_from is not None:
            saved = sum((charge.net for charge in found), ZERO)
            missing = round_amount(one.free_from - value, currency)
            near.append(Near(kind=one.kind, reason=one.name, missing=missing, saved=saved))
    for_lines.sort(key=lambda one: one.line or 0)
    return Borne([*for_lines, *for_order], near, freed)


def _is_about(terms: Terms, line: Goods) -> bool:
    if line.is_free and terms.kind == "index":
        return False
    if terms.hazards and not is_hazard(line.hazard, terms.hazards):
        return False
    return not terms.is_targeted or terms.rule_id in line.targets


def is_hazard(hazard: str, classes: Sequence[str]) -> bool:
    """Whether a hazard class is one of these, or of a division below one; "*" is every class.

    >>> is_hazard("6.1", ["6"]), is_hazard("6.1", ["6.1"]), is_hazard("6.1", ["*"]), is_hazard("", ["*"])
    (True, True, True, False)
    """
    return bool(hazard) and any(one in ("*", hazard) or hazard.startswith(f"{one}.") for one in classes)


def _for_lines(terms: Terms, goods: Mapping[int, Goods], currency: str) -> Iterator[Charge]:
    for number, line in goods.items():
        net = round_amount(_of_line(terms, line), currency)
        if net:
            yield _charge(terms, net, terms.tax_category or line.tax_category, number)


def _of_line(terms: Terms, line: Goods) -> Decimal:
    with localcontext(prec=50):
        if terms.measure == "content":
            above = max((terms.index_value or ZERO) - terms.index_base, ZERO)
            content = line.contents.get(terms.index_id or 0, ZERO)
            return above * content * line.base_quantity / terms.index_per
        if terms.measure == "index":
            if terms.index_value is None:
                return ZERO
            return _priced(_rung(terms.rungs, terms.index_value), Decimal(1), line.net)
        times = (line.base_quantity / terms.per).to_integral_value(ROUND_CEILING)
        return _priced(_rung(terms.rungs, line.base_quantity), times, line.net)


def _for_order(terms: Terms, goods: Mapping[int, Goods], currency: str) -> Iterator[Charge]:
    if not goods:
        return
    net = sum((line.net for line in goods.values()), ZERO)
    measured = sum((line.kilograms for line in goods.values()), ZERO) if terms.measure == "weight" else net
    with localcontext(prec=50):
        amount = round_amount(_priced(_rung(terms.rungs, measured), Decimal(1), net), currency)
    by_category = _nets(goods)
    if terms.kind != "allowance":
        if amount:
            yield _charge(terms, amount, terms.tax_category or max(by_category, key=by_category.__getitem__))
        return
    # What is taken off an order is taken off each of its rates of tax, never more than there is.
    amount = min(amount, net)
    shares = allocate(amount, list(by_category.values()), currency) if amount > 0 else []
    for category, share in zip(by_category, shares, strict=False):
        if share:
            yield _charge(terms, share, category)


def _nets(goods: Mapping[int, Goods]) -> dict[str, Decimal]:
    nets: dict[str, Decimal] = {}
    for line in goods.values():
        nets[line.tax_category] = nets.get(line.tax_category, ZERO) + line.net
    return nets


def _rung(rungs: Sequence[Rung], measured: Decimal) -> Rung | None:
    """The highest step at or below what was measured; below the first one nothing is charged."""
    reached = [one for one in rungs if one.start <= measured]
    return max(reached, key=lambda one: one.start) if reached else None


def _priced(rung: Rung | None, times: Decimal, net: Decimal) -> Decimal:
    if rung is None:
        return ZERO
    return rung.amount * times if rung.amount is not None else net * (rung.percent or ZERO) / 100


def _charge(terms: Terms, net: Decimal, tax_category: str, line: int | None = None) -> Charge:
    return Charge(
        kind=terms.kind,
        code=terms.code,
        reason=terms.name,
        net=net,
        tax_category=tax_category,
        line=line,
        is_allowance=terms.kind == "allowance",
        is_refundable=terms.is_refundable,
    )
