"""Where a supply is taxed, with what, and on which evidence. Pure: what is known comes in, what is decided goes out.

Sources: Directive 2006/112/EC (Art. 31 to 33 and 44 place of supply, 138 intra-Community supplies, 146 exports, 196 and
199 to 199b reverse charge) and the category codes of EN 16931 (UNCL 5305). It fails towards charging: what is not
proven is taxed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from kontor.kernel.money import ZERO
from kontor.taxes.places import REGIONAL, Place
from kontor.taxes.rules import (
    REVERSED_AT_HOME,
    WITH_GOODS,
    TaxTotal,
    UnknownRate,
    breakdown,
    vat_member_state,
)

Treatment = Literal["domestic", "reverse_charge", "export", "distance", "outside"]
EXEMPT, NOT_TAXABLE, INTRA_UNION, REVERSED, EXPORTED, TAXED, ZERO_RATED = "E", "O", "K", "AE", "G", "S", "Z"
ON_EVIDENCE = frozenset({INTRA_UNION, REVERSED, EXEMPT})
"""Untaxed only while somebody proves it."""


class Unproven(Exception):
    """The buyer's VAT id is not proven, and the seller takes no such order without proof."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Who sells to whom, where it goes, and on which day of the seller's it is taxed."""

    seller_id: int
    buyer_id: int
    seller_country: str
    seller_vat_id: str
    buyer_country: str
    buyer_vat_id: str
    destination: Place
    day: date

    @property
    def home(self) -> Place:
        """Where the goods leave and the seller is at home; with an id of Northern Ireland, there."""
        return Place(country="XI" if self.seller_vat_id.startswith("XI") else self.seller_country)


@dataclass(frozen=True, slots=True)
class Item:
    """What a line is. `kind` is goods (kits and freight too), service or deposit.

    The category ``with_goods`` is that of line number `line` (from 0), or without one of the line with the highest
    rate: a cost beside the goods that shares their tax.
    """

    category: str
    kind: str = "goods"
    product_id: int | None = None
    line: int | None = None

    @classmethod
    def sold(cls, category: str, kind: str, product_id: int | None) -> "Item":
        """A product of that kind (goods, service, kit, …)."""
        return cls(category, "service" if kind == "service" else "goods", product_id)


@dataclass(frozen=True, slots=True)
class Proof:
    """The registry's last word about the buyer's VAT id."""

    check_id: int
    outcome: str
    asked_at: datetime
    reference: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """An approved certificate that counts on the day; `products` of those asked about that it covers."""

    certificate_id: int
    number: str
    country: str
    region: str
    covers_all: bool
    products: frozenset[int]
    reason: str
    until: str

    def covers(self, item: Item, place: Place) -> bool:
        there = self.country == place.country and self.region in ("", place.region)
        return there and (self.covers_all or item.product_id in self.products)


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate that holds at `place`, as `taxes.models.TaxRate` has it."""

    place: tuple[str, str, str, str]
    name: str
    category: str
    rate: Decimal
    adds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that bears on a supply: registrations as (country, region, number, scheme), the rest as named."""

    registrations: Sequence[tuple[str, str, str, str]] = ()
    evidence: str = "proof"
    max_age_days: int = 30
    unproven: str = "charge"
    deposits: str = "as_goods"
    proof: Proof | None = None
    exemptions: Sequence[Exemption] = ()
    rates: Sequence[RateRow] = ()
    now: datetime

    def without_holding(self) -> "Known":
        """The same where an order is not held back for a missing proof."""
        return replace(self, unproven="charge")


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a rate that several authorities add up."""

    name: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class LineTax:
    """What a line bears: category code of EN 16931, percent, and what the percent is made of, if of several."""

    code: str
    rate: Decimal
    components: tuple[Component, ...] = ()
    exemption: Exemption | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxation:
    """The taxes of a document, line by line; `facts` is what is kept with it to answer “why?” later."""

    treatment: str
    lines: tuple[LineTax, ...]
    facts: dict[str, Any] = field(default_factory=dict)

    def with_lines(self, lines: tuple[LineTax, ...]) -> "Taxation":
        return replace(self, lines=lines)

    def totals(self, nets: Sequence[Decimal], currency: str) -> list[TaxTotal]:
        """Tax per code and rate for these nets, one per line, rounded once each."""
        rows = [(line.code, line.rate, net) for line, net in zip(self.lines, nets, strict=True)]
        return breakdown(rows, currency)


