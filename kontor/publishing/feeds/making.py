"""A feed's two files: written item by item, put in place of the old ones when both are whole."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from kontor.companies.models import Company
from kontor.exchange import folder
from kontor.kernel import clock
from kontor.publishing.feeds.forms import RSS_END, Channel, rss_begin, rss_item, tsv_begin, tsv_item
from kontor.publishing.feeds.goods import public_goods
from kontor.publishing.feeds.items import Item, Shape, item_of
from kontor.publishing.models import ProductFeed
from kontor.search.queries import viewer_for
from kontor.taxes.queries import rates_on

XML, TSV = "feed.xml", "feed.tsv"
LANGUAGE = "lang"
"""The parameter by which a page is shown in a language."""


def public_feed(seller_slug: str, language: str) -> ProductFeed | None:
    """The feed that anybody may read: switched on, made, and of a seller whose prices visitors see now.

    One made before the prices were hidden still has them.
    """
    made = ProductFeed.objects.filter(is_on=True, made_at__isnull=False, language=language)
    open_ones = made.filter(seller__status=Company.Status.ACTIVE, seller__prices_for_guests=True)
    return open_ones.filter(seller__slug=seller_slug).first() if settings.CONFIG.prices_for_guests else None


def shape_of(feed: ProductFeed) -> Shape:
    """Addresses and taxes of a feed as they are today."""
    product = (
        reverse("storefront:product", args=[0, "slug"]).replace("/0/", "/{id}/").replace("/slug/", "/{slug}/")
    )
    picture = reverse("storefront:medium", args=["file"]).replace("/file", "/{file}")
    rates = rates_on(country=feed.tax_country, day=clock.today()) if feed.tax_country else {}
    return Shape(
        product=f"{settings.SITE_URL}{product}?{LANGUAGE}={feed.language}",
        picture=settings.SITE_URL + picture,
        rates=rates,
    )


def items_of(feed: ProductFeed, *, most: int | None = None) -> Iterator[Item]:
    """The seller's goods that visitors may see, as items; those that are kept out too, with their problems."""
    shape = shape_of(feed)
    goods = public_goods(feed.seller_id, feed.language, viewer_for(None), most=most)
    return (item_of(one, shape) for one in goods)


def preview_of(feed: ProductFeed, count: int = 10) -> list[Item]:
    """The first items that would be in it."""
    fit = (one for one in items_of(feed, most=count * 20) if not one.is_kept_out)
    return list(islice(fit, count))


def make_feed(feed: ProductFeed) -> ProductFeed:
    """Write both files anew. Repeating it does no harm; who is reading the old files reads them to their end."""
    shop = settings.SITE_URL + reverse("storefront:home")
    channel = Channel(title=str(feed.seller), link=shop, language=feed.language)
    name = folder.make(XML)
    xml_path, tsv_path = folder.path_of(name), folder.path_of(folder.beside(name, TSV))
    counted: Counter[str] = Counter()
    try:
        with xml_path.open("wb") as xml, tsv_path.open("wb") as tsv:
            digest = _write(xml, tsv, channel, items_of(feed), counted)
        folder.hand_over(name)
        folder.hand_over(folder.beside(name, TSV))
    except BaseException:
        folder.forget(name)
        raise
    return _keep(feed, name, digest, counted)


def _write(
    xml: BinaryIO, tsv: BinaryIO, channel: Channel, items: Iterator[Item], counted: "Counter[str]"
) -> str:
    digest = hashlib.sha256()

    def put(text: str) -> None:
        piece = text.encode()
        digest.update(piece)
        xml.write(piece)

    put(rss_begin(channel))
    tsv.write(tsv_begin().encode())
    for item in items:
        counted.update(item.problems)
        if not item.is_kept_out:
            counted["items"] += 1
            put(rss_item(item))
            tsv.write(tsv_item(item).encode())
    put(RSS_END)
    return digest.hexdigest()


@transaction.atomic
def _keep(feed: ProductFeed, name: str, digest: str, counted: "Counter[str]") -> ProductFeed:
    """Put the new files in place; the same content keeps its day and its files, so that nobody fetches it again."""
    kept = ProductFeed.objects.select_for_update().get(pk=feed.pk)
    now = clock.now()
    facts: dict[str, Any] = {"items": counted.pop("items", 0), "problems": dict(counted), "made_at": now}
    unneeded = name
    if digest != kept.digest:
        unneeded = kept.xml_file
        facts |= {"xml_file": name, "tsv_file": folder.beside(name, TSV), "digest": digest, "changed_at": now}
    for field, value in facts.items():
        setattr(kept, field, value)
    kept.save(update_fields=list(facts))
    if unneeded:
        transaction.on_commit(lambda: folder.forget(unneeded))
    return kept
