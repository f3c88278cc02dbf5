"""The catalog, with the caller's own prices and the stock of now. Visitors see what the shop shows to visitors."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from kontor.api.doors import EVERYBODY, ApiRequest, PublicRequest
from kontor.api.endpoints import Reply, reads
from kontor.api.paging import Page, next_address, read_cursor, write_cursor
from kontor.api.shapes.catalog import (
    BreakOut,
    CategoryOut,
    ClassOut,
    ComponentOut,
    DocumentOut,
    ExpectedOut,
    HazardOut,
    ProductOut,
    ProductPage,
    RelatedOut,
    SellerOut,
    UnitOut,
)
from kontor.api.values import Id, maybe_price, maybe_quantity, price_text, quantity_text
from kontor.catalog.models import Family
from kontor.catalog.queries import category_tree
from kontor.companies.models import Company
from kontor.companies.queries import house_seller
from kontor.inventory.queries import expected_of
from kontor.orders.purchases import last_bought, most_bought
from kontor.pricing.queries import Break
from kontor.search.queries import Card, Filters, Listing, ProductDetail, Window, browse, find, product_detail
from kontor.search.queries.among import among
from kontor.search.queries.sheet import Component, Sheet, sheets_of

OWN_SORTS = {"last_bought": last_bought, "most_bought": most_bought}
HAZARD = ("un_number", "hazard_class", "packing_group", "signal_word", "statements")

router = Router(tags=["Catalog"], auth=EVERYBODY)


class ProductAsk(BaseModel):
    """What a list of products is narrowed to."""

    q: str = Field("", max_length=200, description="Words, or a SKU, part number or GTIN.")
    category: str = Field("", max_length=300, description="A category's path.")
    brand: list[str] = Field(
        default_factory=list, max_length=20, description="May be repeated: alternatives."
    )
    seller_id: Id | None = None
    in_stock: bool = False
    sort: Literal[
        "", "name", "popular", "newest", "price", "-price", "relevance", "last_bought", "most_bought"
    ] = Field(
        "",
        description="`last_bought` and `most_bought` (in most orders) go by the purchases of the caller's own company: "
        "a shelf holds nothing else then, of words these come first. `popular` is what all customers order.",
    )
    limit: int = Field(24, ge=1, le=100)
    after: str | None = Field(None, max_length=800, description="The cursor from `next` of the page before.")


@router.get("categories", response=Page[CategoryOut], operation_id="listCategories", summary="Categories")
@reads()
def categories(request: PublicRequest) -> Page[CategoryOut]:
    """The whole tree, each category before those below it."""
    nodes = [node for root in category_tree(request.identity.assortments).roots for node in root.walk()]
    items = [
        CategoryOut(
            id=node.id,
            name=node.name,
            slug=node.slug,
            path=node.path,
            parent=node.path.rpartition("/")[0] or None,
            description=node.description,
            products=node.products,
        )
        for node in nodes
    ]
    return Page(items=items, next=None)


@router.get("sellers", response=Page[SellerOut], operation_id="listSellers", summary="Sellers")
@reads()
def sellers(request: PublicRequest) -> Page[SellerOut]:
    """All companies that sell here, by name."""
    active = Company.objects.filter(is_seller=True, status=Company.Status.ACTIVE)
    rows = sorted(active, key=lambda one: str(one).casefold())
    items = [SellerOut(id=one.pk, name=str(one), slug=one.slug, country=one.country) for one in rows]
    return Page(items=items, next=None)


@router.get(
    "products", response=ProductPage, operation_id="listProducts", summary="Products: browse and search"
)
@reads(refuses=("bad_cursor",))
def products(request: PublicRequest, ask: Annotated[ProductAsk, Query()]) -> dict[str, Any]:
    """A category's shelf, or what words find, with the caller's price and the stock of now."""
    listing = _listing(request, ask)
    cursor = write_cursor([listing.next_after], "products") if listing.next_after else None
    return {
        "items": [card_out(card) for card in listing.cards],
        "next": next_address(request, cursor),
        "total": listing.total,
        "total_is_capped": listing.total_is_capped,
        "corrected": listing.corrected,
    }


def _listing(request: PublicRequest, ask: ProductAsk) -> Listing:
    filters = Filters(
        category_path=ask.category, brands=tuple(ask.brand), seller_id=ask.seller_id, in_stock=ask.in_stock
    )
    after = str(read_cursor(ask.after, "products")[0]) if ask.after else ""
    viewer = request.identity.viewer
    number = int(after) if after.isdecimal() else 1
    numbered = Window(sort=ask.sort, page=number, per_page=ask.limit, facets=False)
    if ask.sort in OWN_SORTS:
        actor = request.identity.actor
        bought = OWN_SORTS[ask.sort](actor) if actor is not None else []
        if not ask.q:
            return among(viewer, bought, window=replace(numbered, sort=""), filters=filters)
        numbered = replace(numbered, sort="bought", bought=tuple(bought))
    if ask.q:
        return find(viewer, ask.q, window=numbered, filters=filters)
    window = Window(sort=ask.sort, after=after, per_page=ask.limit, facets=False)
    return browse(viewer, ask.category, window=window, filters=filters)


def card_out(card: Card) -> dict[str, Any]:
    """A `ProductRow` as plain data: lists are hot, so no model is built."""
    currency = card.currency or ""
    return {
        "id": card.product_id,
        "sku": card.sku,
        "name": card.name,
        "slug": card.slug,
        "brand": card.brand,
        "seller_id": card.seller_id,
        "unit": card.unit,
        "sales_unit": card.sales_unit,
        "factor": quantity_text(card.factor),
        "minimum": quantity_text(card.minimum),
        "multiple": quantity_text(card.multiple),
        "amount": maybe_price(card.amount, currency),
        "price_base": maybe_quantity(card.price_base),
        "currency": card.currency,
        "has_breaks": card.from_break,
        "available": maybe_quantity(card.available),
        "revision": card.revision,
    }


@router.get(
    "products/{int:product_id}", response=ProductOut, operation_id="getProduct", summary="One product"
)
@reads()
def product(request: PublicRequest, product_id: int) -> Reply:
    """Specifications, units, quantity breaks and stock."""
    return _found(request, product_detail(request.identity.viewer, product_id, actor=_actor(request)))


@router.get(
    "products/by-sku/{path:sku}",
    response=ProductOut,
    operation_id="getProductBySku",
    summary="One product by its number",
)
@reads()
def product_by_sku(
    request: PublicRequest, sku: str, seller_id: Annotated[Id | None, Query()] = None
) -> Reply:
    """The exact SKU at a seller; without `seller_id` at the platform's first seller."""
    house = house_seller() if seller_id is None else None
    wanted = seller_id or (house.pk if house else None)
    viewer = request.identity.viewer
    return _found(request, product_detail(viewer, seller_id=wanted, sku=sku, actor=_actor(request)))


