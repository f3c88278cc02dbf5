"""Acts 2 to 4: goods are found, a cart is filled by two, a better price is asked for, offered and accepted."""

import re

from playwright.sync_api import expect

from tests.journeys.acts.account import PETRA, TOM
from tests.journeys.acts.trade import Trade


def the_buyer_finds_goods(trade: Trade) -> None:
    """By words, and by article number straight to the product; the price is the own one, visitors see none."""
    tom, guest = trade.people["tom"], trade.come()
    search = tom.page.get_by_role("combobox", name="Search").first
    search.fill("hex bolt")
    search.press("Enter")
    tom.reads_heading("Results for “hex bolt”")
    expect(tom.in_main().get_by_role("link", name="Hex bolt M8 x 40")).to_be_visible()
    tom.sees_not("Cordless drill")
    tom.page.get_by_role("combobox", name="Search").first.fill("drill-18v")
    tom.page.get_by_role("combobox", name="Search").first.press("Enter")
    tom.reads_heading("Cordless drill 18 V")
    tom.sees("Your price", "85.00", "In stock", "Elbwerk")
    trade.here("product", tom)
    assert "Cordless drill 18 V" in tom.downloads(tom.page.get_by_role("link", name="Data sheet"))
    guest.goes(trade.at["product"])
    guest.sees("Prices are shown to customers who are signed in.")
    guest.sees_not("85.00", "99.00", "Your price")


def two_people_fill_one_cart(trade: Trade) -> None:
    """Tom adds and pastes; Mira changes the same cart meanwhile, he is told, and nothing that either typed is lost."""
    tom, mira = trade.people["tom"], trade.people["mira"]
    tom.field("Quantity").first.fill("2")
    tom.presses("Add to cart")
    tom.sees("Cordless drill 18 V is in the cart.")
    expect(tom.page.get_by_role("link", name=re.compile("Cart"))).to_contain_text("1")
    tom.goes("/cart/")
    tom.follows("Paste lines")
    tom.page.get_by_label("Article number and quantity").fill("BOLT-M8\t300\nNO-SUCH 7")
    tom.presses("Put into the cart")
    tom.sees("1 of 2 lines are in the cart.", "NO-SUCH 7")
    expect(tom.field("Quantity of BOLT-M8")).to_have_value("300")
    trade.here("cart", tom)
    mira.goes("/cart/")
    mira.field("Quantity of BOLT-M8").fill("400")
    mira.presses("Save changes")
    mira.sees("1 line changed.")
    tom.field("Quantity of DRILL-18V").fill("8")
    tom.presses("Save changes")
    expect(tom.page.get_by_role("alert")).to_contain_text(
        "Mira Vogt changed this line to 400 pieces meanwhile."
    )
    expect(tom.field("Quantity of DRILL-18V")).to_have_value("8")
    tom.field("Quantity of BOLT-M8").fill("400")
    tom.presses("Save changes")
    tom.sees("1 line changed.", "720.00")
    mira.goes("/cart/")
    expect(mira.field("Quantity of DRILL-18V")).to_have_value("8")
    expect(mira.field("Quantity of BOLT-M8")).to_have_value("400")


def a_better_price_is_asked_for(trade: Trade) -> None:
    tom = trade.people["tom"]
    tom.goes("/cart/")
    tom.follows("Ask for a better price")
    tom.field("Target price of DRILL-18V").fill("80")
    tom.page.get_by_label("What should the seller know?").fill("We build three halls this year.")
    tom.presses("Send the request")
    trade.numbers["request"] = tom.reads_number("Request")
    trade.here("request", tom)


def sales_answers_with_an_offer(trade: Trade) -> None:
    sal = trade.enter("sal", "sal")
    mail = trade.stage.mail_to(
        "sal@hansa.example", f"Novum Bau GmbH asks for a price: {trade.numbers['request']}"
    )
    sal.goes(trade.stage.link_in(mail))
    sal.reads_heading(trade.numbers["request"])
    trade.here("office request", sal)
    sal.sees("We build three halls this year.")
    sal.presses("Prepare an offer")
    sal.field("Price of DRILL-18V").fill("79.50")
    sal.field("Price of BOLT-M8").fill("10.00")
    sal.page.get_by_label("Conditions").fill("Free delivery in two parts.")
    sal.presses("Save and send to the customer")
    sal.sees("Free delivery in two parts.")
    expect(sal.page.get_by_role("button", name="Save the draft")).to_have_count(0)


def the_buyer_accepts(trade: Trade) -> None:
    """8 x 79.50 and 400 bolts at 10.00 per 100 are 676.00: above Tom's limit, so the order waits for Petra."""
    tom = trade.people["tom"]
    tom.goes(trade.stage.link_in(trade.stage.mail_to(TOM, trade.numbers["request"])))
    tom.sees("meets your target", "676.00", "Free delivery in two parts.")
    tom.follows("Accept and order")
    tom.sees("This is above your limit of €500.00")
    tom.field("Your order number").fill("NB-2026-17")
    tom.presses("Accept and send for approval")
    trade.numbers["order"] = tom.reads_number("Order")
    trade.here("order", tom)


def the_approver_sees_why_and_approves(trade: Trade) -> None:
    petra = trade.people["petra"]
    petra.goes("/")
    petra.page.get_by_role("link", name=re.compile(f"Approve .*{trade.numbers['order']}")).click()
    petra.sees("Limit of Tom Adler", "€500.00", "Above it by", "€176.00", "NB-2026-17")
    trade.here("approval", petra)
    petra.page.get_by_label("Note to Tom Adler").fill("Good price.")
    petra.presses("Approve")
    petra.sees_not("Needed when you send it back")
    trade.stage.mail_to(PETRA, "waits for your approval")
    trade.stage.mail_to(TOM, "is approved")
    trade.stage.mail_to(TOM, f"Order {trade.numbers['order']} received")
