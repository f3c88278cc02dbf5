"""What buyers are shown: net, with VAT, or both; the tax is that of an order."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kontor.catalog.models import Product
from kontor.companies.models import Address, Company
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.orders.preview import preview
from kontor.taxes.deciding import Item
from kontor.taxes.models import Certificate, Policy, Prices, PricesShown, TaxRate
from kontor.taxes.operations import show_prices
from kontor.taxes.showing import NET, Shown, shown_to
from tests.taxes.proofs import proven


def shows(seller, prices):
    Policy.objects.update_or_create(seller=seller, defaults={"prices": prices})


def test_prices_are_net_until_the_seller_says_otherwise(ana, bolt, hansa):
    assert shown_to(ana.company_id, [bolt.pk]) == {}
    shows(hansa, "gross")
    assert shown_to(ana.company_id, [bolt.pk]) == {bolt.pk: Shown("gross", Decimal(19))}
    assert shown_to(None, [bolt.pk]) == {bolt.pk: Shown("gross", Decimal(19))}


def test_many_articles_take_one_statement(ana, bolt, drill, hansa):
    shows(hansa, "both")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = shown_to(ana.company_id, [bolt.pk, drill.pk])
    assert len(asked) == 1
    assert {one.rate for one in found.values()} == {Decimal(19)}


def test_a_customer_can_have_a_way_of_its_own(ana, gil, fin, bolt, hansa, acme_account):
    show_prices(actor=fin.as_actor("page"), account=acme_account, prices="both")
    assert shown_to(ana.company_id, [bolt.pk])[bolt.pk].prices == "both"
    assert shown_to(gil.company_id, [bolt.pk]) == {}

    shows(hansa, "gross")
    show_prices(actor=fin.as_actor("page"), account=acme_account, prices="net")
    assert shown_to(ana.company_id, [bolt.pk]) == {}
    show_prices(actor=fin.as_actor("page"), account=acme_account, prices="")
    assert shown_to(ana.company_id, [bolt.pk])[bolt.pk].prices == "gross"


def test_who_may_not_changes_nothing(ana, sal, lev, fin, acme_account):
    for person, error in ((ana, NotAllowed), (sal, NotAllowed), (lev, NotAllowed)):
        with pytest.raises(error):
            show_prices(actor=person.as_actor("page"), account=acme_account, prices="gross")
    with pytest.raises(Refused) as refusal:
        show_prices(actor=fin.as_actor("page"), account=acme_account, prices="dear")
    assert refusal.value.code == "prices_wrong"
    assert not PricesShown.objects.exists()


def bears(buyer, seller, product, category):
    """The rate that an order of the article would bear."""
    found = preview(
        buyer_id=buyer.pk,
        seller_id=seller.pk,
        lines=[(Item.sold(category, product.kind, product.pk), Decimal(100))],
        currency="EUR",
    )
    assert found.refusal is None
    return found.taxes[0].rate


@pytest.mark.parametrize("where", ["home", "abroad", "abroad, proven", "outside", "heligoland", "exempt"])
@pytest.mark.parametrize("category", ["standard", "reduced", "zero", "exempt", "reversed"])
def test_the_tax_that_is_shown_is_that_of_an_order(ana, bolt, acme, hansa, where, category):
    shows(hansa, "gross")
    Product.objects.filter(pk=bolt.pk).update(tax_category=category)
    country, vat_id = {
        "abroad": ("FR", ""),
        "abroad, proven": ("FR", "FR40303265045"),
        "outside": ("CH", ""),
    }.get(where, ("DE", acme.vat_id))
    Company.objects.filter(pk=acme.pk).update(country=country, vat_id=vat_id)
    postal = "27498" if where == "heligoland" else "10115"
    Address.objects.filter(company=acme).update(country=country, postal_code=postal)
    if where == "abroad, proven":
        proven(acme, hansa)
    if where == "exempt":
        Certificate.objects.create(
            seller=hansa, buyer=acme, number="X 1", country="DE", valid_from=date(2020, 1, 1), status="approved",
            submitted_by="Ana", decided_at="2026-01-01T00:00Z",
        )  # fmt: skip
    buyer = Company.objects.get(pk=acme.pk)
    assert shown_to(acme.pk, [bolt.pk])[bolt.pk].rate == bears(buyer, hansa, bolt, category)


def test_without_a_rate_the_price_is_shown_net(ana, bolt, hansa):
    shows(hansa, "gross")
    TaxRate.objects.filter(country="DE", category="standard").delete()
    assert shown_to(ana.company_id, [bolt.pk]) == {}


def test_states_that_tax_by_themselves_are_shown_net(ana, bolt, acme, hansa):
    shows(hansa, "gross")
    Address.objects.filter(company=acme).update(country="US", region="TX")
    assert shown_to(ana.company_id, [bolt.pk]) == {}


def test_a_gross_price_has_as_many_decimals_as_the_net_one():
    assert Shown(Prices.GROSS, Decimal("8.1")).gross(Decimal("0.001"), "CHF") == Decimal("0.001")
    assert Shown(Prices.GROSS, Decimal(19)).gross(Decimal(100), "JPY") == Decimal(119)
    assert NET.gross(Decimal("12.40"), "EUR") == Decimal("12.40")
