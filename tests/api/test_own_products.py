"""A seller's own products with their typed values, as a product information system writes and reads them."""

import pytest

from kontor.catalog.models import Product
from tests.api.conftest import by_key, pointers
from tests.cast import actor
from tests.catalog.goods import screw, screws

SCREW = {
    "sku": "S-1",
    "name": "Screw",
    "category": "fasteners",
    "family": "screws",
    "origin": "DE",
    "customs_code": "731815",
    "attributes": {
        "material": "brass",
        "thread": "M6",
        "length": "1/2 in",
        "remark": {"en": "ash", "de": "Esche"},
    },
    "units": [
        {"unit": "C62", "factor": "1", "minimum": "1", "multiple": "1", "maximum": "500", "package": "CT"}
    ],
    "texts": {"de": {"name": "Schraube"}},
    "classifications": [{"system": "unspsc", "code": "31161500"}],
    "hazard": {"un_number": "1263", "hazard_class": "3"},
}


@pytest.mark.covers("R0.7", "R3.53", "R3.56")
def test_typed_values_are_written_checked_and_read(cat):
    screws(actor(cat))
    caller = by_key(cat)
    answer = caller.post("products", SCREW)

    assert answer.status_code == 201, answer.content
    shown = answer.json()
    values = {"material": "brass", "thread": "m6", "length": "12.7", "remark": {"en": "ash", "de": "Esche"}}
    assert (shown["attributes"], shown["family"], shown["origin"]) == (values, "screws", "DE")
    assert shown["classifications"] == [{"system": "unspsc", "version": "", "code": "31161500"}]
    assert shown["hazard"]["un_number"] == "1263"

    own = caller.get(f"products/{shown['id']}/own").json()
    assert own["texts"]["de"]["name"] == "Schraube"
    scores = [(one["channel"], one["language"], one["score"] < 100) for one in own["completeness"]]
    assert scores == [(channel, "en", True) for channel in ("shop", "feed", "datasheet")]
    (version,) = caller.get(f"products/{shown['id']}/versions").json()["items"]
    assert (version["revision"], version["facts"]["attributes"]["length"]) == (1, "12.7")

    wrong = caller.post("products", SCREW | {"sku": "S-2", "attributes": {"length": "long", "colour": "red"}})
    assert wrong.status_code == 422
    assert sorted(pointers(wrong)) == ["#/attributes/colour", "#/attributes/length"]


def test_relations_and_families(cat, bolt):
    _fasteners, family = screws(actor(cat))
    saved = screw(actor(cat), family, "S-1", thread="M6")
    caller = by_key(cat)
    stated = {"relations": [{"kind": "accessory", "sku": "BOLT-M8"}]}
    assert caller.put(f"products/{saved.pk}/relations", stated).json()["related"] == [
        {"kind": "accessory", "product_id": bolt.pk}
    ]
    found = {one["code"]: one for one in caller.get("families").json()["items"]}
    assert found["screws"]["parent"] == "fasteners"
    assert [one["code"] for one in found["screws"]["attributes"]] == [
        "material",
        "thread",
        "length",
        "remark",
    ]


def test_others_have_no_business_here(cat, ana, lev, sal):
    _fasteners, family = screws(actor(cat))
    saved = screw(actor(cat), family, "S-1", thread="M6")
    for who in (ana, sal):
        assert by_key(who).get("families").status_code == 403
        assert by_key(who).get(f"products/{saved.pk}/own").status_code == 403
    assert by_key(lev).get(f"products/{saved.pk}/versions").status_code == 404
    assert by_key(lev).put(f"products/{saved.pk}/relations", {"relations": []}).status_code == 404
    assert by_key(lev).get("families").json()["items"] == []
    assert Product.objects.get(pk=saved.pk).revision == 1
