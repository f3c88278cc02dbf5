"""Brands: all of them by letter, and the goods of one."""

from itertools import groupby

from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kontor.discovery.address import asked_in
from kontor.kernel.folding import plain
from kontor.search.queries.brands import brands_of
from kontor.storefront import structured
from kontor.storefront.brandnames import brand_slug as slug_of
from kontor.storefront.brandnames import brands_called
from kontor.storefront.listings import Page, listed_facts, read_listing, shown
from kontor.storefront.seo import About, head_of
from kontor.web.access import public
from kontor.web.identity import KontorRequest
from kontor.web.pages import page

OTHER = "0–9"


@public
@require_GET
def brands(request: KontorRequest) -> HttpResponse:
    """GET /brands/ -> every brand of which the reader may see goods, by letter."""
    known = sorted(brands_of(request.identity.viewer), key=lambda one: plain(one[0]))
    letters = [
        (letter, [(name, slug_of(name), count) for name, count in rows])
        for letter, rows in groupby(known, key=lambda one: _letter(one[0]))
    ]
    letters.sort(key=lambda one: one[0] == OTHER)
    about = About(title=_("Brands"), description=_("All brands that are sold here, from A to Z."))
    return page(request, "storefront/catalog/brands.html", letters=letters, total=len(known),
                head=head_of(request, about))  # fmt: skip


def _letter(name: str) -> str:
    first = plain(name)[:1].upper()
    return first if first.isalpha() else OTHER


@public
@require_GET
def brand(request: KontorRequest, brand_slug: str) -> HttpResponse:
    """GET /brands/norddraht/ -> the goods of a brand, to be narrowed as any listing."""
    names = brands_called(brand_slug, [name for name, _count in brands_of(request.identity.viewer)])
    if not names:
        raise Http404
    query = request.GET.copy()
    query.setlist("brand", list(names))
    asked = asked_in(query)
    listing = read_listing(request, asked)
    place = Page(request.path, said=[("brand", name) for name in names], own=[])
    values = shown(request, asked, listing, place)
    steps = [(_("Brands"), reverse("storefront:brands")), (names[0], request.path)]
    about = About(
        title=names[0],
        description=_("%(brand)s for companies: %(count)s articles.")
        % {"brand": names[0], "count": listing.total},
        parameters=[("page", str(listing.page))] if listing.page > 1 else [],
        found=not (values["chips"] or asked.sort),
        facts=[structured.breadcrumbs(steps), structured.listed(names[0], listed_facts(listing))],
    )
    return page(
        request,
        "storefront/catalog/brand.html",
        block="listing",
        name=names[0],
        search_name=names[0],
        head=head_of(request, about),
        **values,
    )


urlpatterns = [
    path("brands/", brands, name="brands"),
    path("brands/<str:brand_slug>/", brand, name="brand"),
]
