"""The seller's articles: the grid with its filters, its file, and changing the status of many at once."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kontor.backoffice.families import family_options, language_names, own_languages
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.completeness import worst
from kontor.catalog.models import Category, Channel, Medium, Product, ProductText
from kontor.catalog.operations import set_status
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries import category_tree, products_of_seller
from kontor.catalog.queries.completeness import completeness_of, incomplete, lacking_values
from kontor.goods.renditions import card_path
from kontor.inventory.queries import available
from kontor.kernel import clock
from kontor.kernel.entrances.csv_rows import Cell
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.models import Price
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.identity import PersonRequest
from kontor.web.lists import address_with, page_of, sorting
from kontor.web.pages import leave_to, page
from kontor.web.spreadsheets import MOST_ROWS, spreadsheet
from kontor.web.toasts import Toast

SORTS = {"sku": "sku", "name": "name", "changed": "updated_at"}
MOST_AT_ONCE = 200
KINDS = {
    Product.Status.DRAFT: "waiting",
    Product.Status.REVIEW: "waiting",
    Product.Status.APPROVED: "active",
    Product.Status.ACTIVE: "done",
    Product.Status.DISCONTINUED: "off",
}
STEP_NAMES = {
    "draft": gettext_lazy("Back to draft"),
    "review": gettext_lazy("Send to review"),
    "approved": gettext_lazy("Approve"),
    "active": gettext_lazy("Put on sale"),
    "discontinued": gettext_lazy("Take off sale"),
}
"""What a button says that brings an article into a status."""
EXPIRED = Medium.objects.filter(product=OuterRef("pk"))
PICTURES = Medium.objects.filter(product=OuterRef("pk"), kind=Medium.Kind.PICTURE)


def category_options(first: str) -> list[tuple[Any, str]]:
    """All categories for a form, each under the name of those above it; `first` is the choice of none."""
    named = []
    tree = category_tree(None)
    for root in tree.roots:
        named += [(node.id, " / ".join(one.name for one in tree.trail(node.path))) for node in root.walk()]
    return [("", first), *named]


def _lacking(
    found: QuerySet[Product], missing: str, seller: int | None, languages: list[str], channel: str
) -> QuerySet[Product]:
    """Articles that lack something, or a picture, a price, a text, a category, a value that their family requires."""
    if missing == "any":
        return incomplete(found, seller, languages, channel)
    if missing == "expired":
        return found.filter(Exists(EXPIRED.filter(valid_until__lt=clock.today())))
    if missing == "values":
        return found.filter(lacking_values(seller, languages))
    if missing.startswith("text-"):
        told = ProductText.objects.filter(product=OuterRef("pk"), language=missing.removeprefix("text-"))
        return found.filter(~Exists(told.exclude(name="").exclude(description="")))
    if missing == "picture":
        return found.filter(~Exists(PICTURES))
    if missing == "price":
        own = Price.objects.filter(product=OuterRef("pk"), price_list__seller=OuterRef("seller"))
        return found.filter(~Exists(own)).exclude(kind=Product.Kind.MODEL)
    if missing == "description":
        return found.filter(description="")
    return found.filter(category__isnull=True) if missing == "category" else found


def _asked(request: PersonRequest, languages: list[str]) -> QuerySet[Product]:
    status, category = request.GET.get("status", ""), key_of(request.GET.get("category", ""))
    actor, family = at_own_desk(request), key_of(request.GET.get("family", ""))
    found = products_of_seller(
        actor,
        search=request.GET.get("q", "").replace("\x00", "")[:100],
        status=status if status in Product.Status.values else "",
        category=Category.objects.filter(pk=category).first() if category else None,
    )
    if family:
        found = found.filter(family=family)
    missing = request.GET.get("missing", "")
    return _lacking(found, missing, actor.company_id, languages, channel_asked(request))


def channel_asked(request: PersonRequest) -> str:
    """The channel whose completeness the list shows."""
    asked = request.GET.get("channel", "")
    return asked if asked in Channel.values else Channel.SHOP


@needs(EDIT_CATALOG)
@require_GET
def products(request: PersonRequest) -> HttpResponse:
    """GET /office/products/?q=&status=&category=&missing=&sort= -> the seller's articles, drafts included."""
    sort = sorting(request, tuple(SORTS), "sku")
    sign = "-" if sort.down else ""
    languages = own_languages(request)
    rows, pager = page_of(request, _asked(request, languages), [f"{sign}{SORTS[sort.key]}", f"{sign}id"])
    asked = {
        name: request.GET.get(name, "")
        for name in ("q", "status", "category", "family", "missing", "channel")
    }
    address = address_with(request, after=None, before=None)[len(request.path) :]
    keys = [row.pk for row in rows]
    free, pictures = available(keys), _pictures(keys)
    channels = [channel_asked(request)]
    complete = completeness_of(rows, languages, get_language() or "", channels, pictures.keys())
    return page(
        request,
        "backoffice/products/list.html",
        block="listing",
        products=[
            {
                "row": row,
                "free": free[row.pk],
                "picture": pictures.get(row.pk, ""),
                "complete": worst(complete[row.pk]),
            }
            for row in rows
        ],
        pager=pager,
        sort=sort,
        asked=asked,
        is_narrowed=any(asked.values()),
        kinds=KINDS,
        csv_url=reverse("backoffice:products_csv") + address,
        **_choices(request, languages),
    )


