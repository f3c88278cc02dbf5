"""Reads of discovery: somebody's alerts, what was found, where an old address leads, questions and their answers."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from kontor.catalog.models import Product
from kontor.discovery.models import CategoryAddress, Digest, Finding, Inquiry, SavedSearch, Watch
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.search.queries import viewer_for
from kontor.search.queries.cards import OWN_PRICE

STAYS = timedelta(days=30)
MOST_FINDINGS = 100
# Per base unit, as on the card: at the smallest quantity of the unit offered first, of a model its cheapest variant.
PRICE = f"""
SELECT round(price.amount / price.price_base, 6), l.currency
FROM catalog_product p
{OWN_PRICE}
JOIN pricing_price_list l ON l.id = price.price_list_id
WHERE p.id = %(product)s
"""


def price_now(buyer_id: int | None, product_id: int) -> tuple[Decimal | None, str]:
    """What one base unit of the product costs this company, and the currency; (None, "") without a price."""
    with connection.cursor() as cursor:
        cursor.execute(PRICE, viewer_for(buyer_id).parameters | {"product": product_id})
        return cursor.fetchone() or (None, "")


@dataclass(frozen=True, slots=True)
class Alerts:
    """What somebody wants to be told, and what was found in the last thirty days, newest first.

    `gone` are watches of what is not offered to the company any more: the product must not be named.
    """

    searches: list[SavedSearch]
    watches: list[Watch]
    gone: list[Watch]
    findings: list[Finding]


def alerts_of(actor: Actor) -> Alerts:
    """This person's alerts. Three queries."""
    searches = SavedSearch.objects.visible_to(actor).order_by("name", "id")
    watches = Watch.objects.visible_to(actor).annotate(is_offered=_is_offered(actor))
    own = Digest.objects.visible_to(actor).filter(made_at__gt=clock.now() - STAYS)
    found = Finding.objects.filter(_is_offered(actor), digest__in=own)
    newest = found.select_related("digest", "product", "search").order_by("-digest_id", "id")
    kept = list(watches.select_related("product").order_by("product__name", "id"))
    return Alerts(
        searches=list(searches),
        watches=[one for one in kept if one.is_offered],
        gone=[one for one in kept if not one.is_offered],
        findings=list(newest[:MOST_FINDINGS]),
    )


def _is_offered(actor: Actor) -> Exists:
    """Whether the product of a watch or a finding is on sale, and this actor may see it."""
    return Exists(Product.objects.visible_to(actor).filter(pk=OuterRef("product_id")))


def digest_of(digest_id: int) -> tuple[Digest, list[Finding]] | None:
    """What was found and is offered still, with the person, for a mail; None when it is gone. Two queries."""
    digest = (
        Digest.objects.select_related("membership__user", "membership__company").filter(pk=digest_id).first()
    )
    if digest is None:
        return None
    offered = _is_offered(digest.membership.as_actor("worker"))
    found = Finding.objects.filter(offered, digest=digest).select_related("product", "search").order_by("id")
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