@dataclass(frozen=True, slots=True)
class _Ruling:
    """Of one kind of supply: the treatment, where it is taxed, or the code of why it is not."""

    treatment: Treatment
    place: Place | None
    code: str = TAXED


def decide(supply: Supply, items: Sequence[Item], known: Known) -> Taxation:
    """The taxes of a document's lines. Raises UnknownRate with the category, Unproven when the seller wants proof."""
    proven = is_proven(supply, known)
    goods = _goods(supply, known, proven)
    service = _service(supply, goods, proven)
    lines: list[LineTax | None] = []
    for at, item in enumerate(items):
        ruling = service if item.kind == "service" else goods
        try:
            lines.append(_line(item, ruling, known, proven, supply))
        except UnknownRate as problem:
            problem.line = at
            raise
    settled = tuple(line or _with_goods(items[at], lines) for at, line in enumerate(lines))
    return Taxation(treatment=goods.treatment, lines=settled, facts=_facts(goods, settled, known, proven))


def is_proven(supply: Supply, known: Known) -> bool:
    """Whether the buyer's VAT id may be relied on: well-formed, and valid by a registry not too long ago."""
    if vat_member_state(supply.buyer_vat_id) is None:
        return False
    if known.evidence == "form":
        return True
    proof = known.proof
    if proof is None or proof.outcome != "valid":
        return False
    return known.now - proof.asked_at <= timedelta(days=known.max_age_days)


def _number(supply: Supply, known: Known, place: Place) -> str | None:
    """The seller's registration that counts at a place; its own VAT id is one at home, but not where states tax."""
    if place.tables == supply.home.tables and place.country not in REGIONAL:
        return supply.seller_vat_id
    for country, region, number, scheme in known.registrations:
        if scheme == "union":
            if place.in_union and supply.home.in_union:
                return number
        elif country == place.country and region in ("", place.region):
            return number
    return None


def _goods(supply: Supply, known: Known, proven: bool) -> _Ruling:
    home, there = supply.home, supply.destination
    registered = _number(supply, known, there) is not None
    if home.tables == there.tables and not there.is_outside:
        return _Ruling("domestic", there) if registered else _Ruling("outside", None, NOT_TAXABLE)
    if home.in_union and there.in_union:
        member = vat_member_state(supply.buyer_vat_id)
        if member and member != home.country and supply.seller_vat_id:
            if proven:
                return _Ruling("reverse_charge", None, INTRA_UNION)
            _refuse_unproven(known)
        return _Ruling("distance", there) if registered else _Ruling("domestic", home)
    if registered and not there.is_outside:
        return _Ruling("distance", there)
    return _Ruling("export", None, EXPORTED)


def _service(supply: Supply, goods: _Ruling, proven: bool) -> _Ruling:
    """Services to a business are taxed where it is at home (Art. 44), wherever the goods beside them go."""
    home, buyer = supply.seller_country, supply.buyer_country
    if home in REGIONAL:
        return goods
    if home == buyer:
        return _Ruling("domestic", Place(country=home))
    if not Place(country=home).in_union or not Place(country=buyer).in_union:
        return _Ruling(goods.treatment, None, NOT_TAXABLE)
    member = vat_member_state(supply.buyer_vat_id)
    if proven and member not in (home, "XI", None):
        return _Ruling(goods.treatment, None, REVERSED)
    return _Ruling("domestic", Place(country=home))


