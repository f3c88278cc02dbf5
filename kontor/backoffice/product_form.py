"""One article: add it, change it, put it on sale or take it off."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kontor.audit.trail import trail_of
from kontor.audit.verbs import sentence
from kontor.backoffice.doors import Doors
from kontor.backoffice.families import family_options, language_names, own_languages
from kontor.backoffice.free_invoices import tax_categories
from kontor.backoffice.product_facts import facts_of, kept_values, typed_values
from kontor.backoffice.products import KINDS, STEP_NAMES, category_options
from kontor.backoffice.seat import at_own_desk
from kontor.backoffice.value_fields import headings, posted_values
from kontor.catalog.models import Channel, Classification, Medium, Product
from kontor.catalog.operations import save_product, set_status
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries import effective_attributes, products_of_seller
from kontor.catalog.queries.completeness import completeness_of
from kontor.goods import units
from kontor.goods.attributes import Trait, as_typed, asked_of
from kontor.inventory.queries import stock_by_warehouse
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.pricing.models import Price
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

FORM = "backoffice/products/form.html"
SPARE_UNITS, SPARE_SPECIFICATIONS, SPARE_COMPONENTS = 1, 3, 2
TRAIL = 12
STEPS = {
    Product.Status.DRAFT: ("review", "approved", "active"),
    Product.Status.REVIEW: ("draft", "approved", "active"),
    Product.Status.APPROVED: ("draft", "active"),
    Product.Status.ACTIVE: ("discontinued",),
    Product.Status.DISCONTINUED: ("active",),
}


def product_of(request: PersonRequest, product_id: int) -> Product:
    """The seller's own article, or 404."""
    return get_object_or_404(products_of_seller(at_own_desk(request)), pk=product_id)


@needs(EDIT_CATALOG)
@require_http_methods(["GET", "POST"])
def product_new(request: PersonRequest) -> HttpResponse:
    """GET /office/products/new/ -> an empty form; POST -> a draft."""
    if request.method == "GET":
        return page(request, FORM, block="form", **_values(request, None))
    return _again(request, None) if request.POST.get("show") else _save(request, None)


@needs(EDIT_CATALOG)
@require_http_methods(["GET", "POST"])
def product(request: PersonRequest, product_id: int) -> HttpResponse:
    """GET /office/products/7/ -> everything about an article; POST -> changed."""
    found = product_of(request, product_id)
    if request.method == "GET":
        return page(request, FORM, block="form", **_values(request, found))
    return _again(request, found) if request.POST.get("show") else _save(request, found)


def _again(request: PersonRequest, found: Product | None) -> HttpResponse:
    """The form as it was typed, with the fields of the family that was just chosen; nothing is saved."""
    return page(request, FORM, block="form", **_values(request, found))


def _save(request: PersonRequest, found: Product | None) -> HttpResponse:
    try:
        saved = save_product(
            actor=at_own_desk(request),
            facts=facts_of(request),
            product=found,
            revision=key_of(request.POST.get("revision", "")) if found else None,
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, FORM, refusal, block="form", **_values(request, found))
    if found is None:
        toast = Toast(
            message=_("%(sku)s is saved as a draft. Put it on sale when it is complete.") % {"sku": saved.sku}
        )
    else:
        toast = Toast(message=_("%(sku)s is saved.") % {"sku": saved.sku})
    return leave_to(request, _address(saved), toast=toast)


def rooms_of(found: Product, current: str) -> list[dict[str, Any]]:
    """The pages of one article, as tabs."""
    rooms = [("data", _("Data"), "product"), ("relations", _("Goes with"), "product_relations")]
    if found.kind == Product.Kind.MODEL or found.variant_of_id:
        rooms.insert(1, ("variants", _("Variants"), "product_variants"))
    if found.kind == Product.Kind.CONFIGURABLE:
        rooms.insert(1, ("options", _("Options"), "product_options"))
    rooms.append(("history", _("History"), "product_history"))
    return [
        {"label": label, "url": reverse(f"backoffice:{name}", args=[found.pk]), "current": room == current}
        for room, label, name in rooms
    ]


def _address(found: Product) -> str:
    return reverse("backoffice:product", args=[found.pk])


def _values(request: PersonRequest, found: Product | None) -> dict[str, Any]:
    return _shown(request, found, posted=request.method == "POST")


