"""The first page: for visitors what is sold here and how to get a price; for buyers what waits for them."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kontor.catalog.queries import category_tree
from kontor.companies.queries import accounts_of
from kontor.search.queries import Window, browse
from kontor.search.queries.brands import brands_of
from kontor.storefront import structured
from kontor.storefront.brandnames import brand_slug
from kontor.storefront.buying import may_fill_carts
from kontor.storefront.cards import card_grid
from kontor.storefront.priced import prices_shown
from kontor.storefront.seo import About, head_of
from kontor.storefront.waiting import running_orders, usual_items, waiting_for
from kontor.web.access import public
from kontor.web.identity import KontorRequest
from kontor.web.pages import page
from kontor.web.tokens import FormTokens

DEPARTMENTS_NAMED, BRANDS_SHOWN = 3, 14


@public
@require_GET
def home(request: KontorRequest) -> HttpResponse:
    """GET / -> the visitor's or the buyer's first page; people of other offices are led to theirs."""
    actor = request.actor
    if actor is None:
        return _visitor(request)
    if actor.acting_for_id is None and not request.identity.is_buyer:
        if actor.is_operator:
            return redirect("backoffice:platform_home")
        if actor.is_seller:
            return redirect("backoffice:home")
    company_id = actor.buying_company_id
    if company_id is None:
        return page(request, "storefront/home/no_company.html")
    usual = usual_items(actor, request.identity.viewer)
    return page(
        request,
        "storefront/home/buyer.html",
        waiting=waiting_for(actor),
        orders=running_orders(actor),
        usual=usual,
        prices=prices_shown(request, [one.card.product_id for one in usual]),
        accounts=accounts_of(company_id),
        may_fill=may_fill_carts(actor),
        tokens=FormTokens(request),
    )


def _visitor(request: KontorRequest) -> HttpResponse:
    """What is sold here, to whom, and how to get a price."""
    viewer = request.identity.viewer
    listing = browse(viewer, window=Window(sort="popular", per_page=6, facets=False))
    tree = category_tree(viewer.assortments, listing.revision)
    departments = [one for one in tree.roots if one.products]
    brands = brands_of(viewer, listing.revision)
    seller = request.identity.brand or "Kontor"
    prices = prices_shown(request, [card.product_id for card in listing.cards])
    largest = sorted(departments, key=lambda one: one.products, reverse=True)
    names = [one.name for one in largest[:DEPARTMENTS_NAMED]]
    about = About(
        title=_("%(seller)s: supplies for companies") % {"seller": seller},
        description=", ".join(names),
        facts=structured.shop(seller, home=reverse("storefront:home"), search=reverse("storefront:search")),
    )
    return page(
        request,
        "storefront/home/visitor.html",
        seller=seller,
        shows_prices=any(card.amount is not None for card in listing.cards),
        departments=departments,
        named=names,
        brands=[(name, brand_slug(name), count) for name, count in brands[:BRANDS_SHOWN]],
        brand_count=len(brands),
        cards=card_grid(listing.cards, tokens=None, prices=prices),
        price_note=prices.list_note,
        total=listing.total,
        head=head_of(request, about),
    )


urlpatterns = [path("", home, name="home")]
