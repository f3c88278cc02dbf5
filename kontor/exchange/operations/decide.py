from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.ownership import require_own
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.exchange import folder
from kontor.exchange.archives import FORM
from kontor.exchange.models import ImportRun, PictureOrder, SavedMapping
from kontor.exchange.operations.take_in import facts_of, may_import
from kontor.exchange.pictures import send_for_pictures
from kontor.exchange.plan import Plan, check_plan, header_digest, plan_from
from kontor.exchange.rights import refuse_columns
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.jobs import defer
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.tables import ReadOptions, open_table

QUEUE = "default"
STATUS = ImportRun.Status
SETTLED = (STATUS.OPEN, STATUS.CHECKED, STATUS.REFUSED, STATUS.FAILED)


@transaction.atomic
def set_plan(*, actor: Actor, run: ImportRun, plan: Plan) -> ImportRun:
    """Decide what the columns of a file mean and how it is imported.

    Raises Refused as `check_plan`, at ``file`` when another sheet or header cannot be read, and Stale while it runs.
    """
    _require(actor, run.seller_id)
    check_plan(plan)
    before = plan_from(run.plan)
    values: dict[str, object] = {"plan": plan.as_json(), "status": STATUS.OPEN, "problem": ""}
    if (plan.sheet, plan.header) != (before.sheet, before.header):
        try:
            table = open_table(folder.fetched(run.file), ReadOptions(plan.sheet, plan.header))
        except EntranceProblem as problem:
            raise Refused(problem.code, problem.message, {"sheet": problem.message}) from None
        values |= facts_of(table)
    _move(run, values)
    return run


@transaction.atomic
def ask_for(*, actor: Actor, run: ImportRun, check: bool) -> ImportRun:
    """Have the worker check a file (nothing is changed) or import it.

    Raises Refused as `check_plan` and `refuse_columns`, and Stale.
    """
    _require(actor, run.seller_id)
    if run.form != FORM:
        plan = plan_from(run.plan)
        check_plan(plan)
        refuse_columns(actor, plan)
    status = STATUS.CHECKING if check else STATUS.QUEUED
    _move(run, {"status": status, "problem": "", "rows_done": 0, "started_at": None, "finished_at": None})
    defer("carry_out_import", queue=QUEUE, run_id=run.pk, check=int(check))
    return run


@transaction.atomic
def save_mapping(*, actor: Actor, run: ImportRun, name: str) -> SavedMapping:
    """Keep the plan of a file under a name; files with the same columns take it over by themselves.

    Raises Refused("incomplete") at ``mapping_name``.
    """
    _require(actor, run.seller_id)
    name = name.strip()
    if not name or len(name) > 120:
        message = _("Enter a name of up to 120 characters.")
        raise Refused("incomplete", message, {"mapping_name": message})
    facts = {
        "plan": run.plan,
        "header": header_digest(column["name"] for column in run.columns),
        "used_at": clock.now(),
    }
    mapping, _is_new = SavedMapping.objects.update_or_create(
        seller_id=run.seller_id, name=name, defaults=facts
    )
    ImportRun.objects.filter(pk=run.pk).update(mapping=mapping)
    record(actor, "exchange.mapping_saved", ("import", run.pk), changes={"name": name})
    return mapping


@transaction.atomic
def forget_mapping(*, actor: Actor, mapping: SavedMapping) -> None:
    """Remove a saved mapping; runs that used it keep theirs."""
    _require(actor, mapping.seller_id)
    mapping.delete()


@transaction.atomic
def fetch_again(*, actor: Actor, run: ImportRun) -> int:
    """Have the worker try the pictures again that could not be fetched; how many."""
    _require(actor, run.seller_id)
    require(actor, EDIT_CATALOG)
    failed = run.pictures.filter(status=PictureOrder.Status.FAILED)
    count = failed.update(status=PictureOrder.Status.WAITING, tries=0, next_at=clock.now())
    if count:
        send_for_pictures()
        record(actor, "exchange.pictures_asked_again", ("import", run.pk), changes={"pictures": count})
    return count


def _require(actor: Actor, seller_id: int) -> None:
    if not may_import(actor):
        raise NotAllowed("not_allowed", _("Your role does not include imports."))
    require_own(actor, seller_id)


def _move(run: ImportRun, values: dict[str, object]) -> None:
    """The WHERE is the lock: a file that is being imported is left alone."""
    if not ImportRun.objects.filter(pk=run.pk, status__in=SETTLED).update(**values):
        raise Stale("stale", _("This file is being imported, or was. Upload it again to import it again."))
    for name, value in values.items():
        setattr(run, name, value)
