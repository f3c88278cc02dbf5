"""Pictures that a file named by address and that could not be fetched: as a file, and once more."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kontor.backoffice.seat import at_own_desk
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.exchange.models import ImportRun
from kontor.exchange.operations import fetch_again
from kontor.exchange.pictures import failed_of
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to
from kontor.web.spreadsheets import spreadsheet
from kontor.web.toasts import Toast


def _run_of(request: PersonRequest, run_id: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.visible_to(at_own_desk(request)), pk=run_id)


@needs(EDIT_CATALOG)
@require_GET
def import_pictures(request: PersonRequest, run_id: int) -> HttpResponseBase:
    """GET /office/imports/7/pictures.csv -> each picture that could not be fetched, and why."""
    run = _run_of(request, run_id)
    return spreadsheet(f"pictures-{run.pk}", [_("SKU"), _("Address"), _("Problem")], failed_of(run))


@needs(EDIT_CATALOG)
@require_POST
def import_pictures_again(request: PersonRequest, run_id: int) -> HttpResponse:
    """POST /office/imports/7/pictures/again/ -> they wait to be fetched once more."""
    run = _run_of(request, run_id)
    count = fetch_again(actor=at_own_desk(request), run=run)
    message = ngettext("%(n)s picture is tried again.", "%(n)s pictures are tried again.", count) % {
        "n": count
    }
    return leave_to(request, reverse("backoffice:import", args=[run.pk]), toast=Toast(message=message))


urlpatterns = [
    path("imports/<int:run_id>/pictures.csv", import_pictures, name="import_pictures"),
    path("imports/<int:run_id>/pictures/again/", import_pictures_again, name="import_pictures_again"),
]