def _choices(request: PersonRequest, languages: list[str]) -> dict[str, Any]:
    """What the list can be narrowed by."""
    return {
        "categories": category_options(_("All categories")),
        "statuses": [("", _("Any status")), *Product.Status.choices],
        "families": family_options(at_own_desk(request).company_id, _("All families")),
        "channels": [
            (code if code != Channel.SHOP else "", _("Complete for: %(channel)s") % {"channel": label})
            for code, label in Channel.choices
        ],
        "missing": [
            ("", _("Complete or not")),
            ("any", _("Incomplete")),
            ("values", _("Without required values")),
            *(
                (f"text-{code}", _("Not in %(language)s") % {"language": name})
                for code, name in language_names(languages[1:])
            ),
            ("expired", _("With an expired document")),
            ("picture", _("Without a picture")),
            ("price", _("Without a price")),
            ("description", _("Without a description")),
            ("category", _("Without a category")),
        ],
    }


def _pictures(keys: Sequence[int]) -> dict[int, str]:
    """The small first picture of each article that has one."""
    media = Medium.objects.filter(product__in=keys, kind=Medium.Kind.PICTURE)
    first = media.order_by("product", "position", "id").distinct("product")
    return {product: card_path(file) for product, file in first.values_list("product", "file")}


@needs(EDIT_CATALOG)
@require_GET
def products_csv(request: PersonRequest) -> HttpResponseBase:
    """GET /office/products.csv with the filters of the grid -> one row per article."""
    columns = [
        "sku", "name", "category", "summary", "brand", "manufacturer_part_number", "gtin", "kind", "status",
        "base_unit", "units", "tax_category", "weight_grams", "lead_days", "specifications",
    ]  # fmt: skip
    found = (
        _asked(request, own_languages(request))
        .order_by("sku", "id")
        .prefetch_related("sales_units")[:MOST_ROWS]
    )
    return spreadsheet("products", columns, _rows(found))


def _rows(found: QuerySet[Product]) -> Iterator[list[Cell]]:
    for one in found.iterator(chunk_size=1000):
        units = [f"{sold.unit}={sold.factor.normalize():f}" for sold in one.sales_units.all()]
        facts = [
            f"{row['name']}: {row['value']} {row.get('unit') or ''}".strip() for row in one.specifications
        ]
        yield [
            one.sku, one.name, one.category.path if one.category else "", one.summary, one.brand,
            one.manufacturer_part_number, one.gtin, one.kind, one.status, one.base_unit, " ".join(units),
            one.tax_category, one.weight_grams or "", one.lead_days, "; ".join(facts),
        ]  # fmt: skip


@needs(EDIT_CATALOG)
@require_POST
def products_status(request: PersonRequest) -> HttpResponse:
    """POST /office/products/status/ selected=…, status=active|discontinued -> on or off sale."""
    actor = at_own_desk(request)
    keys = [key for text in request.POST.getlist("selected") if (key := key_of(text))][:MOST_AT_ONCE]
    status = request.POST.get("status", "")
    changed, failed = 0, []
    for product in products_of_seller(actor).filter(pk__in=keys).order_by("sku"):
        try:
            if product.status != status:
                set_status(actor=actor, product=product, status=status)
                changed += 1
        except NotAllowed:
            raise
        except Refused as refusal:
            failed.append(f"{product.sku}: {refusal.message}")
    toast = _status_toast(changed, failed, bool(keys))
    return leave_to(request, reverse("backoffice:products"), toast=toast)


def _status_toast(changed: int, failed: Sequence[str], any_chosen: bool) -> Toast:
    if not any_chosen:
        return Toast(message=_("Tick the articles first."), kind="warning")
    message = ngettext("%(n)s article is changed.", "%(n)s articles are changed.", changed) % {"n": changed}
    told = " ".join(failed[:5])
    if len(failed) > 5:
        told = _("%(first)s And %(n)s more.") % {"first": told, "n": len(failed) - 5}
    return Toast(message=message, told=told, kind="warning" if failed else "good")


urlpatterns = [
    path("products/", products, name="products"),
    path("products.csv", products_csv, name="products_csv"),
    path("products/status/", products_status, name="products_status"),
]
