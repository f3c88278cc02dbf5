"""Act 8: the buyer follows, asks, reads the papers and sends something back; the rival sees nothing of all this."""

import re

from tests.journeys.acts.account import MIRA, TOM
from tests.journeys.acts.trade import Trade


def the_buyer_follows(trade: Trade) -> None:
    """One timeline for both sides, a question with its answer, and the papers as PDF."""
    tom, sal = trade.people["tom"], trade.people["sal"]
    tom.goes(trade.at["order"])
    tom.sees("JJD000111", "1Z999", "received by Hr. Keller", "Delivered")
    tom.page.get_by_label("Message to Hansa Supply GmbH").fill("Do the drills take older batteries?")
    tom.presses("Send message")
    tom.sees("Message sent.")
    question = trade.stage.mail_to("sal@hansa.example", "Tom Adler of Novum Bau GmbH wrote")
    assert "older batteries" in question.text
    sal.goes(trade.at["office order"])
    sal.sees("Do the drills take older batteries?", "JJD000111")
    sal.page.get_by_label("Message to Novum Bau GmbH").fill("Yes, since 2019.")
    sal.presses("Send the message")
    assert "since 2019" in trade.stage.mail_to(TOM, "wrote about").text
    tom.goes(trade.at["order"])
    tom.sees("Yes, since 2019.")
    papers = {"Order confirmation": "676.00", "Delivery note": "DRILL-18V", "Invoice": "19"}
    for name, words in papers.items():
        links = tom.in_main().get_by_role("link", name=re.compile(f"^{name}"))
        for n in range(links.count()):
            text = tom.downloads(links.nth(n))
            assert "Novum Bau GmbH" in text
            assert words in text
            trade.at[f"paper {name} {n}"] = str(links.nth(n).get_attribute("href"))


def the_buyer_returns_a_line(trade: Trade) -> None:
    tom = trade.people["tom"]
    tom.follows("Return goods")
    tom.field("Quantity of DRILL-18V that goes back").fill("1")
    tom.field("Reason for DRILL-18V").select_option(label="Does not work")
    tom.field("Note for DRILL-18V").fill("The chuck is loose.")
    tom.presses("Announce the return")
    trade.numbers["return"] = tom.reads_number("Return")
    trade.here("return", tom)


def the_warehouse_receives_it(trade: Trade) -> None:
    wim = trade.people["wim"]
    trade.stage.mail_to("sal@hansa.example", f"wants to return goods: {trade.numbers['return']}")
    wim.goes("/office/")
    wim.in_main().get_by_role("link", name=re.compile(trade.numbers["return"])).click()
    wim.reads_heading(trade.numbers["return"])
    trade.here("office return", wim)
    wim.sees("The chuck is loose.")
    wim.page.get_by_label("Where to send the goods").fill("Gate 3, please.")
    wim.presses("Accept")
    assert "Gate 3" in trade.stage.mail_to(TOM, trade.numbers["return"]).text
    wim.field("DRILL-18V: arrived").fill("1")
    wim.presses("Goods are back")
    wim.sees_not("Receive the goods")


def finance_credits(trade: Trade) -> None:
    """One drill at 79.50 with 19 % tax is 94.61."""
    fin, tom = trade.people["fin"], trade.people["tom"]
    fin.goes(trade.at["office return"])
    fin.presses("Issue the credit note")
    fin.sees("94.61")
    trade.stage.mail_to(MIRA, "€94.61")
    tom.goes(trade.at["return"])
    tom.sees("Credited")
    credit = tom.page.get_by_role("link", name=re.compile("Credit note"))
    credit.click()
    tom.sees("Credited to you", "94.61")
    trade.here("credit note", tom)
    assert "79.50" in tom.downloads(tom.page.get_by_role("link", name="Open as PDF"))


def the_rival_sees_none_of_it(trade: Trade) -> None:
    """Gil of Globex opens every address of this trade, and looks in every list."""
    gil = trade.enter("gil", "gil")
    trade.at.pop("product")
    for name, path in trade.at.items():
        assert gil.status_of(path) in (403, 404), f"{name}: {path}"
    for path in ("/", "/orders/", "/requests/", "/invoices/", "/returns/", "/carts/", "/company/people/"):
        gil.goes(path)
        gil.sees_not("Novum", "NB-2026-17", "Tom Adler", *trade.numbers.values())
    gil.goes("/orders/?q=NB-2026-17")
    gil.sees("No order fits.")
