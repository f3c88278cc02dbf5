"""Through whose eyes goods go out: with which prices, and which goods."""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

SEEN = "SELECT pricing_chain(%(buyer)s::bigint), catalog_assortments_of(%(buyer)s::bigint)"
VISIBLE = """p.status = 'active' AND p.kind <> 'model' AND p.assortments && %(assortments)s::bigint[]
    AND EXISTS (SELECT FROM companies_company s WHERE s.id = p.seller_id AND s.status = 'active')"""
"""Goods `p` that a buyer finds and may order; models only gather theirs."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A buying company (None: visitors) as files see it: its price lists in order, and its assortments."""

    chain: tuple[int, ...]
    assortments: tuple[int, ...]
    buyer_id: int | None = None

    @property
    def digest(self) -> str:
        """The same as long as the same lists and assortments are this company's."""
        return hashlib.sha256(repr((self.chain, self.assortments, self.buyer_id)).encode()).hexdigest()


def sight_of(buyer_id: int | None) -> Sight:
    """What this company sees now. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN, {"buyer": buyer_id})
        chain, assortments = cursor.fetchone() or ((), (0,))
    hidden = buyer_id is None and not settings.CONFIG.prices_for_guests
    return Sight(() if hidden else tuple(chain or ()), tuple(assortments), buyer_id)
