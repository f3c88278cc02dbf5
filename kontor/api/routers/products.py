"""A seller's own products: what a product information system keeps up to date."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language

from kontor.api.doors import KNOWN, ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page
from kontor.api.preconditions import revision_asked
from kontor.api.routers.catalog import product_out, router, sheet_of
from kontor.api.shapes.catalog import ProductOut
from kontor.api.shapes.products import (
    CompletenessOut,
    MissingOut,
    OwnProductOut,
    OwnTextOut,
    ProductIn,
    ProductStatusIn,
    RelationsIn,
    VersionOut,
)
from kontor.catalog import operations
from kontor.catalog.models import Category, Family, Product
from kontor.catalog.operations import (
    ClassFacts,
    ComponentFacts,
    HazardFacts,
    ProductFacts,
    RelationFacts,
    TextFacts,
    UnitFacts,
)
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries import languages_of_seller
from kontor.catalog.queries.completeness import completeness_of
from kontor.kernel.actors import require
from kontor.search.queries import product_detail

__all__ = ["router"]

# The same addresses as the catalog's reads, and one address has one router; but visitors have no business here.
OWN: dict[str, Any] = {"auth": KNOWN, "tags": ["Own products"]}
CODES = ("incomplete", "sku_taken", "variant_taken", "unknown_category")


def own_product(request: ApiRequest, product_id: int) -> Product:
    """A product of the caller's own company, or 404."""
    own = Product.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    return get_object_or_404(own, pk=product_id)


def _facts(request: ApiRequest, body: ProductIn) -> ProductFacts:
    named = {
        "category",
        "family",
        "variant_of",
        "units",
        "specifications",
        "texts",
        "classifications",
        "hazard",
        "components",
    }
    own = request.actor.company_id
    models = Product.objects.visible_to(request.actor).filter(seller_id=own)
    return ProductFacts(
        **body.model_dump(exclude=named),
        category=get_object_or_404(Category, path=body.category) if body.category else None,
        family=get_object_or_404(Family, seller=own, code=body.family) if body.family else None,
        variant_of=get_object_or_404(models, sku=body.variant_of) if body.variant_of else None,
        units=[UnitFacts(**unit.model_dump()) for unit in body.units],
        specifications=[one.model_dump() for one in body.specifications],
        texts=None
        if body.texts is None
        else {language: TextFacts(**text.model_dump()) for language, text in body.texts.items()},
        classifications=None
        if body.classifications is None
        else [ClassFacts(**one.model_dump()) for one in body.classifications],
        hazard=HazardFacts(**body.hazard.model_dump()) if body.hazard else None,
        components=None
        if body.components is None
        else [ComponentFacts(sku=one.sku, quantity=one.quantity) for one in body.components],
    )


def _reply(request: ApiRequest, product: Product, status: int = 200) -> Reply:
    detail = product_detail(request.identity.viewer, product.pk, actor=request.actor)
    if detail is None:
        raise Http404
    location = reverse("api:getProduct", args=[product.pk]) if status == 201 else ""
    body = product_out(detail, sheet_of(request, detail))
    return Reply(body=body, status=status, version=str(detail.revision), location=location)


@router.post(
    "products", response={201: ProductOut}, operation_id="addProduct", summary="Add a product", **OWN
)
@needs(EDIT_CATALOG)
@changes(refuses=CODES)
def add(request: ApiRequest, body: ProductIn) -> Reply:
    """As a draft of the own company; put it on sale by its status."""
    product = operations.save_product(actor=request.actor, facts=_facts(request, body))
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
    own = own_product(request, product_id)
    revision = revision_asked(request, own.revision)
    changed = operations.save_product(
        actor=request.actor, facts=_facts(request, body), product=own, revision=revision
    )
    return _reply(request, changed)


@router.post(
    "products/{int:product_id}/status",
    response=ProductOut,
    operation_id="setProductStatus",
    summary="Move a product along, on sale or off",
    **OWN,
)
@needs(EDIT_CATALOG)
@changes(refuses=("illegal_move", "no_category", "values_missing", "no_components", "stale"))
def status(request: ApiRequest, product_id: int, body: ProductStatusIn) -> Reply:
    """Draft, review, approved, active, discontinued. Before it is sold it needs a category and the required values."""
    product = operations.set_status(
        actor=request.actor, product=own_product(request, product_id), status=body.status
    )
    return _reply(request, product)


@router.put(
    "products/{int:product_id}/relations",
    response=ProductOut,
    operation_id="setProductRelations",
    summary="What goes with a product",
    **OWN,
)
@needs(EDIT_CATALOG)
@changes(refuses=("incomplete",))
def relations(request: ApiRequest, product_id: int, body: RelationsIn) -> Reply:
    """All of them at once, by the SKUs of own products."""
    stated = [RelationFacts(kind=one.kind, sku=one.sku) for one in body.relations]
    product = operations.save_relations(
        actor=request.actor, product=own_product(request, product_id), relations=stated
    )
    return _reply(request, product)


@router.get(
    "products/{int:product_id}/own",
    response=OwnProductOut,
    operation_id="getOwnProduct",
    summary="One own product with all that only its seller sees",
    **OWN,
)
@needs(EDIT_CATALOG)
@reads(refuses=("not_allowed",))
def own(request: ApiRequest, product_id: int) -> Reply:
    """Texts in further languages, sale dates, and how complete it is in each language of the catalog."""
    require(request.actor, EDIT_CATALOG)
    product = own_product(request, product_id)
    detail = product_detail(request.identity.viewer, product.pk, actor=request.actor)
    if detail is None:
        raise Http404
    languages = languages_of_seller(product.seller_id, settings.LANGUAGE_CODE)
    complete = completeness_of([product], languages, get_language() or "en")[product.pk]
    body = OwnProductOut(
        product=product_out(detail, sheet_of(request, detail)),
        on_sale_from=product.on_sale_from,
        on_sale_until=product.on_sale_until,
        texts={
            one.language: OwnTextOut(name=one.name, summary=one.summary, description=one.description)
            for one in product.texts.all()
        },
        completeness=[
            CompletenessOut(
                channel=one.channel,
                language=one.language,
                score=one.score,
                missing=[MissingOut(field=gap.field, label=gap.label) for gap in one.missing],
            )
            for one in complete
        ],
    )
    return Reply(body=body, version=str(product.revision))


@router.get(
    "products/{int:product_id}/versions",
    response=Page[VersionOut],
    operation_id="listProductVersions",
    summary="The versions of an own product",
    **OWN,
)
@needs(EDIT_CATALOG)
@reads(refuses=("not_allowed",))
def versions(request: ApiRequest, product_id: int) -> Page[VersionOut]:
    """The last 100, newest first; each is the whole product as it was saved."""
    require(request.actor, EDIT_CATALOG)
    rows = own_product(request, product_id).versions.all()[:100]
    items = [
        VersionOut(revision=one.revision, at=one.at, who=one.actor_name, door=one.door, facts=one.facts)
        for one in rows
    ]
    return Page(items=items, next=None)
