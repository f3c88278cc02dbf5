"""Imports, exports and feeds at given times: what runs when, what came of it, run now, pause."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Product
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.exchange import folder
from kontor.exchange.models import SavedMapping
from kontor.exchange.rights import IMPORTERS
from kontor.exchange.writers import FORMS
from kontor.inventory.models import Warehouse
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.models import PriceList
from kontor.publishing.models import Schedule, ScheduleRun
from kontor.publishing.operations.schedules import (
    ScheduleFacts,
    continue_schedule,
    forget_schedule,
    pause_schedule,
    run_schedule,
    save_schedule,
)
from kontor.publishing.permissions import may_schedule
from kontor.publishing.schedules import PRESETS
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

LIST, ONE = "backoffice/schedules/list.html", "backoffice/schedules/one.html"
KIND, STATUS = Schedule.Kind, ScheduleRun.Status
MARKS = {
    STATUS.WAITING: "active",
    STATUS.RUNNING: "active",
    STATUS.DONE: "done",
    STATUS.NOTHING: "neutral",
    STATUS.FAILED: "bad",
}
OWN_TIMES = "own"


@needs(*IMPORTERS)
@require_http_methods(["GET", "POST"])
def schedules(request: PersonRequest) -> HttpResponse:
    """GET /office/schedules/?kind=import -> what runs when, and a form for a new one; POST the form -> added."""
    actor = at_own_desk(request)
    kind = (
        request.GET.get("kind", "") if request.GET.get("kind") in (KIND.IMPORT, KIND.EXPORT) else KIND.IMPORT
    )
    kind = kind if may_schedule(actor, kind) else KIND.IMPORT
    if request.method == "GET":
        return page(request, LIST, block="listing", **_listed(actor, kind, QueryDict()))
    try:
        schedule = save_schedule(actor=actor, facts=_facts(actor, request.POST), kind=kind)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, LIST, refusal, **_listed(actor, kind, request.POST))
    toast = Toast(message=_("The schedule is saved. Run it once now to see that it works."))
    return leave_to(request, reverse("backoffice:schedule", args=[schedule.pk]), toast=toast)


def _listed(actor: Actor, kind: str, typed: QueryDict) -> dict[str, Any]:
    rows = Schedule.objects.visible_to(actor).exclude(kind=KIND.PRICES).order_by("kind", "name")
    known = list(rows.prefetch_related("runs")[:200])
    return {
        "rows": [(one, next(iter(one.runs.all()), None)) for one in known],
        "marks": MARKS,
        "kind": kind,
        "kinds": [(one, KIND(one).label) for one in (KIND.IMPORT, KIND.EXPORT) if may_schedule(actor, one)],
        "form": _form(actor, None, kind, typed),
    }


@needs(*IMPORTERS)
@require_http_methods(["GET", "POST"])
def schedule(request: PersonRequest, schedule_id: int) -> HttpResponse:
    """GET /office/schedules/7/ -> its form and its last runs; POST the form -> changed."""
    actor, found = at_own_desk(request), _of(request, schedule_id)
    if request.method == "GET":
        return page(request, ONE, block="runs", **_shown(actor, found, QueryDict()))
    try:
        save_schedule(actor=actor, facts=_facts(actor, request.POST), schedule=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, ONE, refusal, **_shown(actor, found, request.POST))
    back = reverse("backoffice:schedule", args=[found.pk])
    return leave_to(request, back, toast=Toast(message=_("The schedule is saved.")))


@needs(*IMPORTERS)
@require_POST
def schedule_act(request: PersonRequest, schedule_id: int) -> HttpResponse:
    """POST /office/schedules/7/act/ do=run|pause|continue|remove -> done, and back to it."""
    actor, found = at_own_desk(request), _of(request, schedule_id)
    done = request.POST.get("do", "")
    acts: dict[str, tuple[Any, str]] = {
        "run": (run_schedule, _("It is on its way.")),
        "pause": (pause_schedule, _("It is paused.")),
        "continue": (continue_schedule, _("It runs again at its times.")),
        "remove": (forget_schedule, _("The schedule is removed.")),
    }
    if done not in acts:
        raise Http404
    act, message = acts[done]
    back = reverse("backoffice:schedule", args=[found.pk])
    try:
        act(actor=actor, schedule=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        return leave_to(request, back, toast=Toast(message=refusal.message, kind="warning"))
    back = reverse("backoffice:schedules") if done == "remove" else back
    return leave_to(request, back, toast=Toast(message=message))


@needs(EDIT_CATALOG)
@require_GET
def schedule_file(request: PersonRequest, schedule_id: int, made_id: int) -> HttpResponseBase:
    """GET /office/schedules/7/runs/3/file -> the file that a run made."""
    run = get_object_or_404(_of(request, schedule_id).runs.exclude(file=""), pk=made_id)
    response = FileResponse(
        folder.fetched(run.file).open("rb"), as_attachment=True, filename=run.file.rpartition("/")[2]
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _of(request: PersonRequest, schedule_id: int) -> Schedule:
    own = Schedule.objects.visible_to(at_own_desk(request)).exclude(kind=KIND.PRICES)
    return get_object_or_404(own.select_related("company", "mapping", "feed"), pk=schedule_id)


def _shown(actor: Actor, found: Schedule, typed: QueryDict) -> dict[str, Any]:
    runs = list(found.runs.order_by("-id")[:30])
    return {
        "one": found,
        "runs": runs,
        "is_busy": any(run.is_busy for run in runs),
        "marks": MARKS,
        "form": _form(actor, found, found.kind, typed),
        "may_change": may_schedule(actor, found.kind),
        "zone": found.company.timezone,
    }


def _form(actor: Actor, found: Schedule | None, kind: str, typed: QueryDict) -> dict[str, Any]:
    """What stands in the fields, and what can be chosen."""
    options = found.options if found else {}
    times = found.times if found else "0 4 * * *"
    kept = {
        "name": found.name if found else "",
        "times": times if times in PRESETS else OWN_TIMES,
        "own_times": "" if times in PRESETS else times,
        "source": found.source if found else "",
        "mapping": str(found.mapping_id or "") if found else "",
        "good_rows": "yes" if options.get("good_rows") else "",
        **{name: str(options.get(name) or "") for name in ("form", "status", "price_list", "warehouse")},
    }
    shown = {name: typed.get(name, value if not typed else "") for name, value in kept.items()}
    lists = PriceList.objects.visible_to(actor).order_by("-is_public", "name").values_list("pk", "name")
    return {
        "kind": kind,
        "values": shown,
        "times": [*PRESETS.items(), (OWN_TIMES, _("Other times"))],
        "mappings": [("", _("Recognise the columns each time")),
                     *SavedMapping.objects.visible_to(actor).order_by("name").values_list("pk", "name")],
        "forms": [(one.key, one.name) for one in FORMS.values()],
        "statuses": [("", _("Any status")), *Product.Status.choices],
        "price_lists": [("", _("Without prices")), *lists],
        "warehouses": [("", _("Without stock")), *Warehouse.objects.visible_to(actor).values_list("pk", "name")],
    }  # fmt: skip


def _facts(actor: Actor, typed: QueryDict) -> ScheduleFacts:
    times = typed.get("times", "")
    price_list = (
        PriceList.objects.visible_to(actor).filter(pk=key_of(typed.get("price_list", "")) or 0).first()
    )
    warehouse = Warehouse.objects.visible_to(actor).filter(pk=key_of(typed.get("warehouse", "")) or 0).first()
    status = typed.get("status", "")
    return ScheduleFacts(
        name=typed.get("name", "").replace("\x00", ""),
        times=typed.get("own_times", "").replace("\x00", "")[:60] if times == OWN_TIMES else times[:60],
        source=typed.get("source", "").replace("\x00", "")[:500],
        mapping=SavedMapping.objects.visible_to(actor)
        .filter(pk=key_of(typed.get("mapping", "")) or 0)
        .first(),
        options={
            "good_rows": typed.get("good_rows") == "yes",
            "form": typed.get("form", "csv"),
            "status": status if status in Product.Status.values else "",
            "price_list": price_list.pk if price_list else None,
            "warehouse": warehouse.pk if warehouse else None,
        },
    )


urlpatterns = [
    path("schedules/", schedules, name="schedules"),
    path("schedules/<int:schedule_id>/", schedule, name="schedule"),
    path("schedules/<int:schedule_id>/act/", schedule_act, name="schedule_act"),
    path("schedules/<int:schedule_id>/runs/<int:made_id>/file", schedule_file, name="schedule_file"),
]
