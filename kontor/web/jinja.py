"""The Jinja2 environment of all pages and mails; `settings.TEMPLATES` names `environment`."""

from collections.abc import Hashable, Mapping
from functools import lru_cache
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils import translation
from jinja2 import Environment, StrictUndefined, Undefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from kontor.web import charts, dates, fields, numbers, values
from kontor.web.addresses import url
from kontor.web.components import Components
from kontor.web.icons import icon
from kontor.web.names import country_name
from kontor.web.pictures import picture
from kontor.web.taxes import notes_of, tax_label
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
    "country_name": country_name,
    "tax_label": tax_label,
    "tax_notes": notes_of,
}
"""Plain text, as filters and as functions; the same names under `ui` give markup."""


@lru_cache(maxsize=500)
def static_url(path: str) -> str:
    """The address of a static file, hashed name and all; the files do not change under a running process."""
    return static(path)


GLOBALS = {
    "static": static_url,
    "icon": icon,
    "picture": picture,
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


MARK = f"\x01{token_hex(8)}"
HOLES = {"csrf_input": f"{MARK}t", "here": f"{MARK}h"}
"""Stand in a remembered piece where the page's own is put in; no text that anybody wrote holds them."""
EXTENSIONS = ["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"]


@pass_context
def text(context: Context, message: str, **variables: Any) -> str:
    """`_()` of the templates: `message` in the reader's language, with `%(name)s` filled in.

    The i18n extension's own does the same through three calls for each word of a page.
    """
    found = _translated(message, translation.get_language(), bool(context.eval_ctx.autoescape))
    return found % variables if variables else found


@lru_cache(maxsize=20_000)
def _translated(message: str, language: str | None, autoescape: bool) -> str:
    translated = translation.gettext(message)
    return Markup(translated) if autoescape else translated  # noqa: S704  # as the extension does: texts are ours


@pass_context
def remembered(context: Context, template: str, **facts: Hashable) -> str:
    """`{{ remembered("web/nav.html", nav=shell.nav) }}`: a piece that depends on the language and these facts alone.

    Nothing else of the page is known in it, so a piece with a price or a person does not get here by mistake; but for
    `csrf_input` of its forms and `here`, the page's own address, which are put in each time.
    """
    env = context.environment
    if env.auto_reload:
        kept = piece(env, template, facts | HOLES)
    else:
        kept = _kept_piece(env, template, translation.get_language(), tuple(facts.items()))
    return _filled(kept, context) if MARK in kept else kept


def _filled(kept: Markup, context: Context) -> Markup:
    """Each form has tokens of its own."""
    request = context.get("request")
    kept = kept.replace(HOLES["here"], request.get_full_path() if request else "")
    first, *rest = kept.split(HOLES["csrf_input"])
    return Markup("").join([first, *(part for one in rest for part in (context["csrf_input"], one))])


@lru_cache(maxsize=2000)
def _kept_piece(
    env: Environment, template: str, language: str | None, facts: tuple[tuple[str, Hashable], ...]
) -> Markup:
    return piece(env, template, dict(facts) | HOLES)


def piece(env: Environment, template: str, facts: Mapping[str, Any]) -> Markup:
    """A template rendered with these facts alone."""
    return Markup(env.get_template(template).render(facts))  # noqa: S704  # rendered with escaping


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
    env.globals |= (
        TEXTS
        | GLOBALS
        | {"_": text, "url": url, "remembered": remembered, "differs": differs, "ui": Components(env)}
    )
    return env
