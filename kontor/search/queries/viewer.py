"""Who is looking: at which prices, and at which goods."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from kontor.pricing.queries import NO_STEPS, chain_from

VIEWER = "SELECT pricing_chain(%(buyer)s::bigint), catalog_assortments_of(%(buyer)s::bigint)"


@dataclass(frozen=True, slots=True)
class Viewer:
    """The buying company as reads need it: how it is priced, its assortments, and itself (None: a visitor).

    `assortments` are what the SQL function `catalog_assortments_of` says; a product is seen when it is in one of them.
    """

    chain: str = ""
    assortments: tuple[int, ...] = (0,)
    company_id: int | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        """As statements ask for it: chain, assortments, company."""
        return {
            "chain": self.chain or NO_STEPS,
            "assortments": list(self.assortments),
            "company": self.company_id,
        }


def viewer_for(company_id: int | None) -> Viewer:
    """A buying company (None: a visitor) as a viewer. One statement; a page has `request.identity.viewer` already."""
    with connection.cursor() as cursor:
        cursor.execute(VIEWER, {"buyer": company_id})
        chain, assortments = cursor.fetchone() or (None, (0,))
    hidden = company_id is None and not settings.CONFIG.prices_for_guests
    return Viewer("" if hidden else chain_from(chain), tuple(assortments), company_id)
