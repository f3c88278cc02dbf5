"""An order that comes by phone: choose the customer, type or paste lines, check, enter."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from kontor.charges.models import Step, Tariff
from kontor.companies.models import Address, Company, CustomerAccount, Membership
from kontor.orders.models import Order
from kontor.pricing.models import ProductCost
from kontor.search.operations import rebuild_all
from tests.agreements.made import contract_of
from tests.assembly import Cast
from tests.orders.test_adding_up import charge
from tests.orders.trade import placed
from tests.promotions.baskets import code, promotion
from tests.traces import unchanged
from tests.web.markup import problems

NEW = "/office/orders/new/"


@pytest.fixture
def office(client: Client, sal: Membership) -> Client:
    rebuild_all()
    client.force_login(sal.user)
    return client


def form(account: CustomerAccount, *lines: tuple[str, str, str, str], **more: str) -> dict[str, str]:
    sent = {
        "customer": str(account.pk),
        "do": "enter",
        "channel": "phone",
        "po_number": "",
        "wished_date": "",
    }
    for number, line in enumerate(lines):
        sent |= {
            f"lines/{number}/{name}": text
            for name, text in zip(("sku", "quantity", "unit", "price"), line, strict=True)
        }
    return sent | more


def test_first_the_customer_is_chosen(office: Client, acme_account: CustomerAccount) -> None:
    html = office.get(reverse("backoffice:order_new")).content.decode()
    found = office.get(NEW, {"q": "globex"}).content.decode()
    entry = office.get(NEW, {"customer": acme_account.pk}).content.decode()

    assert f"?customer={acme_account.pk}" in html
    assert "Globex AG" in found
    assert "Acme GmbH" not in found
    assert "Enter an order for Acme GmbH" in entry
    assert problems(html) == []
    assert problems(entry) == []


def test_checking_shows_names_prices_and_stock_and_enters_nothing(
    office: Client, acme_account: CustomerAccount, bolt, drill
) -> None:
    with unchanged():
        answer = office.post(
            NEW, form(acme_account, (bolt.sku, "1000", "", ""), (drill.sku, "20", "", "80"), do="check")
        )

    html = answer.content.decode()
    assert answer.status_code == 200
    assert bolt.name in html
    assert drill.name in html
    assert "€</span>110.00" in html  # 1,000 at 11.00 per 100
    assert "€</span>1,600.00" in html
    assert "by hand" in html
    assert "short" in html  # 12 drills are in stock
    assert problems(html) == []


def test_an_order_is_entered_at_list_and_manual_prices(
    office: Client, acme_account: CustomerAccount, bolt, drill, sal: Membership
) -> None:
    lines = [(bolt.sku, "2", "XBX", ""), (drill.sku, "3", "", "75.50")]
    answer = office.post(NEW, form(acme_account, *lines, channel="fair", po_number="F-9"))

    order = Order.objects.get()
    assert answer.headers["Location"] == reverse("backoffice:order", args=[order.pk])
    assert (order.channel, order.po_number, order.sales_rep, order.net_total) == (
        "fair",
        "F-9",
        sal,
        Decimal("251.50"),
    )
    assert list(order.lines.values_list("unit", "quantity", "price_source")) == [
        ("XBX", Decimal(2), order.lines.first().price_source),
        ("C62", Decimal(3), "manual"),
    ]


def test_pasted_text_becomes_lines(office: Client, acme_account: CustomerAccount, bolt, drill) -> None:
    pasted = f"SKU\tMenge\tEinheit\tPreis\n{bolt.sku}\t200\t\t\n{drill.sku}\t1\tC62\t70"
    office.post(NEW, form(acme_account, pasted=pasted))

    order = Order.objects.get()
    assert list(order.lines.values_list("base_quantity", "net")) == [
        (Decimal(200), Decimal("25.00")),
        (Decimal(1), Decimal("70.00")),
    ]


def test_what_is_wrong_stands_at_its_cell_and_nothing_is_entered(
    office: Client, acme_account: CustomerAccount, bolt, drill
) -> None:
    lines = [
        ("NOPE", "1", "", ""),
        (bolt.sku, "many", "", ""),
        (drill.sku, "1", "KGM", ""),
        (drill.sku, "1", "", "x"),
    ]
    with unchanged():
        answer = office.post(NEW, form(acme_account, *lines))

    html = answer.content.decode()
    assert answer.status_code == 422
    for sentence in (
        "Nothing with this number is on sale.",
        "“many” is not a number",
        "Sold in:",
        "“x” is not a number",
    ):
        assert sentence in html
    assert 'value="NOPE"' in html
    assert 'value="many"' in html
    assert problems(html) == []


def test_more_than_there_is_is_refused_at_the_line(
    office: Client, acme_account: CustomerAccount, drill
) -> None:
    with unchanged():
        answer = office.post(NEW, form(acme_account, (drill.sku, "13", "", "")))

    assert answer.status_code == 422
    assert "12" in answer.content.decode()


def test_the_same_order_number_is_entered_again_only_knowingly(
    office: Client, acme_account: CustomerAccount, ben: Membership, bolt
) -> None:
    placed(ben, (bolt, 100), po_number="PO-1")
    sent = form(acme_account, (bolt.sku, "100", "", ""), po_number="PO-1")
    first = office.post(NEW, sent)
    second = office.post(NEW, sent | {"accept_duplicate_po": "on"})

    assert first.status_code == 422
    assert 'name="accept_duplicate_po"' in first.content.decode()
    assert second.status_code == 303
    assert Order.objects.filter(po_number="PO-1").count() == 2


def test_only_own_active_customers_and_only_with_the_right(
    client: Client, acme_account: CustomerAccount, lev: Membership, wim: Membership, sal: Membership
) -> None:
    client.force_login(lev.user)
    foreign = client.get(NEW, {"customer": acme_account.pk})
    client.force_login(wim.user)
    without = client.get(NEW)
    CustomerAccount.objects.filter(pk=acme_account.pk).update(status="blocked")
    client.force_login(sal.user)
    blocked = client.get(NEW, {"customer": acme_account.pk})

    assert (foreign.status_code, without.status_code, blocked.status_code) == (404, 403, 422)


@pytest.fixture
def terms(cast: Cast, hansa: Company) -> None:
    """Freight of 6.90, to Switzerland 29.00; a tenth off with a code."""
    freight = charge(hansa, "freight", "6.90")
    abroad = Tariff.objects.create(rule=freight, currency="EUR", countries=["CH"])
    Step.objects.create(tariff=abroad, start=0, amount=29)
    code(promotion(cast, name="A tenth off", needs_code=True), "TENTH")


def test_before_anything_is_entered_the_page_shows_what_the_order_will_come_to(
    terms: None, office: Client, acme_account: CustomerAccount, drill
) -> None:
    lines = [(drill.sku, "2", "", ""), ("NOPE", "1", "", "")]
    sent = form(acme_account, *lines, codes="tenth nothing", do="check")
    with unchanged():
        html = office.post(NEW, sent).content.decode()
    office.post(NEW, form(acme_account, lines[0], codes="tenth"))

    order = Order.objects.get()
    assert (order.net_total, order.tax_total) == (Decimal("167.10"), Decimal("31.75"))
    for amount in ("178.00", "−€</span>17.80", "6.90", "167.10", "31.75", "198.85"):
        assert amount in html.replace("-€", "−€"), amount
    assert "Freight" in html
    assert "A tenth off" in html
    assert "Lines with a mistake are not counted yet." in html
    assert "NOTHING" in html.upper()
    assert problems(html) == []


def test_the_preview_follows_the_address_and_the_contract(
    terms: None,
    office: Client,
    acme: Company,
    acme_account: CustomerAccount,
    sal: Membership,
    acme_list,
    drill,
) -> None:
    swiss = Address.objects.create(company=acme, recipient="Acme", street="Weg 1", city="Basel", country="CH")
    contract_of(sal, acme_account, acme_list, drill)
    sent = form(acme_account, (drill.sku, "11", "", ""), do="check", delivery_address_id=str(swiss.pk))
    with unchanged():
        html = office.post(NEW, sent).content.decode()

    assert "1,089.00" in html  # ten are left at 89.00, so all eleven cost 99.00
    assert "29.00" in html
    assert "1,118.00" in html


def test_a_price_below_the_floor_is_told_before_entering(
    office: Client, acme_account: CustomerAccount, drill
) -> None:
    ProductCost.objects.create(product=drill, day=date(2020, 1, 1), floor=Decimal(70))
    with unchanged():
        answer = office.post(NEW, form(acme_account, (drill.sku, "2", "", "60"), do="check"))

    assert answer.status_code == 422
    assert "This is below the lowest price of the article." in answer.content.decode()
