"""Cards of products that somebody else chose: bought often, related, on a list."""

from collections.abc import Sequence

from kontor.search.queries.cards import CARDS, Card, read_cards

CHOSEN = """
SELECT chosen.product_id, NULL AS place, NULL::bigint AS total, chosen.no
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS chosen (product_id, no)
"""


def cards_of(chain: Sequence[int], product_ids: Sequence[int]) -> list[Card]:
    """The cards of these products in this order; what is not on sale is left out. One statement."""
    if not product_ids:
        return []
    return read_cards(CARDS.format(hits=CHOSEN), {"chain": list(chain), "ids": list(product_ids)}).cards
