from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from kontor.web.forms import PriceField, QuantityField, number_problem, rows_of


class Form(forms.Form):
    quantity = QuantityField()
    price = PriceField(required=False)


@pytest.mark.parametrize(
    ("language", "typed"), [("de", "1.250,5"), ("de", "1250.5"), ("en", "1,250.5"), ("fr", "1 250,5")]
)
def test_a_number_is_read_in_the_language_of_the_reader(language: str, typed: str) -> None:
    with translation.override(language):
        form = Form({"quantity": typed})

        assert form.is_valid(), form.errors
        assert form.cleaned_data == {"quantity": Decimal("1250.5"), "price": None}


@pytest.mark.parametrize(
    "typed", ["", "twelve", "-1", "1e9", "NaN", "9999999999", "0.0001", "1.2.3", "9" * 400]
)
def test_absurd_quantities_are_refused_at_the_field(typed: str) -> None:
    form = Form({"quantity": typed})

    assert not form.is_valid()
    assert set(form.errors) == {"quantity"}


def test_the_sentence_about_a_wrong_number_shows_an_example_of_the_language() -> None:
    with translation.override("de"):
        assert "12,5" in str(Form({"quantity": "x"}).errors)
        assert "1.250,5" in number_problem("x")


def test_rows_of_a_table_come_back_by_their_keys() -> None:
    posted = {
        "lines/7/quantity": "2",
        "lines/7/note": "soon",
        "lines/new-1/sku": "A",
        "lines/8": "",
        "lines/9/a/b": "",
    }

    assert rows_of(posted, "lines") == {"7": {"quantity": "2", "note": "soon"}, "new-1": {"sku": "A"}}
