"""Reads of discovery: somebody's alerts, what was found, where an old address leads, questions and their answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet

from kontor.discovery.models import CategoryAddress, Digest, Finding, Inquiry, SavedSearch, Watch
from kontor.kernel import clock
from kontor.kernel.actors import Actor

STAYS = timedelta(days=30)
MOST_FINDINGS = 100
# Per base unit, at the smallest quantity of the unit offered first: as on the product's card.
PRICES = """
SELECT p.id, round(price.amount / price.price_base, 6), l.currency
FROM catalog_product p
LEFT JOIN LATERAL (
    SELECT minimum * factor AS smallest FROM catalog_units_for(p.id, %(buyer)s::bigint) ORDER BY place LIMIT 1
) u ON true
CROSS JOIN LATERAL pricing_resolve(pricing_chain(%(buyer)s::bigint), p.id, COALESCE(u.smallest, 1)) AS price
JOIN pricing_price_list l ON l.id = price.price_list_id
WHERE p.id = ANY (%(ids)s::bigint[])
"""


def prices_now(buyer_id: int | None, product_ids: Sequence[int]) -> dict[int, tuple[Decimal, str]]:
    """What one base unit of each product costs this company, with the currency; without a price it is missing."""
    with connection.cursor() as cursor:
        cursor.execute(PRICES, {"buyer": buyer_id, "ids": list(product_ids)})
        return {product: (amount, currency) for product, amount, currency in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Alerts:
    """What somebody wants to be told, and what was found in the last thirty days, newest first."""

    searches: list[SavedSearch]
    watches: list[Watch]
    findings: list[Finding]


def alerts_of(actor: Actor) -> Alerts:
    """This person's alerts. Three queries."""
    searches = SavedSearch.objects.visible_to(actor).order_by("name", "id")
    watches = Watch.objects.visible_to(actor).select_related("product").order_by("product__name", "id")
    own = Digest.objects.visible_to(actor).filter(made_at__gt=clock.now() - STAYS)
    found = Finding.objects.filter(digest__in=own)
    newest = found.select_related("digest", "product", "search").order_by("-digest_id", "id")
    return Alerts(list(searches), list(watches), list(newest[:MOST_FINDINGS]))


def watched_kinds(actor: Actor, product_id: int) -> dict[str, int]:
    """What of this product somebody is told already: kind -> the alert's id."""
    own = Watch.objects.visible_to(actor).filter(product_id=product_id)
    return dict(own.values_list("kind", "id"))


def digest_of(digest_id: int) -> tuple[Digest, list[Finding]] | None:
    """What was found, with the person, for a mail; None when it is gone. Two queries."""
    digest = (
        Digest.objects.select_related("membership__user", "membership__company").filter(pk=digest_id).first()
    )
    if digest is None:
        return None
    found = Finding.objects.filter(digest=digest).select_related("product", "search").order_by("id")
    return digest, list(found)


def path_now(old_path: str) -> str:
    """Where the category stands that once stood here, or the nearest above it that is still known; "" when none is."""
    parts = old_path.split("/")
    tried = ["/".join(parts[:length]) for length in range(len(parts), 0, -1)]
    known = CategoryAddress.objects.filter(path__in=tried).values_list("path", "category__path")
    found = dict(known)
    return next((found[one] for one in tried if one in found), "")


def inquiries_of(actor: Actor) -> QuerySet[Inquiry]:
    """Questions that this actor may read, newest first, with companies and product."""
    return Inquiry.objects.visible_to(actor).select_related("buyer", "seller", "product").order_by("-id")
