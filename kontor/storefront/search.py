"""Finding goods by words and numbers: results, what is offered while somebody types, help where nothing is found."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kontor.catalog.queries import category_tree
from kontor.companies.queries import house_seller
from kontor.discovery.address import Asked, asked_in
from kontor.messaging.permissions import WRITE_MESSAGES
from kontor.search.queries import Listing, lookup_skus
from kontor.search.queries.suggesting import suggest as suggestions_for
from kontor.storefront.brandnames import brand_slug
from kontor.storefront.listings import Page, read_listing, shown
from kontor.storefront.seo import About, head_of
from kontor.web.access import public
from kontor.web.identity import KontorRequest
from kontor.web.pages import page

CATEGORIES_SHOWN = 12


@public
@require_GET
def search(request: KontorRequest) -> HttpResponse:
    """GET /search/?q=m8+bolt -> goods by words or by number; one exact number leads to its product."""
    asked = asked_in(request.GET)
    if not asked.words and not asked.bought:
        return redirect("storefront:catalog")
    listing = read_listing(request, asked)
    onward = _onward(request, asked, listing)
    if onward:
        return redirect(onward)
    own = [("q", asked.words)] if asked.words else []
    place = Page(request.path, said=[], own=own)
    about = About(title=_("Results for “%(words)s”") % {"words": asked.words}, parameters=own, found=False)
    values = shown(request, asked, listing, place)
    return page(
        request,
        "storefront/search/results.html",
        block="listing",
        words=asked.words,
        search_name=asked.words,
        shelves=_shelves(asked, listing, place),
        head=head_of(request, about),
        **values,
        **(_help(request) if not listing.cards else {"help": None}),
    )


def _onward(request: KontorRequest, asked: Asked, listing: Listing) -> str:
    """Where a curated word leads, or a whole number (own, article, maker's, GTIN) that only one product has."""
    if listing.redirect and url_has_allowed_host_and_scheme(listing.redirect, None):
        return listing.redirect
    if listing.total != 1 or len(listing.cards) != 1:
        return ""
    (only,) = listing.cards
    meant = lookup_skus(request.identity.viewer, [asked.words]).get(asked.words)
    if meant is None or meant.product_id != only.product_id:
        return ""
    return reverse("storefront:product", args=[only.product_id, only.slug])


def _shelves(asked: Asked, listing: Listing, place: Page) -> list[tuple[str, int, str]]:
    """The categories of the results as (name, count, address); none once one is chosen."""
    if asked.filters.category_path or len(listing.facets.categories) < 2:
        return []
    kept = [pair for pair in asked.pairs() if pair not in place.own]
    return [
        (name, count, place.address([*place.own, *kept, ("category", path)]))
        for path, name, count in listing.facets.categories[:CATEGORIES_SHOWN]
    ]


def _help(request: KontorRequest) -> dict[str, Any]:
    """Where nothing was found: the departments, and a way to ask the seller."""
    actor, house = request.actor, house_seller()
    may_ask = actor is not None and actor.acting_for_id is None and actor.may(WRITE_MESSAGES)
    tree = category_tree(request.identity.viewer.assortments)
    return {
        "help": {
            "departments": [one for one in tree.roots if one.products],
            "seller": house,
            "may_ask": may_ask and house is not None and not (actor and actor.is_seller),
        }
    }


@public
@require_GET
def suggest(request: KontorRequest) -> HttpResponse:
    """GET /search/suggest/?q=hex -> a few products, numbers, categories and brands while somebody types."""
    words = request.GET.get("q", "").strip()[:100].replace("\x00", "")
    found = suggestions_for(request.identity.viewer, words)
    response = page(
        request,
        "storefront/search/suggestions.html",
        block="suggestions",
        words=words,
        found=found,
        brands=[(name, brand_slug(name)) for name in found.brands],
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("search/", search, name="search"),
    path("search/suggest/", suggest, name="suggest"),
]
