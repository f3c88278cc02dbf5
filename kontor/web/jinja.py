"""The Jinja2 environment of all pages and mails; `settings.TEMPLATES` names `environment`."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined, Undefined

from kontor.web import charts, dates, fields, numbers, values
from kontor.web.components import Components
from kontor.web.icons import icon
from kontor.web.units import unit_name

ACCENT_COLOURS = {
    "harbour": "#0c6076",
    "brick": "#a1361f",
    "moss": "#3a682a",
    "ink": "#32478f",
    "plum": "#7b3069",
    "amber": "#855600",
    "slate": "#3b4853",
    "pine": "#0d6653",
}
"""Mails cannot read the style sheet; these are the accents of `tokens.css` on white."""

TEXTS = {
    "money": values.money_text,
    "number": numbers.number,
    "quantity": values.quantity_text,
    "unit_price": values.unit_price_text,
    "date": dates.date_text,
    "datetime": dates.datetime_text,
    "reltime": dates.relative_time,
    "initials": values.initials,
    "unit_name": unit_name,
}
"""Plain text, as filters and as functions; the same names under `ui` give markup."""


@lru_cache(maxsize=500)
def static_url(path: str) -> str:
    """The address of a static file, hashed name and all; the files do not change under a running process."""
    return static(path)


GLOBALS = {
    "static": static_url,
    "icon": icon,
    "machine": numbers.machine,
    "as_input": numbers.as_input,
    "iso": dates.iso,
    "tone": values.tone,
    "field_view": fields.field_view,
    "problems_of": fields.problems_of,
    "bars_svg": charts.bars_svg,
    "sparkline_svg": charts.sparkline_svg,
    "get_language": translation.get_language,
    "accent_colour": lambda name: ACCENT_COLOURS.get(str(name or ""), ACCENT_COLOURS["harbour"]),
    "text_direction": lambda: "rtl" if translation.get_language_bidi() else "ltr",
    "decimal_sign": numbers.decimal_sign,
}


class Careful(StrictUndefined):
    """A name that is missing may be asked for in an `if`, but printing or looping over it is an error."""

    __slots__ = ()

    def __str__(self) -> str:  # type: ignore[override]  # as below
        if "inline if-expression" in (self._undefined_hint or ""):
            return ""  # {{ x if y }} may print nothing
        return str(self._fail_with_undefined_error())

    __bool__ = Undefined.__bool__  # type: ignore[assignment]  # the strict parent forbids what we allow again
    __eq__ = Undefined.__eq__  # type: ignore[assignment]  # as above
    __ne__ = Undefined.__ne__  # type: ignore[assignment]  # as above
    __hash__ = Undefined.__hash__  # type: ignore[assignment]  # as above


EXTENSIONS = ["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"]


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page by its route name."""
    if args or kwargs:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    return _plain_url(name, settings.ROOT_URLCONF)


@lru_cache(maxsize=500)
def _plain_url(name: str, urlconf: str) -> str:
    return reverse(name, urlconf=urlconf)


def escapes(template: str | None) -> bool:
    """Everything is escaped but plain text mails."""
    return not (template or "").endswith(".txt")


def differs(row: list[Any]) -> bool:
    """Whether a compare grid's row has more than one value."""
    return len({str(value) for value in row}) > 1


def environment(**options: Any) -> Environment:
    """A Jinja2 environment for Django's backend: escaping on, translations by Django, our components and formats."""
    options |= {"autoescape": escapes, "trim_blocks": True, "lstrip_blocks": True, "cache_size": 1000}
    if getattr(settings, "STRICT_TEMPLATES", settings.DEBUG):
        options["undefined"] = Careful
    env = Environment(extensions=EXTENSIONS, **options)  # noqa: S701  # the function `escapes` says which ones are escaped
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        gettext=translation.gettext,
        ngettext=translation.ngettext,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
        newstyle=True,
    )
    env.filters |= TEXTS
    env.globals |= TEXTS | GLOBALS | {"url": url, "differs": differs, "ui": Components(env)}
    return env
