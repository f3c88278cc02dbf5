"""How the values of a facet stand."""

from typing import Any

from kontor.search.queries.counted import FacetValue
from kontor.search.queries.faceting import Offered


def shown(kind: str, *values: str, choices: dict[str, dict[str, Any]] | None = None) -> list[str]:
    """The values, counted most first as given here, in the order in which readers see them."""
    one = Offered("thread", "Thread", {}, kind, "", choices or {})
    counted = (FacetValue(value, one.label(value, "en"), 9 - at) for at, value in enumerate(values))
    return [value.value for value in one.ordered(counted)]


def test_choices_stand_as_the_attribute_declares_them_and_others_behind():
    declared = {code: {"label": code, "labels": {}} for code in ("L", "S", "M10", "M6")}
    assert shown("choice", "M6", "odd", "S", "M10", "L", choices=declared) == ["L", "S", "M10", "M6", "odd"]


def test_texts_stand_by_the_alphabet_with_numbers_by_size():
    assert shown("text", "M10", "M12", "fine", "M6", "Äxte") == ["Äxte", "fine", "M6", "M10", "M12"]


def test_numbers_stand_by_size_and_yes_before_no():
    assert shown("number", "100", "9.5", "20") == ["9.5", "20", "100"]
    assert shown("boolean", "false", "true") == ["true", "false"]
