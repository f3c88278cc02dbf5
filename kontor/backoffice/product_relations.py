"""What goes with an article: accessories, alternatives, successors and so on."""

from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kontor.backoffice.product_form import product_of, rooms_of
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Product, ProductRelation
from kontor.catalog.operations import RelationFacts, save_relations
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.web.access import needs
from kontor.web.forms import rows_of
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

PAGE = "backoffice/products/relations.html"
SPARE = 3


@needs(EDIT_CATALOG)
@require_http_methods(["GET", "POST"])
def product_relations(request: PersonRequest, product_id: int) -> HttpResponse:
    """GET /office/products/7/relations/ -> rows of kind and SKU; POST -> saved, in their order."""
    found = product_of(request, product_id)
    if request.method == "GET":
        return page(request, PAGE, block="form", **_values(request, found))
    stated = [RelationFacts(kind=row["kind"], sku=row["sku"]) for row in _typed(request)]
    try:
        save_relations(actor=at_own_desk(request), product=found, relations=stated)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, PAGE, refusal, block="form", **_values(request, found))
    toast = Toast(message=_("What goes with %(sku)s is saved.") % {"sku": found.sku})
    return leave_to(request, reverse("backoffice:product_relations", args=[found.pk]), toast=toast)


def _typed(request: PersonRequest) -> list[dict[str, str]]:
    """The rows with a SKU, each pair once, as the operation counts them."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows_of(request.POST, "relations").values():
        sku, kind = row.get("sku", "").replace("\x00", "").strip(), row.get("kind", "")
        if sku:
            rows.setdefault((kind, sku), {"kind": kind, "sku": sku})
    return list(rows.values())


def _values(request: PersonRequest, found: Product) -> dict[str, Any]:
    if request.method == "POST":
        rows: list[dict[str, Any]] = [dict(row) for row in _typed(request)]
    else:
        kept = found.relations.select_related("other")
        rows = [
            {"kind": one.kind, "sku": one.other.sku, "name": one.other.name, "id": one.other_id}
            for one in kept
        ]
    backwards = ProductRelation.objects.filter(other=found).select_related("product").order_by("kind", "id")
    return {
        "product": found,
        "rooms": rooms_of(found, "relations"),
        "rows": [*rows, *({} for _n in range(SPARE))],
        "kinds": ProductRelation.Kind.choices,
        "backwards": backwards[:100],
    }


urlpatterns = [
    path("products/<int:product_id>/relations/", product_relations, name="product_relations"),
]