def _line(item: Item, ruling: _Ruling, known: Known, proven: bool, supply: Supply) -> LineTax | None:
    """What a line bears by itself; None when it shares the tax of others."""
    if item.kind == "deposit" and known.deposits == "outside":
        return LineTax(NOT_TAXABLE, ZERO)
    if item.category == WITH_GOODS:
        return None
    if ruling.place is None:
        return LineTax(ruling.code, ZERO)
    if item.category == "exempt":
        return LineTax(EXEMPT, ZERO)
    category = item.category
    if category == REVERSED_AT_HOME:
        at_home = vat_member_state(supply.buyer_vat_id) == supply.seller_country
        if ruling.treatment == "domestic" and at_home and ruling.place.in_union:
            if proven and supply.seller_vat_id:
                return LineTax(REVERSED, ZERO)
            _refuse_unproven(known)
        category = "standard"
    parts = _components(category, ruling.place, known.rates)
    rate = sum((part.rate for part in parts), ZERO)
    if rate == 0:
        return LineTax(ZERO_RATED, rate)
    for exemption in known.exemptions:
        if exemption.covers(item, ruling.place):
            return LineTax(EXEMPT, ZERO, (), exemption)
    return LineTax(TAXED, rate, parts if len(parts) > 1 else ())


def _components(category: str, place: Place, rows: Sequence[RateRow]) -> tuple[Component, ...]:
    """The nearest rate that stands alone, and each that adds; an authority without this category takes its standard.

    Raises UnknownRate when there is none: a gap in the tables is never a reason for charging nothing.
    """
    here = [row for row in rows if row.place[0] == place.tables and row.place[1] in ("", place.region)]
    alone = [row for row in here if not row.adds and row.category == category]
    parts = [Component("", max(alone, key=lambda row: _nearness(row.place)).rate)] if alone else []
    added: dict[tuple[str, tuple[str, str, str, str]], RateRow] = {}
    for row in here:
        if row.adds and row.category in (category, "standard"):
            key = (row.name, row.place)
            if row.category == category or key not in added:
                added[key] = row
    parts += [Component(row.name, row.rate) for row in sorted(added.values(), key=lambda one: one.place)]
    if not parts:
        raise UnknownRate(category)
    return tuple(parts)


def _nearness(place: tuple[str, str, str, str]) -> tuple[int, int, int]:
    _country, region, city, prefix = place
    return len(prefix), len(city), len(region)


def _with_goods(item: Item, lines: Sequence[LineTax | None]) -> LineTax:
    own = lines[item.line] if item.line is not None else None
    beside = [line for line in lines if line is not None and line.code != NOT_TAXABLE] or [
        line for line in lines if line is not None
    ]
    if own is None and not beside:
        raise UnknownRate(WITH_GOODS)
    return own or max(beside, key=lambda line: line.rate)


def _refuse_unproven(known: Known) -> None:
    if known.unproven == "hold":
        raise Unproven


def _facts(goods: _Ruling, lines: Sequence[LineTax], known: Known, proven: bool) -> dict[str, Any]:
    """As JSON: where it was taxed, the proof that was relied on, certificates and components that were used."""
    facts: dict[str, Any] = {"place": str(goods.place)} if goods.place else {}
    if known.proof is not None and any(line.code in (INTRA_UNION, REVERSED) for line in lines):
        proof = known.proof
        facts["proof"] = {
            "check": proof.check_id,
            "reference": proof.reference,
            "asked_at": proof.asked_at.isoformat(),
        }
    used = {line.exemption.certificate_id: line.exemption for line in lines if line.exemption}
    if used:
        facts["certificates"] = [
            {"id": one.certificate_id, "number": one.number, "reason": one.reason, "until": one.until}
            for one in used.values()
        ]
    parts: Mapping[str, Any] = {
        f"{line.rate:f}": [[part.name, f"{part.rate:f}"] for part in line.components]
        for line in lines
        if line.components
    }
    if parts:
        facts["components"] = dict(parts)
    return facts
