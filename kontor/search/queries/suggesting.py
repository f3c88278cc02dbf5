"""What is offered while somebody types: products, categories, brands, part numbers, and what others asked for."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Sum

from kontor.catalog.queries import category_tree
from kontor.goods.wording import folded, loose_key, understood
from kontor.kernel import clock
from kontor.search.engine.port import Engine, Question
from kontor.search.engine.reader import node
from kontor.search.models import Asked
from kontor.search.queries.cards import Window
from kontor.search.queries.counted import SuggestedProduct, Suggestions
from kontor.search.queries.finding import find_in_database
from kontor.search.queries.kept import Kept
from kontor.search.queries.own_numbers import own_numbers
from kontor.search.queries.viewer import Viewer
from kontor.search.rules import terms_of

PRODUCTS, OTHERS = 6, 4
ASKED_IN = timedelta(days=90)
ASKED_TIMES, ASKED_DAYS, ASKED_MOST = 5, 2, 2000
"""Words are offered to others when they were asked so often, on so many days, and found something."""
ASKED_TRIED = 12
"""So many of them at most are tried, whether this reader would find anything."""
LITTLE = """
SELECT p.id, p.sku, p.name, p.slug, p.brand, p.sku, p.manufacturer_part_number, p.gtin
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS chosen (id, no)
JOIN catalog_product p ON p.id = chosen.id AND p.status = 'active' AND p.assortments && %(assortments)s::bigint[]
JOIN companies_company s ON s.id = p.seller_id AND s.status = 'active'
ORDER BY chosen.no
"""
_asked: Kept[list[tuple[str, str]]] = Kept()


def suggest(viewer: Viewer, beginning: str) -> Suggestions:
    """What may be meant by the beginning of something; nothing below two letters. Only what this viewer may see."""
    beginning = " ".join(beginning.split())[:100]
    if len(beginning) < 2:
        return Suggestions()
    engine = node.engine()
    if engine is None:
        return _by_database(viewer, beginning)
    found = engine.complete(beginning, viewer.assortments, PRODUCTS)
    own = own_numbers(viewer, terms_of(beginning).key)[:OTHERS]
    rows = _rows(viewer, [*found.product_ids, *found.numbered, *(product for _number, product in own)])
    products = {one: SuggestedProduct(*row[:5]) for one, row in rows.items()}
    numbers = [(number, products[product]) for number, product in own if product in products]
    key = loose_key(beginning)
    for one in found.numbered:
        numbers += [
            (code, products[one]) for code in rows.get(one, ())[5:] if loose_key(code).startswith(key)
        ][:1]
    return Suggestions(
        products=tuple(products[one] for one in found.product_ids if one in products),
        categories=_categories(viewer, beginning),
        brands=found.brands[:OTHERS],
        part_numbers=tuple(numbers[:OTHERS]),
        queries=_asked_before(viewer, engine, beginning),
    )


def _rows(viewer: Viewer, ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LITTLE, {"ids": list(dict.fromkeys(ids)), "assortments": list(viewer.assortments)})
        return {row[0]: row for row in cursor.fetchall()}


def _categories(viewer: Viewer, beginning: str) -> tuple[tuple[str, str], ...]:
    """Categories with a word that begins so; those in which this viewer sees nothing are left out."""
    typed = folded(beginning)
    found: list[tuple[str, str]] = []
    for path, shelf in category_tree(viewer.assortments).by_path.items():
        name = folded(shelf.name)
        if shelf.products and (name.startswith(typed) or f" {typed}" in name):
            found.append((path, shelf.name))
        if len(found) == OTHERS:
            break
    return tuple(found)


def _asked_before(viewer: Viewer, engine: Engine, beginning: str) -> tuple[str, ...]:
    """What others asked for and this viewer would find: others may see more."""
    typed = folded(beginning)
    known = _asked.get("asked", 0, _read_asked)
    begun = [shown for plain, shown in known if plain.startswith(typed) and plain != typed]
    found: list[str] = []
    for shown in begun[:ASKED_TRIED]:
        question = Question(understood(shown), viewer.assortments, size=1)
        if len(found) < OTHERS and engine.find(question).complete:
            found.append(shown)
    return tuple(found)


def _read_asked() -> list[tuple[str, str]]:
    """What was asked often and found something, most often first, with how it is compared."""
    since = clock.now().date() - ASKED_IN
    rows = (
        Asked.objects.filter(day__gte=since, found__gt=0)
        .values("words")
        .annotate(all_times=Sum("times"), days=Count("day"))
        .filter(all_times__gte=ASKED_TIMES, days__gte=ASKED_DAYS)
        .order_by("-all_times", "words")
        .values_list("words", flat=True)[:ASKED_MOST]
    )
    words = list(rows)
    shown = dict(Asked.objects.filter(words__in=words).order_by("day").values_list("words", "shown"))
    return [(folded(shown[one]), shown[one]) for one in words]


def _by_database(viewer: Viewer, beginning: str) -> Suggestions:
    window = Window(per_page=PRODUCTS, facets=False)
    cards = find_in_database(viewer, beginning, window=window).cards
    products = tuple(
        SuggestedProduct(card.product_id, card.sku, card.name, card.slug, card.brand) for card in cards
    )
    numbers = tuple((one.sku, one) for one in products if one.sku.casefold().startswith(beginning.casefold()))
    return Suggestions(products, _categories(viewer, beginning), (), numbers[:OTHERS])
