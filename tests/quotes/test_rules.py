from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontor.quotes.models import QuoteRequest
from kontor.quotes.rules import (
    MOVES,
    OPEN,
    SealedLine,
    SealedOffer,
    Side,
    content_hash,
    default_valid_until,
    moves_from,
    whose_turn,
)

LINE = SealedLine(
    position=1, product_id=7, unit="XBX", factor=Decimal(100), quantity=Decimal(20), unit_price=Decimal("10.20"),
    price_base=Decimal(100), net=Decimal("204.00"), lead_days=3, note="zinc",
)  # fmt: skip
OFFER = SealedOffer(
    number="RQ-1001", version=1, currency="EUR", valid_until=datetime(2026, 4, 3, 21, 59, 59, tzinfo=UTC),
    conditions="Free house", net_total=Decimal("204.00"), lines=[LINE],
)  # fmt: skip


def test_every_move_starts_and_ends_in_a_state_that_exists():
    states = set(QuoteRequest.Status.values)

    assert {move.after for move in MOVES.values()} <= states
    assert set().union(*(move.before for move in MOVES.values())) == OPEN <= states


@pytest.mark.parametrize("status", QuoteRequest.Status.values)
def test_a_request_is_somebodys_turn_while_it_is_open_and_nobodys_after(status):
    turn = whose_turn(status)

    assert (turn is not None) == (status in OPEN)
    assert any(moves_from(status, side) for side in Side) == (status in OPEN)


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001  # made aware below
def test_14_days_are_never_cut_short_and_at_most_a_day_longer(moment):
    sent_at = moment.replace(tzinfo=UTC)

    for zone in ("Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "UTC"):
        given_time = default_valid_until(sent_at, zone) - sent_at
        assert timedelta(days=14) - timedelta(seconds=1) < given_time < timedelta(days=15, hours=1)


CHANGES = {
    "version": 2, "currency": "USD", "conditions": "ex works", "net_total": Decimal("204.01"), "number": "RQ-1002",
    "valid_until": OFFER.valid_until + timedelta(seconds=1), "lines": [],
}  # fmt: skip
LINE_CHANGES = {
    "position": 2, "product_id": 8, "unit": "C62", "factor": Decimal(10), "quantity": Decimal(21), "lead_days": None,
    "unit_price": Decimal("10.21"), "price_base": Decimal(1), "net": Decimal("204.01"), "note": "",
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), CHANGES.items())
def test_whatever_is_promised_changes_the_seal(name, value):
    assert content_hash(replace(OFFER, **{name: value})) != content_hash(OFFER)


@pytest.mark.parametrize(("name", "value"), LINE_CHANGES.items())
def test_whatever_a_line_promises_changes_the_seal(name, value):
    assert content_hash(replace(OFFER, lines=[replace(LINE, **{name: value})])) != content_hash(OFFER)


def test_how_a_number_is_written_does_not_change_the_seal():
    written = replace(
        LINE, unit_price=Decimal("10.200000"), quantity=Decimal("2E+1"), factor=Decimal("100.000")
    )

    assert content_hash(replace(OFFER, lines=[written])) == content_hash(OFFER)


def test_nothing_can_be_moved_from_one_field_into_the_next():
    one = replace(OFFER, number="RQ-1", conditions='x"]', lines=[replace(LINE, note='a", 3], [')])
    other = replace(OFFER, number="RQ-1", conditions="x", lines=[replace(LINE, note='"], a", 3], [')])

    assert content_hash(one) != content_hash(other)
