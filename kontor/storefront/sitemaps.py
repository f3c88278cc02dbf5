"""What search engines ask for: robots.txt, and a sitemap in parts that holds for millions of products.

A part is a range of product numbers, so it is one walk along the primary key whatever the catalog's size, and stays the
same part when others come and go. Only what visitors may see is in it, whoever asks; so anybody may keep it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET
from markupsafe import escape

from kontor.catalog.queries import category_tree
from kontor.search.queries import Viewer, viewer_for
from kontor.search.queries.brands import brands_of
from kontor.storefront.brandnames import brand_slug
from kontor.storefront.seo import absolute
from kontor.web.access import public
from kontor.web.identity import KontorRequest
from kontor.web.middleware.language import PARAMETER

RANGE = 20_000
"""Numbers in a part: at most as many products, far below the 50,000 addresses and 50 MB that a part may have."""
STEP = 2_000
KEEP = "public, max-age=3600"
VISIBLE = """
p.status = 'active' AND p.assortments && %(assortments)s::bigint[] AND EXISTS (
    SELECT FROM companies_company s WHERE s.id = p.seller_id AND s.status = 'active')
"""
PARTS = f"""
SELECT part, (SELECT max(p.updated_at) FROM catalog_product p
    WHERE p.id > part * %(range)s::bigint AND p.id <= (part + 1) * %(range)s::bigint AND {VISIBLE})
FROM generate_series(0, (SELECT COALESCE(max(id), 0) / %(range)s::bigint FROM catalog_product)) AS part
"""
PRODUCTS = f"""
SELECT p.id, p.slug, p.updated_at FROM catalog_product p
WHERE p.id > %(after)s AND p.id <= %(last)s AND {VISIBLE} ORDER BY p.id LIMIT %(step)s
"""
CLOSED = (
    "account", "office", "api", "cart", "carts", "company", "profile", "orders", "requests", "approvals", "invoices",
    "returns", "search", "compare", "alerts", "inquiries", "mailbox",
)  # fmt: skip
"""Doors behind which nothing is to be found: pages of people, and those that are another view of the same goods."""
NARROWED = ("sort=", "brand=", "in_stock=", "bought=", "price_min=", "price_max=", "a.", "min.", "max.")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


@public
@require_GET
def robots(request: KontorRequest) -> HttpResponse:
    """GET /robots.txt -> what to look at, and where the sitemap lies."""
    closed = [f"Disallow: /{door}/" for door in CLOSED]
    narrowed = [f"Disallow: /*?*{name}" for name in NARROWED]
    lines = [
        "User-agent: *",
        *closed,
        *narrowed,
        "",
        f"Sitemap: {absolute(reverse('storefront:sitemap'))}",
        "",
    ]
    headers = {"Cache-Control": KEEP}
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8", headers=headers)


@public
@require_GET
def sitemap(request: KontorRequest) -> HttpResponse:
    """GET /sitemap.xml -> the parts, each with the day of its last change."""
    viewer = viewer_for(None)
    with connection.cursor() as cursor:
        cursor.execute(PARTS, {"range": RANGE, "assortments": list(viewer.assortments)})
        parts = [(f"products-{part}", changed) for part, changed in cursor.fetchall() if changed]
    rows = [_part("pages", None), *(_part(name, changed) for name, changed in parts)]
    body = f'{HEAD}<sitemapindex xmlns="{SITEMAP}">\n{"".join(rows)}</sitemapindex>\n'
    return HttpResponse(body, content_type="application/xml", headers={"Cache-Control": KEEP})


@public
@require_GET
def sitemap_pages(request: KontorRequest) -> HttpResponse:
    """GET /sitemaps/pages.xml -> first page, categories and brands with goods that visitors may see."""
    viewer = viewer_for(None)
    body = "".join([_opening(), *_pages(viewer), "</urlset>\n"])
    return HttpResponse(body, content_type="application/xml", headers={"Cache-Control": KEEP})


@public
@require_GET
def sitemap_products(request: KontorRequest, part: int) -> HttpResponseBase:
    """GET /sitemaps/products-0.xml -> the products of this range of numbers, sent while they are read."""
    if part > 10**9:
        raise Http404
    body = _products(viewer_for(None), part)
    return StreamingHttpResponse(body, content_type="application/xml", headers={"Cache-Control": KEEP})


def _opening() -> str:
    return f'{HEAD}<urlset xmlns="{SITEMAP}" xmlns:xhtml="{XHTML}">\n'


def _pages(viewer: Viewer) -> Iterator[str]:
    yield _url(reverse("storefront:home"))
    if viewer.assortments:
        yield _url(reverse("storefront:catalog"))
    tree = category_tree(viewer.assortments)
    for root in tree.roots:
        for node in root.walk():
            if node.products:
                yield _url(reverse("storefront:category", args=[node.path]))
    slugs = sorted({brand_slug(name) for name, _count in brands_of(viewer)})
    if slugs:
        yield _url(reverse("storefront:brands"))
    yield from (_url(reverse("storefront:brand", args=[slug])) for slug in slugs)


def _products(viewer: Viewer, part: int) -> Iterator[str]:
    """A step at a time, each with its own statement: no connection is held while a slow reader reads."""
    yield _opening()
    after, last = part * RANGE, (part + 1) * RANGE
    fixed: dict[str, Any] = {"last": last, "assortments": list(viewer.assortments), "step": STEP}
    while True:
        with connection.cursor() as cursor:
            cursor.execute(PRODUCTS, fixed | {"after": after})
            rows = cursor.fetchall()
        yield "".join(_url(f"/products/{key}/{slug}/", changed) for key, slug, changed in rows)
        if len(rows) < STEP:
            break
        after = rows[-1][0]
    yield "</urlset>\n"


def _url(address: str, changed: datetime | None = None) -> str:
    here = escape(absolute(address))
    languages = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{here}?{PARAMETER}={code}"/>'
        for code, _name in settings.LANGUAGES
    )
    return f"<url><loc>{here}</loc>{languages}{_changed(changed)}</url>\n"


def _part(name: str, changed: datetime | None) -> str:
    address = absolute(f"/sitemaps/{name}.xml")
    return f"<sitemap><loc>{escape(address)}</loc>{_changed(changed)}</sitemap>\n"


def _changed(moment: datetime | None) -> str:
    return f"<lastmod>{moment:%Y-%m-%d}</lastmod>" if moment else ""


urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemaps/pages.xml", sitemap_pages, name="sitemap_pages"),
    path("sitemaps/products-<int:part>.xml", sitemap_products, name="sitemap_products"),
]
