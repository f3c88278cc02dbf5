"""Pictures and documents of an article: upload, order, remove."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kontor.backoffice.families import own_languages
from kontor.backoffice.product_form import product_of
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Medium
from kontor.catalog.operations import (
    DocumentFacts,
    PictureFacts,
    add_data_sheet,
    add_document,
    add_picture,
    add_video,
    order_media,
    remove_medium,
    show_earlier,
)
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.goods.media import MAX_BYTES
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.web.access import needs
from kontor.web.asked import day_of
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to
from kontor.web.toasts import Toast

MOST_AT_ONCE = 10


def _back(request: PersonRequest, product_id: int, toast: Toast) -> HttpResponse:
    return leave_to(request, reverse("backoffice:product", args=[product_id]) + "#media", toast=toast)


def _language(request: PersonRequest) -> str:
    """The language that was chosen, if it is one of the seller's; "" for all."""
    asked = request.POST.get("language", "")
    return asked if asked in own_languages(request) else ""


@needs(EDIT_CATALOG)
@require_POST
def pictures_add(request: PersonRequest, product_id: int) -> HttpResponse:
    """POST /office/products/7/pictures/ file (several) -> on the article; what cannot be read is named."""
    product, actor = product_of(request, product_id), at_own_desk(request)
    added, failed = 0, []
    facts = PictureFacts(language=_language(request))
    for upload in request.FILES.getlist("file")[:MOST_AT_ONCE]:
        try:
            add_picture(actor=actor, product=product, data=upload.read(MAX_BYTES + 1), facts=facts)
            added += 1
        except NotAllowed:
            raise
        except Refused as refusal:
            failed.append(f"{upload.name}: {refusal.message}")
    message = ngettext("%(n)s picture is added.", "%(n)s pictures are added.", added) % {"n": added}
    if not added:
        message = _("No picture was added.") if failed else _("Choose a picture first.")
    toast = Toast(message=message, told=" ".join(failed), kind="good" if added and not failed else "warning")
    return _back(request, product_id, toast)


@needs(EDIT_CATALOG)
@require_POST
def document_add(request: PersonRequest, product_id: int) -> HttpResponse:
    """POST /office/products/7/documents/ file, title, kind -> a PDF; without a file a data sheet from the data."""
    product, actor, form = product_of(request, product_id), at_own_desk(request), request.POST
    upload = request.FILES.get("file")
    title = form.get("title", "").strip()
    try:
        if upload is None and form.get("kind") == Medium.Kind.DATASHEET:
            medium = add_data_sheet(actor=actor, product=product, title=title)
        elif upload is None:
            return _back(request, product_id, Toast(message=_("Choose a PDF file first."), kind="warning"))
        else:
            facts = DocumentFacts(
                title=title or (upload.name or "").removesuffix(".pdf"),
                kind=form.get("kind", Medium.Kind.DATASHEET),
                language=_language(request),
                valid_from=day_of(form.get("valid_from", "")),
                valid_until=day_of(form.get("valid_until", "")),
            )
            medium = add_document(actor=actor, product=product, data=upload.read(MAX_BYTES + 1), facts=facts)
    except NotAllowed:
        raise
    except Refused as refusal:
        return _back(request, product_id, Toast(message=refusal.message, kind="warning"))
    return _back(request, product_id, Toast(message=_("“%(title)s” is added.") % {"title": medium.title}))


@needs(EDIT_CATALOG)
@require_POST
def video_add(request: PersonRequest, product_id: int) -> HttpResponse:
    """POST /office/products/7/videos/ url, title -> a video that lies elsewhere."""
    product, form = product_of(request, product_id), request.POST
    try:
        medium = add_video(
            actor=at_own_desk(request),
            product=product,
            url=form.get("url", "").replace("\x00", ""),
            title=form.get("title", "").replace("\x00", ""),
            language=_language(request),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return _back(request, product_id, Toast(message=refusal.message, kind="warning"))
    return _back(request, product_id, Toast(message=_("“%(title)s” is added.") % {"title": medium.title}))


def _medium_of(request: PersonRequest, product_id: int, medium_id: int) -> Medium:
    product = product_of(request, product_id)
    return get_object_or_404(Medium.objects.select_related("product"), pk=medium_id, product=product)


@needs(EDIT_CATALOG)
@require_POST
def medium_remove(request: PersonRequest, product_id: int, medium_id: int) -> HttpResponse:
    """POST /office/products/7/media/3/remove/ -> off the article."""
    medium = _medium_of(request, product_id, medium_id)
    title = medium.title
    remove_medium(actor=at_own_desk(request), medium=medium)
    return _back(request, product_id, Toast(message=_("“%(title)s” is removed.") % {"title": title}))


@needs(EDIT_CATALOG)
@require_POST
def medium_place(request: PersonRequest, product_id: int, medium_id: int) -> HttpResponse:
    """POST /office/products/7/media/3/place/ to=first|earlier -> the first picture stands on the card."""
    medium = _medium_of(request, product_id, medium_id)
    if request.POST.get("to") == "earlier":
        show_earlier(actor=at_own_desk(request), medium=medium)
        message = _("“%(title)s” comes one place earlier now.")
    else:
        order_media(actor=at_own_desk(request), product=medium.product, medium_ids=[medium.pk])
        message = _("“%(title)s” comes first now.")
    return _back(request, product_id, Toast(message=message % {"title": medium.title}))


urlpatterns = [
    path("products/<int:product_id>/pictures/", pictures_add, name="pictures_add"),
    path("products/<int:product_id>/documents/", document_add, name="document_add"),
    path("products/<int:product_id>/videos/", video_add, name="video_add"),
    path("products/<int:product_id>/media/<int:medium_id>/remove/", medium_remove, name="medium_remove"),
    path("products/<int:product_id>/media/<int:medium_id>/place/", medium_place, name="medium_place"),
]
