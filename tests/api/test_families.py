"""Attributes and families, as a product information system writes them."""

import pytest

from kontor.catalog.models import Attribute, Family
from tests.api.conftest import Caller, by_key, pointers

SIZE = {
    "name": "Size", "kind": "choice", "names": {"de": "Größe"},
    "choices": [{"label": "Small", "labels": {"de": "Klein"}}, {"label": "Large"}],
}  # fmt: skip


@pytest.fixture
def caller(cat) -> Caller:
    return by_key(cat)


def made(caller: Caller, **how) -> dict:
    answer = caller.post("attributes", SIZE | how)
    assert answer.status_code == 201, answer.content
    return answer.json()


@pytest.mark.covers("R0.7", "R3.56")
def test_an_attribute_is_added_changed_and_deleted_by_the_version_that_was_read(caller):
    size = made(caller)
    at = f"attributes/{size['id']}"
    read = caller.get(at)
    assert (read.json(), size["code"]) == (size, "size")
    assert [one["code"] for one in size["choices"]] == ["small", "large"]

    changed = caller.put(at, SIZE | {"name": "Sizes"}, **{"If-Match": read["ETag"]})
    assert (changed.status_code, changed.json()["name"], changed.json()["code"]) == (200, "Sizes", "size")
    again = caller.put(at, SIZE, **{"If-Match": read["ETag"]})
    assert (again.status_code, again.json()["code"]) == (412, "stale")
    assert caller.put(at, SIZE).status_code == 428

    assert caller.delete(at, **{"If-Match": changed["ETag"]}).status_code == 204
    assert not Attribute.objects.exists()


@pytest.mark.covers("R0.7", "R3.56", "R3.57")
def test_a_family_says_how_it_uses_attributes_and_what_its_headings_are_called(caller):
    size, wash = made(caller), made(caller, name="Washing", kind="text", choices=[])
    parent = caller.post("families", {"name": "Clothing", "attributes": [
        {"attribute_id": wash["id"], "group": "Care", "channels": ["datasheet"]},
    ], "headings": {"Care": {"de": "Pflege"}}})  # fmt: skip
    assert parent.status_code == 201, parent.content
    jackets = caller.post("families", {"name": "Jackets", "parent_id": parent.json()["id"], "attributes": [
        {"attribute_id": size["id"], "is_required": True, "is_axis": True, "is_facet": True},
    ]})  # fmt: skip

    body = caller.get(f"families/{jackets.json()['id']}").json()
    assert body == jackets.json()
    assert (body["parent"], [one["code"] for one in body["attributes"]]) == ("clothing", ["washing", "size"])
    care, sizes = body["attributes"]
    assert (care["group_names"], care["channels"], care["is_inherited"]) == (
        {"de": "Pflege"},
        ["datasheet"],
        True,
    )
    assert (sizes["is_required"], sizes["is_axis"], sizes["is_inherited"]) == (True, True, False)
    assert {one["code"] for one in caller.get("families").json()["items"]} == {"clothing", "jackets"}
    assert {one["code"] for one in caller.get("attributes").json()["items"]} == {"size", "washing"}


def test_what_is_in_use_or_wrong_is_refused_and_stays(caller):
    size = made(caller)
    made(caller, name="Note", kind="text", choices=[])
    family = caller.post("families", {"name": "Jackets", "attributes": [{"attribute_id": size["id"]}]})
    etag = {"If-Match": caller.get(f"attributes/{size['id']}")["ETag"]}

    assert caller.delete(f"attributes/{size['id']}", **etag).json()["code"] == "attribute_used"
    twice = {"name": "Twice", "attributes": [{"attribute_id": size["id"]}] * 2}
    assert pointers(caller.post("families", twice)) == {"#/attributes/1/attribute": "incomplete"}
    itself = {"name": "Jackets", "parent_id": family.json()["id"]}
    at = f"families/{family.json()['id']}"
    assert caller.put(at, itself, **{"If-Match": family["ETag"]}).json()["code"] == "below_itself"
    assert caller.post("families", {"name": "X", "attributes": [{"attribute_id": 999}]}).status_code == 404
    assert (Family.objects.count(), Attribute.objects.count()) == (1, 2)


def test_nobody_elses(caller, lev, ana):
    size = made(caller)
    for member, status in ((lev, 404), (ana, 403)):
        assert by_key(member).get(f"attributes/{size['id']}").status_code == status
