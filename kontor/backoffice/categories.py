"""The shelves of the shop: one page with the tree and a form beside it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kontor.backoffice.products import category_options
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Category
from kontor.catalog.operations import CategoryFacts, delete_category, save_category
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries import category_tree
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

PAGE = "backoffice/categories/tree.html"
FARTHEST = 100_000
FIELDS = ("name", "parent", "position", "description")


@needs(EDIT_CATALOG)
@require_http_methods(["GET", "POST"])
def categories(request: PersonRequest) -> HttpResponse:
    """GET /office/categories/?edit=7 -> the tree and a form; POST -> a category added, renamed or moved."""
    key = key_of(request.POST.get("category", request.GET.get("edit", "")))
    edited = get_object_or_404(Category, pk=key) if key else None
    if request.method == "GET":
        return page(request, PAGE, block="form", **_values(request, edited))
    form = request.POST
    parent = key_of(form.get("parent", ""))
    position = key_of(form.get("position", "").strip() or "0")
    try:
        if position is None or position > FARTHEST:
            message = _("Enter a whole number.")
            raise Refused("incomplete", message, {"position": message})
        saved = save_category(
            actor=at_own_desk(request),
            facts=CategoryFacts(
                name=form.get("name", ""),
                parent=Category.objects.filter(pk=parent).first() if parent else None,
                slug=edited.slug if edited and form.get("name", "").strip() == edited.name else "",
                position=position,
                description=form.get("description", "").strip(),
            ),
            category=edited,
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        if edited is not None:
            edited.refresh_from_db()
        return refused(request, PAGE, refusal, block="form", **_values(request, edited))
    toast = Toast(message=_("The category %(name)s is saved.") % {"name": saved.name})
    return leave_to(request, reverse("backoffice:categories"), toast=toast)


def _values(request: PersonRequest, edited: Category | None) -> dict[str, Any]:
    if request.method == "POST":
        typed: dict[str, Any] = {name: request.POST.get(name, "") for name in FIELDS}
    else:
        typed = {
            "name": edited.name if edited else "",
            "parent": (edited.parent_id or "") if edited else request.GET.get("below", ""),
            "position": edited.position if edited else 0,
            "description": edited.description if edited else "",
        }
    below = f"{edited.path}/" if edited else None
    nodes = [node for root in category_tree(None).roots for node in root.walk()]
    hidden = {
        node.id for node in nodes if edited and (node.id == edited.pk or node.path.startswith(str(below)))
    }
    return {
        "nodes": nodes,
        "edited": edited,
        "typed": typed,
        "parents": [one for one in category_options(_("At the top")) if one[0] not in hidden],
    }


@needs(EDIT_CATALOG)
@require_POST
def category_delete(request: PersonRequest, category_id: int) -> HttpResponse:
    """POST /office/categories/7/delete/ -> an empty category is gone."""
    category = get_object_or_404(Category, pk=category_id)
    name = category.name
    try:
        delete_category(actor=at_own_desk(request), category=category)
    except NotAllowed:
        raise
    except Refused as refusal:
        return leave_to(
            request, reverse("backoffice:categories"), toast=Toast(message=refusal.message, kind="warning")
        )
    toast = Toast(message=_("The category %(name)s is deleted.") % {"name": name})
    return leave_to(request, reverse("backoffice:categories"), toast=toast)


urlpatterns = [
    path("categories/", categories, name="categories"),
    path("categories/<int:category_id>/delete/", category_delete, name="category_delete"),
]
