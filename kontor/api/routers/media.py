"""Pictures, documents and videos of a seller's own products."""

from typing import Annotated

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import File, Form, Router
from ninja.files import UploadedFile

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page
from kontor.api.routers.products import own_product
from kontor.api.shapes.media import MediaOrderIn, MediumForm, MediumOut
from kontor.catalog import operations
from kontor.catalog.models import Medium, Product
from kontor.catalog.operations import DocumentFacts, PictureFacts
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.goods.media import MAX_BYTES
from kontor.goods.renditions import size_of
from kontor.kernel.actors import require
from kontor.kernel.refusal import Refused

router = Router(tags=["Own products"])
CODES = (
    "file_too_large", "not_a_picture", "too_many_pixels", "not_a_pdf", "incomplete", "wrong_dates", "wrong_address",
    "too_many_media", "files_unavailable",
)  # fmt: skip


@router.get(
    "products/{int:product_id}/media",
    response=Page[MediumOut],
    operation_id="listMedia",
    summary="Media of an own product",
)
@needs(EDIT_CATALOG)
@reads()
def media(request: ApiRequest, product_id: int) -> Page[MediumOut]:
    """In the order of the shop, those of all languages and days."""
    require(request.actor, EDIT_CATALOG)
    return Page(items=_shown(own_product(request, product_id)), next=None)


@router.post(
    "products/{int:product_id}/media",
    response={201: MediumOut},
    operation_id="addMedium",
    summary="Add a picture, document or video",
)
@needs(EDIT_CATALOG)
@changes(refuses=CODES, takes_file=True)
def add(
    request: ApiRequest,
    product_id: int,
    form: Annotated[MediumForm, Form()],
    file: Annotated[UploadedFile | None, File()] = None,
) -> Reply:
    """As multipart/form-data: `file` (at most 10 MB) and what it is. Pictures are made anew, documents must be PDF."""
    product = own_product(request, product_id)
    require(request.actor, EDIT_CATALOG)  # before the form is judged
    medium = _added(request, product, form, file)
    location = reverse("api:listMedia", args=[product_id])
    return Reply(body=medium_out(medium), status=201, location=location)


def _added(request: ApiRequest, product: Product, form: MediumForm, file: UploadedFile | None) -> Medium:
    actor, data = request.actor, file.read(MAX_BYTES + 1) if file else b""
    if form.kind == "video":
        return operations.add_video(
            actor=actor, product=product, url=form.url, title=form.title, language=form.language
        )
    if file is None:
        if form.kind == "datasheet":
            return operations.add_data_sheet(actor=actor, product=product, title=form.title)
        message = _("Send the file as the part `file`.")
        raise Refused("incomplete", message, {"file": message})
    if form.kind == "picture":
        about = PictureFacts(title=form.title, language=form.language)
        return operations.add_picture(actor=actor, product=product, data=data, facts=about)
    facts = DocumentFacts(**form.model_dump(exclude={"url"}))
    return operations.add_document(actor=actor, product=product, data=data, facts=facts)


@router.put(
    "products/{int:product_id}/media/order",
    response=Page[MediumOut],
    operation_id="orderMedia",
    summary="Order the media of a product",
)
@needs(EDIT_CATALOG)
@changes()
def order(request: ApiRequest, product_id: int, body: MediaOrderIn) -> Page[MediumOut]:
    """The first picture stands on the product's card."""
    product = own_product(request, product_id)
    operations.order_media(actor=request.actor, product=product, medium_ids=body.ids)
    return Page(items=_shown(product), next=None)


@router.delete(
    "products/{int:product_id}/media/{int:medium_id}",
    response={204: None},
    operation_id="removeMedium",
    summary="Take a picture, document or video off",
)
@needs(EDIT_CATALOG)
@changes()
def remove(request: ApiRequest, product_id: int, medium_id: int) -> None:
    """From this product; others that show the same file keep it."""
    product = own_product(request, product_id)
    medium = get_object_or_404(product.media.select_related("product"), pk=medium_id)
    operations.remove_medium(actor=request.actor, medium=medium)


def _shown(product: Product) -> list[MediumOut]:
    return [medium_out(one) for one in product.media.all()]


def medium_out(medium: Medium) -> MediumOut:
    size = size_of(medium.file)
    plain = (
        "id", "kind", "title", "language", "valid_from", "valid_until", "media_type", "byte_size", "position",
    )  # fmt: skip
    return MediumOut(
        width=size.width if size else None,
        height=size.height if size else None,
        url=medium.url or (reverse("storefront:medium", args=[medium.file]) if medium.file else ""),
        sha256=medium.digest,
        **{name: getattr(medium, name) for name in plain},
    )
