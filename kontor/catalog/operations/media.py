import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.events import ProductChanged
from kontor.catalog.models import Medium, Product
from kontor.catalog.ownership import require_own
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.goods.media import StoredFile, digest_of, store_pdf, store_picture
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused

MOST_PER_PRODUCT = 30
KIND = Medium.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What a document is. It is shown from `valid_from` to `valid_until`, both included; "" is for all languages."""

    title: str
    kind: str = KIND.DATASHEET
    language: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """What a picture is; without a title the name of the product. `source` is where it came from, if not by hand."""

    title: str = ""
    language: str = ""
    source: str = ""


@transaction.atomic
def add_picture(
    *, actor: Actor, product: Product, data: bytes, facts: PictureFacts = PictureFacts()
) -> Medium:
    """Add a picture to a product, from the bytes of an upload. Raises Refused as `store_picture`, and too_many_media.

    The file is stored before the row is written: a failure between them leaves a file without a row, never the reverse.
    """
    _check(actor, product)
    return _add(actor, _picture_row(product, facts, store_picture(data)))


@transaction.atomic
def supply_picture(*, actor: Actor, product: Product, data: bytes, source: str) -> str:
    """Take a picture that comes again and again from the same `source`: "new", "changed" or "unchanged".

    The same bytes change nothing; other bytes take the place of what came from there before. Raises Refused as
    `add_picture`.
    """
    _check(actor, product)
    digest = digest_of(data)
    pictures = product.media.filter(kind=KIND.PICTURE)
    before = pictures.filter(source=source).first()
    if (before or pictures.filter(digest=digest).first() or Medium()).digest == digest:
        return "unchanged"
    stored = store_picture(data)
    if before is None:
        _add(actor, _picture_row(product, PictureFacts(source=source), stored))
        return "new"
    facts = {"file": stored.path, "byte_size": stored.byte_size, "digest": stored.digest}
    Medium.objects.filter(pk=before.pk).update(**facts)
    changes = {"title": before.title, "file": [before.file, stored.path]}
    record(actor, "catalog.medium_replaced", ("product", product.pk), changes=changes)
    _changed(product.pk)
    return "changed"


@transaction.atomic
def add_document(*, actor: Actor, product: Product, data: bytes, facts: DocumentFacts) -> Medium:
    """Add a PDF to a product, as a data sheet, certificate, manual or drawing; a drawing may also be a picture.

    Raises Refused as `store_pdf` and `store_picture`; ``unknown_kind`` at ``kind``, ``incomplete`` at ``title``,
    ``wrong_dates`` at ``valid_until``, too_many_media.
    """
    _check(actor, product)
    if facts.kind not in KIND.values or facts.kind in (KIND.PICTURE, KIND.VIDEO):
        message = _("Choose what kind of document this is.")
        raise Refused("unknown_kind", message, {"kind": message})
    if not facts.title.strip():
        message = _("Give the document a title.")
        raise Refused("incomplete", message, {"title": message})
    if facts.valid_from and facts.valid_until and facts.valid_until < facts.valid_from:
        message = _("The end lies after the beginning.")
        raise Refused("wrong_dates", message, {"valid_until": message})
    drawn = facts.kind == KIND.DRAWING and not data.startswith(b"%PDF-")
    row = _row(product, facts.kind, facts.title, store_picture(data) if drawn else store_pdf(data))
    row.language, row.valid_from, row.valid_until = facts.language, facts.valid_from, facts.valid_until
    return _add(actor, row)


@transaction.atomic
def add_video(*, actor: Actor, product: Product, url: str, title: str = "", language: str = "") -> Medium:
    """Name a video that lies elsewhere. Raises Refused("wrong_address") at ``url`` unless it begins with https://."""
    _check(actor, product)
    url = url.strip()
    if not re.fullmatch(r"https://[^\s\"'<>]{4,480}", url):
        message = _("Enter the whole address of the video, beginning with https://.")
        raise Refused("wrong_address", message, {"url": message})
    row = _row(product, KIND.VIDEO, title or _("Video"), StoredFile("", "text/html", 0))
    row.url, row.language = url, language
    return _add(actor, row)


@transaction.atomic
def add_data_sheet(*, actor: Actor, product: Product, title: str = "") -> Medium:
    """Offer a data sheet that is made from the product's own data when somebody opens it."""
    _check(actor, product)
    made = StoredFile("", "application/pdf", 0)
    return _add(actor, _row(product, KIND.DATASHEET, title or _("Data sheet"), made))


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


@transaction.atomic
def show_earlier(*, actor: Actor, medium: Medium) -> None:
    """Show a picture before the picture that it followed; a document likewise."""
    media = list(medium.product.media.all())
    shelf = [one.pk for one in media if (one.kind == KIND.PICTURE) == (medium.kind == KIND.PICTURE)]
    place = shelf.index(medium.pk)
    if place:
        shelf[place - 1 : place + 1] = medium.pk, shelf[place - 1]
    others = [one.pk for one in media if one.pk not in shelf]
    order_media(actor=actor, product=medium.product, medium_ids=[*shelf, *others])


@transaction.atomic
def renew_picture(*, actor: Actor, medium: Medium, data: bytes) -> None:
    """Make a picture anew from its own file, with the sizes that are kept today."""
    _check(actor, medium.product)
    stored = store_picture(data)
    facts = {"file": stored.path, "byte_size": stored.byte_size}
    if Medium.objects.filter(pk=medium.pk, file=medium.file).update(**facts):
        _changed(medium.product_id)


def _check(actor: Actor, product: Product) -> None:
    require(actor, EDIT_CATALOG)
    require_own(actor, product.seller_id)


def _picture_row(product: Product, facts: PictureFacts, file: StoredFile) -> Medium:
    row = _row(product, KIND.PICTURE, facts.title or product.name, file)
    row.language, row.source = facts.language, facts.source[:500]
    return row


def _row(product: Product, kind: str, title: str, file: StoredFile) -> Medium:
    return Medium(
        product=product,
        kind=KIND(kind),
        title=title.strip()[:150],
        file=file.path,
        media_type=file.media_type,
        byte_size=file.byte_size,
        digest=file.digest,
    )


def _add(actor: Actor, medium: Medium) -> Medium:
    product = Product.objects.select_for_update(no_key=True).get(pk=medium.product_id)
    if product.media.count() >= MOST_PER_PRODUCT:
        message = _("A product has at most 30 pictures and documents. Remove one first.")
        raise Refused("too_many_media", message, {"file": message})
    last = product.media.aggregate(last=Max("position"))["last"]
    medium.position = 0 if last is None else last + 1
    medium.save(force_insert=True)
    record(actor, "catalog.medium_added", ("product", product.pk), changes={"title": [None, medium.title]})
    _changed(product.pk)
    return medium


def _changed(product_id: int) -> None:
    Product.objects.filter(pk=product_id).update(revision=F("revision") + 1, updated_at=clock.now())
    publish(ProductChanged(product_id))
