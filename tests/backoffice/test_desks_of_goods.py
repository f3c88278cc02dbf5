"""What is sold: articles, shelves, prices; free invoices; the operator's desk and the trail."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from kontor.catalog.models import Category, Medium, Product
from kontor.companies.models import Company, CustomerAccount, Membership
from kontor.invoicing.models import Invoice
from kontor.kernel import clock, refusal_counts
from kontor.kernel.models import Delivery, OutboxEvent, RefusalCount
from kontor.pricing.models import Price, PriceList
from tests.backoffice.test_warehouse import html_of, signed_in
from tests.traces import unchanged

FORM = {
    "sku": "NUT-M8",
    "name": "Hex nut M8",
    "kind": "goods",
    "base_unit": "C62",
    "tax_category": "standard",
    "lead_days": "3",
    "units/0/unit": "C62",
    "units/0/factor": "1",
    "units/1/unit": "XBX",
    "units/1/factor": "200",
    "specifications/0/name": "Thread",
    "specifications/0/value": "M8",
}


def picture() -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (400, 300), "teal").save(data, "PNG")
    return SimpleUploadedFile("bolt.png", data.getvalue(), "image/png")


@pytest.fixture
def catalog(cat: Membership, settings: Any, tmp_path: Path) -> Client:
    settings.FILES_FOLDER = tmp_path
    return signed_in(cat)


def test_the_grid_filters_by_word_status_and_what_is_missing(catalog: Client, bolt: Product) -> None:
    address = reverse("backoffice:products")
    assert "DRILL-18V" in html_of(catalog, address)
    found = html_of(catalog, f"{address}?q=bolt&status=active&category={bolt.category_id}&missing=picture")
    assert "BOLT-M8" in found
    assert "DRILL-18V" not in found
    file = b"".join(catalog.get(reverse("backoffice:products_csv")).streaming_content)
    assert b"BOLT-M8" in file


def test_a_new_article_is_a_draft_with_units_and_specifications(catalog: Client, bolt: Product) -> None:
    html_of(catalog, reverse("backoffice:product_new"))
    catalog.post(reverse("backoffice:product_new"), {**FORM, "category": str(bolt.category_id)})

    nut = Product.objects.get(sku="NUT-M8")
    assert (nut.status, nut.lead_days, nut.specifications[0]["value"]) == ("draft", 3, "M8")
    assert [(one.unit, one.factor) for one in nut.sales_units.all()] == [("C62", 1), ("XBX", 200)]
    html_of(catalog, reverse("backoffice:product", args=[nut.pk]))
    catalog.post(reverse("backoffice:product_status", args=[nut.pk]), {"status": "active"})
    nut.refresh_from_db()
    assert nut.status == Product.Status.ACTIVE


def test_wrong_figures_stand_beside_their_fields_and_nothing_is_saved(
    catalog: Client, cat: Membership
) -> None:
    data = {**FORM, "weight_grams": "heavy", "units/1/factor": "x"}
    with unchanged():
        answer = catalog.post(reverse("backoffice:product_new"), data)

    html = answer.content.decode()
    assert answer.status_code == 422
    for shown in ("heavy", "f-units-1-factor", "Hex nut M8", "Thread"):
        assert shown in html


def test_a_colleague_who_was_faster_is_not_overwritten(catalog: Client, bolt: Product) -> None:
    address = reverse("backoffice:product", args=[bolt.pk])
    data = {**FORM, "sku": bolt.sku, "base_unit": bolt.base_unit, "revision": str(bolt.revision - 1)}

    assert catalog.post(address, data).status_code == 422
    bolt.refresh_from_db()
    assert bolt.name == "Hex bolt M8 x 40"


def test_pictures_and_documents_come_and_go(catalog: Client, bolt: Product) -> None:
    catalog.post(reverse("backoffice:pictures_add", args=[bolt.pk]), {"file": picture()})
    catalog.post(reverse("backoffice:document_add", args=[bolt.pk]), {"kind": "datasheet"})
    bad = SimpleUploadedFile("x.pdf", b"no pdf", "application/pdf")
    catalog.post(
        reverse("backoffice:document_add", args=[bolt.pk]), {"kind": "manual", "file": bad, "title": "M"}
    )

    assert sorted(Medium.objects.filter(product=bolt).values_list("kind", flat=True)) == [
        "datasheet",
        "picture",
    ]
    html_of(catalog, reverse("backoffice:product", args=[bolt.pk]))
    shown = Medium.objects.get(product=bolt, kind="picture")
    catalog.post(reverse("backoffice:medium_remove", args=[bolt.pk, shown.pk]))
    assert not Medium.objects.filter(pk=shown.pk).exists()


def test_a_shelf_is_added_below_another_and_a_full_one_stays(catalog: Client, bolt: Product) -> None:
    address = reverse("backoffice:categories")
    parent = bolt.category
    assert parent is not None
    catalog.post(address, {"name": "Hex bolts", "parent": str(parent.pk)})
    assert Category.objects.get(name="Hex bolts").path == f"{parent.path}/hex-bolts"
    assert "Hex bolts" in html_of(catalog, f"{address}?edit={parent.pk}")

    catalog.post(reverse("backoffice:category_delete", args=[parent.pk]))
    assert Category.objects.filter(pk=parent.pk).exists()


def test_pasted_prices_are_taken_over_all_or_none(
    sal: Membership, public_list: PriceList, bolt: Product
) -> None:
    client, address = signed_in(sal), reverse("backoffice:prices_paste", args=[public_list.pk])

    with unchanged():
        answer = client.post(
            address, {"rows": "SKU\tfrom\tprice\nBOLT-M8\t1\t12.75\nNOPE\t1\t2\nBOLT-M8\t1\tdear"}
        )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "NOPE" in html
    assert "dear" in html

    client.post(address, {"rows": "BOLT-M8\t1\t12.75\t100\nDRILL-18V 97.50"})
    assert Price.objects.get(price_list=public_list, product=bolt, min_quantity=1).amount == Decimal("12.75")
    html = html_of(client, reverse("backoffice:price_list", args=[public_list.pk]))
    assert 'value="97.50"' in html


def test_a_price_is_changed_in_place_and_removed(
    sal: Membership, public_list: PriceList, bolt: Product
) -> None:
    client, address = signed_in(sal), reverse("backoffice:prices_change", args=[public_list.pk])
    price = Price.objects.get(price_list=public_list, product=bolt, min_quantity=1000)

    data = {f"prices/{price.pk}/amount": "10.25", f"prices/{price.pk}/price_base": "100"}
    client.post(address, data)
    price.refresh_from_db()
    assert price.amount == Decimal("10.25")

    assert client.post(address, data | {f"prices/{price.pk}/amount": "-1"}).status_code == 422
    client.post(address, {"remove": "1", "selected": str(price.pk)})
    assert not Price.objects.filter(pk=price.pk).exists()


def test_a_rivals_price_list_is_not_there(lev: Membership, public_list: PriceList) -> None:
    assert signed_in(lev).get(reverse("backoffice:price_list", args=[public_list.pk])).status_code == 404


def test_a_free_credit_needs_a_reason_and_a_customer(fin: Membership, acme_account: CustomerAccount) -> None:
    client, address = signed_in(fin), reverse("backoffice:invoice_new")
    html_of(client, f"{address}?kind=credit_note")
    line = {"lines/1/name": "Goodwill", "lines/1/quantity": "1", "lines/1/unit_price": "50"}
    data = {"kind": "credit_note", "account": str(acme_account.pk), **line}

    with unchanged():
        assert client.post(address, data).status_code == 422
    client.post(address, data | {"reason": "Late delivery"})

    note = Invoice.objects.get()
    assert (note.kind, note.net_total, note.reason) == ("credit_note", 50, "Late delivery")


def test_the_operator_checks_blocks_and_opens_a_store(olga: Membership, globex: Company) -> None:
    client = signed_in(olga)
    Company.objects.filter(pk=globex.pk).update(status=Company.Status.REGISTERED)
    assert "Globex AG" in html_of(client, reverse("backoffice:platform_home"))
    assert "Globex AG" in html_of(client, reverse("backoffice:platform_companies") + "?status=registered")
    page, do = (reverse(f"backoffice:platform_company{end}", args=[globex.pk]) for end in ("", "_do"))
    html_of(client, page)

    client.post(do, {"deed": "activate"})
    client.post(do, {"deed": "open_store"})
    assert client.post(do, {"deed": "block", "reason": " "}).status_code == 422
    client.post(do, {"deed": "block", "reason": "Unpaid"})

    globex.refresh_from_db()
    assert (globex.status, globex.is_seller) == ("blocked", True)
    assert "Unpaid" in html_of(client, page)


def test_a_delivery_that_was_given_up_is_tried_again(olga: Membership) -> None:
    event = OutboxEvent.objects.create(name="orders.OrderPlaced", key="order:1", payload={"order_id": 1})
    dead = Delivery.objects.create(
        event=event,
        reaction="orders.nobody",
        key="order:1",
        status="dead",
        attempts=9,
        last_error="LookupError: no",
    )
    client = signed_in(olga)
    assert "LookupError" in html_of(client, reverse("backoffice:platform_health"))

    client.post(reverse("backoffice:platform_replay"), {"selected": str(dead.pk)})

    dead.refresh_from_db()
    assert (dead.status, dead.attempts) == ("pending", 0)


def test_the_trail_is_found_by_article_and_stays_with_its_company(
    catalog: Client, store_admin: Membership, lev: Membership, olga: Membership, dora: Membership
) -> None:
    catalog.post(reverse("backoffice:product_new"), FORM)
    address = reverse("backoffice:audit") + "?q=NUT-M8"

    for member in (store_admin, olga):
        assert "Saved the product" in html_of(signed_in(member), address)
    assert "Saved the product" not in html_of(signed_in(lev), address)
    assert signed_in(dora).get(address).status_code == 403
    assert "Saved the product" in html_of(
        signed_in(store_admin), reverse("backoffice:audit") + "?person=Cat&kind=product"
    )


def test_only_the_operator_opens_the_platform(store_admin: Membership) -> None:
    assert signed_in(store_admin).get(reverse("backoffice:platform_health")).status_code == 403


def test_the_operator_sees_what_was_refused_by_code_and_nobody_is_named(
    store_admin: Membership, olga: Membership
) -> None:
    signed_in(store_admin).get(reverse("backoffice:platform_health"))
    day = clock.today()
    assert dict(refusal_counts.notebook.counts) == {("not_allowed", "page", day): 1}

    for code, door, count in (("not_enough_stock", "page", 3), ("over_limit", "api", 2)):
        RefusalCount.objects.create(code=code, door=door, day=day, count=count, last_at=clock.now())
    html = html_of(signed_in(olga), reverse("backoffice:platform_health"))

    table = html.partition('id="refusals"')[2].partition("</table>")[0]
    assert "<code>not_enough_stock</code>" in table
    assert "<code>over_limit</code>" in table
    assert store_admin.user.name not in table
