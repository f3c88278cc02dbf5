"""Every component escapes what people typed, and every field has its label."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from markupsafe import Markup

from kontor.kernel.money import Money
from kontor.kernel.refusal import Refused
from kontor.web.lists import Pager
from kontor.web.pages import jinja_env

HOSTILE = "<script>alert('x')</script>\"&"


@pytest.fixture
def ui() -> Any:
    return jinja_env().globals["ui"]


class _Form(forms.Form):
    name = forms.CharField(label=HOSTILE, help_text=HOSTILE)


ITEM = {
    **dict.fromkeys(("label", "url", "title", "detail", "text", "by", "hint", "mark", "shown"), HOSTILE),
    "state": "done", "kind": "done", "count": 3, "current": True, "value": 3, "icon": "check", "at": None,
    "links": [(HOSTILE, HOSTILE)],
}  # fmt: skip
PAIRS = [[(HOSTILE, HOSTILE)]]
ARGUMENTS: dict[str, list[Any]] = {
    "alert": [HOSTILE, "bad", HOSTILE, HOSTILE],
    "avatar": [HOSTILE],
    "bar_chart": [HOSTILE, [ITEM], HOSTILE],
    "breadcrumb": PAIRS,
    "bulk_bar": [],
    "compare_grid": [HOSTILE, [HOSTILE], [(HOSTILE, [HOSTILE, None])]],
    "contents": [[{"quantity": Decimal(2), **dict.fromkeys(("base_unit", "name", "sku"), HOSTILE)}]],
    "day": [None],
    "documents": [[ITEM]],
    "empty_row": [2, HOSTILE, HOSTILE],
    "error_summary": [Refused("no", HOSTILE, {HOSTILE: HOSTILE})],
    "field": [HOSTILE],
    "fields": [_Form({"name": HOSTILE})],
    "file_drop": [HOSTILE, HOSTILE, HOSTILE, HOSTILE],
    "filter_bar": [HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, [ITEM]],
    "form_actions": [HOSTILE],
    "icon_button": [HOSTILE, "check", HOSTILE, HOSTILE],
    "key_values": PAIRS,
    "menu": [HOSTILE, [ITEM]],
    "money": [Decimal("-1.5"), HOSTILE[:3]],
    "pager": [Pager(shown=3, total=9, first=1, previous_url=HOSTILE, next_url=HOSTILE)],
    "panel": [HOSTILE, HOSTILE, HOSTILE],
    "post_button": [HOSTILE, HOSTILE, Markup("<csrf>")],
    "product_card": [HOSTILE, HOSTILE, HOSTILE, HOSTILE],
    "progress": [1, 2, HOSTILE],
    "quantity": [Decimal(1), HOSTILE],
    "quantity_input": [HOSTILE, HOSTILE, HOSTILE, Decimal(2), Decimal(2), HOSTILE, HOSTILE],
    "search_field": [HOSTILE, HOSTILE, HOSTILE, HOSTILE],
    "rail": [HOSTILE],
    "select_all": [HOSTILE],
    "select_row": [HOSTILE, HOSTILE, HOSTILE],
    "skeleton": [2],
    "sku": [HOSTILE],
    "sparkline": [[1, 2, 3], HOSTILE],
    "stats": [],
    "stepper": [[ITEM], HOSTILE],
    "summary": PAIRS,
    "table": [HOSTILE, HOSTILE],
    "tabs": [[ITEM], HOSTILE],
    "task_list": [[ITEM]],
    "th": [HOSTILE],
    "time": [None],
    "timeline": [[ITEM]],
    "totals": [[HOSTILE], HOSTILE],
    "unit_price": [Decimal(1), "EUR", 100, HOSTILE],
    "unit_rules": [HOSTILE, Decimal(2), Decimal(5), Decimal(9)],
}
CALLED = ("panel", "table", "dialog", "side_panel", "bulk_bar", "form_actions", "stats", "rail")


def test_no_component_lets_markup_through(ui: Any) -> None:
    for name in ui.names():
        arguments = ARGUMENTS.get(name, [HOSTILE, HOSTILE])
        options = {"caller": lambda: Markup("")} if name in CALLED else {}

        html = str(getattr(ui, name)(*arguments, **options))

        assert "<script" not in html, name
        assert html.count("alert(") == html.count("alert(&#39;x&#39;)"), name


def test_a_field_is_labelled_described_and_marked_when_it_is_wrong(ui: Any) -> None:
    refusal = Refused("check", "No.", {"po": "Enter a PO number."})

    html = str(ui.field("po", label="PO number", hint="As printed.", refusal=refusal, required=True))

    assert '<label for="f-po">PO number</label>' in html
    assert 'aria-describedby="f-po-hint f-po-error"' in html
    assert 'aria-invalid="true"' in html
    assert "Enter a PO number." in html
    assert " required" in html


def test_the_summary_leads_to_each_field(ui: Any) -> None:
    html = str(ui.error_summary(Refused("check", "Not yet.", {"lines/3/quantity": "Order 48 or 72."})))

    assert '<a href="#f-lines-3-quantity">Order 48 or 72.</a>' in html
    assert "Not yet." in html
    assert str(ui.error_summary(None)).strip() == ""


def test_the_summary_names_the_row_of_a_table(ui: Any) -> None:
    refusal = Refused(
        "check", "Not yet.", {"lines/3/quantity": "Order 48 or 72.", "lines/12/note": "Too long."}
    )
    html = str(ui.error_summary(refusal, labels={"lines/3": "BOLT-M8"}))

    assert '<a href="#f-lines-3-quantity">BOLT-M8: Order 48 or 72.</a>' in html
    assert '<a href="#f-lines-12-note">Too long.</a>' in html


def test_a_field_of_a_django_form_keeps_value_choices_and_errors(ui: Any) -> None:
    class Form(forms.Form):
        term = forms.ChoiceField(choices=[("14", "14 days"), ("30", "30 days")])
        mail = forms.EmailField(label="E-mail")
        agreed = forms.BooleanField(required=False)

    form = Form({"term": "30", "mail": "nobody", "agreed": "on"})
    form.is_valid()

    assert '<option value="30" selected>' in str(ui.field(form["term"]))
    assert 'value="nobody"' in str(ui.field(form["mail"]))
    assert "Enter a valid email address." in str(ui.field(form["mail"]))
    assert re.search(r'type="checkbox"[^>]* checked', str(ui.field(form["agreed"])))
    assert 'href="#id_mail"' in str(ui.error_summary(form=form))


def test_a_number_is_shown_in_the_readers_language_and_never_as_a_number_input(ui: Any) -> None:
    html = str(ui.field("price", label="Price", type="number", value=Decimal("12.50")))

    assert 'type="text"' in html
    assert 'inputmode="decimal"' in html
    assert 'value="12.5"' in html


def test_amounts_say_when_they_are_unknown_and_take_money_objects(ui: Any) -> None:
    assert str(ui.money(None)) == '<span class="quiet">–</span>'
    assert (
        str(ui.money(Money(Decimal("1.50"), "EUR")))
        == '<span class="money"><span class="cur">€</span>1.50</span>'
    )


def test_a_component_that_does_not_exist_is_named(ui: Any) -> None:
    with pytest.raises(AttributeError, match="there is no component 'tabel'"):
        ui.tabel()
