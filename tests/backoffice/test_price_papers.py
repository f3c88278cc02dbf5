"""What changes between two days, and price lists of customers on paper and as files, for both sides."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from kontor.catalog.models import Product
from kontor.companies.models import CustomerAccount, Membership
from kontor.kernel import clock
from kontor.kernel.refusal import Refused
from kontor.orders import price_paper
from kontor.orders.price_paper import price_list_paper, price_list_pdf
from kontor.pricing.comparing import Between, differences
from kontor.pricing.models import PriceList
from kontor.pricing.operations import PriceRow, set_prices
from kontor.pricing.queries import chain_for, chain_of
from tests.cast import actor
from tests.web.markup import problems

DAY = timedelta(days=1)


@pytest.fixture
def tomorrow(sal: Membership, acme_list: PriceList, drill: Product) -> None:
    """From tomorrow on Acme pays 95.00 for the drill, for a week."""
    begins = clock.now() + DAY
    row = PriceRow(drill.pk, Decimal(95), valid_from=begins, valid_until=begins + 7 * DAY)
    set_prices(actor=actor(sal), price_list=acme_list, rows=[row])


@pytest.fixture
def office(client: Client, sal: Membership) -> Client:
    client.force_login(sal.user)
    return client


def test_two_days_are_compared_for_a_list_and_for_a_customer(
    office: Client,
    tomorrow: None,
    acme_account: CustomerAccount,
    acme_list: PriceList,
    public_list: PriceList,
):
    address, then = reverse("backoffice:price_differences"), (clock.now() + 3 * DAY).date().isoformat()
    of_list = office.get(address, {"list": acme_list.pk, "b": then}).content.decode()
    of_customer = office.get(address, {"customer": acme_account.customer_number, "b": then}).content.decode()
    of_others = office.get(address, {"list": public_list.pk}).content.decode()
    file = office.get(reverse("backoffice:price_differences_csv"), {"list": acme_list.pk, "b": then})
    wrong = office.get(address, {"customer": "nobody", "a": "someday"}).content.decode()

    for shown in (of_list, of_customer):
        assert "DRILL-18V" in shown
        assert "+6.7 %" in shown
        assert problems(shown) == []
    assert "No price changes between these two moments." in of_others
    assert (
        b"".join(file)
        .decode("utf-8-sig")
        .splitlines()[1]
        .startswith('"DRILL-18V","Cordless drill 18 V",1,"",89,1,"EUR",95,1,')
    )
    assert "No customer, or more than one, is called so." in wrong


def test_a_list_that_begins_changes_what_a_customer_pays(
    acme_account: CustomerAccount, acme_list: PriceList, drill: Product
):
    now = clock.now()
    PriceList.objects.filter(pk=acme_list.pk).update(valid_until=now + DAY)
    moments = {"a": now, "b": now + 2 * DAY}
    seller_id = acme_list.seller_id
    chains = {
        "before": chain_for(acme_account.buyer_id, now),
        "after": chain_for(acme_account.buyer_id, now + 2 * DAY),
    }
    (found,) = differences(Between(seller_id=seller_id, **chains, **moments), most=10)
    assert (found.sku, found.before, found.after, found.percent) == ("DRILL-18V", 89, 99, Decimal("11.2"))
    chains = {"before": chain_of([acme_list.pk], now), "after": chain_of([acme_list.pk], now + 2 * DAY)}
    (gone,) = differences(Between(seller_id=seller_id, **chains, **moments), most=10)
    assert (gone.after, gone.percent) == (None, None)


def test_a_price_list_on_paper_has_breaks_units_and_how_long_they_hold(
    tomorrow: None, acme_account: CustomerAccount, monkeypatch: pytest.MonkeyPatch
):
    paper = price_list_paper(acme_account, "en")
    lines = [[" / ".join(part for part in cell or [] if part) for cell in row] for row in paper.rows]
    bolts = [line for line in lines if "BOLT-M8" in line[0] or not line[0]]
    drill = next(line for line in lines if "DRILL-18V" in line[0])

    assert [line[2:] for line in bolts][:2] == [
        ["1 piece", "12.50 EUR / per 100 pieces"],
        ["1,000 pieces", "11.00 EUR / per 100 pieces"],
    ]
    assert "until " in drill[0]
    assert drill[3] == "89.00 EUR"
    assert price_list_pdf(acme_account, "de").startswith(b"%PDF")
    monkeypatch.setattr(price_paper, "MOST_ARTICLES", 1)
    with pytest.raises(Refused) as refusal:
        price_list_pdf(acme_account, "en")
    assert refusal.value.code == "too_long"


@pytest.mark.covers("R0.20")
def test_both_sides_get_the_price_list_of_the_customer_and_nobody_else(
    office: Client,
    tomorrow: None,
    acme_account: CustomerAccount,
    ana: Membership,
    gil: Membership,
    lev: Membership,
):
    page = office.get(reverse("backoffice:customer", args=[acme_account.pk])).content.decode()
    pdf, xlsx = (
        reverse(f"backoffice:customer_prices_{form}", args=[acme_account.pk]) for form in ("pdf", "xlsx")
    )
    own = reverse("storefront:price_list_paper", args=[acme_account.pk])
    buyer, rival, levante = Client(), Client(), Client()
    for client, person in ((buyer, ana), (rival, gil), (levante, lev)):
        client.force_login(person.user)

    assert pdf in page
    assert office.get(pdf).content.startswith(b"%PDF")
    assert own in buyer.get(reverse("storefront:price_file")).content.decode()
    assert buyer.get(own).content.startswith(b"%PDF")
    assert rival.get(own).status_code == 404
    assert levante.get(pdf).status_code == 404
    assert buyer.get(pdf).status_code == 403
    rows = list(load_workbook(BytesIO(b"".join(office.get(xlsx)))).active.values)
    at = {name: place for place, name in enumerate(rows[0])}
    drill = next(row for row in rows if row[at["sku"]] == "DRILL-18V")
    assert (str(drill[at["price"]]), drill[at["currency"]]) == ("89", "EUR")
    assert drill[at["valid_until"]]
