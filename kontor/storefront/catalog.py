"""Finding goods: the shelves, one shelf, one product, its data sheet and pictures, search and suggestions."""

from decimal import Decimal
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kontor.catalog.documents import datasheet_pdf
from kontor.catalog.media import file_of
from kontor.catalog.models import Product
from kontor.catalog.queries import category_tree, document_is_seen
from kontor.search.queries import Filters, Listing, Window, browse, find, product_detail
from kontor.storefront.buying import may_fill_carts
from kontor.storefront.cards import card_grid
from kontor.storefront.papers import pdf_answer, reading_language
from kontor.web.access import public
from kontor.web.asked import ticked
from kontor.web.identity import KontorRequest
from kontor.web.lists import Pager, address_with
from kontor.web.pages import page
from kontor.web.tokens import FormTokens

SORTS = ("", "name", "price", "-price", "newest", "popular")
SUGGESTIONS = 8


def sort_options(*, for_words: bool) -> list[tuple[str, str]]:
    """The sorts of a listing as (value, label)."""
    first = ("", _("Best match")) if for_words else ("", _("Most ordered"))
    return [first, ("name", _("Name")), ("price", _("Price, lowest first")), ("-price", _("Price, highest first")),
            ("newest", _("Newest"))]  # fmt: skip


def may_fill_cart(request: KontorRequest) -> bool:
    """Whether "add to cart" makes sense for the reader."""
    return may_fill_carts(request.actor) and bool(request.identity.chain)


def window_of(request: HttpRequest) -> tuple[Window, Filters]:
    """What the address asks for: sort, page, brands, only what is in stock."""
    number = request.GET.get("page", "1")
    sort = request.GET.get("sort", "")
    return (
        Window(
            sort=sort if sort in SORTS else "",
            page=int(number) if number.isascii() and number.isdigit() else 1,
        ),
        Filters(
            brands=tuple(request.GET.getlist("brand")[:50]),
            in_stock=ticked(request.GET, "in_stock"),
            category_path=request.GET.get("category", "")[:300],
        ),
    )


def pager_of(request: HttpRequest, listing: Listing) -> Pager:
    """Links to the pages before and after."""
    before = address_with(request, page=str(listing.page - 1)) if listing.page > 1 else ""
    after = address_with(request, page=str(listing.page + 1)) if listing.page < listing.pages else ""
    first = (listing.page - 1) * listing.per_page + 1
    return Pager(
        shown=len(listing.cards), total=listing.total, first=first, previous_url=before, next_url=after
    )


def _grid(request: KontorRequest, listing: Listing) -> dict[str, Any]:
    tokens = FormTokens(request)
    return {
        "csrf_input": tokens,
        "listing": listing,
        "cards": card_grid(listing.cards, tokens=tokens if may_fill_cart(request) else None),
        "pager": pager_of(request, listing),
    }


@public
@require_GET
def catalog(request: KontorRequest) -> HttpResponse:
    """GET /catalog/ -> all departments with their shelves."""
    return page(request, "storefront/catalog/index.html", tree=category_tree(request.identity.assortments))


@public
@require_GET
def category(request: KontorRequest, category_path: str) -> HttpResponse:
    """GET /catalog/fasteners/hex-bolts/ -> the goods on a shelf at the reader's own prices."""
    window, filters = window_of(request)
    listing = browse(request.identity.viewer, category_path, window=window, filters=filters)
    tree = category_tree(request.identity.assortments, listing.revision)
    node = tree.by_path.get(category_path)
    if node is None:
        raise Http404
    return page(
        request,
        "storefront/catalog/category.html",
        block="listing",
        node=node,
        trail=tree.trail(category_path),
        filters=filters,
        window=window,
        sorts=sort_options(for_words=False),
        **_grid(request, listing),
    )


@public
@require_GET
def search(request: KontorRequest) -> HttpResponse:
    """GET /search/?q=m8+bolt -> goods by words or by number; one exact number leads to its product."""
    words = request.GET.get("q", "").strip()[:200]
    window, filters = window_of(request)
    if not words:
        return redirect("storefront:catalog")
    listing = find(request.identity.viewer, words, window=window, filters=filters)
    only = listing.cards[0] if listing.total == 1 and len(listing.cards) == 1 else None
    if only is not None and only.sku.casefold() == words.casefold():
        return redirect("storefront:product", only.product_id, only.slug)
    return page(
        request,
        "storefront/search/results.html",
        block="listing",
        words=words,
        filters=filters,
        window=window,
        sorts=sort_options(for_words=True),
        **_grid(request, listing),
    )


@public
@require_GET
def suggest(request: KontorRequest) -> HttpResponse:
    """GET /search/suggest/?q=hex -> a few products while somebody types."""
    words = request.GET.get("q", "").strip()[:100]
    window = Window(per_page=SUGGESTIONS, facets=False)
    cards = find(request.identity.viewer, words, window=window).cards if len(words) > 1 else []
    rows = [
        {
            "sku": card.sku,
            "name": card.name,
            "url": reverse("storefront:product", args=[card.product_id, card.slug]),
        }
        for card in cards
    ]
    return JsonResponse({"suggestions": rows}, headers={"Cache-Control": "private, no-store"})


@public
@require_GET
def product(request: KontorRequest, product_id: int, slug: str) -> HttpResponse:
    """GET /products/7/hex-bolt-m8/ -> the product with own prices, stock, specifications, documents."""
    found = product_detail(request.identity.viewer, product_id, actor=request.actor)
    if found is None:
        raise Http404
    if found.slug != slug:
        return redirect("storefront:product", product_id, found.slug, permanent=True)
    tree = category_tree(request.identity.assortments)
    unit = found.units[0]
    price = found.price_at(unit.minimum * unit.factor)
    return page(
        request,
        "storefront/catalog/product.html",
        product=found,
        price=price,
        trail=tree.trail(found.category_path or ""),
        breaks=[one for one in found.breaks if one.min_quantity > Decimal(0)],
        may_add=may_fill_cart(request) and price is not None and found.status == "active",
    )


@public
@require_GET
def datasheet(request: KontorRequest, product_id: int) -> HttpResponse:
    """GET /products/7/datasheet.pdf -> a data sheet made from the product's data."""
    seen = Product.objects.visible_to(request.actor).select_related("seller", "category")
    found = get_object_or_404(seen, pk=product_id)
    return pdf_answer(datasheet_pdf(found, reading_language()), found.sku)


@public
@require_GET
def medium(request: KontorRequest, name: str) -> HttpResponseBase:
    """GET /media/ab/abcd….webp -> a picture, or a document of goods that the reader may see; never changes."""
    file = file_of(name)
    is_picture = name.endswith(".webp")
    if file is None or not (is_picture or document_is_seen(request.actor, name)):
        raise Http404
    response = FileResponse(file.open("rb"), content_type="image/webp" if is_picture else "application/pdf")
    whose = "public" if is_picture else "private"
    response.headers["Cache-Control"] = f"{whose}, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if not is_picture:
        response.headers["Content-Disposition"] = "attachment"
    return response


urlpatterns = [
    path("catalog/", catalog, name="catalog"),
    path("catalog/<path:category_path>/", category, name="category"),
    path("products/<int:product_id>/datasheet.pdf", datasheet, name="datasheet"),
    path("products/<int:product_id>/<slug:slug>/", product, name="product"),
    path("media/<path:name>", medium, name="medium"),
    path("search/", search, name="search"),
    path("search/suggest/", suggest, name="suggest"),
]
