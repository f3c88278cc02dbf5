"""What a buyer is told below a price, and what not."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client

from kontor.catalog.models import Product
from kontor.companies.models import CustomerAccount, CustomerGroup, Membership
from kontor.kernel.actors import system_actor
from kontor.pricing.models import PriceList
from kontor.pricing.operations import (
    Given,
    PriceListFacts,
    PriceRow,
    assign_group_lists,
    save_price_list,
    set_prices,
)
from tests.backoffice.test_warehouse import html_of, signed_in

SYSTEM = system_actor("test")
BEGIN = datetime(2030, 2, 28, 23, 0, tzinfo=UTC)


def shown(client: Client, product: Product) -> str:
    return html_of(client, f"/products/{product.pk}/{product.slug}/")


@pytest.mark.covers("R2.4", "R0.5")
def test_a_contract_price_is_told_with_the_list_price_and_what_comes(
    ana: Membership, gil: Membership, drill: Product, acme_list: PriceList
) -> None:
    set_prices(actor=SYSTEM, price_list=acme_list, rows=[PriceRow(drill.pk, Decimal("80"), valid_from=BEGIN)])
    html = shown(signed_in(ana), drill)
    assert "Your contract price; list price €99.00; from 1 Mar 2030 €80.00" in html
    assert "Acme contract" not in html
    rival = shown(signed_in(gil), drill)
    assert "80.00" not in rival
    assert "contract price" not in rival


def test_a_price_of_a_group_is_ones_own_and_its_list_is_not_named(
    gil: Membership, globex_account: CustomerAccount, drill: Product, public_list: PriceList
) -> None:
    group = CustomerGroup.objects.create(seller=public_list.seller, name="Slow payers")
    CustomerAccount.objects.filter(pk=globex_account.pk).update(group=group)
    facts = PriceListFacts(name="Slow payers 2026", currency="EUR")
    dear = save_price_list(actor=SYSTEM, facts=facts, seller=public_list.seller)
    set_prices(actor=SYSTEM, price_list=dear, rows=[PriceRow(drill.pk, Decimal("109"))])
    assign_group_lists(actor=SYSTEM, group=group, given=Given(price_lists=[dear]))
    html = shown(signed_in(gil), drill)
    assert ">Your price<" in html
    assert "99.00" not in html
    assert "Slow payers" not in html


def test_a_price_on_request_says_so_and_leads_to_a_request(
    ana: Membership, drill: Product, acme_list: PriceList
) -> None:
    set_prices(actor=SYSTEM, price_list=acme_list, rows=[PriceRow(drill.pk, None)])
    client = signed_in(ana)
    html = shown(client, drill)
    assert "Price on request" in html
    assert "Add it to ask for a price" in html
    added = client.post("/cart/add/", {"product": drill.pk, "unit": "C62", "quantity": "1"})
    assert added.status_code in (200, 303)


def test_visitors_are_told_nothing_of_contracts(drill: Product) -> None:
    assert "contract price" not in shown(Client(), drill)
