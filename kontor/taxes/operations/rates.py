"""Tax rates, which the operator keeps: those that come with Kontor, single ones, tables of other makers as CSV."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.audit.trail import record
from kontor.companies.countries import COUNTRIES
from kontor.kernel.actors import Actor, require
from kontor.kernel.entrances import csv_rows
from kontor.kernel.entrances.problem import EntranceProblem
from kontor.kernel.refusal import Refused
from kontor.taxes.models import TaxRate
from kontor.taxes.permissions import EDIT_RATES
from kontor.taxes.rules import CATEGORIES, REVERSED_AT_HOME

SHIPPED = "rates.csv"
MOST_PROBLEMS = 50
RATED = tuple(one for one in CATEGORIES if one not in ("exempt", REVERSED_AT_HOME))
"""Categories that have rates: exempt goods bear none, those reversed at home the standard one."""
INSERT = """
INSERT INTO taxes_rate AS r (country, region, city, postal_prefix, name, adds, category, rate, valid_from, source)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bool[], %s::text[],
    %s::numeric[], %s::date[], %s::text[])
ON CONFLICT (country, region, city, postal_prefix, name, category, valid_from)
"""
KEEP = f"{INSERT} DO NOTHING"
REPLACE = f"""{INSERT} DO UPDATE SET rate = excluded.rate, source = excluded.source, adds = excluded.adds
WHERE (r.rate, r.adds) IS DISTINCT FROM (excluded.rate, excluded.adds)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateFacts:
    """A rate as `taxes.models.TaxRate` keeps it; a `name` makes it one that adds to those of wider places."""

    country: str
    category: str
    rate: Decimal
    valid_from: date
    region: str = ""
    city: str = ""
    postal_prefix: str = ""
    name: str = ""
    source: str = ""


NAMES = tuple(one.name for one in fields(RateFacts))


@transaction.atomic
def save_rates(*, actor: Actor, rows: Iterable[RateFacts]) -> int:
    """Write rates; one of the same place, name, category and day is replaced. How many changed."""
    require(actor, EDIT_RATES)
    changed = _write(REPLACE, list(rows))
    if changed:
        record(actor, "taxes.rates_saved", ("company", actor.company_id or 0), changes={"rows": changed})
    return changed


@transaction.atomic
def import_rates(*, actor: Actor, document: bytes, source: str) -> int:
    """Take in a table of rates as CSV: all rows or none.

    Columns are those of `RateFacts`, by name, in any order; country, category, rate and valid_from are needed. Raises
    Refused("rates_wrong") with the first fifty wrong rows at ``rows/<line of the file>``.
    """
    require(actor, EDIT_RATES)
    return save_rates(actor=actor, rows=_read(document, source))


@transaction.atomic
def take_shipped_rates(*, actor: Actor) -> int:
    """Add the rates that come with Kontor; what is there already stays as the operator has it. How many were added."""
    require(actor, EDIT_RATES)
    shipped = (files("kontor.taxes") / "data" / SHIPPED).read_bytes()
    added = _write(KEEP, _read(shipped, ""))
    if added:
        record(
            actor, "taxes.shipped_rates_taken", ("company", actor.company_id or 0), changes={"rows": added}
        )
    return added


@transaction.atomic
def remove_rate(*, actor: Actor, rate: TaxRate) -> None:
    """Take a rate away that was wrong; one that is over is followed by the next instead."""
    require(actor, EDIT_RATES)
    record(actor, "taxes.rate_removed", ("company", actor.company_id or 0), changes={"rate": str(rate)})
    rate.delete()


def _write(sql: str, rows: list[RateFacts]) -> int:
    if not rows:
        return 0
    columns: list[list[Any]] = [
        [one.country for one in rows],
        [one.region for one in rows],
        [one.city for one in rows],
        [one.postal_prefix for one in rows],
        [one.name for one in rows],
        [bool(one.name) for one in rows],
        [one.category for one in rows],
        [one.rate for one in rows],
        [one.valid_from for one in rows],
        [one.source for one in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, columns)
        return cursor.rowcount


def _read(document: bytes, source: str) -> list[RateFacts]:
    try:
        content = csv_rows.read(document)
    except EntranceProblem as problem:
        raise Refused("rates_wrong", str(problem), {"file": str(problem)}) from None
    missing = {"country", "category", "rate", "valid_from"} - set(content.columns)
    if missing:
        told = {"names": ", ".join(sorted(missing))}
        message = _("The first line must name these columns: %(names)s.") % told
        raise Refused("rates_wrong", message, {"file": message})
    wrong = {f"rows/{one.position}": str(one) for one in content.problems}
    rows: dict[tuple[object, ...], RateFacts] = {}
    for given in content.rows:
        row = rate_of({name: given.cells.get(name, "") for name in NAMES}, source)
        if isinstance(row, str):
            wrong[f"rows/{given.number}"] = row
            continue
        key = (row.country, row.region, row.city, row.postal_prefix, row.name, row.category, row.valid_from)
        if key in rows:
            wrong[f"rows/{given.number}"] = _("This place, category and day stand here twice.")
        rows[key] = row
    if wrong:
        message = ngettext(
            "%(count)s row is wrong. Nothing was saved.",
            "%(count)s rows are wrong. Nothing was saved.",
            len(wrong),
        )
        first = dict(list(wrong.items())[:MOST_PROBLEMS])
        raise Refused("rates_wrong", message % {"count": len(wrong)}, first)
    return list(rows.values())


def rate_of(given: dict[str, str], source: str) -> RateFacts | str:
    """A rate from texts, or the sentence that says what is wrong with them."""
    given = {name: text.replace("\x00", "").strip() for name, text in given.items()}
    try:
        rate = Decimal(given["rate"])
        day = date.fromisoformat(given["valid_from"])
    except (InvalidOperation, ValueError):
        return _("The rate must be a number like 19 or 8.125, the day like 2026-01-31.")
    country, category = given["country"].upper(), given["category"] or "standard"
    if country not in COUNTRIES:
        return _("There is no country %(code)s.") % {"code": country}
    if category not in RATED:
        return _("Categories with rates are %(names)s.") % {"names": ", ".join(RATED)}
    if not (rate.is_finite() and 0 <= rate <= 100 and rate == round(rate, 3)):
        return _("A rate is from 0 to 100 percent with at most three decimals.")
    return RateFacts(
        country=country,
        category=category,
        rate=rate,
        valid_from=day,
        region=given["region"].upper()[:16],
        city=given["city"].upper()[:80],
        postal_prefix="".join(given["postal_prefix"].upper().split())[:16],
        name=given["name"][:80],
        source=(given["source"] or source)[:120],
    )
