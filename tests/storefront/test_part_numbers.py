"""Our part numbers: a company keeps its own numbers for articles, and nobody else sees them."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kontor.carts.models import Cart
from kontor.catalog.models import BuyerPartNumber, Product
from kontor.companies.models import Company, Membership
from kontor.fulfilment.documents import delivery_note
from kontor.fulfilment.operations import ship_now
from kontor.orders.documents import order_confirmation
from kontor.orders.intake import OrderDetails
from kontor.orders.operations import confirm_order, place_order
from kontor.search.operations import rebuild_all
from tests.web.markup import problems

PAGE, PASTE, CHANGE = (f"storefront:part_numbers{suffix}" for suffix in ("", "_paste", "_change"))


def kept(company: Company) -> dict[str, str]:
    return dict(BuyerPartNumber.objects.filter(buyer=company).values_list("number", "product__sku"))


@pytest.fixture
def shop(client: Client, ana: Membership) -> Client:
    rebuild_all()
    client.force_login(ana.user)
    return client


def test_the_empty_page_says_what_they_are_good_for(shop: Client) -> None:
    shown = shop.get(reverse(PAGE)).content.decode()

    assert "Your company has no part numbers of its own here yet." in shown
    assert problems(shown) == []


@pytest.mark.covers("R1.26")
def test_pasted_rows_are_kept_changed_searched_and_come_back_from_the_file(
    shop: Client, acme: Company, drill: Product
) -> None:
    shop.post(reverse(PASTE), {"rows": "M-4711\tdrill 18v\nS 1\tBOLT-M8"})
    assert kept(acme) == {"M-4711": "DRILL-18V", "S 1": "BOLT-M8"}

    found = shop.get(reverse(PAGE), {"q": "m4711"}).content.decode()
    assert "DRILL-18V" in found
    assert "Hex bolt" not in found
    assert problems(found) == []

    shop.post(reverse(CHANGE), {f"numbers/{drill.pk}": "=M-1"})
    document = b"".join(shop.get(reverse("storefront:part_numbers_csv")))
    rows = list(csv.reader(io.StringIO(document.decode("utf-8-sig"))))
    assert [row[:2] for row in rows] == [["own_number", "sku"], ["'=M-1", "DRILL-18V"], ["S 1", "BOLT-M8"]]

    shop.post(reverse(CHANGE), {"remove": "1", "selected": [str(drill.pk)]})
    assert kept(acme) == {"S 1": "BOLT-M8"}
    shop.post(reverse(PASTE), {"file": SimpleUploadedFile("ours.csv", document)})
    assert kept(acme) == {"=M-1": "DRILL-18V", "S 1": "BOLT-M8"}


def test_a_file_of_an_erp_may_name_its_columns_in_any_order(shop: Client, acme: Company) -> None:
    text = "Bezeichnung;Artikelnummer;Unsere Nummer\nBohrer;DRILL-18V;47 11\n"
    shop.post(reverse(PASTE), {"file": SimpleUploadedFile("erp.csv", text.encode("cp1252"))})

    assert kept(acme) == {"47 11": "DRILL-18V"}


def test_one_wrong_row_and_none_is_kept(shop: Client, acme: Company) -> None:
    answer = shop.post(reverse(PASTE), {"rows": "M-1;DRILL-18V\nM-2;NO-SUCH\n--;BOLT-M8\nM-3;DRILL-18V"})
    shown = answer.content.decode()

    assert answer.status_code == 422
    assert "3 lines cannot be taken. Nothing was saved." in shown
    assert "No article with this number is sold here." in shown
    assert "This article stands in the list twice." in shown
    assert "Enter a number with a letter or a digit." in shown
    assert kept(acme) == {}


def test_they_stand_in_the_cart_and_on_the_papers(
    shop: Client, ana: Membership, store_admin: Membership, drill: Product
) -> None:
    shop.post(reverse(PASTE), {"rows": "M-4711;DRILL-18V"})
    shop.post(reverse("storefront:cart_add"), {"product": drill.pk, "quantity": "1", "unit": "C62"})
    assert "Our number: M-4711" in shop.get(reverse("storefront:cart"), follow=True).content.decode()

    order = place_order(
        actor=ana.as_actor("page"), cart=Cart.objects.get(), details=OrderDetails(po_number="PO-1")
    )
    assert "Your number: M-4711" in str(order_confirmation(order, "en").rows)
    seller = store_admin.as_actor("page")
    shipment = ship_now(actor=seller, order=confirm_order(actor=seller, order=order))
    assert "Your number: M-4711" in str(delivery_note(shipment, "en").rows)


def test_a_rival_sees_none_of_them(shop: Client, gil: Membership, drill: Product) -> None:
    shop.post(reverse(PASTE), {"rows": "SECRET-1;DRILL-18V"})
    shop.force_login(gil.user)

    assert "SECRET-1" not in shop.get(reverse(PAGE)).content.decode()
    assert b"SECRET-1" not in b"".join(shop.get(reverse("storefront:part_numbers_csv")))
    assert (
        "SECRET-1"
        not in shop.get(reverse("storefront:product", args=[drill.pk, drill.slug])).content.decode()
    )
    assert "DRILL-18V" not in shop.get(reverse("storefront:search"), {"q": "SECRET-1"}).content.decode()


def test_who_only_looks_sees_them_and_changes_nothing(shop: Client, cy: Membership, drill: Product) -> None:
    shop.post(reverse(PASTE), {"rows": "M-1;DRILL-18V"})
    shop.force_login(cy.user)
    shown = shop.get(reverse(PAGE)).content.decode()

    assert "M-1" in shown
    assert "Save changes" not in shown
    assert shop.post(reverse(CHANGE), {f"numbers/{drill.pk}": "X"}).status_code == 403
