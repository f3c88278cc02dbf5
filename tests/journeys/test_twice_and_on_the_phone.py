"""Buttons that are pressed twice, and what a phone's narrow window shows first."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db.models import Sum
from playwright.sync_api import expect

from kontor.carts.models import CartLine
from kontor.companies.models import Membership
from kontor.companies.operations import NewColleague, invite_colleague
from tests.journeys.stage import Person, Stage

PHONE = {"viewport": {"width": 390, "height": 844}}
BAR_ROWS = """() => {
  const shown = [...document.querySelectorAll('.bar-row > *')].filter((one) => one.checkVisibility())
  const boxes = shown.map((one) => one.getBoundingClientRect())
  return new Set(boxes.map((box) => Math.round((box.top + box.bottom) / 20))).size
}"""


@pytest.fixture
def in_carts(stage: Stage):
    """How many drills are in the carts of Globex; none is left there."""
    globex, drill = stage.cast.companies["globex"], stage.cast.products["drill"]
    lines = CartLine.objects.filter(cart__buyer=globex, product=drill)
    yield lambda: lines.aggregate(sum=Sum("quantity"))["sum"] or Decimal(0)
    lines.delete()


@pytest.mark.covers("R0.16")
def test_two_clicks_are_two_intentions_and_a_double_click_is_one(
    stage: Stage, come: Callable[..., Person], in_carts: Callable[[], Decimal]
):
    gil, drill = come("gil"), stage.cast.products["drill"]
    gil.goes(f"/products/{drill.pk}/{drill.slug}/")
    form = gil.page.locator("main form", has=gil.page.get_by_role("button", name="Add to cart")).first
    add, key = form.get_by_role("button", name="Add to cart"), form.locator("input[name=once]")
    shown = key.input_value()
    gil.field("Quantity").first.fill("3")

    def presses(press: Callable[[], None]) -> Decimal:
        with gil.page.expect_response(lambda answer: answer.request.method == "POST"):
            press()
        expect(add).to_be_enabled()
        return in_carts()

    assert presses(add.click) == 3
    expect(key).not_to_have_value(shown)
    assert presses(add.click) == 6
    assert presses(add.dblclick) == 9
    gil.page.wait_for_timeout(500)
    assert in_carts() == 9


def test_who_clicks_twice_on_an_invitation_is_in_with_scripts_and_without(
    stage: Stage, come: Callable[..., Person]
):
    dora = stage.cast.people["dora"]
    for scripts in (True, False):
        email = f"twice-{scripts}@acme.example".lower()
        colleague = NewColleague(email=email, name="Eva Sommer", roles=("viewer",))
        _row, token = invite_colleague(actor=dora.as_actor("page"), invitation=colleague)
        eva = come(java_script_enabled=scripts)
        eva.goes(f"/invitation/{token}/")
        eva.page.get_by_label("Password").fill("nine copper kettles")
        eva.in_main().locator("form button.primary").dblclick()
        eva.reads_heading("Good day, Eva")
        assert Membership.objects.filter(user__email=email).count() == 1


@pytest.mark.covers("R0.50")
@pytest.mark.parametrize(("who", "path"), [("", "/"), ("gil", "/"), ("sal", "/office/")])
@pytest.mark.parametrize("language", ["en", "de"])
def test_on_a_phone_the_bar_is_two_rows(
    stage: Stage, come: Callable[..., Person], who: str, path: str, language: str
):
    person = come(who, locale=language, **PHONE)
    person.goes(path)
    assert person.page.evaluate(BAR_ROWS) == 2


def test_on_a_phone_the_filter_of_a_listing_is_folded_and_stays_as_it_was_left(
    stage: Stage, come: Callable[..., Person]
):
    wide, phone = come("gil"), come("gil", **PHONE)
    for person in (wide, phone):
        person.goes("/search/?q=drill")
    in_stock = [person.page.get_by_label("In stock only") for person in (wide, phone)]

    expect(in_stock[0]).to_be_visible()
    expect(in_stock[1]).to_be_hidden()
    phone.page.get_by_text("Filter and sort").click()
    with phone.page.expect_response(lambda answer: "in_stock" in answer.url):
        in_stock[1].check()
    expect(phone.page).to_have_url(re.compile("in_stock"))
    expect(in_stock[1]).to_be_visible()
