"""What somebody pays at a moment, and why: as the seller's people ask it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from kontor.catalog.models import Product
from kontor.companies.models import Company, CustomerAccount, Membership
from kontor.kernel.actors import system_actor
from kontor.pricing.models import PriceList
from kontor.pricing.operations import (
    Formula,
    Given,
    PriceListFacts,
    PriceRow,
    assign_lists,
    save_price_list,
    set_prices,
)
from tests.backoffice.test_warehouse import html_of, signed_in
from tests.cast import Cast

SYSTEM = system_actor("test")
BEGIN = datetime(2030, 2, 28, 23, 0, tzinfo=UTC)


@pytest.fixture
def sales(sal: Membership) -> Client:
    return signed_in(sal)


def address(product: Product | None, **asked: str) -> str:
    at = reverse("backoffice:price_of", args=[product.pk]) if product else reverse("backoffice:prices_of")
    return at + "?" + "&".join(f"{name}={value}" for name, value in asked.items())


@pytest.mark.covers("R2.4")
def test_each_list_says_why_it_counts_or_not(sales: Client, drill: Product, acme_list: PriceList) -> None:
    later = PriceRow(drill.pk, Decimal("80.00"), valid_from=BEGIN)
    set_prices(actor=SYSTEM, price_list=acme_list, rows=[later])
    html = html_of(sales, address(drill, customer="10001"))
    assert "The first that has a price." in html
    assert "Asked after Acme contract, which says something already." in html
    assert "1 Mar 2030, 00:00" in html
    ahead = html_of(sales, address(drill, customer="10001", at="2030-03-01T00:00", quantity="2"))
    assert "160.00" in ahead
    assert "Nothing that is entered today changes this price." in ahead


@pytest.mark.covers("R2.4")
def test_a_formula_is_worked_out_in_figures_and_what_is_left_out_says_why(
    sales: Client, drill: Product, acme_account: CustomerAccount, public_list: PriceList, acme_list: PriceList
) -> None:
    formula = Formula(public_list, Decimal("0.9"), round_to=Decimal(1), ending=Decimal("-0.05"))
    facts = PriceListFacts(name="Dealers", currency="EUR", formula=formula)
    dealers = save_price_list(actor=SYSTEM, facts=facts, seller=public_list.seller)
    facts = PriceListFacts(name="Spring", currency="EUR", valid_from=BEGIN)
    spring = save_price_list(actor=SYSTEM, facts=facts, seller=public_list.seller)
    given = Given(price_lists=[spring, dealers], is_closed=True)
    assign_lists(actor=SYSTEM, account=acme_account, given=given)
    html = html_of(sales, address(drill, customer="10001"))
    assert "€99.00 × 0.9 = 89.1 → €88.95 (to the nearest 1, less 0.05)" in html
    assert "Counts only from 1 Mar 2030, 00:00 on." in html
    assert "Not asked: the lists before stand alone." in html


def test_many_articles_have_their_price_beside_the_public_one_on_the_page_and_in_the_file(
    sales: Client, cast: Cast
) -> None:
    html = html_of(sales, address(None, customer="10001", q="drill"))
    assert "Acme contract" in html
    assert "10.1 %" in html
    assert "BOLT-M8" not in html
    file = b"".join(sales.get(reverse("backoffice:prices_of_csv") + "?customer=10001").streaming_content)
    assert '"DRILL-18V","Cordless drill 18 V",1,89,1,"EUR","Acme contract",99,10.1' in file.decode(
        "utf-8-sig"
    )


def test_what_cannot_be_read_is_said_and_visitors_are_shown(sales: Client, cast: Cast) -> None:
    html = html_of(sales, address(None, customer="4711", quantity="none", at="soon"))
    assert "No customer, or more than one, is called so: this is what visitors pay." in html
    assert "Enter a quantity above 0." in html
    assert "Enter a day and a time." in html


def test_a_rivals_articles_and_customers_are_not_there(lev: Membership, drill: Product) -> None:
    rival = signed_in(lev)
    assert rival.get(address(drill, customer="10001")).status_code == 404
    for named in ("10001", "Acme"):
        assert "No customer, or more than one, is called so" in html_of(rival, address(None, customer=named))


@pytest.mark.parametrize("named", ["10001", "acme gmbh", "Acm"])
def test_a_customer_is_named_by_its_number_its_name_or_how_that_begins(
    sales: Client, cast: Cast, named: str
) -> None:
    assert "Acme contract" in html_of(sales, address(None, customer=named, q="drill"))


def test_a_beginning_that_two_names_have_names_nobody(
    sales: Client,
    acme: Company,
    globex: Company,
    acme_account: CustomerAccount,
    globex_account: CustomerAccount,
) -> None:
    for one, name in ((acme, "Acme"), (globex, "Acme West")):
        Company.objects.filter(pk=one.pk).update(legal_name=name, trade_name="")
    assert "more than one, is called so" in html_of(sales, address(None, customer="Acm", q="drill"))
    assert "Acme contract" in html_of(sales, address(None, customer="Acme", q="drill"))
