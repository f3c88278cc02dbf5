"""Price lists in the back office: formulas, dates, units, prices on request, and who is given which."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from kontor.catalog.models import Product
from kontor.companies.models import CustomerAccount, CustomerGroup, Membership
from kontor.pricing.models import Price, PriceList, PriceScope
from kontor.pricing.queries import chain_for, lists_of
from tests.backoffice.test_warehouse import html_of, signed_in
from tests.traces import unchanged

DEALERS = {"name": "Dealers", "currency": "EUR", "factor": "-10 %", "round_to": "1", "ending": "-0.05"}


@pytest.fixture
def sales(sal: Membership) -> Client:
    return signed_in(sal)


def dealers(client: Client, basis: PriceList) -> PriceList:
    assert client.post(reverse("backoffice:price_lists"), DEALERS | {"basis": basis.pk}).status_code == 303
    return PriceList.objects.get(name="Dealers")


@pytest.mark.covers("R2.3")
def test_a_list_derives_from_another_by_percent_rounding_and_ending(
    sales: Client, public_list: PriceList
) -> None:
    found = dealers(sales, public_list)
    assert (found.factor, found.round_to, found.ending) == (Decimal("0.9"), 1, Decimal("-0.05"))
    html = html_of(sales, reverse("backoffice:price_lists"))
    assert "List prices −10\u00a0%, to the nearest 1, less 0.05" in html
    one = html_of(sales, reverse("backoffice:price_list", args=[found.pk]))
    assert 'value="-10 %"' in one
    assert "Lists that derive from it" in html_of(
        sales, reverse("backoffice:price_list", args=[public_list.pk])
    )


def test_a_list_counts_from_a_minute_to_a_minute_in_the_sellers_zone(
    sales: Client, acme_list: PriceList
) -> None:
    address = reverse("backoffice:price_list_save", args=[acme_list.pk])
    typed = {"name": "Acme contract", "valid_from": "2026-03-01T08:30", "valid_until": "2027-03-01T00:00"}
    assert sales.post(address, typed).status_code == 303
    acme_list.refresh_from_db()
    assert acme_list.valid_from == datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
    assert 'value="2026-03-01T08:30"' in html_of(sales, reverse("backoffice:price_list", args=[acme_list.pk]))


def test_two_people_with_one_page_of_a_list_do_not_undo_each_other(
    sales: Client, public_list: PriceList
) -> None:
    page, address = (
        reverse(f"backoffice:{name}", args=[public_list.pk]) for name in ("price_list", "prices_change")
    )
    first, second = public_list.prices.order_by("product__sku", "min_quantity", "pk")[:2]
    loaded = {}
    for one in (first, second):
        shown = (f"{one.amount:.2f}", f"{one.price_base.normalize():f}")
        assert f'name="prices/{one.pk}/seen" value="{"|".join(shown)}|"' in html_of(sales, page)
        loaded |= {
            f"prices/{one.pk}/{name}": text
            for name, text in zip(("amount", "price_base"), shown, strict=True)
        }
        loaded[f"prices/{one.pk}/seen"] = "|".join([*shown, ""])
    sales.post(address, loaded | {f"prices/{first.pk}/amount": "7.77"})
    sales.post(address, loaded | {f"prices/{second.pk}/amount": "8.88"})
    late = sales.post(address, loaded | {f"prices/{first.pk}/amount": "9.99"})

    assert late.status_code == 422
    assert "Somebody else has changed this meanwhile: 7.77 / " in late.content.decode()
    kept = [Price.objects.get(pk=one.pk).amount for one in (first, second)]
    assert kept == [Decimal("7.77"), Decimal("8.88")]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("factor", "dear"),
        ("factor", "-100 %"),
        ("round_to", "0"),
        ("rate_days", "1.5"),
        ("valid_from", "soon"),
    ],
)
def test_what_cannot_be_read_stands_at_its_field_and_nothing_is_saved(
    sales: Client, public_list: PriceList, field: str, text: str
) -> None:
    with unchanged():
        answer = sales.post(
            reverse("backoffice:price_lists"), DEALERS | {"basis": public_list.pk, field: text}
        )
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.content.decode()


def test_a_list_that_others_derive_from_stays(sales: Client, public_list: PriceList) -> None:
    dealers(sales, public_list)
    with unchanged():
        answer = sales.post(reverse("backoffice:price_list_delete", args=[public_list.pk]))
    assert answer.status_code == 422
    assert "Other lists derive from this one" in answer.content.decode()


def test_prices_are_pasted_with_units_dates_and_on_request_and_come_out_alike(
    sales: Client, acme_list: PriceList, bolt: Product
) -> None:
    rows = (
        "SKU\tPrice\tFrom\tPer\tUnit\tValid from\tValid until\tRemark\n"
        "BOLT-M8\t9.00\t100\t100\txbx\t\t\tboxes\n"
        "BOLT-M8\t10.5\t1\t100\t\t2026-03-01\t01.04.2026 12:00\t\n"
        "ASSEMBLY-H\ton request\t\t\t\t\t\t"
    )
    address = reverse("backoffice:prices_paste", args=[acme_list.pk])
    assert sales.post(address, {"rows": rows}).status_code == 303
    dated = Price.objects.get(price_list=acme_list, product=bolt, valid_from__isnull=False)
    assert dated.valid_from == datetime(2026, 2, 28, 23, 0, tzinfo=UTC)
    assert dated.valid_until == datetime(2026, 4, 1, 10, 0, tzinfo=UTC)
    assert Price.objects.get(price_list=acme_list, unit="XBX").amount == 9
    assert Price.objects.get(price_list=acme_list, product__sku="ASSEMBLY-H").amount is None
    file = b"".join(sales.get(reverse("backoffice:price_list_csv", args=[acme_list.pk])).streaming_content)
    text = file.decode("utf-8-sig")
    assert '"BOLT-M8",1,10.5,100,"","2026-03-01 00:00","2026-04-01 12:00"' in text
    assert '"ASSEMBLY-H",1,"on request",1' in text


def test_a_pasted_line_that_overlaps_another_is_named(sales: Client, acme_list: PriceList) -> None:
    rows = (
        "BOLT-M8\t1\t10\t100\t\t2026-03-01\t2026-05-01\nDRILL-18V\t1\t80\nBOLT-M8\t1\t11\t100\t\t2026-04-01\t"
    )
    with unchanged():
        answer = sales.post(reverse("backoffice:prices_paste", args=[acme_list.pk]), {"rows": rows})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Another price of this quantity counts from" in html
    assert "2026-04-01" in html


def test_one_price_is_added_for_a_time_and_ended_in_place(
    sales: Client, acme_list: PriceList, drill: Product
) -> None:
    address = reverse("backoffice:price_add", args=[acme_list.pk])
    typed = {"sku": "DRILL-18V", "price": "80.00", "from_quantity": "1", "per": "1"}
    assert sales.post(address, typed | {"valid_from": "2026-03-01T00:00"}).status_code == 303
    dated = Price.objects.get(price_list=acme_list, product=drill, valid_from__isnull=False)
    html = html_of(sales, reverse("backoffice:price_list", args=[acme_list.pk]))
    assert f'name="prices/{dated.pk}/valid_until"' in html
    at = f"prices/{dated.pk}/"
    change = {f"{at}amount": "80.00", f"{at}price_base": "1", f"{at}valid_until": "2026-06-01T06:00"}
    assert sales.post(reverse("backoffice:prices_change", args=[acme_list.pk]), change).status_code == 303
    dated.refresh_from_db()
    assert dated.valid_until == datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


def test_a_price_is_on_request_only_when_it_is_said(sales: Client, acme_list: PriceList) -> None:
    address = reverse("backoffice:price_add", args=[acme_list.pk])
    typed = {"sku": "BOLT-M8", "price": "", "from_quantity": "1", "per": "1"}
    with unchanged():
        answer = sales.post(address, typed)
    assert answer.status_code == 422
    assert 'id="f-price-error"' in answer.content.decode()
    assert sales.post(address, typed | {"on_request": "on"}).status_code == 303
    price = Price.objects.get(price_list=acme_list, product__sku="BOLT-M8")
    assert price.amount is None
    at = f"prices/{price.pk}/"
    change = reverse("backoffice:prices_change", args=[acme_list.pk])
    assert sales.post(change, {f"{at}amount": "", f"{at}price_base": "1"}).status_code == 422
    assert sales.post(change, {f"{at}amount": "12", f"{at}price_base": "1"}).status_code == 303
    assert sales.post(change, {f"{at}amount": "On request", f"{at}price_base": "1"}).status_code == 303
    price.refresh_from_db()
    assert price.amount is None


@pytest.mark.covers("R2.3")
def test_a_customers_lists_stand_alone_until_that_is_taken_back(
    sales: Client, acme_account: CustomerAccount, acme_list: PriceList, public_list: PriceList
) -> None:
    address = reverse("backoffice:customer_prices", args=[acme_account.pk])
    assert sales.post(address, {"price_lists": acme_list.pk, "is_closed": "on"}).status_code == 303
    assert lists_of(chain_for(acme_account.buyer_id)) == [acme_list.pk]
    html = html_of(sales, reverse("backoffice:customer", args=[acme_account.pk]))
    assert "These alone: no list further on is asked." in html
    assert (
        "checked" in html.split('name="is_closed"')[1].split(">")[0] + html.split('name="is_closed"')[0][-80:]
    )
    sales.post(address, {"price_lists": acme_list.pk})
    assert lists_of(chain_for(acme_account.buyer_id)) == [acme_list.pk, public_list.pk]


@pytest.mark.covers("R2.3")
def test_a_group_and_all_customers_are_given_lists_and_the_lowest_counts(
    sales: Client, acme_account: CustomerAccount, acme_list: PriceList, public_list: PriceList
) -> None:
    found = dealers(sales, public_list)
    group = CustomerGroup.objects.create(seller_id=public_list.seller_id, name="Workshops")
    CustomerAccount.objects.filter(pk=acme_account.pk).update(group=group)
    assert (
        sales.post(reverse("backoffice:group_prices", args=[group.pk]), {"price_lists": found.pk}).status_code
        == 303
    )
    assert lists_of(chain_for(acme_account.buyer_id)) == [acme_list.pk, found.pk, public_list.pk]
    customer = html_of(sales, reverse("backoffice:customer", args=[acme_account.pk]))
    assert "of the group Workshops" in customer
    assert "Dealers" in html_of(sales, reverse("backoffice:customer_group", args=[group.pk]))
    assert "Workshops" in html_of(sales, reverse("backoffice:price_list", args=[found.pk]))
    sales.post(reverse("backoffice:lists_for_all"), {"price_lists": "", "takes_lowest": "1"})
    assert PriceScope.objects.get(account=None, group=None).takes_lowest
    assert "The lowest price of all lists counts." in html_of(sales, reverse("backoffice:price_lists"))


def test_a_rivals_lists_and_groups_cannot_be_given(
    lev: Membership, public_list: PriceList, acme_list: PriceList
) -> None:
    group = CustomerGroup.objects.create(seller_id=public_list.seller_id, name="Workshops")
    rival = signed_in(lev)
    with unchanged():
        answer = rival.post(
            reverse("backoffice:group_prices", args=[group.pk]), {"price_lists": acme_list.pk}
        )
    assert answer.status_code == 404
