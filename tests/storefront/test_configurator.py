"""The configurator: a form that works by itself, and says beside each impossible choice why."""

import pytest
from django.test import Client
from django.urls import reverse

from kontor.carts.models import CartLine
from kontor.carts.operations import add_to_current_cart
from kontor.catalog.models import Configuration, Product
from kontor.companies.models import Membership
from kontor.goods.options import code_of
from tests.cast import actor
from tests.catalog.configurable import desk
from tests.storefront.trade_pages import browser_of, sent, shown


@pytest.fixture
def product(store_admin: Membership) -> Product:
    return desk(actor(store_admin))


@pytest.fixture
def buyer(ana: Membership) -> Client:
    return browser_of(ana)


def address(product: Product, query: str = "") -> str:
    return reverse("storefront:configure", args=[product.pk]) + query


@pytest.mark.covers("R0.40", "R3.17")
def test_the_product_page_begins_with_what_the_seller_chose(buyer, product):
    html = shown(buyer, reverse("storefront:product", args=[product.pk, product.slug]))
    assert f"DESK-1:{code_of(['OAK', '120'])}" in html
    assert "300.00" in html
    assert "Does not go with: 120 cm." in html  # walnut
    assert reverse("storefront:cart_add") not in html  # nothing goes into the cart without its options


def test_price_and_number_follow_the_choices_without_a_script(buyer, product):
    html = shown(
        buyer, address(product, "?configured=1&choice/top=WAL&choice/size=160&choice/extras=EL&quantity=12")
    )
    assert f"DESK-1:{code_of(['WAL', '160', 'EL'])}" in html
    assert ("533.50" in html, "13 working days" in html, "36 kg" in html) == (True, True, True)
    assert "disabled" not in html.split('id="configurator"')[1].split("</section>")[0]
    html = shown(buyer, address(product, "?configured=1&choice/size=120&choice/extras=EL"))
    assert "Top: choose one." in html
    assert "“Electric drive” needs “160 cm”." in html
    assert "when all is chosen" in html
    assert not Configuration.objects.exists()


def test_a_fragment_disables_what_is_impossible(buyer, product):
    answer = buyer.get(
        address(product, "?configured=1&choice/top=OAK&choice/size=120"), headers={"HX-Request": "true"}
    )
    html = answer.content.decode()
    assert "<html" not in html
    disabled = [part for part in html.split("<input")[1:] if " disabled" in part.split(">")[0]]
    assert {part.split('value="')[1].split('"')[0] for part in disabled} == {"WAL", "EL"}


def test_what_is_chosen_goes_into_the_cart_and_can_be_changed_there(buyer, product, ana):
    to = reverse("storefront:configured_add", args=[product.pk])
    html = sent(
        buyer,
        to,
        {"configured": "1", "choice/top": "OAK", "choice/size": "120", "quantity": "2", "unit": "C62"},
    )
    assert "Top: Oak; Size: 120 cm" in html
    line = CartLine.objects.get()
    change = address(
        product, f"?choice=120&amp;choice=OAK&amp;line={line.pk}&amp;revision={line.revision}&amp;quantity=2"
    )
    assert change in html
    assert "Change the line" in shown(buyer, change.replace("&amp;", "&"))
    form = {
        "configured": "1",
        "choice/top": "WAL",
        "choice/size": "160",
        "quantity": "3",
        "line": str(line.pk),
    }
    html = sent(buyer, to, form | {"revision": str(line.revision)})
    assert "Top: Walnut; Size: 160 cm" in html
    assert [(one.quantity, one.configuration.parts) for one in CartLine.objects.all()] == [
        (3, ["160", "WAL"])
    ]


def test_an_incomplete_choice_and_a_rivals_line_are_refused(buyer, product, gil):
    to = reverse("storefront:configured_add", args=[product.pk])
    answer = buyer.post(to, {"configured": "1", "choice/top": "WAL", "choice/size": "120", "quantity": "1"})
    assert answer.status_code == 422
    assert "“Walnut” does not go with “120 cm”." in answer.content.decode()
    form = {"configured": "1", "choice/top": "OAK", "choice/size": "120", "quantity": "1"}
    sent(buyer, to, form)
    line = CartLine.objects.get()
    answer = browser_of(gil).post(to, form | {"line": str(line.pk), "revision": "1", "quantity": "9"})
    assert answer.status_code in (404, 422)
    assert CartLine.objects.get().quantity == 1


def test_visitors_look_but_see_what_guests_see(client, product, bolt):
    assert client.get(address(product)).status_code == 200
    assert client.get(reverse("storefront:configure", args=[bolt.pk])).status_code == 404


def test_what_no_code_can_be_is_not_asked_for(buyer, product):
    for strange in ("%00", "=1%2B1", "A" * 9, "%F0%9F%92%A3"):
        html = shown(buyer, address(product, f"?configured=1&choice={strange}"))
        assert "Top: choose one." in html
    to = reverse("storefront:configured_add", args=[product.pk])
    assert buyer.post(to, {"configured": "1", "choice": ["\x00", "OAK"], "quantity": "1"}).status_code == 422
    assert not Configuration.objects.exists()


def test_a_line_of_another_article_is_not_configured(buyer, product, bolt, ana):
    add_to_current_cart(
        actor=actor(ana), seller_id=bolt.seller_id, product_id=bolt.pk, quantity=100, unit="C62"
    )
    line = CartLine.objects.get()
    to = reverse("storefront:configured_add", args=[product.pk])
    form = {"choice": ["OAK", "120"], "quantity": "1", "line": line.pk, "revision": line.revision}
    answer = buyer.post(to, {"configured": "1"} | form)
    assert answer.status_code == 422
    assert "This is a configuration of another article." in answer.content.decode()
    assert CartLine.objects.get().product_id == bolt.pk
