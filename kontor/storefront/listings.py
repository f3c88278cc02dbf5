"""A listing of goods as its page shows it, of a category, a brand or some words: cards, filters, chips, sorts."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from kontor.catalog.queries import category_tree
from kontor.discovery.address import Asked, Pairs
from kontor.discovery.models import Rhythm
from kontor.discovery.permissions import may_watch
from kontor.orders.purchases import last_bought, most_bought
from kontor.search.queries import Listing, Window, browse, find
from kontor.search.queries.among import among
from kontor.storefront.buying import may_fill_carts
from kontor.storefront.cards import card_grid, product_address
from kontor.storefront.facets import Chip, chips_of, groups_of
from kontor.storefront.offers import marks_shown
from kontor.storefront.priced import prices_shown
from kontor.web.identity import KontorRequest
from kontor.web.lists import Pager
from kontor.web.tokens import FormTokens

OWN_SORTS = {"bought": last_bought, "often": most_bought}
SORTS = ("", "name", "price", "-price", "newest", "popular", *OWN_SORTS)


@dataclass(frozen=True, slots=True)
class Page:
    """Where a listing stands: its path, what the path itself says, and what of the query is no filter (the words)."""

    path: str
    said: Pairs
    own: Pairs

    def address(self, pairs: Pairs) -> str:
        """This page with these parameters."""
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path


def may_fill_cart(request: KontorRequest) -> bool:
    """Whether "add to cart" makes sense for the reader."""
    return may_fill_carts(request.actor) and bool(request.identity.chain)


def sort_options(request: KontorRequest, *, for_words: bool) -> list[tuple[str, str]]:
    """The sorts of a listing as (value, label)."""
    first = (
        [("", _("Best match")), ("popular", _("Most ordered"))] if for_words else [("", _("Most ordered"))]
    )
    own = [("bought", _("Our last purchase")), ("often", _("Most ordered by us"))] if request.actor else []
    return [*first, ("name", _("Name")), ("price", _("Price, lowest first")), ("-price", _("Price, highest first")),
            ("newest", _("Newest")), *own]  # fmt: skip


def read_listing(request: KontorRequest, asked: Asked) -> Listing:
    """The listing that was asked for.

    Sorted by the company's own purchases, what it bought stands first among the hits for some words; a shelf shows
    nothing else then.
    """
    viewer, filters = request.identity.viewer, asked.filters
    known = SORTS if request.actor is not None else SORTS[: -len(OWN_SORTS)]
    sort = asked.sort if asked.sort in known else ""
    window = Window(sort=sort, page=asked.page)
    if request.actor is not None and (asked.bought or sort in OWN_SORTS):
        bought = OWN_SORTS.get(sort, last_bought)(request.actor)
        if asked.words:
            sort = "bought" if sort in OWN_SORTS else sort
            window = replace(window, sort=sort, bought=tuple(bought), only_bought=asked.bought)
            return find(viewer, asked.words, window=window, filters=filters)
        window = replace(window, sort="" if sort in OWN_SORTS else sort)
        return among(viewer, bought, window=window, filters=filters)
    if asked.words:
        return find(viewer, asked.words, window=window, filters=filters)
    return browse(viewer, filters.category_path, window=window, filters=filters)


def shown(request: KontorRequest, asked: Asked, listing: Listing, page: Page) -> dict[str, Any]:
    """What the template of a listing needs."""
    tokens, viewer = FormTokens(request), request.identity.viewer
    kept = [("sort", asked.sort)] if asked.sort in SORTS[1:] else []
    plain = [pair for pair in asked.pairs() if pair not in page.own and pair not in page.said]
    chips: list[Chip] = []
    if plain:
        tree = category_tree(viewer.assortments, listing.revision)
        names = {path: node.name for path, node in tree.by_path.items()}
        chips = chips_of(plain, listing, currency=request.identity.currency, categories=names)
    said = {name for name, _value in page.said}
    groups = groups_of(listing, asked, currency=request.identity.currency)
    prices = prices_shown(request, [card.product_id for card in listing.cards])
    return {
        "csrf_input": tokens,
        "listing": listing,
        "asked": asked,
        "place": page,
        "action": page.path,
        "fixed": page.own,
        "sorts": sort_options(request, for_words=bool(asked.words)),
        "groups": [one for one in groups if one.name not in said and (viewer.chain or one.name != "price")],
        "bought_shown": request.actor is not None,
        "chips": [(one, page.address(_without(page.own + plain, one) + kept)) for one in chips],
        "cleared": page.address(page.own + kept),
        "cards": card_grid(
            listing.cards,
            tokens=tokens if may_fill_cart(request) else None,
            highlights=listing.highlights,
            compare=True,
            prices=prices,
            marks=marks_shown(request, [card.product_id for card in listing.cards]),
        ),
        "price_note": prices.list_note if viewer.chain else "",
        "pager": _pager(listing, page, page.own + plain + kept),
        "rhythms": tuple(Rhythm.choices) if may_watch(request.actor) else (),
        "query": asked.query,
    }


def _without(pairs: Pairs, chip: Chip) -> Pairs:
    return [pair for pair in pairs if pair not in chip.pairs]


def _pager(listing: Listing, page: Page, pairs: Pairs) -> Pager:
    """Links to the pages before and after."""

    def at(number: int) -> str:
        return page.address([*pairs, ("page", str(number))] if number > 1 else pairs)

    return Pager(
        shown=len(listing.cards),
        total=listing.total,
        first=(listing.page - 1) * listing.per_page + 1,
        previous_url=at(listing.page - 1) if listing.page > 1 else "",
        next_url=at(listing.page + 1) if listing.page < listing.pages else "",
    )


def listed_facts(listing: Listing) -> list[tuple[str, str]]:
    """Names and paths of the cards, for machines."""
    return [(card.name, product_address(card.product_id, card.slug)) for card in listing.cards]