def _actor(request: HttpRequest) -> Any:
    return request.__dict__.get("actor")


def _found(request: PublicRequest, detail: ProductDetail | None) -> Reply:
    """The product with its revision as the version that a change must name."""
    if detail is None:
        raise Http404
    return Reply(body=product_out(detail, sheet_of(request, detail)), version=str(detail.revision))


def sheet_of(request: PublicRequest | ApiRequest, detail: ProductDetail) -> Sheet:
    """What is known of the product beyond its card."""
    actor = _actor(request)
    own = actor.company_id if actor is not None and actor.is_seller else None
    sheet = sheets_of(request.identity.viewer, [detail.product_id], own_seller=own).get(detail.product_id)
    if sheet is None:
        raise Http404
    return sheet


def _component_out(one: Component) -> ComponentOut:
    return ComponentOut(
        product_id=one.product_id if one.is_seen else None,
        sku=one.sku,
        name=one.name,
        unit=one.base_unit,
        quantity=quantity_text(one.quantity),
    )


def _break_out(one: Break) -> BreakOut:
    return BreakOut(
        min_quantity=quantity_text(one.min_quantity),
        amount=price_text(one.amount, one.currency),
        price_base=quantity_text(one.price_base),
        currency=one.currency,
    )


def product_out(detail: ProductDetail, sheet: Sheet) -> ProductOut:
    plain = (
        "seller_id", "sku", "name", "slug", "summary", "description", "brand", "manufacturer_part_number", "gtin",
        "kind", "status", "unit", "tax_category", "weight_grams", "lead_days", "category_path", "revision",
        "specifications",
    )  # fmt: skip
    return ProductOut(
        id=detail.product_id,
        seller=detail.seller_name,
        available=maybe_quantity(detail.available),
        expected=[
            ExpectedOut(warehouse=one.warehouse, due_on=one.due_on, quantity=quantity_text(one.quantity))
            for one in expected_of(detail.product_id)
        ],
        units=[
            UnitOut(
                unit=one.unit,
                factor=quantity_text(one.factor),
                minimum=quantity_text(one.minimum),
                multiple=quantity_text(one.multiple),
                maximum=maybe_quantity(one.maximum),
                is_agreed=one.is_agreed,
            )
            for one in detail.units
        ],
        breaks=[_break_out(one) for one in detail.breaks],
        documents=[
            DocumentOut(
                id=one.id, kind=one.kind, title=one.title, media_type=one.media_type, byte_size=one.byte_size
            )
            for one in (*detail.pictures, *detail.documents)
        ],
        family=_family_code(sheet.family_id),
        attributes=sheet.attributes,
        origin=sheet.origin,
        customs_code=sheet.customs_code,
        classifications=[
            ClassOut(system=system, version=version, code=code) for system, version, code in sheet.classes
        ],
        hazard=HazardOut(**dict(zip(HAZARD, sheet.hazard, strict=True))) if sheet.hazard else None,
        related=[RelatedOut(kind=kind, product_id=other) for kind, other in sheet.related],
        variants=sheet.variants,
        components=[_component_out(one) for one in sheet.components],
        kits=sheet.kits,
        **{name: getattr(detail, name) for name in plain},
    )


def _family_code(family_id: int | None) -> str:
    return Family.objects.values_list("code", flat=True).get(pk=family_id) if family_id else ""
