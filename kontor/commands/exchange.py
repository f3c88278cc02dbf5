"""`kontor import` and `kontor export`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from django.db.models import Q

from kontor.catalog.models import Product
from kontor.commands.start import fail
from kontor.commands.steps import console, errors, step
from kontor.companies.models import Company
from kontor.exchange import folder
from kontor.exchange.archives import FORM as PICTURES
from kontor.exchange.archives import carry_out_pictures
from kontor.exchange.imports import carry_out
from kontor.exchange.models import ImportRun, SavedMapping
from kontor.exchange.operations import Incoming, set_plan, take_in
from kontor.exchange.plan import plan_from
from kontor.exchange.writers import FORMS, Selection, columns_of, exported_rows, write_file
from kontor.exchange.writers.bmecat import BmecatFacts
from kontor.inventory.models import Warehouse
from kontor.kernel.actors import system_actor
from kontor.kernel.refusal import Refused
from kontor.pricing.models import PriceList

PIECE = 1_048_576
SHOWN = 20
NAMES = {"new": "new", "changed": "changed", "unchanged": "as before", "wrong": "wrong", "prices": "prices",
         "stock": "stock figures", "pictures": "pictures", "shortened": "texts shortened"}  # fmt: skip


def import_file(file: Path, *, seller: str, mapping: str, check: bool, good_rows: bool) -> int:
    """Take a file in and check or import it; the exit code."""
    company = _seller(seller)
    actor = system_actor("kontor import", door="command")
    kept = SavedMapping.objects.filter(seller=company, name=mapping).first()
    if mapping and kept is None:
        fail(f"There is no mapping called {mapping!r}.")
    try:
        with step("Reading the file") as running:
            incoming = Incoming(name=file.name, pieces=_pieces(file))
            run = take_in(actor=actor, incoming=incoming, seller=company, mapping=kept)
            plan = plan_from(run.plan | {"takes_good_rows": good_rows or run.plan["takes_good_rows"]})
            set_plan(actor=actor, run=run, plan=plan)
            running.result = f"{run.form}, {run.about['columns']} columns, {len(plan.columns)} with a meaning"
        with step("Check" if check else "Import") as running:
            carry_out(actor=actor, run=run, check=check, progress=lambda done: running.report("rows", done))
            running.result = _said(run)
    except Refused as refusal:
        console.print()
        for sentence in dict.fromkeys([refusal.message, *refusal.fields.values()]):
            errors.print(sentence, style="red", markup=False, soft_wrap=True)
        return 1
    return _told(run)


def import_pictures(file: Path, *, seller: str, check: bool) -> int:
    """Take an archive of pictures in, and check or import it; the exit code is 1 when a file was left out."""
    actor = system_actor("kontor import", door="command")
    try:
        with step("Reading the archive") as running:
            incoming = Incoming(name=file.name, pieces=_pieces(file))
            run = take_in(actor=actor, incoming=incoming, seller=_seller(seller))
            if run.form != PICTURES:
                fail(f"{file.name} is no ZIP archive of pictures.")
            running.result = f"{run.rows_total:,} files"
        with step("Check of pictures" if check else "Pictures") as running:
            carry_out_pictures(
                actor=actor, run=run, check=check, progress=lambda done: running.report("files", done)
            )
            running.result = _said(run)
    except Refused as refusal:
        console.print()
        errors.print(refusal.message, style="red", markup=False, soft_wrap=True)
        return 1
    return _told(run) or int(bool(run.errors))


def _told(run: ImportRun) -> int:
    for one in run.errors[:SHOWN]:
        where = f"line {one['line']}" + (f", {one['column']}" if one["column"] else "")
        errors.print(f"  {where}: {one['why']}", markup=False, soft_wrap=True)
    if run.error_file:
        errors.print(f"All wrong rows: {folder.fetched(run.error_file)}", markup=False, soft_wrap=True)
    if run.problem:
        errors.print(run.problem, style="red", markup=False, soft_wrap=True)
    return 1 if run.problem or run.status == ImportRun.Status.REFUSED else 0


def _said(run: ImportRun) -> str:
    parts = [f"{run.counts[key]:,} {name}" for key, name in NAMES.items() if run.counts.get(key)]
    return f"{run.counts['rows']:,} rows: {', '.join(parts) or 'nothing'}"


def export_file(file: Path, *, seller: str, only: Mapping[str, str]) -> None:
    """Write the goods; ends with a sentence when something is not there."""
    company = _seller(seller)
    form = next((one.key for one in FORMS.values() if file.suffix.lower() == f".{one.ending}"), "")
    if not form:
        fail("The file must end in .csv, .xlsx, .jsonl or .xml (BMEcat).")
    if only["status"] and only["status"] not in Product.Status.values:
        fail(f"Statuses are: {', '.join(Product.Status.values)}.")
    lists = PriceList.objects.filter(seller=company, code=only["prices"]).first()
    warehouse = Warehouse.objects.filter(seller=company, code=only["stock"]).first()
    if (only["prices"] and lists is None) or (only["stock"] and warehouse is None):
        fail("There is no price list or warehouse of this code.")
    selection = Selection(
        seller_id=company.pk,
        status=only["status"],
        brand=only["brand"],
        price_list_id=lists.pk if lists else None,
        warehouse_id=warehouse.pk if warehouse else None,
    )
    facts = BmecatFacts(supplier=str(company), currency=lists.currency if lists else company.currency)
    with step("Export") as running, file.open("wb") as out:
        count = 0

        def counted() -> Iterator[dict[str, str]]:
            nonlocal count
            for row in exported_rows(selection):
                count += 1
                yield row

        out.writelines(write_file(form, columns_of(selection), counted(), facts))
        running.result = f"{count:,} products in {file}"


def _seller(wanted: str) -> Company:
    sellers = Company.objects.filter(is_seller=True)
    if wanted:
        sellers = (
            sellers.filter(pk=int(wanted))
            if wanted.isdigit()
            else sellers.filter(Q(legal_name__iexact=wanted) | Q(trade_name__iexact=wanted))
        )
    found = list(sellers.order_by("id")[:2])
    if len(found) != 1:
        names = ", ".join(
            Company.objects.filter(is_seller=True).order_by("id").values_list("legal_name", flat=True)[:10]
        )
        fail(f"Say which seller with --seller: {names}.")
    return found[0]


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(PIECE):
            yield piece
