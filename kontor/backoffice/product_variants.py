"""The variants of a model as a matrix, and more of them by ticking values."""

from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kontor.backoffice.product_form import product_of, rooms_of
from kontor.backoffice.products import KINDS
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Product
from kontor.catalog.operations.variants import add_variants
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries import effective_attributes
from kontor.goods import measures
from kontor.goods.attributes import shown_value
from kontor.goods.variants import MOST, Sister, matrix_of
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

PAGE = "backoffice/products/variants.html"


@needs(EDIT_CATALOG)
@require_http_methods(["GET", "POST"])
def product_variants(request: PersonRequest, product_id: int) -> HttpResponse:
    """GET /office/products/7/variants/ -> the matrix; POST axes/<code> (several) -> drafts for what is missing."""
    found = product_of(request, product_id)
    if request.method == "GET":
        return page(request, PAGE, block="matrix", **_values(request, found))
    model = found.variant_of or found
    axes = {}
    for trait in effective_attributes(model.family_id):
        name = f"axes/{trait.code}"
        typed = request.POST.getlist(name)
        axes[trait.code] = typed if trait.choices else [one for text in typed for one in text.split(";")]
    try:
        added = add_variants(
            actor=at_own_desk(request), model=model, axes=axes, language=get_language() or ""
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, PAGE, refusal, block="matrix", **_values(request, found))
    message = ngettext(
        "%(n)s variant is added as a draft.", "%(n)s variants are added as drafts.", len(added)
    )
    if not added:
        message = _("All of these variants are there already.")
    toast = Toast(message=message % {"n": len(added)}, kind="good" if added else "warning")
    return leave_to(request, reverse("backoffice:product_variants", args=[model.pk]), toast=toast)


def _variants(model: Product) -> list[Sister]:
    rows = model.variants.order_by("sku", "id")
    return [
        Sister(*row) for row in rows.values_list("pk", "sku", "slug", "name", "status", "attributes")[:MOST]
    ]


def _values(request: PersonRequest, found: Product) -> dict[str, Any]:
    model, reader = found.variant_of or found, get_language() or ""
    traits = effective_attributes(model.family_id)
    fields = [
        {
            "name": f"axes/{one.code}",
            "label": one.label(reader),
            "options": [(choice.code, shown_value(one, choice.code, reader)[0]) for choice in one.choices],
            "unit": measures.sign(one.unit) if one.unit else "",
            "value": request.POST.getlist(f"axes/{one.code}"),
        }
        for one in traits
        if one.is_axis
    ]
    return {
        "product": found,
        "model": model,
        "rooms": rooms_of(found, "variants"),
        "matrix": matrix_of(_variants(model), traits, reader),
        "fields": fields if model.kind == Product.Kind.MODEL else [],
        "kinds": KINDS,
        "status_names": dict(Product.Status.choices),
    }


urlpatterns = [
    path("products/<int:product_id>/variants/", product_variants, name="product_variants"),
]
