"""Acts 5 to 7: the order is confirmed, picked, packed, shipped in two parts, delivered and invoiced."""

import re

from playwright.sync_api import expect

from tests.journeys.acts.account import MIRA, TOM
from tests.journeys.acts.trade import Trade


def sales_confirms(trade: Trade) -> None:
    sal, number = trade.people["sal"], trade.numbers["order"]
    sal.goes(trade.stage.link_in(trade.stage.mail_to("sal@hansa.example", f": {number}")))
    sal.reads_heading(number)
    trade.here("office order", sal)
    sal.sees("NB-2026-17", "Novum Bau GmbH", "676.00", "price of an offer")
    sal.presses("Confirm the order")
    sal.sees(f"Order {number} is confirmed for")
    trade.stage.mail_to(TOM, f"Order {number} confirmed")


def the_first_part_leaves(trade: Trade) -> None:
    """Wim releases the order to the warehouse, and finds five of eight drills; they go with all bolts."""
    wim = trade.enter("wim", "wim")
    releases(trade)
    wim.page.get_by_role("link", name=re.compile(trade.numbers["order"])).click()
    trade.here("pick list", wim)
    assert "DRILL-18V" in wim.downloads(wim.page.get_by_role("link", name="Print"))
    wim.page.get_by_role("searchbox", name="Scan or type an article number").fill("BOLT-M8")
    wim.page.keyboard.press("Enter")
    expect(wim.field("BOLT-M8 found")).to_be_checked()
    wim.field("DRILL-18V found").check()
    wim.field("DRILL-18V: found").fill("5")
    wim.presses("Confirm pick")
    wim.sees("Some lines were not found in full.")
    packs_and_ships(trade, "first parcel", carrier="DHL", tracking="JJD000111")


def the_second_part_leaves(trade: Trade) -> None:
    wim = trade.people["wim"]
    releases(trade)
    wim.page.get_by_role("link", name=re.compile(trade.numbers["order"])).click()
    wim.presses("All found")
    packs_and_ships(trade, "second parcel", carrier="UPS", tracking="1Z999")


def releases(trade: Trade) -> None:
    """From the list of confirmed orders on his first page, then to the pick lists."""
    wim = trade.people["wim"]
    wim.goes("/office/")
    waiting = wim.page.get_by_role("table", name="Confirmed, not released yet")
    row = waiting.get_by_role("row").filter(has_text=trade.numbers["order"])
    wim.presses("Release", row)
    expect(row).to_have_count(0)
    wim.goes("/office/picking/")


def packs_and_ships(trade: Trade, name: str, *, carrier: str, tracking: str) -> None:
    wim = trade.people["wim"]
    wim.page.get_by_label("Packages").fill("2")
    wim.presses("Pack")
    trade.numbers[name] = wim.reads_number("Shipment")
    trade.here(name, wim)
    wim.page.get_by_label("Carrier").fill(carrier)
    wim.page.get_by_label("Tracking number").fill(tracking)
    wim.page.get_by_label("Tracking page").fill(f"https://tracking.example/{tracking}")
    wim.presses("Ship")
    wim.sees("Delivered?", tracking)
    assert tracking in trade.stage.mail_to(TOM, f"delivery {trade.numbers[name]}").text


def both_parts_arrive(trade: Trade) -> None:
    wim = trade.people["wim"]
    for name in ("first parcel", "second parcel"):
        wim.goes(trade.at[name])
        wim.page.get_by_label("Received by").fill("Hr. Keller")
        wim.presses("It has arrived")
        wim.sees_not("Delivered?")
        trade.stage.mail_to(TOM, f"Delivered: {trade.numbers[name]}")


def finance_invoices(trade: Trade) -> None:
    """Both shipments at once: (5 x 79.50 + 40.00) and 3 x 79.50 net, each with 19 % tax. The invoices go to the
    address that the company gave for them."""
    fin = trade.enter("fin", "fin")
    fin.goes("/office/invoices/to-issue/")
    for name in ("first parcel", "second parcel"):
        fin.page.get_by_role("checkbox", name=re.compile(trade.numbers[name])).check()
    fin.presses("Issue invoices")
    fin.sees_not(trade.numbers["first parcel"])
    trade.stage.mail_to(MIRA, "€520.63")
    trade.stage.mail_to(MIRA, "€283.82")