def _shown(request: PersonRequest, found: Product | None, *, posted: bool) -> dict[str, Any]:
    values = typed_values(request) if posted else kept_values(found)
    family = key_of(str(values["typed"]["family"]))
    traits = asked_of(str(values["typed"]["kind"]), effective_attributes(family)) if family else []
    kept = found.attributes if found else {}
    languages = language_names(own_languages(request))
    media = list(found.media.all()) if found else []
    values |= {
        "product": found,
        "units": [*values["units"], *({} for _n in range(SPARE_UNITS))],
        "specifications": [*values["specifications"], *({} for _n in range(SPARE_SPECIFICATIONS))],
        "components": [*values["components"], *({} for _n in range(SPARE_COMPONENTS))],
        "unit_names": units.choices(),
        "categories": category_options(_("None yet")),
        "families": family_options(at_own_desk(request).company_id, _("None yet")),
        "taxes": tax_categories(),
        "kinds": Product.Kind.choices,
        "headings": headings(
            traits,
            _typed(request, traits, kept) if posted else kept,
            reader=get_language() or "",
            languages=languages,
            files=[one for one in media if one.kind != Medium.Kind.PICTURE],
            raw=posted,
        ),
        "languages": languages[1:],
        "systems": Classification.System.choices,
        "labels": {f"attributes/{one.code}": one.label(get_language() or "") for one in traits},
    }
    if found is None:
        return values
    price_url = Doors(at_own_desk(request)).price_of(found.pk)
    return values | _beside(found, media, dict(languages)) | {"price_url": price_url}


def _typed(request: PersonRequest, traits: list[Trait], kept: dict[str, Any]) -> dict[str, Any]:
    """The values as typed; where the form did not ask for them yet (another family was chosen), as they are kept."""
    posted = posted_values(request.POST, traits)
    if request.POST.get("described") == request.POST.get("family"):
        return posted
    reader = get_language() or ""
    before = {one.code: as_typed(one, kept[one.code], reader) for one in traits if one.code in kept}
    return before | {code: value for code, value in posted.items() if value}


def _beside(found: Product, media: list[Medium], names: dict[str, str]) -> dict[str, Any]:
    """What stands beside the form: what is missing, media, stock, prices, who changed it."""
    channels = dict(Channel.choices)
    pictured = {one.product_id for one in media if one.kind == Medium.Kind.PICTURE}
    complete = completeness_of([found], list(names), get_language() or "", pictured=pictured)[found.pk]
    prices = Price.objects.filter(product=found, price_list__seller=found.seller_id).select_related(
        "price_list"
    )
    trail = trail_of("product", found.pk, shared_only=False)[-TRAIL:]
    return {
        "completeness": [(f"{channels[one.channel]}, {names[one.language]}", one) for one in complete],
        "steps": [(one, STEP_NAMES[one]) for one in STEPS[Product.Status(found.status)]],
        "rooms": rooms_of(found, "data"),
        "status_kind": KINDS[Product.Status(found.status)],
        "pictures": [one for one in media if one.kind == Medium.Kind.PICTURE],
        "documents": [one for one in media if one.kind != Medium.Kind.PICTURE],
        "document_kinds": [
            one for one in Medium.Kind.choices if one[0] not in (Medium.Kind.PICTURE, Medium.Kind.VIDEO)
        ],
        "document_languages": [("", _("All languages")), *names.items()],
        "today": clock.today(),
        "stock": stock_by_warehouse(found.pk),
        "prices": list(prices.order_by("-price_list__is_public", "price_list__name", "min_quantity")[:30]),
        "trail": [
            {"title": sentence(one.verb, one.changes), "by": one.actor_name, "at": one.at, "text": one.note}
            for one in reversed(trail)
        ],
    }


@needs(EDIT_CATALOG)
@require_POST
def product_status(request: PersonRequest, product_id: int) -> HttpResponse:
    """POST /office/products/7/status/ status=review -> moved along; active is on sale, discontinued off it."""
    found = product_of(request, product_id)
    try:
        set_status(actor=at_own_desk(request), product=found, status=request.POST.get("status", ""))
    except (NotAllowed, Stale):
        raise
    except Refused as refusal:
        return refused(request, FORM, refusal, block="form", **_shown(request, found, posted=False))
    if found.status == Product.Status.ACTIVE:
        message, told = _("%(sku)s is on sale."), _("Customers find it at once.")
    elif found.status == Product.Status.DISCONTINUED:
        message, told = _("%(sku)s is off sale."), _("Running orders are not touched.")
    else:
        message, told = _("%(sku)s is now: %(status)s."), ""
    words = {"sku": found.sku, "status": found.get_status_display()}
    return leave_to(request, _address(found), toast=Toast(message=message % words, told=told))


urlpatterns = [
    path("products/new/", product_new, name="product_new"),
    path("products/<int:product_id>/", product, name="product"),
    path("products/<int:product_id>/status/", product_status, name="product_status"),
]
