"""The shelves: all departments, one shelf, and the pictures and papers of what stands there."""

import structlog
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kontor.catalog.documents import datasheet_pdf
from kontor.catalog.models import Product
from kontor.catalog.queries import CategoryNode, category_tree, document_is_seen
from kontor.discovery.address import Asked, asked_in
from kontor.discovery.queries import path_now
from kontor.goods.media import FOLDER
from kontor.goods.renditions import media_type_of
from kontor.kernel.storage.chosen import store
from kontor.kernel.storage.store import Missing, StoreProblem
from kontor.search.queries import Listing
from kontor.search.queries.brands import brands_of
from kontor.storefront import structured
from kontor.storefront.brandnames import brand_slug
from kontor.storefront.listings import Page, listed_facts, read_listing, shown
from kontor.storefront.papers import pdf_answer, reading_language
from kontor.storefront.seo import About, head_of
from kontor.web.access import public
from kontor.web.identity import KontorRequest
from kontor.web.pages import page

BRANDS_SHOWN = 24
log = structlog.get_logger(__name__)


@public
@require_GET
def catalog(request: KontorRequest) -> HttpResponse:
    """GET /catalog/ -> all departments with their shelves, and the brands with most goods."""
    viewer = request.identity.viewer
    tree = category_tree(viewer.assortments)
    brands = brands_of(viewer, tree.revision)
    about = About(
        title=_("Products"), description=_("Choose a department, or search by words or article number.")
    )
    return page(
        request,
        "storefront/catalog/index.html",
        tree=tree,
        brands=[(name, brand_slug(name), count) for name, count in brands[:BRANDS_SHOWN]],
        brand_count=len(brands),
        head=head_of(request, about),
    )


@public
@require_GET
def category(request: KontorRequest, category_path: str) -> HttpResponse:
    """GET /catalog/fasteners/hex-bolts/ -> the goods on a shelf at the reader's own prices; an old path leads on."""
    asked = asked_in(request.GET, category_path=category_path)
    listing = read_listing(request, asked)
    tree = category_tree(request.identity.viewer.assortments, listing.revision)
    node = tree.by_path.get(category_path)
    if node is None:
        now = path_now(category_path)
        if not now or now == category_path:
            raise Http404
        query = request.GET.urlencode()
        return redirect(
            reverse("storefront:category", args=[now]) + (f"?{query}" if query else ""), permanent=True
        )
    place = Page(request.path, said=[("category", category_path)], own=[])
    trail = tree.trail(category_path)
    return page(
        request,
        "storefront/catalog/category.html",
        block="listing",
        node=node,
        search_name=node.name,
        trail=trail,
        head=None if request.actor else head_of(request, _about(node, trail, listing, asked)),
        **shown(request, asked, listing, place),
    )


def _about(node: CategoryNode, trail: list[CategoryNode], listing: Listing, asked: Asked) -> About:
    steps = [(_("Products"), reverse("storefront:catalog"))]
    steps += [(one.name, reverse("storefront:category", args=[one.path])) for one in trail]
    return About(
        title=node.name,
        description=node.description
        or _("%(name)s: %(count)s articles for companies.") % {"name": node.name, "count": node.products},
        parameters=[("page", str(listing.page))] if listing.page > 1 else [],
        found=not (asked.is_narrowed or asked.sort),
        facts=[structured.breadcrumbs(steps), structured.listed(node.name, listed_facts(listing))],
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
def medium(request: KontorRequest, name: str) -> HttpResponse:
    """GET /media/ab/abcd….webp -> a picture, or a document of goods that the reader may see; never changes.

    503 without a body while the store is away: the page that shows the picture stands.
    """
    media_type = media_type_of(name)
    is_picture = media_type.startswith("image/")
    if not media_type or not (is_picture or document_is_seen(request.actor, name)):
        raise Http404
    try:
        response = HttpResponse(store().read(FOLDER + name), content_type=media_type)
    except Missing:
        raise Http404 from None
    except StoreProblem as problem:
        log.warning("file_store_away", file=name, problem=str(problem))
        return HttpResponse(status=503, headers={"Retry-After": "10", "Cache-Control": "no-store"})
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
    path("media/<path:name>", medium, name="medium"),
]
