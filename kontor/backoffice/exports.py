"""Goods as a file: which, with which prices and stock, in which form; and what has files of its own."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kontor.backoffice.products import category_options
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Category, Family, Product
from kontor.catalog.permissions import AGREE_QUANTITIES, EDIT_CATALOG
from kontor.catalog.queries import languages_of_seller
from kontor.exchange.rights import RIGHTS
from kontor.exchange.subjects import GOODS, SUBJECTS
from kontor.exchange.writers import (
    FORMS,
    STATED_FORMS,
    Form,
    Selection,
    columns_of,
    exported_rows,
    stated_columns,
    stated_rows,
    write_file,
)
from kontor.inventory.models import Warehouse
from kontor.kernel.actors import Actor, require
from kontor.pricing.models import PriceList
from kontor.pricing.permissions import EDIT_PRICES
from kontor.tables.bmecat_writing import BmecatFacts
from kontor.web.access import needs
from kontor.web.asked import day_asked, key_of
from kontor.web.identity import PersonRequest
from kontor.web.pages import page

STATED = tuple(one for one in SUBJECTS if one != GOODS)


@needs(EDIT_CATALOG, AGREE_QUANTITIES, EDIT_PRICES)
@require_GET
def exports(request: PersonRequest) -> HttpResponse:
    """GET /office/exports/ -> the form that asks which goods go out, and how."""
    actor = at_own_desk(request)
    return page(
        request,
        "backoffice/imports/export.html",
        subjects=[(one, SUBJECTS[one].name) for one in STATED if actor.may(RIGHTS[one])],
        stated_forms=[(one.key, one.name) for one in STATED_FORMS.values()],
        **(_of_goods(actor) if actor.may(EDIT_CATALOG) else {}),
    )


def _of_goods(actor: Actor) -> dict[str, Any]:
    families = Family.objects.filter(seller_id=actor.company_id).values_list("id", "name")
    lists = PriceList.objects.visible_to(actor).order_by("-is_public", "name")
    houses = Warehouse.objects.visible_to(actor)
    return {
        "forms": [(one.key, one.name) for one in FORMS.values()],
        "statuses": [("", _("Any status")), *Product.Status.choices],
        "categories": category_options(_("All categories")),
        "families": [("", _("All families")), *families],
        "price_lists": [("", _("Without prices")), *((one.pk, one.name) for one in lists)],
        "warehouses": [("", _("Without stock")), *((one.pk, one.name) for one in houses)],
    }


@needs(EDIT_CATALOG)
@require_GET
def export_file(request: PersonRequest) -> HttpResponseBase:
    """GET /office/exports/file?form=csv&status=&category=… -> the goods, sent while they are read."""
    form = FORMS.get(request.GET.get("form", ""), FORMS["csv"])
    selection, facts = _selected(request)
    pieces = write_file(form.key, columns_of(selection), exported_rows(selection), facts)
    return _sent(pieces, form, "goods")


@needs(EDIT_CATALOG, AGREE_QUANTITIES, EDIT_PRICES)
@require_GET
def export_stated(request: PersonRequest) -> HttpResponseBase:
    """GET /office/exports/stated?subject=options&form=csv -> all options, agreed quantities, prices or costs."""
    actor = at_own_desk(request)
    subject = request.GET.get("subject") or next(one for one in STATED if actor.may(RIGHTS[one]))
    form = STATED_FORMS.get(request.GET.get("form", ""), STATED_FORMS["csv"])
    if subject not in STATED:
        raise Http404
    require(actor, RIGHTS[subject])
    seller_id = actor.company_id or 0
    columns, rows = stated_columns(seller_id, subject), stated_rows(seller_id, subject)
    return _sent(write_file(form.key, columns, rows, BmecatFacts()), form, subject)


def _sent(pieces: Iterator[bytes], form: Form, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=form.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form.ending}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _selected(request: PersonRequest) -> tuple[Selection, BmecatFacts]:
    actor, asked = at_own_desk(request), request.GET
    category = Category.objects.filter(pk=key_of(asked.get("category", "")) or 0).first()
    below: Any = Category.objects.filter(path__startswith=f"{category.path}/") if category else ()
    day = day_asked(request, "since")
    price_list = (
        PriceList.objects.visible_to(actor).filter(pk=key_of(asked.get("price_list", "")) or 0).first()
    )
    warehouse = Warehouse.objects.visible_to(actor).filter(pk=key_of(asked.get("warehouse", "")) or 0).first()
    status = asked.get("status", "")
    selection = Selection(
        seller_id=actor.company_id or 0,
        status=status if status in Product.Status.values else "",
        categories=[category.pk, *(one.pk for one in below)] if category else None,
        family_id=key_of(asked.get("family", "")),
        brand=asked.get("brand", "").replace("\x00", "")[:100],
        since=datetime.combine(day, time(), ZoneInfo(settings.CONFIG.default_timezone)) if day else None,
        price_list_id=price_list.pk if price_list else None,
        warehouse_id=warehouse.pk if warehouse else None,
    )
    language = languages_of_seller(actor.company_id, settings.LANGUAGE_CODE)[0]
    currency = price_list.currency if price_list else "EUR"
    return selection, BmecatFacts(supplier=actor.company_name, language=language, currency=currency)


urlpatterns = [
    path("exports/", exports, name="exports"),
    path("exports/file", export_file, name="export_file"),
    path("exports/stated", export_stated, name="export_stated"),
]
