"""Product cards, quickly: what depends on nobody is kept as text; price, stock and tokens are put in for each reader.

A kept card is cut at its holes. It is found by product, the product's revision and the language, so a change of
the product never shows an old card, and nothing that belongs to one company is ever kept.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import cast

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from kontor.catalog.media import card_path
from kontor.search.queries import Card, Segment
from kontor.web.components import Components
from kontor.web.pages import jinja_env
from kontor.web.tokens import FormTokens
from kontor.web.values import quantity, status, unit_price

NAME, PRICE, STOCK, TOKENS = "\x01name\x01", "\x01price\x01", "\x01stock\x01", "\x01tokens\x01"
KEPT_CARDS = 20_000


def card_grid(
    cards: Sequence[Card],
    *,
    tokens: FormTokens | None,
    highlights: Mapping[int, Sequence[Segment]] | None = None,
    compare: bool = False,
) -> Markup:
    """The cards as markup; `tokens` None leaves the add-to-cart form out, `compare` puts a box to tick on each."""
    language, marked = get_language() or "en", highlights or {}
    pieces: list[str] = []
    for card in cards:
        orderable = tokens is not None and card.amount is not None
        frame = _frame(_Key(card, language, orderable, compare))
        name = highlighted(marked[card.product_id]) if card.product_id in marked else escape(card.name)
        price = _price(card.amount, card.currency, card.price_base, card.unit, card.from_break, language)
        stock = _stock(card.available, card.unit, language)
        pieces += [frame[0], name, frame[1], price, frame[2], stock, frame[3]]
        if tokens is not None and orderable:
            pieces += [str(tokens), frame[4]]
    return Markup("".join(pieces))  # noqa: S704  # every piece is markup of ours with escaped values


def highlighted(segments: Sequence[Segment]) -> str:
    """A name whose hits stand out.

    >>> highlighted([Segment("Hex ", False), Segment("<bolt>", True)])
    'Hex <mark>&lt;bolt&gt;</mark>'
    """
    return "".join(
        f"<mark>{escape(one.text)}</mark>" if one.is_hit else str(escape(one.text)) for one in segments
    )


def price_of(card: Card) -> Markup:
    """A card's price, or that there is none, as the cards show it."""
    language = get_language() or "en"
    return Markup(_price(card.amount, card.currency, card.price_base, card.unit, card.from_break, language))  # noqa: S704  # as above


def stock_of(card: Card) -> Markup:
    """How much of it is free, as the cards show it."""
    return Markup(_stock(card.available, card.unit, get_language() or "en"))  # noqa: S704  # as above


class _Key:
    """A card under the name by which its frame is kept."""

    __slots__ = ("card", "name")

    def __init__(self, card: Card, language: str, orderable: bool, compare: bool) -> None:
        self.card = card
        self.name = (card.product_id, card.revision, language, orderable, compare)

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.name == self.name


@lru_cache(maxsize=KEPT_CARDS)
def _frame(key: _Key) -> tuple[str, ...]:
    card, orderable, compare = key.card, key.name[3], key.name[4]
    ui = cast(Components, jinja_env().globals["ui"])
    facts = {"caller": lambda: _form(card, ui)} if orderable else {}
    html = str(
        ui.product_card(
            Markup(NAME),  # noqa: S704  # a hole, cut out below
            reverse("storefront:product", args=[card.product_id, card.slug]),
            card.sku,
            image=reverse("storefront:medium", args=[card_path(card.picture)]) if card.picture else "",
            price=Markup(PRICE),  # noqa: S704  # a hole, cut out below
            stock=Markup(STOCK),  # noqa: S704  # a hole, cut out below
            brand=card.brand,
            tick=card.product_id if compare else None,
            **facts,
        )
    )
    before, rest = html.split(NAME)
    named, rest = rest.split(PRICE)
    between, rest = rest.split(STOCK)
    return before, named, between, *rest.split(TOKENS)


def _form(card: Card, ui: Components) -> Markup:
    template = jinja_env().get_template("storefront/catalog/add.html")
    return Markup(template.render(card=card, tokens=Markup(TOKENS), ui=ui))  # noqa: S704  # rendered with escaping


# How a number is written depends on nobody: these remember the writing, never whose price it is.
@lru_cache(maxsize=KEPT_CARDS)
def _price(
    amount: Decimal | None,
    currency: str | None,
    base: Decimal | None,
    unit: str,
    from_break: bool,
    language: str,
) -> str:
    if amount is None or base is None:
        return f'<span class="quiet">{escape(_("Price on request"))}</span>'
    shown = unit_price(amount, currency or "", base, unit)
    return (
        f'<span><span class="quiet">{escape(_("from"))}</span> {shown}</span>' if from_break else str(shown)
    )


@lru_cache(maxsize=KEPT_CARDS)
def _stock(available: Decimal | None, unit: str, language: str) -> str:
    if available is None:
        return ""
    if available <= 0:
        return str(status(_("Not in stock"), "off"))
    return f"<span>{status(_('In stock'), 'done')} {quantity(available, unit)}</span>"
