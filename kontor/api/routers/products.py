"""A seller's own products: what a product information system keeps up to date."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from kontor.api.doors import KNOWN, ApiRequest
from kontor.api.endpoints import Reply, changes, needs
from kontor.api.preconditions import revision_asked
from kontor.api.routers.catalog import product_out, router
from kontor.api.shapes.catalog import ProductOut
from kontor.api.shapes.selling import ProductIn, ProductStatusIn
from kontor.catalog import operations
from kontor.catalog.models import Category, Product
from kontor.catalog.operations import ProductFacts, UnitFacts
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.search.queries import product_detail

__all__ = ["router"]

# The same addresses as the catalog's reads, and one address has one router; but visitors have no business here.
OWN: dict[str, Any] = {"auth": KNOWN, "tags": ["Own products"]}
CODES = ("incomplete", "sku_taken", "unknown_category")


def _own(request: ApiRequest, product_id: int) -> Product:
    own = Product.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    return get_object_or_404(own, pk=product_id)


def _facts(body: ProductIn) -> ProductFacts:
    given = body.model_dump(exclude={"category", "units", "specifications"})
    category = get_object_or_404(Category, path=body.category) if body.category else None
    return ProductFacts(
        **given,
        category=category,
        units=[UnitFacts(**unit.model_dump()) for unit in body.units],
        specifications=[one.model_dump() for one in body.specifications],
    )


def _reply(request: ApiRequest, product: Product, status: int = 200) -> Reply:
    detail = product_detail(request.identity.viewer, product.pk, actor=request.actor)
    if detail is None:
        raise Http404
    location = reverse("api:getProduct", args=[product.pk]) if status == 201 else ""
    return Reply(body=product_out(detail), status=status, version=str(detail.revision), location=location)


@router.post(
    "products", response={201: ProductOut}, operation_id="addProduct", summary="Add a product", **OWN
)
@needs(EDIT_CATALOG)
@changes(refuses=CODES)
def add(request: ApiRequest, body: ProductIn) -> Reply:
    """As a draft of the own company; put it on sale by its status."""
    product = operations.save_product(actor=request.actor, facts=_facts(body))
    return _reply(request, product, 201)


@router.put(
    "products/{int:product_id}",
    response=ProductOut,
    operation_id="changeProduct",
    summary="Change a product",
    **OWN,
)
@needs(EDIT_CATALOG)
@changes(refuses=(*CODES, "stale", "base_unit_fixed", "kind_fixed"), if_match=True)
def change(request: ApiRequest, product_id: int, body: ProductIn) -> Reply:
    """All of its data; If-Match names the `revision` that was read. Base unit and kind stay once it was on sale."""
    own = _own(request, product_id)
    revision = revision_asked(request, own.revision)
    changed = operations.save_product(actor=request.actor, facts=_facts(body), product=own, revision=revision)
    return _reply(request, changed)


@router.post(
    "products/{int:product_id}/status",
    response=ProductOut,
    operation_id="setProductStatus",
    summary="Put a product on sale, or take it off",
    **OWN,
)
@needs(EDIT_CATALOG)
@changes(refuses=("illegal_move", "no_category", "stale"))
def status(request: ApiRequest, product_id: int, body: ProductStatusIn) -> Reply:
    """Goods need a category before they are sold."""
    product = operations.set_status(
        actor=request.actor, product=_own(request, product_id), status=body.status
    )
    return _reply(request, product)
