from dataclasses import replace

import pytest

from kontor.catalog.completeness import Filled, completeness, worst
from kontor.goods.attributes import Trait

MATERIAL = Trait(
    id=1, code="material", name="Material", names={"de": "Werkstoff"}, kind="text", is_required=True
)
NOTE = Trait(id=2, code="note", name="Note", names={}, kind="text", is_required=True, is_localised=True)
LOOSE = Trait(id=3, code="loose", name="Loose", names={}, kind="text")
WHOLE = Filled(
    has_category=True,
    has_picture=True,
    is_identified=True,
    description="Strong.",
    attributes={"material": "ash", "note": {"en": "dry"}},
    texts={"de": ("Stiel", "Fest.")},
)


@pytest.mark.covers("R3.56", "R3.57")
def test_complete_in_the_first_language():
    found = completeness(WHOLE, [MATERIAL, NOTE, LOOSE], "en", is_first=True, reader="en", channel="shop")

    assert (found.score, found.filled, found.wanted, found.missing) == (100, 6, 6, ())


def test_a_text_that_falls_back_is_missing_in_its_language():
    german = completeness(WHOLE, [MATERIAL, NOTE], "de", is_first=False, reader="de", channel="shop")
    french = completeness(WHOLE, [MATERIAL], "fr", is_first=False, reader="de", channel="shop")

    assert [one.field for one in german.missing] == ["attributes/note"]
    assert german.score == 83
    assert [(one.field, one.label) for one in french.missing] == [
        ("texts/fr/name", "Name"), ("texts/fr/description", "Description"),
    ]  # fmt: skip
    assert worst([german, french]) is french


def test_what_is_missing_is_named_in_the_readers_language_and_never_rounds_up_to_all():
    bare = replace(WHOLE, has_category=False, has_picture=False, description=" ", attributes={})
    found = completeness(bare, [MATERIAL], "en", is_first=True, reader="de", channel="shop")

    assert [one.field for one in found.missing] == ["category", "media", "description", "attributes/material"]
    assert (found.missing[-1].label, found.score) == ("Werkstoff", 20)
    many = [replace(MATERIAL, code=f"m{n}") for n in range(300)]
    almost = replace(WHOLE, attributes={one.code: "x" for one in many[1:]})
    assert completeness(almost, many, "en", is_first=True, reader="en", channel="shop").score == 99


@pytest.mark.covers("R3.57")
def test_each_channel_asks_for_its_own():
    care = replace(LOOSE, code="care", name="Care", channels=("datasheet",))
    bare = replace(WHOLE, has_picture=False, is_identified=False)

    def missing(channel: str) -> list[str]:
        found = completeness(bare, [MATERIAL, care], "en", is_first=True, reader="en", channel=channel)
        assert found.channel == channel
        return [one.field for one in found.missing]

    assert missing("shop") == ["media"]
    assert missing("feed") == ["media", "gtin"]
    assert missing("datasheet") == ["attributes/care"]
