"""Cards of products that somebody else chose: bought often, related, on a list."""

from collections.abc import Sequence

from kontor.search.queries.cards import Card, read_cards
from kontor.search.queries.viewer import Viewer

CHOSEN = """
SELECT chosen.product_id, NULL AS place, NULL::bigint AS total, chosen.no
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS chosen (product_id, no)
"""


def cards_of(viewer: Viewer, product_ids: Sequence[int]) -> list[Card]:
    """The cards of these products in this order; what is not on sale for this viewer is left out. One statement."""
    if not product_ids:
        return []
    return read_cards(viewer, CHOSEN, {"ids": list(product_ids)}).cards
