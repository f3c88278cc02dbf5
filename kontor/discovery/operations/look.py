"""The worker looks for what people wait for: new goods, goods that are back, other prices."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import structlog
from django.db import connection, transaction

from kontor.discovery.address import asked_again
from kontor.discovery.events import DigestMade
from kontor.discovery.models import Digest, Finding, FirstListing, Rhythm, SavedSearch
from kontor.inventory.free import ANY_FREE
from kontor.kernel import clock
from kontor.kernel.events import publish
from kontor.search.queries import Listing, Viewer, Window, browse, find, viewer_for
from kontor.search.queries.cards import own_price

log = structlog.get_logger(__name__)

MOST_NEW = 100
"""So many products of one search are told at a time."""
ONE_AT_A_TIME = "SELECT pg_try_advisory_xact_lock(hashtextextended('discovery_look', 0))"
# Whose alerts count, and whether the product may be seen by the company: the same as on every page.
SEEN = """
FROM discovery_watch w
JOIN companies_membership m ON m.id = w.membership_id AND m.is_active
JOIN companies_company c ON c.id = m.company_id AND c.status <> 'blocked'
JOIN catalog_product p ON p.id = w.product_id AND p.status = 'active'
    AND p.assortments && catalog_assortments_of(m.company_id)
JOIN companies_company s ON s.id = p.seller_id AND s.status = 'active'
"""
BACK = f"""
DELETE FROM discovery_watch WHERE id IN (
    SELECT w.id {SEEN}
    WHERE w.kind = 'stock' AND w.rhythm = ANY (%(rhythms)s) AND {ANY_FREE}
) RETURNING membership_id, product_id
"""
PRICES = f"""
UPDATE discovery_watch SET amount = now.amount, currency = now.currency, looked_at = %(now)s
FROM (
    SELECT w.id, w.amount AS before, round(price.amount / price.price_base, 6) AS amount,
        COALESCE(l.currency, w.currency) AS currency
    {SEEN}
    {own_price("m.company_id", "pricing_chain(m.company_id)", "catalog_assortments_of(m.company_id)")}
    LEFT JOIN pricing_price_list l ON l.id = price.price_list_id
    WHERE w.kind = 'price' AND w.rhythm = ANY (%(rhythms)s)
) now
WHERE discovery_watch.id = now.id AND now.before IS DISTINCT FROM now.amount
RETURNING membership_id, product_id, now.before, now.amount, now.currency
"""


@transaction.atomic
def look_for_news(*, rhythms: Collection[str]) -> int:
    """Find what people with these rhythms wait for, note it, and have those who want it told. Returns how many people.

    Runs once at a time; a product is told once per search and change. Publishes DigestMade.
    """
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        (free,) = cursor.fetchone() or (False,)
    if not free:
        return 0
    findings: dict[tuple[int, bool], list[Finding]] = defaultdict(list)
    for membership_id, by_mail, finding in _found(rhythms):
        findings[membership_id, by_mail].append(finding)
    digests = Digest.objects.bulk_create(
        Digest(membership_id=membership_id, by_mail=by_mail, made_at=clock.now())
        for membership_id, by_mail in findings
    )
    for digest, found in zip(digests, findings.values(), strict=True):
        for finding in found:
            finding.digest = digest
    Finding.objects.bulk_create(one for found in findings.values() for one in found)
    for digest in digests:
        if digest.by_mail:
            publish(DigestMade(digest.pk))
    return len(digests)


Found = Iterable[tuple[int, bool, Finding]]


def _found(rhythms: Collection[str]) -> Found:
    for rhythm in rhythms:
        by_mail = rhythm != Rhythm.NEVER
        for membership_id, product_id in _rows(BACK, [rhythm]):
            yield membership_id, by_mail, Finding(kind=Finding.Kind.STOCK, product_id=product_id)
        for membership_id, product_id, before, after, currency in _rows(PRICES, [rhythm]):
            facts = {"product_id": product_id, "before": before, "after": after, "currency": currency}
            yield membership_id, by_mail, Finding(kind=Finding.Kind.PRICE, **facts)
        yield from _new(rhythm, by_mail=by_mail)


def _rows(sql: str, rhythms: list[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"rhythms": rhythms, "now": clock.now()})
        return cursor.fetchall()


def _new(rhythm: str, *, by_mail: bool) -> Found:
    """Products that came into saved searches since they were looked at; searches only when anything new is on sale."""
    now = clock.now()
    searches = list(
        SavedSearch.objects.filter(rhythm=rhythm, membership__is_active=True).select_related("membership")
    )
    if not searches:
        return
    since = min(one.looked_at for one in searches)
    listed = dict(FirstListing.objects.filter(listed_at__gt=since).values_list("product_id", "listed_at"))
    viewers: dict[int, Viewer] = {}
    for search in searches if listed else ():
        company_id = search.membership.company_id
        if company_id not in viewers:
            viewers[company_id] = viewer_for(company_id)
        for card in _answered(viewers[company_id], search).cards:
            if card.product_id in listed and listed[card.product_id] > search.looked_at:
                found = Finding(kind=Finding.Kind.NEW, product_id=card.product_id, search=search)
                yield search.membership_id, by_mail, found
    SavedSearch.objects.filter(pk__in=[one.pk for one in searches]).update(looked_at=now)


def _answered(viewer: Viewer, search: SavedSearch) -> Listing:
    """What a search finds. One that cannot be answered finds nothing and keeps nobody else's alerts back."""
    try:
        with transaction.atomic():
            return _newest(viewer, search.query)
    except Exception:
        log.exception("saved_search_failed", search_id=search.pk)
        return Listing()


def _newest(viewer: Viewer, query: str) -> Listing:
    asked = asked_again(query)
    window = Window(sort="newest", per_page=MOST_NEW, facets=False)
    if asked.words:
        return find(viewer, asked.words, window=window, filters=asked.filters)
    return browse(viewer, asked.filters.category_path, window=window, filters=asked.filters)
