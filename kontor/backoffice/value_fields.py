"""The typed values of an article as form fields, and back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kontor.catalog.models import Medium
from kontor.goods import measures
from kontor.goods.attributes import Trait, as_typed, in_language, shown_value

FEW = 8
"""So many choices are shown as boxes to tick; more as a list."""
PREFIX = "attributes/"

Values = Mapping[str, Any]


def posted_values(form: QueryDict, traits: Sequence[Trait]) -> dict[str, Any]:
    """What a form says about each attribute, raw; what it leaves out is nothing."""
    return {trait.code: _posted(form, trait) for trait in traits}


def _posted(form: QueryDict, trait: Trait) -> Any:
    name = PREFIX + trait.code
    if trait.kind == "choices":
        return form.getlist(name)
    if trait.is_localised:
        start = f"{name}/"
        return {key.removeprefix(start): str(form[key]) for key in form if key.startswith(start)}
    return form.get(name, "")


def headings(
    traits: Sequence[Trait],
    values: Values,
    *,
    reader: str,
    languages: Sequence[tuple[str, str]],
    files: Iterable[Medium] = (),
    raw: bool = False,
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Fields for `ui.field`, below their headings. `raw`: the values are as typed, not as kept."""
    papers = [("", _("none")), *((one.file, one.title) for one in files if one.file)]
    found: dict[str, list[dict[str, Any]]] = {}
    for trait in traits:
        value = values.get(trait.code)
        if trait.is_localised:
            rows = _localised(trait, value, reader, languages)
        else:
            typed = ("" if value is None else value) if raw else as_typed(trait, value, reader)
            rows = [_field(trait, typed, reader, papers)]
        found.setdefault(trait.heading(reader), []).extend(rows)
    return list(found.items())


def _field(trait: Trait, typed: Any, reader: str, papers: list[tuple[str, str]]) -> dict[str, Any]:
    known: dict[str, Any] = {
        "source": PREFIX + trait.code,
        "label": trait.label(reader),
        "value": typed,
        "hint": "",
        "optional": not trait.is_required,
        "error_at": PREFIX + trait.code,
    }
    unit = measures.sign(trait.unit) if trait.unit else ""
    options = [(one.code, shown_value(trait, one.code, reader)[0]) for one in trait.choices]
    match trait.kind:
        case "number":
            return known | {"type": "number", "suffix": unit, "width": "half"}
        case "range":
            return known | {
                "type": "text",
                "suffix": unit,
                "width": "half",
                "attrs": {"placeholder": "5 … 10"},
            }
        case "choice":
            return known | {"type": "select", "options": [("", "–"), *options]}
        case "choices":
            few = len(options) <= FEW
            return known | {
                "type": "checkboxes" if few else "select",
                "options": options,
                "value": list(typed or []),
            }
        case "boolean":
            yes_no = [("", "–"), ("yes", _("Yes")), ("no", _("No"))]
            return known | {"type": "select", "options": yes_no, "width": "half"}
        case "date":
            return known | {"type": "date", "width": "half"}
        case "file":
            return known | {"type": "select", "options": papers}
    return known | {"type": "text", "attrs": {"maxlength": 400}}


def _localised(
    trait: Trait, value: Any, reader: str, languages: Sequence[tuple[str, str]]
) -> list[dict[str, Any]]:
    texts = value if isinstance(value, Mapping) else {languages[0][0]: str(value or "")}
    return [
        {
            "source": f"{PREFIX}{trait.code}/{code}",
            "label": _("%(name)s in %(language)s") % {"name": trait.label(reader), "language": language},
            "type": "text",
            "value": in_language(texts, code),
            "optional": not trait.is_required,
            "attrs": {"maxlength": 400},
            "error_at": PREFIX + trait.code,
        }
        for code, language in languages
    ]
