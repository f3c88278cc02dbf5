"""The unit chosen on a product's page decides minimum and step beside the box, with and without script."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from kontor.carts.models import CartLine
from kontor.catalog.models import Product, SalesUnit
from tests.journeys.stage import Person, Stage


@pytest.fixture
def bolt(stage: Stage) -> Iterator[Product]:
    """Pieces in 50s from 100, boxes in 2s up to 10, for this journey alone: others find units and carts as they were."""
    found = stage.cast.products["bolt"]
    before = list(SalesUnit.objects.filter(product=found))
    SalesUnit.objects.filter(product=found, unit="C62").update(minimum=100, multiple=50)
    SalesUnit.objects.filter(product=found, unit="XBX").update(minimum=2, multiple=2, maximum=10)
    yield found
    SalesUnit.objects.bulk_update(before, ["minimum", "multiple", "maximum"])
    CartLine.objects.filter(product=found).delete()


@pytest.mark.covers("R0.8")
def test_minimum_and_step_follow_the_chosen_unit(bolt: Product, come: Callable[..., Person]) -> None:
    own = SalesUnit.objects.filter(product=bolt)
    pieces, boxes = own.get(unit="C62"), own.get(unit="XBX")
    dora, address = come("dora"), f"/products/{bolt.pk}/"
    dora.goes(address)
    form = dora.page.locator(".buy-box, form").filter(has=dora.page.locator("select[name=unit]"))
    box, chosen = dora.field("Quantity", form), dora.field("Unit", form)

    def tells(unit: str) -> None:
        for one in (pieces, boxes):
            rule = form.locator(f"[data-unit={one.unit}]")
            expect(rule).to_be_visible() if one.unit == unit else expect(rule).to_be_hidden()

    tells("C62")
    expect(box).to_have_value("100")
    chosen.select_option("XBX")
    tells("XBX")
    expect(form.locator("[data-unit=XBX]")).to_have_text("box in 2s up to 10")
    expect(box).to_have_value("2")
    dora.presses("More", form)
    expect(box).to_have_value("4")
    box.fill("5")
    expect(form.locator("k-quantity")).to_have_class("stepper-input ready off-step")
    chosen.select_option("C62")
    tells("C62")
    expect(box).to_have_value("5")
    chosen.select_option("XBX")
    box.fill("6")
    dora.presses("Add to cart", form)
    dora.sees("is in the cart.")
    dora.goes("/cart/")
    dora.sees("= 600 pc")

    ben = come("ben", java_script_enabled=False)
    ben.goes(address)
    ben.sees("pc in 50s from 100", "box in 2s up to 10")
    ben.field("Unit").select_option("XBX")
    ben.field("Quantity").first.fill("4")
    ben.in_main().get_by_role("button", name="Add to cart").first.click()
    ben.reads_heading("Cart")
    ben.sees("= 1,000 pc")
