import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.events import ProductChanged
from kontor.catalog.media import StoredFile, store_pdf, store_picture
from kontor.catalog.models import Medium, Product
from kontor.catalog.ownership import require_own
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused

MOST_PER_PRODUCT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What a document is. It is shown from `valid_from` to `valid_until`, both included; "" is for all languages."""

    title: str
    kind: str = Medium.Kind.DATASHEET
    language: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


@transaction.atomic
def add_picture(*, actor: Actor, product: Product, data: bytes, title: str = "") -> Medium:
    """Add a picture to a product, from the bytes of an upload. Raises Refused as `store_picture` does."""
    _check(actor, product)
    return _add(actor, product, Medium.Kind.PICTURE, title or product.name, store_picture(data))


@transaction.atomic
def add_document(*, actor: Actor, product: Product, data: bytes, facts: DocumentFacts) -> Medium:
    """Add a PDF to a product, as a data sheet, certificate, manual or drawing. Raises Refused as `store_pdf` does.

    Also ``unknown_kind`` at ``kind``, ``incomplete`` at ``title`` and ``wrong_dates`` at ``valid_until``.
    """
    _check(actor, product)
    if facts.kind not in Medium.Kind.values or facts.kind in (Medium.Kind.PICTURE, Medium.Kind.VIDEO):
        message = _("Choose what kind of document this is.")
        raise Refused("unknown_kind", message, {"kind": message})
    if not facts.title.strip():
        message = _("Give the document a title.")
        raise Refused("incomplete", message, {"title": message})
    if facts.valid_from and facts.valid_until and facts.valid_until < facts.valid_from:
        message = _("The end lies after the beginning.")
        raise Refused("wrong_dates", message, {"valid_until": message})
    return _add(actor, product, Medium.Kind(facts.kind), facts.title, store_pdf(data), facts)


@transaction.atomic
def add_video(*, actor: Actor, product: Product, url: str, title: str = "") -> Medium:
    """Name a video that lies elsewhere. Raises Refused("wrong_address") at ``url`` unless it begins with https://."""
    _check(actor, product)
    url = url.strip()
    if not re.fullmatch(r"https://[^\s\"'<>]{4,480}", url):
        message = _("Enter the whole address of the video, beginning with https://.")
        raise Refused("wrong_address", message, {"url": message})
    medium = _add(actor, product, Medium.Kind.VIDEO, title or _("Video"), StoredFile("", "text/html", 0))
    medium.url = url
    medium.save(update_fields=["url"])
    return medium


@transaction.atomic
def add_data_sheet(*, actor: Actor, product: Product, title: str = "") -> Medium:
    """Offer a data sheet that is made from the product's own data when somebody opens it."""
    _check(actor, product)
    return _add(
        actor, product, Medium.Kind.DATASHEET, title or _("Data sheet"), StoredFile("", "application/pdf", 0)
    )


@transaction.atomic
def remove_medium(*, actor: Actor, medium: Medium) -> None:
    """Take a picture or document off its product. The file stays: others may show the same one."""
    _check(actor, medium.product)
    record(
        actor,
        "catalog.medium_removed",
        ("product", medium.product_id),
        changes={"title": [medium.title, None]},
    )
    product_id = medium.product_id
    medium.delete()
    _changed(product_id)


@transaction.atomic
def order_media(*, actor: Actor, product: Product, medium_ids: Sequence[int]) -> None:
    """Show a product's media in this order; the first picture stands on its card. What is not named comes last."""
    _check(actor, product)
    places = {pk: place for place, pk in enumerate(medium_ids)}
    media = list(product.media.all())
    media.sort(key=lambda medium: places.get(medium.pk, len(places) + medium.position))
    for place, medium in enumerate(media):
        medium.position = place
    Medium.objects.bulk_update(media, ["position"])
    _changed(product.pk)


def _check(actor: Actor, product: Product) -> None:
    require(actor, EDIT_CATALOG)
    require_own(actor, product.seller_id)


def _add(
    actor: Actor,
    product: Product,
    kind: Medium.Kind,
    title: str,
    file: StoredFile,
    facts: DocumentFacts | None = None,
) -> Medium:
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    if product.media.count() >= MOST_PER_PRODUCT:
        message = _("A product has at most 30 pictures and documents. Remove one first.")
        raise Refused("too_many_media", message, {"file": message})
    last = product.media.aggregate(last=Max("position"))["last"]
    medium = Medium.objects.create(
        product=product,
        kind=kind,
        title=title.strip()[:150],
        file=file.path,
        media_type=file.media_type,
        byte_size=file.byte_size,
        position=0 if last is None else last + 1,
        language=facts.language if facts else "",
        valid_from=facts.valid_from if facts else None,
        valid_until=facts.valid_until if facts else None,
    )
    record(actor, "catalog.medium_added", ("product", product.pk), changes={"title": [None, medium.title]})
    _changed(product.pk)
    return medium


def _changed(product_id: int) -> None:
    Product.objects.filter(pk=product_id).update(revision=F("revision") + 1, updated_at=clock.now())
    publish(ProductChanged(product_id))
