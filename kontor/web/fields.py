"""One view of a form field for the `ui.field` macro, whether it comes from a Django form or from plain arguments."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from kontor.kernel.refusal import Refused
from kontor.web.numbers import as_input

Options = Iterable[tuple[Any, Any]]
_NOT_TAKEN = ("class", "style", "rows", "cols", "placeholder")
_SELF_VALUED = ("select", "textarea", "radio", "checkboxes", "checkbox", "file", "password")


@dataclass(slots=True, kw_only=True)
class FieldView:
    """What the template needs, nothing to decide. `attrs` are those of the control itself."""

    name: str
    id: str
    label: str = ""
    type: str = "text"
    value: Any = ""
    hint: object = ""
    error: str = ""
    required: bool = False
    optional: bool = False
    options: Options = ()
    width: str = ""
    prefix: str = ""
    suffix: str = ""
    hide_label: bool = False
    attrs: dict[str, Any] = field(default_factory=dict)

    def chosen(self, value: Any) -> bool:
        """Whether this option is selected."""
        if isinstance(self.value, (list, tuple, set)):
            return str(value) in {str(one) for one in self.value}
        return str(value) == str("" if self.value is None else self.value)


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence for the summary; `field` is the id of the control it belongs to."""

    text: str
    field: str = ""


def field_id(name: str) -> str:
    """The id of a field that has no form: f-po_number, f-lines-3-quantity."""
    return "f-" + re.sub(r"[^\w-]", "-", name)


def field_view(source: BoundField | str, *, refusal: Refused | None = None, **options: Any) -> FieldView:
    """Everything about a field in one place. `options` overrule what the form says; `refusal` brings its sentence."""
    extra: dict[str, Any] = dict(options.pop("attrs", None) or {})
    view = (
        _from_form(source) if isinstance(source, BoundField) else FieldView(name=source, id=field_id(source))
    )
    view = replace(view, **{name: v for name, v in options.items() if v is not None and (name != "id" or v)})
    view.label = view.label or view.name
    view.error = view.error or (refusal.fields.get(view.name, "") if refusal else "")
    view.attrs = _attributes(view, view.attrs | extra)
    return view


def _from_form(bound: BoundField) -> FieldView:
    widget = bound.field.widget
    return FieldView(
        name=bound.html_name,
        id=bound.auto_id or field_id(bound.html_name),
        label=str(bound.label),
        type=_type_of(widget),
        value=bound.value(),
        hint=bound.help_text,
        error=" ".join(str(error) for error in bound.errors),
        required=bound.field.required,
        optional=not bound.field.required and not isinstance(widget, forms.CheckboxInput),
        options=_choices(widget),
        attrs={name: value for name, value in widget.attrs.items() if name not in _NOT_TAKEN},
    )


def _choices(widget: forms.Widget) -> list[tuple[Any, Any]]:
    choices = getattr(widget, "choices", ())
    return [(value, label) for value, label in choices if not isinstance(label, (list, tuple))]


def _type_of(widget: forms.Widget) -> str:
    kinds: Mapping[type[forms.Widget], str] = {
        forms.CheckboxSelectMultiple: "checkboxes",
        forms.RadioSelect: "radio",
        forms.Select: "select",
        forms.Textarea: "textarea",
        forms.CheckboxInput: "checkbox",
        forms.DateInput: "date",
        forms.DateTimeInput: "datetime-local",
    }
    named = next((name for kind, name in kinds.items() if isinstance(widget, kind)), None)
    return named or str(getattr(widget, "input_type", "text"))


def _attributes(view: FieldView, extra: dict[str, Any]) -> dict[str, Any]:
    """The control's own attributes; a value of None or False is left out by the template."""
    described = [f"{view.id}-hint"] * bool(view.hint) + [f"{view.id}-error"] * bool(view.error)
    attrs: dict[str, Any] = {
        "id": view.id,
        "name": view.name,
        "required": (view.required and view.type != "hidden") or None,
        "aria-describedby": " ".join(described) or None,
        "aria-invalid": "true" if view.error else None,
    }
    if view.type == "select" and isinstance(view.value, (list, tuple)):
        attrs["multiple"] = True
    if view.type not in ("select", "textarea", "radio", "checkboxes"):
        attrs |= _input_attributes(view)
    if view.type == "textarea":
        attrs["rows"] = 3
    return {
        name: value for name, value in (attrs | extra).items() if value is not None and value is not False
    }


def _input_attributes(view: FieldView) -> dict[str, Any]:
    if view.type == "number":  # a number input refuses the decimal comma and changes when scrolled over
        shown = as_input(view.value) if isinstance(view.value, (Decimal, int)) else view.value
        return {"type": "text", "inputmode": "decimal", "class": "num", "autocomplete": "off", "value": shown}
    if view.type == "checkbox":
        return {"type": "checkbox", "checked": bool(view.value) and view.value != "False"}
    if view.type in _SELF_VALUED:
        return {"type": view.type}
    value = view.value.isoformat() if hasattr(view.value, "isoformat") else view.value
    return {"type": view.type, "value": "" if value is None else value}


def problems_of(
    refusal: Refused | None = None,
    form: forms.BaseForm | None = None,
    labels: Mapping[str, str] | None = None,
) -> list[Problem]:
    """What the summary above a form says: each field's sentence with a link to it, else the refusal's own.

    `labels` names the fields of a refusal, so that "This is needed" says what is; "lines/7" names all of a row.
    """
    found: list[Problem] = []
    if form is not None and form.is_bound and form.errors:
        found += [Problem(str(error)) for error in form.non_field_errors()]
        for bound in form:
            label = _("%(label)s: %(error)s")
            found += [
                Problem(label % {"label": bound.label, "error": error}, bound.auto_id)
                for error in bound.errors
            ]
    if refusal is not None:
        named = {name: _named(name, text, labels or {}) for name, text in refusal.fields.items()}
        found += [Problem(text, field_id(name)) for name, text in named.items()] or [Problem(refusal.message)]
    return found


def _named(name: str, text: str, labels: Mapping[str, str]) -> str:
    label = labels.get(name) or labels.get(name.rpartition("/")[0])
    return _("%(label)s: %(error)s") % {"label": label, "error": text} if label else text
