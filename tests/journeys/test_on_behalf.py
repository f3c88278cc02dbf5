"""A sales representative orders for a customer: in the shop as the customer sees it, and at the own desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from kontor.orders.models import Order
from tests.journeys.stage import Person, Stage


@pytest.mark.covers("R2.3", "R4.6")
def test_a_phone_order_is_taken_in_the_shop_on_behalf_of_the_customer(
    stage: Stage, come: Callable[..., Person]
):
    sal, account = come("sal"), stage.cast.accounts["acme"]
    sal.goes(f"/office/customers/{account.pk}/")
    sal.page.get_by_label("How the customer reached you").select_option("phone")
    sal.presses("Work for them in the shop")
    banner = sal.page.get_by_role("region", name="Working for a customer")
    expect(banner).to_contain_text("You are working for Acme GmbH.")
    expect(banner).to_contain_text("Everything is recorded as Sal Petersen.")
    sal.page.get_by_role("combobox", name="Search").first.fill("DRILL-18V")
    sal.page.get_by_role("combobox", name="Search").first.press("Enter")
    sal.sees("89.00")
    sal.presses("Add to cart")
    sal.sees("Cordless drill 18 V is in the cart.")
    sal.goes("/cart/")
    expect(banner).to_contain_text("Acme GmbH")
    sal.follows("Order")
    sal.field("Your order number").fill("PHONE-1")
    sal.presses("Order with obligation to pay")
    number = sal.reads_number("Order")
    sal.presses("Leave", banner)
    sal.reads_heading("Acme GmbH")
    sal.sees("You work for your own company again")
    expect(banner).to_have_count(0)
    sal.goes("/orders/")
    sal.sees_not(number)
    is_marked(sal, come("dora"), number, "Phone")
    order = Order.objects.get(number=number, seller=stage.cast.companies["hansa"])
    assert (order.buyer, order.channel) == (stage.cast.companies["acme"], "phone")
    assert order.sales_rep_name == "Sal Petersen"


@pytest.mark.covers("R2.3", "R4.6")
def test_a_mailed_order_is_entered_at_the_desk_with_a_price_by_hand(
    stage: Stage, come: Callable[..., Person]
):
    sal = come("sal")
    sal.goes("/office/orders/new/")
    sal.page.get_by_role("searchbox", name="Name, customer number").fill("Acme")
    sal.page.wait_for_url("**q=Acme*")
    sal.row("Acme GmbH").get_by_role("link", name="Choose").click(delay=300)  # as slow as a hand
    sal.reads_heading("Enter an order for Acme GmbH")
    sal.field("How it came in").select_option("mail")
    sal.page.get_by_label("Their order number").fill("MAIL-2")
    sal.field("Article number, line 1").fill("DRILL-18V")
    sal.field("Quantity, line 1").fill("2")
    sal.field("Own price, line 1").fill("80.00")
    sal.field("Article number, line 2").fill("BOLT-M9")
    sal.field("Quantity, line 2").fill("100")
    sal.presses("Check lines and prices")
    sal.sees("by hand", "160.00")
    expect(sal.field("Article number, line 2")).to_have_attribute("aria-invalid", "true")
    sal.field("Article number, line 2").fill("BOLT-M8")
    sal.presses("Check lines and prices")
    sal.sees("172.50")
    sal.presses("Enter the order")
    number = sal.reads_number()
    is_marked(sal, come("dora"), number, "E-mail or letter")
    sal.sees("price set by hand", "MAIL-2")
    stage.mail_to("dora@acme.example", number)


def is_marked(sal: Person, dora: Person, number: str, channel: str) -> None:
    """At the seller's desk the order says for whom, by whom and how it came in; the customer's people see it too."""
    sal.goes(f"/office/orders/?q={number}")
    sal.in_main().get_by_role("link", name=number).click()
    sal.reads_heading(number)
    sal.sees("Acme GmbH", channel, "Sal Petersen")
    dora.goes("/orders/")
    dora.in_main().get_by_role("link", name=number).click()
    dora.reads_heading(f"Order {number}")
    dora.sees("Sal Petersen")
