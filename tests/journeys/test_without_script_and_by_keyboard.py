"""The shop for people whose browser runs no scripts, and for people who never touch a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.assembly import PASSWORD
from tests.journeys.stage import Person, Stage


@pytest.mark.covers("R0.16", "R4.22")
def test_without_script_somebody_signs_in_searches_fills_a_cart_and_orders(
    stage: Stage, come: Callable[..., Person]
):
    dora = come(java_script_enabled=False)
    dora.goes("/cart/")
    dora.reads_heading("Sign in")
    dora.field("E-mail").fill("dora@acme.example")
    dora.field("Password").fill(PASSWORD)
    dora.presses("Sign in")
    dora.goes("/")
    dora.page.get_by_role("searchbox").first.fill("hex bolt")
    dora.page.keyboard.press("Enter")
    dora.reads_heading("Results for “hex bolt”")
    dora.field("Quantity").first.fill("200")
    dora.in_main().get_by_role("button", name="Add to cart").click()
    dora.reads_heading("Cart")
    dora.sees("Hex bolt M8 x 40 is in the cart.")
    dora.follows("Paste lines")
    dora.page.get_by_label("Article number and quantity").fill("DRILL-18V 1")
    dora.presses("Put into the cart")
    dora.field("Quantity of BOLT-M8").fill("300")
    dora.presses("Save changes")
    dora.sees("126.50")
    dora.follows("Order")
    dora.field("Your order number").fill("NOSCRIPT-1")
    dora.presses("Order with obligation to pay")
    number = dora.reads_number("Order")
    dora.page.get_by_label("Message to Hansa Supply GmbH").fill("Please ring twice.")
    dora.presses("Send message")
    dora.sees("Please ring twice.", number)


@pytest.mark.covers("R0.16", "R4.22")
def test_with_the_keyboard_alone_somebody_signs_in_finds_orders_and_follows(
    stage: Stage, come: Callable[..., Person]
):
    dora = come()
    page, keys = dora.page, dora.page.keyboard
    dora.goes("/account/login/")
    expect(dora.field("E-mail")).to_be_focused()
    keys.type("dora@acme.example")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    dora.reads_heading("Good day, Dora")
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    keys.press("/")
    expect(page.get_by_role("combobox", name="Search").first).to_be_focused()
    keys.type("DRILL-18V")
    keys.press("Enter")
    dora.reads_heading("Cordless drill 18 V")
    tabs_to(dora, dora.field("Quantity").first)
    keys.press("ArrowUp")
    expect(dora.field("Quantity").first).to_have_value("2")
    keys.press("Enter")
    dora.sees("Cordless drill 18 V is in the cart.")
    keys.press("Escape")
    tabs_to(dora, page.get_by_role("link", name="Skip to content"))
    keys.press("g")
    keys.press("c")
    dora.reads_heading("Cart")
    tabs_to(dora, page.get_by_role("link", name="Order", exact=True))
    keys.press("Enter")
    tabs_to(dora, dora.field("Your order number"))
    keys.type("KEYS-1")
    keys.press("Control+Enter")
    number = dora.reads_number("Order")
    keys.press("g")
    keys.press("o")
    dora.reads_heading("Orders")
    dora.sees(number)
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()


def tabs_to(person: Person, target: Locator) -> None:
    """Press Tab until the target has the focus; it must be reachable, and the focus must never be lost."""
    for _ in range(80):
        person.page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} is not reached by Tab from {person.page.url}")
