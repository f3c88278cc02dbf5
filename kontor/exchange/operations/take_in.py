from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.models import Attribute
from kontor.catalog.ownership import selling_company_id
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.companies.models import Company
from kontor.exchange import folder
from kontor.exchange.archives import FORM, files_in
from kontor.exchange.models import ImportRun, SavedMapping
from kontor.exchange.plan import Plan, header_digest
from kontor.exchange.rights import IMPORTERS
from kontor.exchange.subjects import GOODS, SUBJECTS
from kontor.exchange.suggesting import decimal_sign, subject_of, suggest
from kontor.inventory.models import Warehouse
from kontor.kernel.actors import Actor, require
from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.kernel.texts import printable
from kontor.pricing.models import PriceList
from kontor.tables import Table, open_table
from kontor.tables.report_columns import MOST_COLUMNS_KEPT

MOST_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A file that somebody hands in: its name there, its bytes in pieces, what it is about ("": as its columns say)."""

    name: str
    pieces: Iterable[bytes]
    subject: str = ""


def may_import(actor: Actor) -> bool:
    """Whether this person may hand files in."""
    return any(map(actor.may, IMPORTERS))


@transaction.atomic
def take_in(
    *, actor: Actor, incoming: Incoming, seller: Company | None = None, mapping: SavedMapping | None = None
) -> ImportRun:
    """Keep a file, find out what it is, and suggest what its columns mean; nothing is imported yet.

    A saved mapping that was made for the same columns is taken over; `mapping` names one. Raises NotAllowed, and
    Refused at ``file`` with the reason when the file cannot be read. A ZIP archive holds pictures, named by article.
    """
    if not may_import(actor):
        raise NotAllowed("not_allowed", _("Your role does not include imports."))
    seller_id = selling_company_id(actor, seller)
    file_name = " ".join(printable(incoming.name).split())[-200:]
    try:
        name, size = folder.keep(incoming.pieces, file_name, MOST_BYTES)
    except OverflowError:
        message = _("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1_000_000}
        raise Refused("too_big", message, {"file": message}) from None
    path = folder.path_of(name)
    try:
        pictures = files_in(path)
        table = open_table(path) if pictures is None else None
    except EntranceProblem as problem:
        raise Refused(problem.code, problem.message, {"file": problem.message}) from None
    subject = incoming.subject if incoming.subject in SUBJECTS else ""
    facts = (
        _of_pictures(actor, pictures or 0) if table is None else _of_table(seller_id, table, mapping, subject)
    )
    run = ImportRun.objects.create(
        seller_id=seller_id,
        file_name=file_name,
        file=name,
        byte_size=size,
        actor_name=actor.name,
        membership_id=actor.membership_id,
        door=actor.door,
        **facts,
    )
    record(actor, "exchange.file_taken_in", ("import", run.pk), changes={"file": run.file_name})
    return run


def _of_pictures(actor: Actor, files: int) -> dict[str, Any]:
    require(actor, EDIT_CATALOG)
    return {"form": FORM, "about": {"files": files}, "rows_total": files}


def _of_table(seller_id: int, table: Table, mapping: SavedMapping | None, subject: str) -> dict[str, Any]:
    made_for = SavedMapping.objects.filter(
        seller_id=seller_id, header=header_digest(table.names[:MOST_COLUMNS_KEPT])
    )
    fitting = (one for one in made_for if subject in ("", one.plan.get("subject", GOODS)))
    known = mapping or next(fitting, None)
    plan = known.plan if known else first_plan(seller_id, table, subject or subject_of(table)).as_json()
    return {"mapping": known, "plan": plan} | facts_of(table)


def facts_of(table: Table) -> dict[str, Any]:
    """What a run keeps of how its file was understood."""
    columns = [{"name": one.name, "samples": one.samples} for one in table.columns[:MOST_COLUMNS_KEPT]]
    about = dict(table.about) | {"columns": str(len(table.columns))}
    return {"form": table.form, "about": about, "columns": columns}


def first_plan(seller_id: int, table: Table, subject: str) -> Plan:
    """A plan made of suggestions."""
    meanings = suggest(table, Attribute.objects.filter(seller_id=seller_id), subject)
    lists = PriceList.objects.filter(seller_id=seller_id).order_by("-is_public", "id")
    currency = table.constants.get("PRICE_CURRENCY", "")
    price_list = lists.filter(currency=currency).first() if currency else lists.first()
    warehouse = Warehouse.objects.filter(seller_id=seller_id).order_by("position", "id").first()
    return Plan(
        subject=subject,
        columns=meanings,
        decimal=decimal_sign(table.columns, meanings),
        price_list=price_list.code if price_list else "",
        warehouse=warehouse.code if warehouse else "",
    )
