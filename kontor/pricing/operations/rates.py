from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.ownership import require_own, selling_company_id
from kontor.companies.models import Company
from kontor.companies.permissions import OPERATE
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused
from kontor.pricing.events import PricesChanged
from kontor.pricing.models import ExchangeRate, PriceList
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.reference_rates import BASE, MAX_RATE, read

# A fixed rate was typed by a person; no file takes it away.
UPSERT = """
WITH written AS (
    INSERT INTO pricing_rate AS r (seller_id, source, target, day, rate, is_fixed)
    SELECT %s::bigint, %s, t.currency, t.day, t.rate, false
    FROM unnest(%s::text[], %s::date[], %s::numeric[]) AS t (currency, day, rate)
    ON CONFLICT (source, target, seller_id, day) DO UPDATE SET rate = EXCLUDED.rate
    WHERE NOT r.is_fixed AND r.rate <> EXCLUDED.rate
    RETURNING 1
) SELECT count(*) FROM written
"""


@dataclass(frozen=True, slots=True)
class ReadRates:
    """What a file of rates held, and how many of them are new or different."""

    first: date
    last: date
    currencies: int
    changed: int


@transaction.atomic
def import_reference_rates(*, actor: Actor, document: bytes) -> ReadRates:
    """Take in a file of the European Central Bank: for everybody from the operator, from a seller as rates of its own.

    All or none; the same file again changes nothing. Raises Refused("unreadable_rates") at ``file`` with the reason.
    """
    require(actor, OPERATE if actor.is_operator else EDIT_PRICES)
    seller_id = None if actor.is_system or actor.is_operator else actor.company_id
    try:
        # Rates of tomorrow are not known anywhere; a day more, because days begin elsewhere first.
        rates = read(document, clock.now().date() + timedelta(days=1))
    except EntranceProblem as problem:
        message = _("The rates were not taken in. %(why)s") % {"why": problem.message}
        raise Refused("unreadable_rates", message, {"file": message}) from None
    columns = [one.currency for one in rates], [one.day for one in rates], [one.rate for one in rates]
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [seller_id, BASE, *columns])
        (changed,) = cursor.fetchone() or (0,)
    found = ReadRates(min(columns[1]), max(columns[1]), len(set(columns[0])), changed)
    if changed:
        changes = {"days": f"{found.first} – {found.last}", "count": changed}
        record(
            actor, "pricing.rates_imported", ("company", seller_id or actor.company_id or 0), changes=changes
        )
        _tell(seller_id, set(columns[0]))
    return found


@transaction.atomic
def fix_rate(
    *, actor: Actor, source: str, target: str, rate: Decimal, day: date, seller: Company | None = None
) -> ExchangeRate:
    """Fix what one unit of a currency is in another one for the seller's lists, from a day on, until another is fixed.

    It goes before every other rate, however old. Raises Refused("incomplete") at the fields.
    """
    require(actor, EDIT_PRICES)
    seller_id = selling_company_id(actor, seller)
    problems = {
        name: _("Choose a currency.")
        for name, code in (("source", source), ("target", target))
        if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper())
    }
    if source == target and not problems:
        problems["target"] = _("Choose another currency.")
    if not (0 < rate < MAX_RATE and rate == round(rate, 8)):
        problems["rate"] = _("Enter a rate above 0 with at most eight decimals.")
    if problems:
        raise Refused("incomplete", _("The rate was not saved. Correct the marked fields."), problems)
    kept, _new = ExchangeRate.objects.update_or_create(
        seller_id=seller_id, source=source, target=target, day=day, defaults={"rate": rate, "is_fixed": True}
    )
    record(actor, "pricing.rate_fixed", ("company", seller_id), changes={"rate": str(kept)})
    _tell(seller_id, {source, target})
    return kept


@transaction.atomic
def remove_rate(*, actor: Actor, rate: ExchangeRate) -> None:
    """Take a rate of the seller's own away; the one before it counts again, or the reference rate."""
    require(actor, EDIT_PRICES)
    require_own(actor, rate.seller_id or 0)
    seller_id, told, currencies = rate.seller_id, str(rate), {rate.source, rate.target}
    rate.delete()
    record(actor, "pricing.rate_removed", ("company", seller_id or 0), changes={"rate": [told, None]})
    _tell(seller_id, currencies)


def _tell(seller_id: int | None, currencies: Collection[str]) -> None:
    """Prices of lists that derive over these currencies have changed."""
    lists = PriceList.objects.exclude(basis__isnull=True).exclude(basis__currency=F("currency"))
    if seller_id is not None:
        lists = lists.filter(seller_id=seller_id)
    touched = lists.filter(Q(currency__in=currencies) | Q(basis__currency__in=currencies))
    for pk in touched.order_by("pk").values_list("pk", flat=True):
        publish(PricesChanged(pk))
