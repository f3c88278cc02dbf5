"""Families of goods: the tree, and one family with its attributes; the languages of the catalog."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Attribute, Channel, Family, Heading
from kontor.catalog.operations import FamilyFacts, OwnAttribute, delete_family, save_family, set_languages
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries import effective_attributes, families_of_seller, languages_of_seller
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.forms import rows_of
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

LIST = "backoffice/families/list.html"
FORM = "backoffice/families/form.html"
SPARE = 3
FLAGS = ("is_required", "is_axis", "is_facet")
CHANNEL = "channel-"

Row = dict[str, Any]


def own_languages(request: PersonRequest) -> list[str]:
    """The languages of the own catalog; the first is that of the texts on products."""
    return languages_of_seller(request.actor.company_id, settings.LANGUAGE_CODE)


def language_names(codes: list[str]) -> list[tuple[str, str]]:
    """Languages by code and by their name in the reader's language."""
    return [(code, _language_name(code)) for code in codes]


def _language_name(code: str) -> str:
    try:
        return str(_(get_language_info(code)["name"]))
    except KeyError:
        return code


def names_from(request: PersonRequest) -> dict[str, str]:
    """The names typed for the further languages, from fields names/<language>/text."""
    rows = rows_of(request.POST, "names")
    return {code: row.get("text", "").replace("\x00", "") for code, row in rows.items()}


def family_options(seller_id: int | None, first: str) -> list[tuple[Any, str]]:
    """All own families for a form, indented by their place in the tree."""
    rows = families_of_seller(seller_id)
    return [("", first), *((one.family.pk, "\u2003" * one.depth + one.family.name) for one in rows)]


def family_of(request: PersonRequest, family_id: int) -> Family:
    """An own family, or 404."""
    own = Family.objects.filter(seller_id=at_own_desk(request).company_id)
    return get_object_or_404(own, pk=family_id)


@needs(EDIT_CATALOG)
@require_GET
def families(request: PersonRequest) -> HttpResponse:
    """GET /office/families/ -> the tree of families, and the languages of the catalog."""
    return page(request, LIST, **_listed(request))


def _listed(request: PersonRequest) -> dict[str, Any]:
    languages = own_languages(request)
    return {
        "families": families_of_seller(at_own_desk(request).company_id),
        "languages": ", ".join(languages),
        "language_names": [name for _code, name in language_names(languages)],
        "offered": ", ".join(f"{code} ({name})" for code, name in language_names(["en", "de", "fr", "es"])),
    }


