"""The seller into whose catalog `bench.bulk` imports, and one import."""

from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from kontor.companies.models import Company
from kontor.exchange.imports import carry_out
from kontor.exchange.operations import Incoming, set_plan, take_in
from kontor.exchange.plan import plan_from
from kontor.inventory.models import Warehouse
from kontor.kernel.actors import system_actor
from kontor.pricing.models import PriceList

ACTOR = system_actor("bench")


def seller() -> Company:
    """Made when it is not there, with a price list and a warehouse."""
    facts = {
        "legal_name": "Bulk Goods Ltd",
        "country": "DE",
        "currency": "EUR",
        "is_seller": True,
        "status": "active",
    }
    company, _made = Company.objects.get_or_create(slug="bulk-goods", defaults=facts)
    PriceList.objects.get_or_create(
        seller=company, code="public", defaults={"name": "Public", "currency": "EUR", "is_public": True}
    )
    Warehouse.objects.get_or_create(seller=company, code="ONE", defaults={"name": "One", "country": "DE"})
    return company


def imported(company: Company, pieces: Iterator[bytes]) -> dict[str, int]:
    """Import a file as it comes; what is in the counts besides zeros."""
    run = take_in(actor=ACTOR, incoming=Incoming(name="rows.csv", pieces=pieces), seller=company)
    set_plan(actor=ACTOR, run=run, plan=plan_from(run.plan | {"makes_categories": True}))
    carry_out(actor=ACTOR, run=run, check=False)
    if run.problem:
        raise RuntimeError(f"{run.problem} {run.errors[:3]}")
    return {name: count for name, count in run.counts.items() if count}


def backend() -> int:
    """The process of PostgreSQL that serves this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchall()[0][0])


def copied(file: Path, columns: int) -> None:
    """The least that PostgreSQL can do with a file: its cells as texts into a table that nobody looks into."""
    names = ", ".join(f"c{place} text" for place in range(columns))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE bare ({names})")
        with cursor.copy("COPY bare FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(file.read_bytes())
        cursor.execute("DROP TABLE bare")
