"""The attributes by which goods are described: the list, and one with its choices."""

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.backoffice.families import language_names, names_from, own_languages
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Attribute, FamilyAttribute
from kontor.catalog.operations import AttributeFacts, ChoiceFacts, delete_attribute, save_attribute
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.goods import measures
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.web.access import needs
from kontor.web.forms import rows_of
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

FORM = "backoffice/families/attribute.html"
SPARE = 4

Row = dict[str, Any]


def attribute_of(request: PersonRequest, attribute_id: int) -> Attribute:
    """An own attribute, or 404."""
    own = Attribute.objects.filter(seller_id=at_own_desk(request).company_id)
    return get_object_or_404(own, pk=attribute_id)


@needs(EDIT_CATALOG)
@require_GET
def attributes(request: PersonRequest) -> HttpResponse:
    """GET /office/attributes/?q= -> all attributes of the own catalog."""
    words = request.GET.get("q", "").replace("\x00", "")[:100]
    found = Attribute.objects.filter(seller_id=at_own_desk(request).company_id)
    for word in words.split()[:5]:
        found = found.filter(name__icontains=word)
    rows, pager = page_of(request, found, ["name", "id"])
    keys = [row.pk for row in rows]
    chosen = Attribute.objects.filter(pk__in=keys).annotate(n=Count("choices"))
    used = FamilyAttribute.objects.filter(attribute__in=keys).values_list("attribute").annotate(n=Count("pk"))
    return page(
        request,
        "backoffice/families/attributes.html",
        block="listing",
        attributes=[{"row": row, "unit": measures.sign(row.unit)} for row in rows],
        choices=dict(chosen.values_list("pk", "n")),
        families=dict(used.order_by()),
        pager=pager,
        words=words,
    )


@needs(EDIT_CATALOG)
@require_http_methods(["GET", "POST"])
def attribute_new(request: PersonRequest) -> HttpResponse:
    """GET /office/attributes/new/ -> an empty form; POST -> an attribute."""
    return _form(request, None)


@needs(EDIT_CATALOG)
@require_http_methods(["GET", "POST"])
def attribute(request: PersonRequest, attribute_id: int) -> HttpResponse:
    """GET /office/attributes/7/ -> the attribute with its choices; POST -> changed."""
    return _form(request, attribute_of(request, attribute_id))


def _form(request: PersonRequest, found: Attribute | None) -> HttpResponse:
    if request.method == "GET":
        return page(request, FORM, block="form", **_values(request, found))
    form = request.POST
    try:
        saved = save_attribute(
            actor=at_own_desk(request),
            facts=AttributeFacts(
                name=form.get("name", "").replace("\x00", ""),
                names=names_from(request),
                kind=form.get("kind", ""),
                unit=form.get("unit", ""),
                is_localised=bool(form.get("is_localised")),
                choices=[_choice(row) for row in _typed_rows(request)],
            ),
            attribute=found,
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, FORM, refusal, block="form", **_values(request, found))
    toast = Toast(message=_("The attribute %(name)s is saved.") % {"name": saved.name})
    return leave_to(request, reverse("backoffice:attribute", args=[saved.pk]), toast=toast)


def _typed_rows(request: PersonRequest) -> list[dict[str, str]]:
    rows = rows_of(request.POST, "choices").values()
    clean = [{name: text.replace("\x00", "").strip() for name, text in row.items()} for row in rows]
    return [row for row in clean if row.get("label")]


def _choice(row: dict[str, str]) -> ChoiceFacts:
    labels = {name.removeprefix("in-"): text for name, text in row.items() if name.startswith("in-")}
    return ChoiceFacts(label=row["label"], code=row.get("code", ""), labels=labels)


def _values(request: PersonRequest, found: Attribute | None) -> dict[str, Any]:
    if request.method == "POST":
        form = request.POST
        typed: Row = {name: form.get(name, "") for name in ("name", "kind", "unit", "is_localised")}
        names, rows = names_from(request), _typed_rows(request)
    else:
        typed = {
            "name": found.name if found else "",
            "kind": found.kind if found else "text",
            "unit": found.unit if found else "",
            "is_localised": found.is_localised if found else False,
        }
        names = found.names if found else {}
        rows = [
            {"label": one.label, "code": one.code} | {f"in-{code}": text for code, text in one.labels.items()}
            for one in (found.choices.all() if found else [])
        ]
    used_in = FamilyAttribute.objects.filter(attribute=found).select_related("family") if found else []
    return {
        "attribute": found,
        "typed": typed,
        "names": names,
        "rows": [*rows, *({} for _n in range(SPARE))],
        "languages": language_names(own_languages(request)[1:]),
        "kinds": Attribute.Kind.choices,
        "units": [("", _("without")), *measures.choices()],
        "families": [one.family for one in used_in],
    }


@needs(EDIT_CATALOG)
@require_POST
def attribute_delete(request: PersonRequest, attribute_id: int) -> HttpResponse:
    """POST /office/attributes/7/delete/ -> an attribute that nothing uses is gone."""
    found = attribute_of(request, attribute_id)
    name = found.name
    try:
        delete_attribute(actor=at_own_desk(request), attribute=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        toast = Toast(message=refusal.message, kind="warning")
        return leave_to(request, reverse("backoffice:attribute", args=[attribute_id]), toast=toast)
    toast = Toast(message=_("The attribute %(name)s is deleted.") % {"name": name})
    return leave_to(request, reverse("backoffice:attributes"), toast=toast)


urlpatterns = [
    path("attributes/", attributes, name="attributes"),
    path("attributes/new/", attribute_new, name="attribute_new"),
    path("attributes/<int:attribute_id>/", attribute, name="attribute"),
    path("attributes/<int:attribute_id>/delete/", attribute_delete, name="attribute_delete"),
]
