"""Act 1: a company registers, is accepted with terms and prices, and invites its people."""

import re

from playwright.sync_api import expect

from kontor.catalog.models import Product
from kontor.pricing.models import Price, PriceList
from tests.assembly import PASSWORD
from tests.journeys.acts.trade import Trade
from tests.journeys.stage import Person

MIRA, TOM, PETRA = "mira@novum.example", "tom@novum.example", "petra@novum.example"


def prices_for_builders(trade: Trade) -> None:
    """A price list that Hansa keeps for builders: bolts at 10.00 per 100, drills at 85.00."""
    rows = {"BOLT-M8": (1, "10.00", 100), "DRILL-18V": (1, "85.00", 1)}
    hansa = trade.stage.cast.companies["hansa"]
    builders = PriceList.objects.create(seller=hansa, code="builders", name="Builders", currency="EUR")
    for product in Product.objects.filter(sku__in=rows):
        minimum, amount, base = rows[product.sku]
        Price.objects.create(
            price_list=builders, product=product, min_quantity=minimum, amount=amount, price_base=base
        )


def a_company_registers(trade: Trade) -> None:
    """Mira types a wrong VAT id first, and is told at the field; nothing that she typed is lost."""
    mira = trade.enter("mira")
    mira.goes("/")
    mira.follows("Open an account")
    mira.fills(
        Legal_name="Novum Bau GmbH", VAT_id="DE123", Street_and_number="Lindenallee 4", Postal_code="50667",
        City="Köln", Your_name="Mira Vogt", Password=PASSWORD,
    )  # fmt: skip
    mira.page.get_by_role("textbox", name="E-mail", exact=True).fill(MIRA)
    mira.field("Country").select_option("DE")
    mira.presses("Register the company")
    mira.reads_heading("Open an account")
    vat_id = mira.page.get_by_label(re.compile("^VAT id"))
    expect(vat_id).to_have_attribute("aria-invalid", "true")
    expect(mira.field("Street and number")).to_have_value("Lindenallee 4")
    vat_id.fill("DE 129 273 398")
    mira.field("Password").fill(PASSWORD)
    mira.presses("Register the company")
    mira.reads_heading("Now sign in")
    trade.stage.mail_to(MIRA, "Novum Bau GmbH is registered")
    mira.signs_in(MIRA)
    mira.reads_heading("Good day, Mira")
    mira.sees("Your account is being checked")


def the_seller_accepts_it(trade: Trade) -> None:
    """Stella is told by mail, and gives the company a payment term, a representative and a price list."""
    stella = trade.enter("stella", "store_admin")
    mail = trade.stage.mail_to("store_admin@hansa.example", "Novum Bau GmbH wants to become a customer")
    stella.goes(trade.stage.link_in(mail))
    stella.reads_heading("Novum Bau GmbH")
    stella.sees("DE129273398", "Lindenallee 4")
    trade.here("customer", stella)
    stella.page.get_by_label("Payment term").select_option("30 days net")
    stella.page.get_by_label("Sales representative").select_option("Sal Petersen")
    stella.field("First").select_option(label="Builders (EUR)")
    stella.presses("Accept the customer")
    stella.sees("Novum Bau GmbH")
    trade.stage.mail_to(MIRA, "has accepted you as a customer")
    mira = trade.people["mira"]
    mira.goes("/")
    mira.sees_not("Your account is being checked")


def it_invites_its_people(trade: Trade) -> None:
    """Tom may buy for 500.00 alone; above it Petra decides. Both come through the link in their mail."""
    mira = trade.people["mira"]
    for email, name, role, limit in (
        (TOM, "Tom Adler", "Buyer", "500"),
        (PETRA, "Petra Lang", "Approver", ""),
    ):
        mira.goes("/company/people/")
        mira.follows("Invite a colleague")
        mira.page.get_by_role("textbox", name="E-mail").fill(email)
        mira.fills(Name=name)
        mira.page.get_by_role("checkbox", name=role, exact=True).check()
        mira.page.get_by_label("Limit per order, net").fill(limit)
        mira.presses("Send the invitation")
        expect(mira.page.get_by_role("table", name="Invited")).to_contain_text(email)
    trade.people["tom"] = joins(trade, TOM, "Tom Adler")
    trade.people["petra"] = joins(trade, PETRA, "Petra Lang")
    mira.goes("/company/people/")
    expect(mira.page.get_by_role("table", name="Colleagues")).to_contain_text("Tom Adler")
    expect(mira.row("Tom Adler")).to_contain_text("500.00")


def joins(trade: Trade, email: str, name: str) -> Person:
    """Find the mail in the mailbox page, follow its link, choose a password."""
    trade.stage.mail_to(email, "invites you to join Novum Bau GmbH")
    guest = trade.come()
    guest.goes(f"/mailbox/?q={email}")
    guest.page.get_by_role("link", name=re.compile("invites you to join Novum")).first.click()
    guest.in_main().get_by_role("link", name=re.compile("invitation")).click()
    guest.reads_heading("Join Novum Bau GmbH")
    expect(guest.field("Your name")).to_have_value(name)
    guest.field("Password").fill(PASSWORD)
    guest.presses("Accept and sign in")
    guest.reads_heading(f"Good day, {name.split()[0]}")
    return guest
