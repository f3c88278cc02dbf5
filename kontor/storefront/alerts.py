"""My alerts: saved searches, watched products, and what was found; each may be ended from a mail without signing in."""

from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.catalog.models import Product
from kontor.discovery.address import asked_again
from kontor.discovery.links import end_watching, ended_by
from kontor.discovery.models import Rhythm, SavedSearch, Watch
from kontor.discovery.operations import (
    change_search,
    change_watch,
    end_watch,
    remove_search,
    save_search,
    watch_product,
)
from kontor.discovery.permissions import WATCH
from kontor.discovery.queries import alerts_of
from kontor.web.access import needs, public
from kontor.web.identity import KontorRequest, PersonRequest
from kontor.web.pages import leave_to, page
from kontor.web.toasts import Toast

PAGE = "storefront/alerts/list.html"
DIGITS = 18


def search_address(search: SavedSearch) -> str:
    """The listing that a saved search stands for."""
    asked = asked_again(search.query)
    category = asked.filters.category_path
    if asked.words or not category:
        return f"{reverse('storefront:search')}?{search.query}"
    rest = [pair for pair in search.query.split("&") if not pair.startswith("category=")]
    address = reverse("storefront:category", args=[category])
    return f"{address}?{'&'.join(rest)}" if rest else address


@needs(WATCH)
@require_GET
def alerts(request: PersonRequest) -> HttpResponse:
    """GET /alerts/ -> what this person wants to be told, how soon, and what was found in the last thirty days."""
    found = alerts_of(request.actor)
    return page(
        request,
        PAGE,
        searches=[(one, search_address(one)) for one in found.searches],
        watches=found.watches,
        gone=found.gone,
        findings=found.findings,
        rhythms=Rhythm.choices,
    )


@needs(WATCH)
@require_POST
def search_save(request: PersonRequest) -> HttpResponse:
    """POST /alerts/searches/new/ name, query, rhythm, from -> kept; back to where it was."""
    given = request.POST
    query = asked_again(given.get("query", "")).query
    search = save_search(
        actor=request.actor,
        name=given.get("name", "") or _("Saved search"),
        query=query,
        rhythm=given.get("rhythm", ""),
    )
    onward = given.get("from", "")
    if not url_has_allowed_host_and_scheme(onward, None) or not onward.startswith("/"):
        onward = reverse("storefront:alerts")
    toast = Toast(message=_("“%(name)s” is kept under My alerts.") % {"name": search.name})
    return leave_to(request, onward, toast=toast)


@needs(WATCH)
@require_POST
def search_change(request: PersonRequest, saved_search_id: int) -> HttpResponse:
    """POST /alerts/searches/7/ name, rhythm -> changed."""
    search = _search(request, saved_search_id)
    given = request.POST
    change_search(
        actor=request.actor,
        search=search,
        name=given.get("name", search.name),
        rhythm=given.get("rhythm", search.rhythm),
    )
    return leave_to(request, reverse("storefront:alerts"), toast=Toast(message=_("Changed.")))


@needs(WATCH)
@require_POST
def search_remove(request: PersonRequest, saved_search_id: int) -> HttpResponse:
    """POST /alerts/searches/7/remove/ -> forgotten."""
    search = _search(request, saved_search_id)
    remove_search(actor=request.actor, search=search)
    toast = Toast(message=_("“%(name)s” is no longer kept.") % {"name": search.name})
    return leave_to(request, reverse("storefront:alerts"), toast=toast)


@needs(WATCH)
@require_POST
def watch_begin(request: PersonRequest) -> HttpResponse:
    """POST /alerts/watches/new/ product, kind -> told from now on; back to the product."""
    typed = request.POST.get("product", "")
    product_id = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= DIGITS else 0
    product = get_object_or_404(Product.objects.visible_to(request.actor), pk=product_id)
    watch = watch_product(actor=request.actor, product=product, kind=request.POST.get("kind", ""))
    told = {
        Watch.Kind.STOCK: _("You get a mail when it is back in stock."),
        Watch.Kind.PRICE: _("You get a mail when your price changes."),
    }
    address = reverse("storefront:product", args=[product.pk, product.slug])
    return leave_to(request, address, toast=Toast(message=told[Watch.Kind(watch.kind)]))


@needs(WATCH)
@require_POST
def watch_change(request: PersonRequest, watch_id: int) -> HttpResponse:
    """POST /alerts/watches/7/ rhythm -> told sooner or later."""
    watch = _watch(request, watch_id)
    change_watch(actor=request.actor, watch=watch, rhythm=request.POST.get("rhythm", watch.rhythm))
    return leave_to(request, reverse("storefront:alerts"), toast=Toast(message=_("Changed.")))


@needs(WATCH)
@require_POST
def watch_end(request: PersonRequest, watch_id: int) -> HttpResponse:
    """POST /alerts/watches/7/end/ -> no longer told."""
    watch = _watch(request, watch_id)
    end_watch(actor=request.actor, watch=watch)
    return leave_to(request, reverse("storefront:alerts"), toast=Toast(message=_("This alert has ended.")))


@public
@require_http_methods(["GET", "POST"])
def alerts_end(request: KontorRequest, token: str) -> HttpResponse:
    """GET /alerts/end/… from a mail -> what would end; POST -> this person gets no more mails about alerts."""
    try:
        membership = ended_by(token)
    except signing.BadSignature:
        raise Http404 from None
    ended = False
    if request.method == "POST":
        end_watching(membership=membership)
        ended = True
    response = page(request, "storefront/alerts/end.html", email=membership.user.email, ended=ended)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _search(request: PersonRequest, saved_search_id: int) -> SavedSearch:
    return get_object_or_404(SavedSearch.objects.visible_to(request.actor), pk=saved_search_id)


def _watch(request: PersonRequest, watch_id: int) -> Watch:
    return get_object_or_404(Watch.objects.visible_to(request.actor).select_related("product"), pk=watch_id)


urlpatterns = [
    path("alerts/", alerts, name="alerts"),
    path("alerts/end/<str:token>/", alerts_end, name="alerts_end"),
    path("alerts/searches/new/", search_save, name="search_save"),
    path("alerts/searches/<int:saved_search_id>/", search_change, name="search_change"),
    path("alerts/searches/<int:saved_search_id>/remove/", search_remove, name="search_remove"),
    path("alerts/watches/new/", watch_begin, name="watch_begin"),
    path("alerts/watches/<int:watch_id>/", watch_change, name="watch_change"),
    path("alerts/watches/<int:watch_id>/end/", watch_end, name="watch_end"),
]
