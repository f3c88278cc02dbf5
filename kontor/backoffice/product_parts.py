"""What a kit consists of: the rows of its form, and the picker that finds articles by number or name."""

from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Product
from kontor.catalog.operations import ComponentFacts
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries import contents_of, products_of_seller
from kontor.web.access import needs
from kontor.web.forms import number_problem, rows_of
from kontor.web.identity import PersonRequest
from kontor.web.numbers import as_input, number_from
from kontor.web.pages import page

PARTS = (Product.Kind.GOODS, Product.Kind.SERVICE)
MOST = 20
Row = dict[str, Any]


def component_rows(request: PersonRequest) -> list[Row]:
    """The typed rows that name an article, in the order of their places; without a place last."""
    rows: list[Row] = [
        {name: row.get(name, "").replace("\x00", "").strip() for name in ("sku", "quantity", "place")}
        for row in rows_of(request.POST, "components").values()
    ]
    named = [row for row in rows if row["sku"]]
    return sorted(named, key=lambda row: number_from(row["place"]) or Decimal(10_000))


def components_typed(request: PersonRequest) -> tuple[list[ComponentFacts], dict[str, str]]:
    """What the rows say, and what is wrong with their numbers, by the row as the operation counts it."""
    facts, wrong = [], {}
    for index, row in enumerate(component_rows(request)):
        quantity = number_from(row["quantity"]) if row["quantity"] else Decimal(1)
        if quantity is None:
            wrong[f"components/{index}/quantity"] = number_problem(row["quantity"])
        else:
            facts.append(ComponentFacts(sku=row["sku"], quantity=quantity))
    return facts, wrong


def components_kept(found: Product) -> list[Row]:
    """The components as the form shows them before anybody types."""
    parts = contents_of([found.pk]).get(found.pk, []) if found.kind == Product.Kind.KIT else []
    return [
        {"sku": one.sku, "quantity": as_input(one.quantity), "name": one.name, "id": one.product_id}
        | {"unit": one.base_unit, "place": place}
        for place, one in enumerate(parts, start=1)
    ]


@needs(EDIT_CATALOG)
@require_GET
def part_pick(request: PersonRequest) -> HttpResponse:
    """GET /office/products/parts/?components/0/sku=BOLT -> own goods and services by number or name, as options.

    The field asks under its own name, whichever row it stands in.
    """
    words = request.GET.get(next(iter(request.GET), ""), "").replace("\x00", "").strip()[:60]
    found = products_of_seller(at_own_desk(request)).filter(kind__in=PARTS)
    named = found.filter(Q(sku__istartswith=words) | Q(name__icontains=words)) if words else found.none()
    return page(request, "backoffice/products/pick.html", found=named.order_by("sku")[:MOST])


urlpatterns = [path("products/parts/", part_pick, name="part_pick")]
