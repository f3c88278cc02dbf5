"""Charges and exchange rates on pages: said in plain words, typed as people type, tried before they count."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kontor.catalog.models import Product
from kontor.charges.models import Content, Index, IndexValue, Rule, Tariff
from kontor.companies.models import CustomerAccount, Membership
from kontor.pricing.models import ExchangeRate
from tests.pricing.operations.test_rates import DAILY
from tests.traces import unchanged
from tests.web.markup import problems


@pytest.fixture
def office(client: Client, sal: Membership) -> Client:
    client.force_login(sal.user)
    return client


def page_of(office: Client, name: str, /, *args: int, **asked: str) -> str:
    answer = office.get(reverse(f"backoffice:{name}", args=args), asked)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert problems(html) == []
    return html


def post(office: Client, name: str, /, *args: int, **form: object) -> str:
    """Where a form leads to, or the page that came back."""
    answer = office.post(reverse(f"backoffice:{name}", args=args), form)
    return answer.headers["Location"] if answer.status_code == 303 else answer.content.decode()


def freight(office: Client, **form: str) -> Rule:
    post(office, "charges", kind="freight", name="Freight")
    rule = Rule.objects.get()
    steps = {
        "steps/0/start": "0", "steps/0/amount": "6.90", "steps/1/start": "100", "steps/1/amount": "4 %",
    }  # fmt: skip
    post(office, "charge_tariff_new", rule.pk, **{"currency": "EUR", "free_from": "250"} | steps | form)
    return rule


def test_freight_is_added_in_two_forms_and_told_in_words(office: Client) -> None:
    assert "Nothing is charged beside the goods." in page_of(office, "charges")
    rule = freight(office)
    told = page_of(office, "charges")
    assert "€6.90, from €100.00 4 %, none from a net value of €250.00" in told
    assert "All customers" in page_of(office, "charge", rule.pk)
    (tariff,) = Tariff.objects.all()
    form = page_of(office, "charge_tariff", rule.pk, tariff.pk)
    assert 'value="4 %"' in form


def test_a_tariff_for_a_customer_without_charge_is_found_by_number(
    office: Client, acme_account: CustomerAccount
) -> None:
    rule = freight(office)
    post(
        office,
        "charge_tariff_new",
        rule.pk,
        currency="EUR",
        account="10001",
        is_none="on",
        countries="de, at",
    )
    assert Tariff.objects.get(account=acme_account).countries == ["AT", "DE"]
    assert "Acme GmbH (10001), AT DE" in page_of(office, "charges")
    tariff = Tariff.objects.get(account=acme_account)
    post(office, "charge_tariff", rule.pk, tariff.pk, delete="1")
    assert Tariff.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"account": "99999"}, "You have no customer with this number."),
        ({"steps/0/amount": "much"}, "“much” is not a number."),
        ({"valid_from": "soon"}, "Enter a day and a time."),
        ({"countries": "DE XX"}, "There is no country XX."),
        ({}, "Another tariff counts for the same customers, countries and days."),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field_and_nothing_changes(
    office: Client, form: dict[str, str], sentence: str
) -> None:
    rule = freight(office)
    with unchanged():
        html = post(office, "charge_tariff_new", rule.pk, **{"currency": "EUR", "steps/0/amount": "5"} | form)
    assert sentence in html
    assert problems(html) == []


def test_what_cannot_be_printed_is_left_out_of_names_and_numbers(office: Client, client: Client) -> None:
    rule = freight(office, account="4711\x00")
    assert not rule.tariffs.exists()
    post(office, "charges", kind="packaging", name="Box\x00es")
    post(office, "indices", name="Cop\x00per", currency="EUR", per="100", unit="KGM")
    names = {one.name for one in Rule.objects.all()} | {one.name for one in Index.objects.all()}
    assert names == {"Freight", "Boxes", "Copper"}


def test_a_charge_is_narrowed_to_articles_and_a_wrong_one_is_named(office: Client, drill: Product) -> None:
    rule = freight(office)
    form = {"name": "Freight", "code": "FC", "measure": "value"}
    assert "There is no article NO-SUCH among yours." in post(
        office, "charge", rule.pk, products="NO-SUCH", **form
    )
    post(
        office,
        "charge",
        rule.pk,
        products="DRILL-18V",
        channels=["phone", "mail"],
        tax_category="standard",
        **form,
    )
    rule.refresh_from_db()
    assert (list(rule.products.all()), rule.channels, rule.tax_category) == (
        [drill],
        ["phone", "mail"],
        "standard",
    )
    assert "DRILL-18V" in page_of(office, "charge", rule.pk)


def test_trying_out_tells_charges_and_what_is_missing_for_a_value_and_for_articles(office: Client) -> None:
    freight(office)
    html = page_of(office, "charges_tried", value="150")
    assert "€6.00" in html
    assert "For €100.00 more, Freight (€6.00) falls away." in html.replace("\n", " ")
    html = page_of(office, "charges_tried", lines="DRILL-18V 1", customer="10001")
    assert "€89.00" in html
    assert "€6.90" in html
    assert "No charges." in page_of(office, "charges_tried", value="250")
    assert "There is no article NO-SUCH among yours." in page_of(office, "charges_tried", lines="NO-SUCH")
    assert "No customer, or more than one, is called so." in page_of(
        office, "charges_tried", value="1", customer="x"
    )


def test_values_and_contents_are_pasted_and_a_wrong_line_is_named(office: Client, bolt: Product) -> None:
    post(office, "indices", name="Copper", currency="EUR", per="100", unit="KGM")
    copper = Index.objects.get()
    assert "No value yet" in page_of(office, "indices")
    wrong = post(office, "index", copper.pk, rows="2026-05-01\t912.40\nyesterday\t1")
    assert "Line 2: “yesterday” is not a day." in wrong
    assert not IndexValue.objects.exists()
    post(office, "index", copper.pk, rows="2026-05-01\t912.40\n01.06.2026;930\n")
    assert [str(one.value.normalize()) for one in copper.values.order_by("day")] == ["912.4", "9.3E+2"]
    assert "912.4" in page_of(office, "index", copper.pk)
    assert "There is no article NOPE among yours." in post(
        office, "index_contents", copper.pk, contents="NOPE 1"
    )
    post(office, "index_contents", copper.pk, contents="BOLT-M8\t0.0864")
    assert Content.objects.get(product=bolt).amount == Decimal("0.0864")
    post(office, "charges", kind="index", name="Copper surcharge", index=str(copper.pk))
    assert "A surcharge follows this index." in post(office, "index_delete", copper.pk)
    post(office, "charge_delete", Rule.objects.get().pk)
    assert post(office, "index_delete", copper.pk) == reverse("backoffice:indices")


def test_rates_are_taken_in_fixed_and_removed(office: Client, client: Client, olga: Membership) -> None:
    assert "There are no reference rates yet." in page_of(office, "exchange_rates")
    assert "Choose the file of rates first." in post(office, "exchange_rates")
    upload = SimpleUploadedFile("eurofxref-daily.xml", b"<html></html>")
    assert "not a file of reference rates" in post(office, "exchange_rates", file=upload)
    post(office, "exchange_rate_fix", source="EUR", target="usd", rate="1.1", day="2026-01-01")
    (fixed,) = ExchangeRate.objects.all()
    html = page_of(office, "exchange_rates")
    assert "1 EUR = 1.1 USD" in html
    assert "Fixed" in html
    assert "is not a number" in post(office, "exchange_rate_fix", source="EUR", target="USD", rate="one")
    post(office, "exchange_rate_remove", fixed.pk)
    assert not ExchangeRate.objects.exists()
    client.force_login(olga.user)
    assert "They count for everybody." in page_of(client, "exchange_rates")
    post(client, "exchange_rates", file=SimpleUploadedFile("eurofxref-daily.xml", DAILY))
    assert ExchangeRate.objects.filter(seller=None).count() == 3


@pytest.mark.parametrize("who", ["ana", "wim"])
def test_buyers_and_warehouse_are_shut_out(client: Client, who: str, request: pytest.FixtureRequest) -> None:
    client.force_login(request.getfixturevalue(who).user)
    for name in ("charges", "charges_tried", "indices", "exchange_rates"):
        assert client.get(reverse(f"backoffice:{name}")).status_code == 403


def test_another_sellers_charges_are_not_there(office: Client, client: Client, lev: Membership) -> None:
    rule = freight(office)
    client.force_login(lev.user)
    assert client.get(reverse("backoffice:charge", args=[rule.pk])).status_code == 404
    assert "Nothing is charged beside the goods." in page_of(client, "charges")
