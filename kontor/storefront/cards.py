"""Product cards, quickly: a card is rendered once per shape, with holes that are filled for each product and reader.

A shape is what cards share: the language, and which parts and quantities they have. It holds nothing of a product, of
a price or of a company, so there are few of them, and a page of products never seen before costs no more than another.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, cast

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from kontor.promotions.marks import Mark
from kontor.search.queries import Card, Segment
from kontor.storefront.priced import EVERYTHING_NET, ShownPrices, price
from kontor.taxes.showing import Shown
from kontor.web.components import Components
from kontor.web.numbers import number
from kontor.web.pages import jinja_env
from kontor.web.pictures import picture
from kontor.web.tokens import FormTokens
from kontor.web.values import quantity, status

HOLES = {
    name: Markup(f"\x01{name}\x01")  # noqa: S704  # stands where a value is put in later
    for name in ("address", "image", "sku", "brand", "name", "price", "stock", "tokens", "product")
}
KEPT_SHAPES, KEPT_NUMBERS = 500, 20_000
NO_MARKS: Mapping[int, Sequence[Mark]] = {}


class Shape(NamedTuple):
    """What cards of one look share. `unit`, `minimum` and `multiple` are those of the order form, if it has one."""

    language: str
    pictured: bool
    branded: bool
    compare: bool
    orderable: bool
    unit: str = ""
    minimum: Decimal = Decimal(1)
    multiple: Decimal = Decimal(1)


def card_grid(
    cards: Sequence[Card],
    *,
    tokens: FormTokens | None,
    highlights: Mapping[int, Sequence[Segment]] | None = None,
    compare: bool = False,
    prices: ShownPrices = EVERYTHING_NET,
    marks: Mapping[int, Sequence[Mark]] = NO_MARKS,
) -> Markup:
    """The cards as markup; `tokens` None leaves the add-to-cart form out, `compare` puts a box to tick on each;
    `prices` says how theirs are shown, `marks` what promotions may lower them."""
    language, marked = get_language() or "en", highlights or {}
    drawn = [
        _drawn(
            card,
            language,
            tokens,
            marked.get(card.product_id),
            compare,
            _price(card, prices.of(card.product_id), language) + _mark(card, marks),
        )
        for card in cards
    ]
    return Markup("".join(drawn))  # noqa: S704  # every piece is markup of ours with escaped values


def product_address(product_id: int, slug: str) -> str:
    """The address of a product's page. A page has it two dozen times, so the route is asked once."""
    return _route() % (product_id, slug)


def _drawn(
    card: Card,
    language: str,
    tokens: FormTokens | None,
    name: Sequence[Segment] | None,
    compare: bool,
    price: str,
) -> str:
    orderable = tokens is not None and card.is_orderable
    form = (card.sales_unit, card.minimum, card.multiple) if orderable else ()
    shape = Shape(language, bool(card.picture), bool(card.brand), compare, orderable, *form)
    return _frame(shape) % {
        "address": product_address(card.product_id, card.slug),
        "image": picture(card.picture, kind="card-image") if card.picture else "",
        "sku": escape(card.sku),
        "brand": escape(card.brand),
        "name": highlighted(name) if name else escape(card.name),
        "price": price,
        "stock": _stock(card.available, card.unit, card.variants, language),
        "tokens": str(tokens) if orderable else "",
        "product": card.product_id,
    }


def _mark(card: Card, marks: Mapping[int, Sequence[Mark]]) -> str:
    """The promotion that is asked first, where there is a price for it to lower."""
    first = next(iter(marks.get(card.product_id, ())), None)
    return f'<span class="offer">{escape(first.text)}</span>' if first and card.amount is not None else ""


def highlighted(segments: Sequence[Segment]) -> str:
    """A name whose hits stand out.

    >>> highlighted([Segment("Hex ", False), Segment("<bolt>", True)])
    'Hex <mark>&lt;bolt&gt;</mark>'
    """
    return "".join(
        f"<mark>{escape(one.text)}</mark>" if one.is_hit else str(escape(one.text)) for one in segments
    )


def price_of(card: Card, prices: ShownPrices) -> Markup:
    """A card's price, or that there is none, as the cards show it."""
    return Markup(_price(card, prices.of(card.product_id), get_language() or "en"))  # noqa: S704  # as above


def stock_of(card: Card) -> Markup:
    """How much of it is free, or how many variants a model has, as the cards show it."""
    return Markup(_stock(card.available, card.unit, card.variants, get_language() or "en"))  # noqa: S704  # as above


@lru_cache(maxsize=1)
def _route() -> str:
    """The route of a product, with holes: ids and slugs need no escaping."""
    return reverse("storefront:product", args=[0, "slug"]).replace("/0/slug/", "/%d/%s/")


@lru_cache(maxsize=KEPT_SHAPES)
def _frame(shape: Shape) -> str:
    """The markup of such a card, to be filled by the % operator."""
    ui = cast(Components, jinja_env().globals["ui"])
    html = str(
        ui.product_card(
            HOLES["name"],
            HOLES["address"],
            HOLES["sku"],
            image=HOLES["image"] if shape.pictured else "",
            price=HOLES["price"],
            stock=HOLES["stock"],
            brand=HOLES["brand"] if shape.branded else "",
            tick=HOLES["product"] if shape.compare else None,
            **({"caller": lambda: _form(shape, ui)} if shape.orderable else {}),
        )
    ).replace("%", "%%")
    for name, hole in HOLES.items():
        html = html.replace(hole, f"%({name})s")
    return html


def _form(shape: Shape, ui: Components) -> Markup:
    template = jinja_env().get_template("storefront/catalog/add.html")
    return Markup(template.render(shape=shape, product=HOLES["product"], tokens=HOLES["tokens"], ui=ui))  # noqa: S704  # rendered with escaping


def _price(card: Card, shown: Shown, language: str) -> str:
    if card.amount is None or card.price_base is None:
        return f'<span class="quiet">{escape(_("Price on request"))}</span>'
    figures = (card.amount, card.currency or "", card.price_base, card.unit)
    return _priced(*figures, card.from_break, (shown, language))


# How a number is written depends on nobody: these remember the writing, never whose price it is.
@lru_cache(maxsize=KEPT_NUMBERS)
def _priced(
    amount: Decimal, currency: str, base: Decimal, unit: str, from_break: bool, way: tuple[Shown, str]
) -> str:
    """`way` is how it is shown, and the language."""
    figures = price(way[0], amount, currency, base, unit)
    if not from_break:
        return str(figures)
    return f'<span><span class="quiet">{escape(_("from"))}</span> {figures}</span>'


@lru_cache(maxsize=KEPT_NUMBERS)
def _stock(available: Decimal | None, unit: str, variants: int, language: str) -> str:
    if available is None:
        told = ngettext("%(count)s variant", "%(count)s variants", variants) % {"count": number(variants)}
        return f'<span class="quiet">{escape(told)}</span>' if variants else ""
    if available <= 0:
        return str(status(_("Not in stock"), "off"))
    return f"<span>{status(_('In stock'), 'done')} {quantity(available, unit)}</span>"
