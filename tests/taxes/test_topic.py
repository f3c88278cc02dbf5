"""The page about taxes says what happens."""

from dataclasses import replace
from decimal import Decimal

from kontor.kernel.money import ZERO
from kontor.taxes.deciding import Item, decide
from kontor.taxes.rules import breakdown
from kontor.taxes.showing import Shown
from tests.taxes.test_deciding import KNOWN, TEXAS, supply, to_texas
from tests.topics import run_topic


def sell(what="standard", *, to, vat_id="", proven=False, registered=(), postal_code=""):
    category, _space, kind = what.partition(" ")
    known = replace(KNOWN, registrations=[(one, "", "1", "local") for one in registered])
    known = known if proven else replace(known, proof=None)
    trade = supply("DE", to, vat_id, to, postal_code=postal_code)
    found = decide(trade, [Item(category, kind or "goods")], known)
    return f"{found.treatment}: {found.lines[0].code} {found.lines[0].rate}"


def tax_in_austin(net):
    known = replace(KNOWN, rates=TEXAS, registrations=[("US", "TX", "3-20000", "local")])
    found = decide(to_texas(), [Item("standard")], known)
    [total] = found.totals([Decimal(net)], "USD")
    return [f"{total.rate} % = {total.tax}", *(f"{one.name} {one.rate}" for one in found.lines[0].components)]


def add_up(rows):
    totals = breakdown([(code, ZERO + rate, Decimal(net)) for code, rate, net in rows], "EUR")
    return [f"{one.code} {one.rate} on {one.net}: {one.tax}" for one in totals]


def gross(net, rate, currency="EUR"):
    return str(Shown("gross", ZERO + Decimal(rate)).gross(Decimal(net), currency))


def test_the_page_says_what_happens():
    assert (
        run_topic(
            "taxes.md", {"sell": sell, "tax_in_austin": tax_in_austin, "add_up": add_up, "gross": gross}
        )
        == 12
    )
