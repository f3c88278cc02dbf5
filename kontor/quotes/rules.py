"""The life of a request as data, the sums and the seal of an offer. No ORM, no clock."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from zoneinfo import ZoneInfo

from kontor.kernel.money import UNIT_PRICE_DECIMALS

DEFAULT_VALIDITY = timedelta(days=14)
LONGEST_VALIDITY = timedelta(days=731)
HIGHEST_PRICE = Decimal("99999999999")
MAX_LEAD_DAYS = 999


class Side(StrEnum):
    """Who acts: the company that asks or the one that answers."""

    BUYER = "buyer"
    SELLER = "seller"


@dataclass(frozen=True, slots=True)
class Move:
    """Who may take a request from which states to which."""

    side: Side
    before: frozenset[str]
    after: str


_WAITING = frozenset({"submitted"})
_OFFERED = frozenset({"offered"})
MOVES = {
    "send": Move(Side.SELLER, _WAITING | _OFFERED, "offered"),
    "decline": Move(Side.SELLER, _WAITING, "declined"),
    "withdraw": Move(Side.BUYER, _WAITING, "withdrawn"),
    "accept": Move(Side.BUYER, _OFFERED, "accepted"),
    "refuse": Move(Side.BUYER, _OFFERED, "refused"),
    "ask_again": Move(Side.BUYER, _OFFERED, "submitted"),
}
OPEN = frozenset({"submitted", "offered"})
"""States in which a request still goes on; the others are final."""


def moves_from(status: str, side: Side) -> frozenset[str]:
    """What a side may do with a request in this state.

    >>> sorted(moves_from("offered", Side.BUYER)), sorted(moves_from("offered", Side.SELLER))
    (['accept', 'ask_again', 'refuse'], ['send'])
    """
    return frozenset(name for name, move in MOVES.items() if move.side is side and status in move.before)


def whose_turn(status: str) -> Side | None:
    """Who is expected to act next; None when the request is closed."""
    return {"submitted": Side.SELLER, "offered": Side.BUYER}.get(status)


def default_valid_until(sent_at: datetime, zone: str) -> datetime:
    """The last second of the seller's day that lies 14 whole days after sending, so that no hour is taken away.

    >>> from datetime import UTC
    >>> default_valid_until(datetime(2026, 3, 20, 22, 30, tzinfo=UTC), "Europe/Berlin").isoformat()
    '2026-04-04T23:59:59+02:00'
    """
    return end_of_day(sent_at + DEFAULT_VALIDITY, zone)


def end_of_day(moment: datetime, zone: str) -> datetime:
    """The last second of the day of `moment` in the zone: an offer that is valid "until Friday" counts all Friday."""
    return datetime.combine(moment.astimezone(ZoneInfo(zone)).date(), time(23, 59, 59), tzinfo=ZoneInfo(zone))


def price_problem(price: Decimal) -> str | None:
    """Why a price cannot be kept: a code (``bad_price``, ``price_too_precise``, ``price_too_large``) or None.

    >>> [price_problem(Decimal(one)) for one in ("12.5", "0", "-1", "NaN", "0.0000001", "1E+12")]
    [None, None, 'bad_price', 'bad_price', 'price_too_precise', 'price_too_large']
    """
    if not price.is_finite() or price < 0:
        return "bad_price"
    if price > HIGHEST_PRICE:
        return "price_too_large"
    try:
        return (
            None if price == price.quantize(Decimal(1).scaleb(-UNIT_PRICE_DECIMALS)) else "price_too_precise"
        )
    except InvalidOperation:
        return "price_too_precise"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedLine:
    """What is promised in one line of an offer."""

    position: int
    product_id: int
    configuration_id: int | None = None
    unit: str
    factor: Decimal
    quantity: Decimal
    unit_price: Decimal
    price_base: Decimal
    net: Decimal
    lead_days: int | None
    note: str
    contents: Sequence[tuple[int, Decimal]] = ()
    """Of a kit the products in it, with their base units in one of the kit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedOffer:
    """What is promised in an offer: everything that both sides are bound to, and nothing else."""

    number: str
    version: int
    currency: str
    valid_until: datetime
    conditions: str
    net_total: Decimal
    lines: Sequence[SealedLine]


def content_hash(offer: SealedOffer) -> str:
    """SHA-256 over what is offered, 64 hexadecimal digits; equal numbers count as equal however they are written."""
    lines = [
        [
            line.position, _article(line), line.unit, _exact(line.factor), _exact(line.quantity),
            _exact(line.unit_price), _exact(line.price_base), _exact(line.net), line.lead_days, line.note,
            *_inside(line),
        ]
        for line in sorted(offer.lines, key=lambda one: one.position)
    ]  # fmt: skip
    seconds = int(offer.valid_until.timestamp())
    facts = [
        offer.number, offer.version, offer.currency, seconds, offer.conditions, _exact(offer.net_total), lines
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(facts, ensure_ascii=True).encode()).hexdigest()


def _article(line: SealedLine) -> int | list[int]:
    """What is sold; alone for goods without a configuration, as offers were sealed before there were any."""
    return line.product_id if line.configuration_id is None else [line.product_id, line.configuration_id]


def _inside(line: SealedLine) -> list[list[list[int | str]]]:
    """What is in a kit; nothing where nothing is said of it, as offers were sealed before it was."""
    return [[[part, _exact(quantity)] for part, quantity in line.contents]] if line.contents else []


def _exact(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
