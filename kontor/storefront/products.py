"""One product: own price and stock, specifications, what the company bought of it, what goes with it, questions."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kontor.catalog.models import Product, ProductRelation
from kontor.catalog.queries import CategoryNode, category_tree
from kontor.catalog.queries.texts import texts_of
from kontor.discovery.permissions import may_watch
from kontor.discovery.product_page import ProductPage, product_page
from kontor.goods.quantities import agreed_sentence
from kontor.goods.renditions import rendition
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.messaging.permissions import WRITE_MESSAGES
from kontor.orders.purchases import History, history_of
from kontor.pricing.explain import told_to
from kontor.pricing.queries import Wanted
from kontor.search.queries import Card, ProductDetail, Viewer, cards_of
from kontor.search.queries.sheet import Component, Sheet
from kontor.storefront import structured
from kontor.storefront.agreements import agreed_on
from kontor.storefront.brandnames import brand_slug
from kontor.storefront.buying import may_ask_for_prices
from kontor.storefront.cards import card_grid
from kontor.storefront.configurator import configurator_for
from kontor.storefront.listings import may_fill_cart
from kontor.storefront.offers import marks_shown
from kontor.storefront.priced import prices_shown
from kontor.storefront.seo import About, head_of
from kontor.storefront.told import told_of
from kontor.web.access import public
from kontor.web.identity import KontorRequest
from kontor.web.pages import page
from kontor.web.pictures import picture_address
from kontor.web.price_sentence import sentence_of
from kontor.web.tokens import FormTokens

MOST_OF_A_KIND = 8
TOGETHER = "together"
SATURDAY = 5
# A product stands in the first of these that it belongs to.
ORDER = (
    "replacement", "successor", "variant", "kit", "accessory", "spare_part", "alternative", "up_sell", "cross_sell",
    TOGETHER,
)  # fmt: skip


@public
@require_GET
def product(request: KontorRequest, product_id: int, slug: str) -> HttpResponse:
    """GET /products/7/hex-bolt-m8/ -> the product with own prices, stock, specifications, documents, own purchases."""
    viewer, language = request.identity.viewer, get_language() or ""
    shown = product_page(viewer, product_id, actor=request.actor, language=language)
    if shown is None:
        raise Http404
    found, sheet = shown.detail, shown.sheet
    if found.slug != slug:
        return redirect("storefront:product", product_id, found.slug, permanent=True)
    trail = category_tree(viewer.assortments, shown.revision).trail(found.category_path)
    history, tokens = history_of(request.actor, product_id), FormTokens(request)
    related = _related(viewer, shown, history.together)
    goods = {product_id, *(card.product_id for _heading, cards in related for card in cards)}
    prices = prices_shown(request, goods)
    marks = marks_shown(request, goods)
    price, may_fill = found.price, may_fill_cart(request) and found.status == "active"
    fills = tokens if may_fill_cart(request) else None
    may_want = price is not None or (request.actor is not None and may_ask_for_prices(request.actor))
    return page(
        request,
        "storefront/catalog/product.html",
        product=found,
        sheet=sheet,
        told=told_of(shown.known, language),
        agreed_sentence=agreed_sentence,
        price=price,
        prices=prices,
        offers=marks.get(product_id, ()),
        price_sentence=_price_sentence(request.actor, found),
        model=_of_variants(request, found),
        trail=trail,
        breaks=[one for one in found.breaks if one.min_quantity > Decimal(0)],
        may_add=may_fill and may_want and found.kind != Product.Kind.CONFIGURABLE,
        configurator=configurator_for(request, found),
        may_configure=may_fill,
        components=_components(sheet, language),
        brand_slug=brand_slug(found.brand) if found.brand else "",
        stocks=_places(shown),
        expected=shown.expected,
        ready_on=_ready_on(found),
        related=[
            (heading, card_grid(cards, tokens=fills, prices=prices, marks=marks))
            for heading, cards in related
        ],
        csrf_input=tokens,
        head=head_of(request, _about(found, trail)) if request.actor is None else None,
        **_own(request, shown, history),
    )


def _price_sentence(actor: Actor | None, found: ProductDetail) -> str:
    """What somebody of a buying company is told below the price of the first unit; "" where there is nothing to tell.

    One statement for those, a second one where the price is their own; none for visitors.
    """
    buyer_id = actor.buying_company_id if actor else None
    if buyer_id is None or found.kind == Product.Kind.MODEL:
        return ""
    first = found.units[0]
    wanted = Wanted(found.product_id, first.minimum * first.factor, unit=first.unit)
    told = told_to(buyer_id, wanted)
    said = sentence_of(told, found.unit)
    if told.price is None or told.kind not in ("contract", "special"):
        return said
    return "; ".join(filter(None, (said, agreed_on(told.price, found.product_id, found.unit))))


def _of_variants(request: KontorRequest, found: ProductDetail) -> Card | None:
    """A model with the price of its cheapest variant; a statement that only models need."""
    if found.kind != Product.Kind.MODEL:
        return None
    return next(iter(cards_of(request.identity.viewer, [found.product_id])), None)


def _own(request: KontorRequest, page: ProductPage, history: History) -> dict[str, Any]:
    """What only somebody signed in has: earlier purchases, alerts, a way to ask."""
    actor = request.actor
    if actor is None or actor.buying_company_id is None:
        return {"purchases": None, "watched": None, "may_ask": False}
    asks = actor.acting_for_id is None and not actor.is_seller and not actor.is_operator
    return {
        "purchases": history.purchases,
        "watched": page.watched if may_watch(actor) else None,
        "may_ask": asks and actor.may(WRITE_MESSAGES),
    }


def _places(page: ProductPage) -> list[tuple[str, Decimal]]:
    """What each warehouse has; of a kit also what takes parts from several of them."""
    free = page.detail.available or Decimal(0)
    mixed = free - sum(held for _place, held in page.places)
    if page.detail.kind != Product.Kind.KIT or mixed <= 0:
        return page.places
    return [*page.places, (_("With parts from several"), mixed)]


def _components(sheet: Sheet, language: str) -> list[Component]:
    """The parts of a kit, named in the reader's language. One statement, none for what is no kit."""
    if not sheet.components:
        return []
    texts = texts_of([one.product_id for one in sheet.components], language)
    return [replace(one, name=texts[one.product_id].name) for one in sheet.components]


