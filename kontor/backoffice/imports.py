"""Files on their way in: upload, what the columns mean, check, import, report, history."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.backoffice.import_form import at_places, form_of, plan_of
from kontor.backoffice.seat import at_own_desk
from kontor.exchange import folder
from kontor.exchange.archives import FORM as PICTURES
from kontor.exchange.models import ImportRun, SavedMapping
from kontor.exchange.operations import (
    Incoming,
    ask_for,
    forget_mapping,
    save_mapping,
    set_plan,
    take_in,
)
from kontor.exchange.rights import IMPORTERS
from kontor.exchange.subjects import GOODS, SUBJECTS
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.pages import leave_to, page, refused
from kontor.web.spreadsheets import spreadsheet
from kontor.web.toasts import Toast

LIST, ONE = "backoffice/imports/list.html", "backoffice/imports/run.html"
STATUS = ImportRun.Status
KINDS = {
    STATUS.OPEN: "waiting",
    STATUS.CHECKING: "active",
    STATUS.CHECKED: "waiting",
    STATUS.QUEUED: "active",
    STATUS.RUNNING: "active",
    STATUS.DONE: "done",
    STATUS.REFUSED: "bad",
    STATUS.FAILED: "bad",
}


def _listed(request: PersonRequest) -> dict[str, Any]:
    actor = at_own_desk(request)
    rows, pager = page_of(request, ImportRun.objects.visible_to(actor), ["-id"])
    return {
        "runs": rows,
        "pager": pager,
        "kinds": KINDS,
        "mappings": list(SavedMapping.objects.visible_to(actor).order_by("name")),
        "subjects": [(one.key, one.name) for one in SUBJECTS.values()],
    }


@needs(*IMPORTERS)
@require_http_methods(["GET", "POST"])
def imports(request: PersonRequest) -> HttpResponse:
    """GET /office/imports/ -> uploads and their reports; POST with `file` -> taken in, on to its columns."""
    upload = request.FILES.get("file") if request.method == "POST" else None
    if request.method == "GET":
        return page(request, LIST, block="listing", **_listed(request))
    try:
        if upload is None:
            message = _("Choose a file first.")
            raise Refused("incomplete", message, {"file": message})
        about = request.POST.get("subject", "")
        incoming = Incoming(name=upload.name or "file", pieces=upload.chunks(), subject=about)
        run = take_in(actor=at_own_desk(request), incoming=incoming)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, LIST, refusal, **_listed(request))
    return leave_to(request, reverse("backoffice:import", args=[run.pk]))


def _run_of(request: PersonRequest, run_id: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.visible_to(at_own_desk(request)), pk=run_id)


def _shown(request: PersonRequest, run: ImportRun) -> dict[str, Any]:
    is_settled = run.is_busy or run.status == STATUS.DONE
    return {
        "run": run,
        "kinds": KINDS,
        "steps": _steps(run),
        "is_archive": run.form == PICTURES,
        "form": form_of(run, at_own_desk(request)) if not is_settled and run.form != PICTURES else None,
        "failed_pictures": list(run.pictures.filter(status="failed").select_related("product")[:50]),
        "waiting_pictures": run.pictures.filter(status="waiting").count()
        if run.counts.get("pictures")
        else 0,
    }


def _steps(run: ImportRun) -> list[dict[str, str]]:
    """Where the file stands on its way."""
    labels = [_("Upload"), _("Names") if run.form == PICTURES else _("Columns"), _("Check"), _("Import")]
    at = {STATUS.OPEN: 1, STATUS.CHECKING: 2, STATUS.CHECKED: 3, STATUS.QUEUED: 3, STATUS.RUNNING: 3}
    current = at.get(STATUS(run.status), 4 if run.status == STATUS.DONE else 1)
    states = ["done" if place < current else "current" if place == current else "" for place in range(4)]
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]


@needs(*IMPORTERS)
@require_http_methods(["GET", "POST"])
def import_run(request: PersonRequest, run_id: int) -> HttpResponse:
    """GET /office/imports/7/ -> where the file stands; POST the meanings of its columns with do=check|run|keep."""
    run = _run_of(request, run_id)
    if request.method == "GET":
        return page(request, ONE, block="work", **_shown(request, run))
    actor, asked = at_own_desk(request), request.POST.get("do", "")
    try:
        if run.form != PICTURES:
            set_plan(actor=actor, run=run, plan=plan_of(request.POST, run))
        if asked == "keep":
            save_mapping(actor=actor, run=run, name=request.POST.get("mapping_name", ""))
        elif asked in ("check", "run"):
            ask_for(actor=actor, run=run, check=asked == "check")
    except NotAllowed:
        raise
    except Refused as refusal:
        run.plan = plan_of(request.POST, run).as_json()
        return refused(request, ONE, at_places(refusal, run), block="work", **_shown(request, run))
    kept = Toast(message=_("The mapping is saved. The next file with these columns uses it."))
    back = reverse("backoffice:import", args=[run.pk])
    return leave_to(request, back, toast=kept if asked == "keep" else None)


@needs(*IMPORTERS)
@require_GET
def import_errors(request: PersonRequest, run_id: int) -> HttpResponseBase:
    """GET /office/imports/7/errors.csv -> the wrong rows with the reason in each, to repair and upload again."""
    run = _run_of(request, run_id)
    if not run.error_file:
        raise Http404
    response = FileResponse(folder.fetched(run.error_file).open("rb"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="errors-{run.pk}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@needs(*IMPORTERS)
@require_GET
def import_template(request: PersonRequest) -> HttpResponseBase:
    """GET /office/imports/template.csv?subject=options -> the columns that Kontor knows by itself, with an example."""
    subject = SUBJECTS.get(request.GET.get("subject", ""), SUBJECTS[GOODS])
    columns = list(subject.template[0])
    return spreadsheet(
        f"template-{subject.key}",
        columns,
        [[row.get(one, "") for one in columns] for row in subject.template],
    )


@needs(*IMPORTERS)
@require_POST
def mapping_forget(request: PersonRequest, mapping_id: int) -> HttpResponse:
    """POST /office/imports/mappings/3/forget/ -> gone; files already imported keep theirs."""
    actor = at_own_desk(request)
    mapping = get_object_or_404(SavedMapping.objects.visible_to(actor), pk=mapping_id)
    try:
        forget_mapping(actor=actor, mapping=mapping)
    except NotAllowed:
        raise
    except Refused as refusal:
        toast = Toast(message=refusal.message, kind="warning")
        return leave_to(request, reverse("backoffice:imports"), toast=toast)
    toast = Toast(message=_("The mapping %(name)s is removed.") % {"name": mapping.name})
    return leave_to(request, reverse("backoffice:imports"), toast=toast)


urlpatterns = [
    path("imports/", imports, name="imports"),
    path("imports/template.csv", import_template, name="import_template"),
    path("imports/<int:run_id>/", import_run, name="import"),
    path("imports/<int:run_id>/errors.csv", import_errors, name="import_errors"),
    path("imports/mappings/<int:mapping_id>/forget/", mapping_forget, name="mapping_forget"),
]
