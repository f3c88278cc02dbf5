"""Families, typed values, variants, relations, versions, and many articles at once: the pages."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kontor.catalog.models import Attribute, CatalogSettings, Category, Family, Product
from kontor.catalog.operations import ProductFacts, save_product
from kontor.companies.models import Membership
from tests.backoffice.test_warehouse import html_of, signed_in
from tests.cast import actor
from tests.catalog.goods import screw, screws

PLAIN = {"kind": "goods", "base_unit": "C62", "tax_category": "standard", "lead_days": "2"}


@pytest.fixture
def desk(cat: Membership) -> Client:
    CatalogSettings.objects.create(seller=cat.company, languages=["en", "de"])
    return signed_in(cat)


@pytest.fixture
def family(cat: Membership) -> Family:
    return screws(actor(cat))[1]


@pytest.mark.covers("R0.7", "R1.34", "R3.56")
def test_an_attribute_with_its_choices_and_a_family_that_has_it(desk: Client, family: Family):
    sent = {
        "name": "Drive", "kind": "choice", "names/de/text": "Antrieb", "choices/0/label": "Torx",
        "choices/1/label": "Hex", "choices/1/in-de": "Sechskant", "choices/2/label": "",
    }  # fmt: skip
    reply = desk.post(reverse("backoffice:attribute_new"), sent)
    drive = Attribute.objects.get(code="drive")
    assert (reply.status_code, drive.names) == (303, {"de": "Antrieb"})
    assert list(drive.choices.values_list("code", "labels")) == [("torx", {}), ("hex", {"de": "Sechskant"})]

    rows = {
        "name": "Torx screws", "parent": str(family.pk), "attributes/0/attribute": str(drive.pk),
        "attributes/0/group": "Build", "attributes/0/is_facet": "1", "attributes/1/attribute": "",
    }  # fmt: skip
    desk.post(reverse("backoffice:family_new"), rows)
    torx = Family.objects.get(code="torx-screws")
    assert list(torx.own_attributes.values_list("attribute__code", "group", "is_facet", "is_axis")) == [
        ("drive", "Build", True, False)
    ]
    for address in (
        reverse("backoffice:families"),
        reverse("backoffice:family", args=[torx.pk]),
        reverse("backoffice:attributes") + "?q=drive",
        reverse("backoffice:attribute", args=[drive.pk]),
    ):
        assert "Torx" in html_of(desk, address) or "Drive" in html_of(desk, address)


def test_a_wrong_family_comes_back_with_what_was_typed(desk: Client, family: Family):
    reply = desk.post(reverse("backoffice:family", args=[family.pk]), {"name": " ", "parent": ""})

    assert (reply.status_code, Family.objects.get(pk=family.pk).name) == (422, "Screws")
    reply = desk.post(reverse("backoffice:catalog_languages"), {"languages": "xx"})
    assert reply.status_code == 422


@pytest.mark.covers("R0.8", "R0.9", "R1.6", "R3.56")
def test_the_form_asks_for_the_values_of_the_family_and_reads_them_in_the_readers_way(
    desk: Client, family: Family
):
    shown = desk.post(
        reverse("backoffice:product_new"), PLAIN | {"show": "1", "family": str(family.pk)}
    ).content.decode()
    assert 'name="attributes/length"' in shown
    assert not Product.objects.filter(family=family).exists()

    sent = PLAIN | {
        "sku": "S-1", "name": "Screw", "family": str(family.pk), "described": str(family.pk),
        "attributes/material": "brass", "attributes/thread": "m6", "attributes/length": "1/2 in",
        "attributes/remark/en": "ash", "attributes/remark/de": "Esche", "origin": "DE", "customs_code": "731815",
        "classifications/0/system": "unspsc", "classifications/0/code": "31161500",
        "hazard/un_number": "", "texts/de/name": "Schraube", "units/0/unit": "C62", "units/0/maximum": "500",
    }  # fmt: skip
    reply = desk.post(reverse("backoffice:product_new"), sent)
    saved = Product.objects.get(sku="S-1")
    assert reply.status_code == 303
    assert saved.attributes == {
        "material": "brass", "thread": "m6", "length": "12.7", "remark": {"en": "ash", "de": "Esche"},
    }  # fmt: skip
    assert (saved.texts.get().name, saved.sales_units.get().maximum) == ("Schraube", 500)
    again = html_of(desk, reverse("backoffice:product", args=[saved.pk]))
    assert all(one in again for one in ('value="12.7"', "Esche", "31161500", "English: "))

    wrong = desk.post(reverse("backoffice:product", args=[saved.pk]), sent | {"attributes/length": "long"})
    assert wrong.status_code == 422
    assert "“long” is not a number" in wrong.content.decode()


def test_the_form_of_a_model_asks_for_nothing_that_tells_its_variants_apart(desk: Client, family: Family):
    asked = PLAIN | {"kind": "model", "show": "1", "family": str(family.pk)}
    shown = desk.post(reverse("backoffice:product_new"), asked).content.decode()
    assert 'name="attributes/material"' in shown
    assert 'name="attributes/thread"' not in shown


@pytest.mark.parametrize("page", ["families", "attributes", "categories"])
def test_what_belongs_to_the_products_stands_in_their_room(desk: Client, page: str):
    shown = html_of(desk, reverse(f"backoffice:{page}"))
    assert re.findall(r'<a href="([^"]+)"[^>]* aria-current="page"', shown)[0] == reverse(
        "backoffice:products"
    )


def test_incomplete_articles_are_listed_with_what_is_missing(desk: Client, cat: Membership, family: Family):
    screw(actor(cat), family, "S-1", thread="M6")
    address = reverse("backoffice:products")
    for asked in ("any", "values", "text-de"):
        assert "S-1" in html_of(desk, f"{address}?missing={asked}&family={family.pk}")
    assert "Material" in html_of(desk, f"{address}?q=S-1")
    Product.objects.filter(sku="S-1").update(attributes={"thread": "m6", "material": "brass"})
    assert "S-1" not in html_of(desk, f"{address}?missing=values")


@pytest.mark.covers("R0.7")
def test_variants_are_made_from_values_and_shown_as_a_matrix(desk: Client, cat: Membership, family: Family):
    facts = ProductFacts(sku="M", name="Screw", kind="model", family=family, attributes={"material": "Steel"})
    model = save_product(actor=actor(cat), facts=facts)
    address = reverse("backoffice:product_variants", args=[model.pk])
    sent = {"axes/thread": ["m6", "m8"], "axes/length": "20; 25"}
    assert desk.post(address, sent).status_code == 303
    assert list(model.variants.order_by("sku").values_list("sku", "name")) == [
        ("M-M6-20", "Screw, M6, 20 mm"), ("M-M6-25", "Screw, M6, 25 mm"),
        ("M-M8-20", "Screw, M8, 20 mm"), ("M-M8-25", "Screw, M8, 25 mm"),
    ]  # fmt: skip
    html = html_of(desk, address)
    assert re.findall(r"<th[^>]*>(20 mm|25 mm|M6|M8)</th>", html) == ["20 mm", "25 mm", "M6", "M8"]
    assert desk.post(address, sent).status_code == 303
    assert model.variants.count() == 4
    assert desk.post(address, {"axes/thread": "m6", "axes/length": ""}).status_code == 422


def test_relations_history_and_back(desk: Client, cat: Membership, family: Family, bolt: Product):
    saved = screw(actor(cat), family, "S-1", thread="M6", length="20")
    address = reverse("backoffice:product_relations", args=[saved.pk])
    assert (
        desk.post(address, {"relations/0/kind": "accessory", "relations/0/sku": "BOLT-M8"}).status_code == 303
    )
    assert "BOLT-M8" in html_of(desk, address)
    assert "S-1" in html_of(desk, reverse("backoffice:product_relations", args=[bolt.pk]))
    assert desk.post(address, {"relations/0/kind": "accessory", "relations/0/sku": "NONE"}).status_code == 422

    history = reverse("backoffice:product_history", args=[saved.pk])
    sent = PLAIN | {"sku": "S-1", "name": "Renamed", "family": str(family.pk), "attributes/thread": "m8"}
    desk.post(reverse("backoffice:product", args=[saved.pk]), sent)
    html = html_of(desk, history)
    assert all(one in html for one in ("Renamed", "Screw S-1", "M8", "Accessory: BOLT-M8"))
    assert (
        desk.post(reverse("backoffice:product_restore", args=[saved.pk]), {"version": "2"}).status_code == 303
    )
    saved.refresh_from_db()
    assert (saved.name, saved.attributes, saved.revision) == (
        "Screw S-1",
        {"thread": "m6", "length": "20"},
        4,
    )


def test_one_field_of_many_articles_is_looked_at_saved_and_undone(
    desk: Client, cat: Membership, family: Family
):
    rows = [screw(actor(cat), family, f"S-{n}", thread="M6", length=str(n)) for n in (1, 2, 3)]
    address = reverse("backoffice:products_together")
    asked: dict[str, Any] = {"selected": [str(row.pk) for row in rows], "field": "attributes/length"}
    shown = desk.post(address, asked | {"value": "1/2 in"}).content.decode()
    assert shown.count("12.7 mm") == 3
    assert set(Product.objects.filter(family=family).values_list("attributes__length", flat=True)) == {
        "1",
        "2",
        "3",
    }

    reply = desk.post(address, asked | {"value": "1/2 in", "save": "1"})
    assert reply.status_code == 303
    assert set(Product.objects.filter(family=family).values_list("attributes__length", flat=True)) == {"12.7"}
    page = desk.get(reverse("backoffice:products")).content.decode()
    undo = re.search(r'action="([^"]*together/undo/[^"]*)"', page)
    assert undo
    assert desk.post(undo[1].replace("&amp;", "&")).status_code == 303
    assert set(Product.objects.filter(family=family).values_list("attributes__length", flat=True)) == {
        "1",
        "2",
        "3",
    }


def test_a_wrong_value_changes_none_of_many(desk: Client, cat: Membership, family: Family):
    rows = [
        screw(actor(cat), family, "S-1", thread="M6"),
        save_product(actor=actor(cat), facts=ProductFacts(sku="X", name="X")),
    ]
    asked = {
        "selected": [str(row.pk) for row in rows],
        "field": "attributes/material",
        "value": "brass",
        "save": "1",
    }
    reply = desk.post(reverse("backoffice:products_together"), asked)

    assert reply.status_code == 422
    assert not Product.objects.filter(attributes__has_key="material").exists()
    category = Category.objects.get(slug="fasteners")
    done = desk.post(
        reverse("backoffice:products_together"), asked | {"field": "category", "value": str(category.pk)}
    )
    assert done.status_code == 303
    assert Product.objects.get(sku="X").category == category
