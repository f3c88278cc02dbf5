"""Product feeds at addresses that stay: whoever reads them gets what the worker made, and only when it changed."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponseBase
from django.urls import path
from django.views.decorators.http import condition, require_safe

from kontor.exchange import folder
from kontor.publishing.feeds import public_feed
from kontor.web.access import public
from kontor.web.identity import KontorRequest

TYPES = {"xml": "application/xml; charset=utf-8", "tsv": "text/tab-separated-values; charset=utf-8"}
KEEP = "public, max-age=900"


@public
@require_safe
def feed(request: KontorRequest, seller_slug: str, language: str, form: str) -> HttpResponseBase:
    """GET /feeds/hansa/de.xml (or .tsv) -> the goods that visitors see, as Google Merchant Center reads them."""
    found = public_feed(seller_slug, language)
    if found is None or found.changed_at is None:
        raise Http404
    changed = found.changed_at

    def send(_request: KontorRequest) -> HttpResponseBase:
        file = found.xml_file if form == "xml" else found.tsv_file
        try:
            return FileResponse(folder.fetched(file).open("rb"), content_type=TYPES[form])
        except FileNotFoundError:
            raise Http404 from None

    etag = f'"{found.digest[:32]}-{form}"'
    unless_known: Any = condition(
        etag_func=lambda _request: etag, last_modified_func=lambda _request: changed
    )
    response: HttpResponseBase = unless_known(send)(request)
    response.headers["Cache-Control"] = KEEP
    return response


urlpatterns = [
    path("feeds/<slug:seller_slug>/<slug:language>.xml", feed, {"form": "xml"}, name="feed_xml"),
    path("feeds/<slug:seller_slug>/<slug:language>.tsv", feed, {"form": "tsv"}, name="feed_tsv"),
]
