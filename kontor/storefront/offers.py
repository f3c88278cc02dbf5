"""Promotions beside the goods that they may lower for the reader."""

from collections.abc import Collection, Mapping, Sequence

from kontor.kernel import clock
from kontor.promotions.marks import Mark, Reader, marks_for
from kontor.web.identity import KontorRequest


def marks_shown(request: KontorRequest, products: Collection[int]) -> Mapping[int, Sequence[Mark]]:
    """What to say beside these articles. One statement; none while no promotion runs, or without prices."""
    identity = request.identity
    if not (identity.has_promotions and identity.chain and products):
        return {}
    actor = identity.actor
    reader = Reader(
        company_id=actor.buying_company_id if actor else None,
        membership_id=actor.membership_id if actor else None,
        currency=identity.currency,
        at=clock.now(),
    )
    return marks_for(reader, products)