def _ready_on(found: ProductDetail) -> Any:
    """The day on which goods in stock leave the warehouse: so many working days from now."""
    if not found.available or found.available <= 0:
        return None
    day, left = clock.today(), found.lead_days
    while left > 0:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return day


def _related(viewer: Viewer, page: ProductPage, together: list[int]) -> list[tuple[str, list[Card]]]:
    """What goes with the product as (heading, cards). One statement, none where there is nothing."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for kind, other in page.sheet.related:
        kinds[kind].append(other)
    kinds["variant"] = [one.product_id for one in sorted(page.known.sisters, key=attrgetter("name"))]
    kinds["kit"] = page.sheet.kits
    kinds[TOGETHER] = together
    placed: set[int] = {page.detail.product_id}
    groups: list[tuple[str, list[int]]] = []
    for kind in ORDER:
        ids = [one for one in kinds[kind] if one not in placed][:MOST_OF_A_KIND]
        placed.update(ids)
        groups.append((kind, ids))
    cards = {one.product_id: one for one in cards_of(viewer, [one for _kind, ids in groups for one in ids])}
    shown: list[tuple[str, list[Card]]] = []
    for kind, ids in groups:
        some = [cards[one] for one in ids if one in cards]
        if some:
            of_model = kind == "variant" and page.detail.kind == Product.Kind.MODEL
            shown.append((_("Variants") if of_model else _heading(kind), some))
    return shown


def _heading(kind: str) -> str:
    if kind == TOGETHER:
        return _("Often ordered together")
    if kind == "variant":
        return _("Other variants")
    if kind == "kit":
        return _("Part of these kits")
    names = {
        ProductRelation.Kind.ACCESSORY: _("Accessories"),
        ProductRelation.Kind.SPARE_PART: _("Spare parts"),
        ProductRelation.Kind.ALTERNATIVE: _("Alternatives"),
        ProductRelation.Kind.REPLACEMENT: _("Replaced by"),
        ProductRelation.Kind.SUCCESSOR: _("Successor"),
        ProductRelation.Kind.CROSS_SELL: _("Goes well with it"),
        ProductRelation.Kind.UP_SELL: _("Better versions"),
    }
    return names[ProductRelation.Kind(kind)]


def _about(found: ProductDetail, trail: list[CategoryNode]) -> About:
    address = reverse("storefront:product", args=[found.product_id, found.slug])
    picture = found.pictures[0].file if found.pictures else ""
    image = picture_address(rendition(picture, 960)) if picture else ""
    steps = [(_("Products"), reverse("storefront:catalog"))]
    steps += [(one.name, reverse("storefront:category", args=[one.path])) for one in trail]
    category = " > ".join(one.name for one in trail)
    return About(
        title=found.name,
        description=found.summary or found.description or f"{found.name}, {found.brand} {found.sku}",
        address=address,
        image=image,
        kind="product",
        facts=[
            structured.product(found, path=address, image=image, category=category),
            structured.breadcrumbs([*steps, (found.name, address)]),
        ],
    )


urlpatterns = [
    path("products/<int:product_id>/", product, {"slug": ""}, name="product_by_id"),
    path("products/<int:product_id>/<slug:slug>/", product, name="product"),
]