@needs(EDIT_CATALOG)
@require_POST
def languages(request: PersonRequest) -> HttpResponse:
    """POST /office/families/languages/ languages="en, de" -> the catalog is kept in these."""
    try:
        set_languages(
            actor=at_own_desk(request),
            languages=request.POST.get("languages", "").replace(";", ",").split(","),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        typed = _listed(request) | {"languages": request.POST.get("languages", "")[:200]}
        return refused(request, LIST, refusal, **typed)
    toast = Toast(message=_("The languages of the catalog are saved."))
    return leave_to(request, reverse("backoffice:families"), toast=toast)


@needs(EDIT_CATALOG)
@require_http_methods(["GET", "POST"])
def family_new(request: PersonRequest) -> HttpResponse:
    """GET /office/families/new/?below=7 -> an empty form; POST -> a family."""
    return _form(request, None)


@needs(EDIT_CATALOG)
@require_http_methods(["GET", "POST"])
def family(request: PersonRequest, family_id: int) -> HttpResponse:
    """GET /office/families/7/ -> the family with its attributes; POST -> changed."""
    return _form(request, family_of(request, family_id))


def _form(request: PersonRequest, found: Family | None) -> HttpResponse:
    if request.method == "GET":
        return page(request, FORM, block="form", **_values(request, found))
    actor, form = at_own_desk(request), request.POST
    parent = key_of(form.get("parent", ""))
    try:
        saved = save_family(
            actor=actor,
            facts=FamilyFacts(
                name=form.get("name", "").replace("\x00", ""),
                names=names_from(request),
                parent=family_of(request, parent) if parent else None,
                attributes=_attributes(request),
                headings=_typed_headings(request),
            ),
            family=found,
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, FORM, refusal, block="form", **_values(request, found))
    toast = Toast(message=_("The family %(name)s is saved.") % {"name": saved.name})
    return leave_to(request, reverse("backoffice:family", args=[saved.pk]), toast=toast)


def _typed_rows(request: PersonRequest) -> list[Row]:
    rows = rows_of(request.POST, "attributes").values()
    return [dict(row) for row in rows if row.get("attribute")]


def _attributes(request: PersonRequest) -> list[OwnAttribute]:
    own = Attribute.objects.filter(seller_id=at_own_desk(request).company_id)
    wanted = [key for row in _typed_rows(request) if (key := key_of(row["attribute"]))]
    by_key = own.in_bulk(wanted)
    return [
        OwnAttribute(
            attribute=attribute,
            group=row.get("group", "").replace("\x00", ""),
            channels=[code for code in Channel.values if row.get(CHANNEL + code)],
            **{flag: bool(row.get(flag)) for flag in FLAGS},
        )
        for row in _typed_rows(request)
        if (attribute := by_key.get(key_of(row["attribute"]) or 0))
    ]


def _values(request: PersonRequest, found: Family | None) -> dict[str, Any]:
    seller = at_own_desk(request).company_id
    if request.method == "POST":
        typed: Row = {name: request.POST.get(name, "") for name in ("name", "parent")}
        names, rows = names_from(request), _typed_rows(request)
    else:
        typed = {
            "name": found.name if found else "",
            "parent": (found.parent_id or "") if found else request.GET.get("below", ""),
        }
        names = found.names if found else {}
        rows = _kept_rows(found) if found else []
    headings = dict.fromkeys(row["group"] for row in rows if row.get("group"))
    kept = Heading.objects.filter(seller_id=seller, name__in=headings).values_list("name", "names")
    told = dict(kept) | (_typed_headings(request) if request.method == "POST" else {})
    own = {one.pk for one in found.own_attributes.all()} if found else set()
    parent = found.parent_id if found else key_of(str(typed["parent"]))
    return {
        "family": found,
        "typed": typed,
        "names": names,
        "rows": [*rows, *({} for _n in range(SPARE))],
        "inherited": effective_attributes(parent) if parent else [],
        "own": own,
        "languages": language_names(own_languages(request)[1:]),
        "headings": [(heading, told.get(heading, {})) for heading in headings],
        "channels": Channel.choices,
        "parents": [one for one in family_options(seller, _("None")) if not found or one[0] != found.pk],
        "attributes": [
            ("", _("none")),
            *((one.pk, one.name) for one in Attribute.objects.filter(seller=seller)),
        ],
    }


def _kept_rows(found: Family) -> list[Row]:
    return [
        {"attribute": one.attribute_id, "group": one.group}
        | {flag: getattr(one, flag) for flag in FLAGS}
        | {CHANNEL + code: True for code in one.channels}
        for one in found.own_attributes.all()
    ]


def _typed_headings(request: PersonRequest) -> dict[str, dict[str, str]]:
    """The headings in further languages, from fields headings/<n>/name and headings/<n>/<language>."""
    rows = rows_of(request.POST, "headings").values()
    return {
        row["name"]: {code: text.replace("\x00", "") for code, text in row.items() if code != "name"}
        for row in rows
        if row.get("name")
    }


@needs(EDIT_CATALOG)
@require_POST
def family_delete(request: PersonRequest, family_id: int) -> HttpResponse:
    """POST /office/families/7/delete/ -> a family that nothing is in is gone."""
    found = family_of(request, family_id)
    name = found.name
    try:
        delete_family(actor=at_own_desk(request), family=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        toast = Toast(message=refusal.message, kind="warning")
        return leave_to(request, reverse("backoffice:family", args=[family_id]), toast=toast)
    toast = Toast(message=_("The family %(name)s is deleted.") % {"name": name})
    return leave_to(request, reverse("backoffice:families"), toast=toast)


urlpatterns = [
    path("families/", families, name="families"),
    path("families/languages/", languages, name="catalog_languages"),
    path("families/new/", family_new, name="family_new"),
    path("families/<int:family_id>/", family, name="family"),
    path("families/<int:family_id>/delete/", family_delete, name="family_delete"),
]
