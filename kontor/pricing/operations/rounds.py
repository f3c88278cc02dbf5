from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.ownership import require_own, selling_company_id
from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.kernel.texts import printable
from kontor.pricing.events import PricesChanged
from kontor.pricing.held import needs_approval
from kontor.pricing.mass import INTO_ROUND, Shift, Which, parameters
from kontor.pricing.models import PriceList, PriceRound, RoundPrice
from kontor.pricing.operations.prices import PriceRow, check_prices
from kontor.pricing.permissions import APPROVE_ROUND, EDIT_PRICES, SEE_COSTS

PUT_IN = """
INSERT INTO pricing_round_price
    (price_round_id, price_list_id, product_id, min_quantity, unit, amount, price_base, was, was_base)
SELECT %(round)s, %(list)s, t.product_id, t.min_quantity, t.unit, t.amount, t.price_base, k.amount, k.price_base
FROM unnest(%(products)s::bigint[], %(minimums)s::numeric[], %(units)s::text[], %(amounts)s::numeric[],
    %(bases)s::numeric[]) AS t (product_id, min_quantity, unit, amount, price_base)
LEFT JOIN LATERAL (
    SELECT p.amount, p.price_base FROM pricing_price p
    WHERE p.product_id = t.product_id AND p.price_list_id = %(list)s AND p.min_quantity = t.min_quantity
        AND p.unit = t.unit AND COALESCE(p.valid_from <= %(at)s, true) AND COALESCE(%(at)s < p.valid_until, true)
    ORDER BY p.valid_from IS NULL LIMIT 1
) AS k ON true
ORDER BY t.product_id, t.min_quantity, t.unit
ON CONFLICT (price_round_id, price_list_id, product_id, min_quantity, unit)
DO UPDATE SET amount = EXCLUDED.amount, price_base = EXCLUDED.price_base
"""
SAME_PRICE = """p.product_id = c.product_id AND p.price_list_id = c.price_list_id
    AND p.min_quantity = c.min_quantity AND p.unit = c.unit"""
# At once: the price that counts now is changed where it stands, so that what is imported later still counts.
IN_FORCE = f"""
SELECT DISTINCT ON (c.id) c.id AS change, p.id AS price, c.amount, c.price_base
FROM pricing_round_price c JOIN pricing_price p ON {SAME_PRICE}
WHERE c.price_round_id = %(round)s
    AND COALESCE(p.valid_from <= %(at)s, true) AND COALESCE(%(at)s < p.valid_until, true)
ORDER BY c.id, p.valid_from IS NULL
"""
CHANGE_NOW = f"""
WITH counts AS ({IN_FORCE}), changed AS (
    UPDATE pricing_price p SET amount = counts.amount, price_base = counts.price_base
    FROM counts WHERE p.id = counts.price
)
INSERT INTO pricing_price (price_list_id, product_id, min_quantity, unit, amount, price_base)
SELECT c.price_list_id, c.product_id, c.min_quantity, c.unit, c.amount, c.price_base
FROM pricing_round_price c
WHERE c.price_round_id = %(round)s AND NOT EXISTS (SELECT FROM counts WHERE counts.change = c.id)
ORDER BY c.product_id, c.price_list_id, c.min_quantity, c.unit
"""
# Later: what counts at that moment ends there; what begins afterwards still begins.
END_BEFORE = f"""
UPDATE pricing_price p SET valid_until = %(at)s FROM pricing_round_price c
WHERE c.price_round_id = %(round)s AND {SAME_PRICE}
    AND p.valid_from < %(at)s AND COALESCE(p.valid_until > %(at)s, true)
"""
BEGIN_THEN = f"""
INSERT INTO pricing_price
    (price_list_id, product_id, min_quantity, unit, amount, price_base, valid_from, valid_until)
SELECT c.price_list_id, c.product_id, c.min_quantity, c.unit, c.amount, c.price_base, %(at)s,
    (SELECT min(p.valid_from) FROM pricing_price p WHERE {SAME_PRICE} AND p.valid_from > %(at)s)
FROM pricing_round_price c WHERE c.price_round_id = %(round)s
ORDER BY c.product_id, c.price_list_id, c.min_quantity, c.unit
ON CONFLICT (product_id, price_list_id, min_quantity, unit, valid_from)
DO UPDATE SET amount = EXCLUDED.amount, price_base = EXCLUDED.price_base, valid_until = EXCLUDED.valid_until
"""
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('pricing_round'), %s::int)"


@transaction.atomic
def save_round(
    *, actor: Actor, name: str, starts_at: datetime | None, price_round: PriceRound | None = None,
    seller: Company | None = None,
) -> PriceRound:  # fmt: skip
    """Begin a price round, or give one another name or beginning (an aware moment; None: as soon as it is approved).

    Raises Refused ``incomplete`` at ``name`` or ``starts_at``; Stale when it is not open any more.
    """
    require(actor, EDIT_PRICES)
    wrong = {}
    name = printable(name)
    if not name or len(name) > 120:
        wrong["name"] = _("Enter a name of up to 120 characters.")
    if starts_at is not None and starts_at <= clock.now():
        wrong["starts_at"] = _("Choose a moment to come, or none to begin at once.")
    if wrong:
        raise Refused("incomplete", _("The price round was not saved. Correct the marked fields."), wrong)
    if price_round is None:
        price_round = PriceRound(
            seller_id=selling_company_id(actor, seller), created_by_id=actor.membership_id
        )
    else:
        price_round = _open(actor, price_round)
    price_round.name, price_round.starts_at = name, starts_at
    price_round.save()
    changes = {"name": name, "starts_at": starts_at and starts_at.isoformat()}
    record(actor, "pricing.round_saved", ("price_round", price_round.pk), changes=changes)
    return price_round


@transaction.atomic
def put_into_round(
    *, actor: Actor, price_round: PriceRound, price_list: PriceList, rows: Sequence[PriceRow]
) -> int:
    """Put prices of a list into an open round, in the place of the same ones; how many. Their dates are the round's.

    Raises Refused("wrong_prices") as `set_prices` does.
    """
    require(actor, EDIT_PRICES)
    require_own(actor, price_list.seller_id)
    price_round = _open(actor, price_round)
    check_prices(price_list, rows)
    about: dict[str, Any] = {
        "round": price_round.pk,
        "list": price_list.pk,
        "at": price_round.starts_at or clock.now(),
        "products": [one.product_id for one in rows],
        "minimums": [one.min_quantity for one in rows],
        "units": [one.unit for one in rows],
        "amounts": [one.amount for one in rows],
        "bases": [one.price_base for one in rows],
    }
    return _put(actor, price_round, PUT_IN, about)


@transaction.atomic
def shift_into_round(
    *, actor: Actor, price_round: PriceRound, price_list: PriceList, which: Which, shift: Shift
) -> int:
    """Put what a mass change does to a list into an open round; how many prices. One statement, however many.

    Choosing by margin needs the right to see costs. Raises Refused("wrong_change") at the fields, also where a price
    would be larger than any may be.
    """
    require(actor, EDIT_PRICES)
    require_own(actor, price_list.seller_id)
    if which.by_margin:
        require(actor, SEE_COSTS)
    price_round = _open(actor, price_round)
    about = parameters(price_list, which, shift, price_round.starts_at)
    try:
        with transaction.atomic():
            return _put(actor, price_round, INTO_ROUND, about | {"round": price_round.pk})
    except DataError:
        message = _("Some of these prices would become too large. Choose a smaller change.")
        raise Refused("wrong_change", message, {"percent": message}) from None


def _put(actor: Actor, price_round: PriceRound, statement: str, about: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, about)
        count = cursor.rowcount
    if count:
        record(actor, "pricing.round_filled", ("price_round", price_round.pk), changes={"rows": count})
    return count


@transaction.atomic
def take_out_of_round(*, actor: Actor, price_round: PriceRound, change_ids: Sequence[int]) -> int:
    """Take prices out of an open round; how many there were."""
    require(actor, EDIT_PRICES)
    price_round = _open(actor, price_round)
    chosen = RoundPrice.objects.filter(price_round=price_round, pk__in=list(change_ids))
    removed, _by_model = chosen.delete()
    if removed:
        record(actor, "pricing.round_emptied", ("price_round", price_round.pk), changes={"rows": removed})
    return removed


@transaction.atomic
def submit_round(*, actor: Actor, price_round: PriceRound) -> PriceRound:
    """Hand an open round to those who approve. Refused("empty") without prices; Stale when it is not open."""
    require(actor, EDIT_PRICES)
    price_round = _open(actor, price_round)
    if not price_round.prices.exists():
        raise Refused("empty", _("This price round holds no prices yet. Put some in first."))
    price_round.status = PriceRound.Status.SUBMITTED
    price_round.submitted_at, price_round.submitted_by_id = clock.now(), actor.membership_id
    price_round.decided_at = price_round.decided_by = None
    price_round.save()
    record(actor, "pricing.round_submitted", ("price_round", price_round.pk))
    return price_round


@transaction.atomic
def withdraw_round(*, actor: Actor, price_round: PriceRound) -> PriceRound:
    """Take a submitted round back to change it. Stale when it has been decided meanwhile."""
    require(actor, EDIT_PRICES)
    price_round = _locked(actor, price_round, [PriceRound.Status.SUBMITTED])
    price_round.status = PriceRound.Status.DRAFT
    price_round.save()
    record(actor, "pricing.round_withdrawn", ("price_round", price_round.pk))
    return price_round


@transaction.atomic
def delete_round(*, actor: Actor, price_round: PriceRound) -> None:
    """Throw an open round away. Stale when it is not open any more."""
    require(actor, EDIT_PRICES)
    price_round = _open(actor, price_round)
    pk, name = price_round.pk, price_round.name
    price_round.delete()
    record(actor, "pricing.round_deleted", ("price_round", pk), changes={"name": [name, None]})


@transaction.atomic
def reject_round(*, actor: Actor, price_round: PriceRound, reason: str) -> PriceRound:
    """Send a submitted round back with a reason; it may be changed and submitted again.

    Raises Refused("reason_needed") at ``reason``; Stale when somebody else decided.
    """
    require(actor, APPROVE_ROUND)
    reason = printable(reason)
    if not reason or len(reason) > 400:
        message = _("Say in up to 400 characters why it is rejected.")
        raise Refused("reason_needed", message, {"reason": message})
    price_round = _locked(actor, price_round, [PriceRound.Status.SUBMITTED])
    price_round.reason = reason
    _decide(actor, price_round, PriceRound.Status.REJECTED)
    changes = {"reason": price_round.reason}
    record(actor, "pricing.round_rejected", ("price_round", price_round.pk), changes=changes)
    return price_round


@transaction.atomic
def approve_round(
    *, actor: Actor, price_round: PriceRound, submitted_at: datetime | None = None
) -> PriceRound:
    """Write the prices of a round: rows from its beginning on; what begins at once is changed where it stands.

    Where the seller asks for approval, it must have been submitted, and by somebody else. Otherwise whoever may edit
    prices applies it. `submitted_at` is when what was looked at was submitted: taken back and submitted anew, it may
    hold other prices. Raises NotAllowed("own_round"), Refused("empty"), Stale when somebody else decided, or it was
    submitted anew. The same few statements, however many prices. Publishes PricesChanged for each list.
    """
    if needs_approval(price_round.seller_id):
        require(actor, APPROVE_ROUND)
        price_round = _locked(actor, price_round, [PriceRound.Status.SUBMITTED])
        if not actor.is_system and actor.membership_id in (None, price_round.submitted_by_id):
            raise NotAllowed("own_round", _("Another person must approve what you submitted."))
    else:
        require(actor, EDIT_PRICES)
        open_ones = [PriceRound.Status.DRAFT, PriceRound.Status.REJECTED, PriceRound.Status.SUBMITTED]
        price_round = _locked(actor, price_round, open_ones)
    if submitted_at is not None and submitted_at != price_round.submitted_at:
        raise _changed_meanwhile()
    lists = list(price_round.prices.order_by("price_list").values_list("price_list", flat=True).distinct())
    if not lists:
        raise Refused("empty", _("This price round holds no prices yet. Put some in first."))
    _write(price_round)
    _decide(actor, price_round, PriceRound.Status.APPROVED)
    count = price_round.prices.count()
    record(actor, "pricing.round_approved", ("price_round", price_round.pk), changes={"rows": count})
    for price_list_id in lists:
        record(actor, "pricing.prices_set", ("price_list", price_list_id), changes={"rows": count})
        publish(PricesChanged(price_list_id))
    return price_round


def _write(price_round: PriceRound) -> None:
    now = clock.now()
    later = price_round.starts_at is not None and price_round.starts_at > now
    about = {"round": price_round.pk, "at": price_round.starts_at if later else now}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME, [price_round.seller_id])
            for statement in (END_BEFORE, BEGIN_THEN) if later else (CHANGE_NOW,):
                cursor.execute(statement, about)
    except IntegrityError:
        message = _("Somebody changed the same prices at this moment. Nothing was written; try again.")
        raise Stale("stale", message) from None


def _decide(actor: Actor, price_round: PriceRound, status: PriceRound.Status) -> None:
    price_round.status = status
    price_round.decided_at, price_round.decided_by_id = clock.now(), actor.membership_id
    price_round.save()


def _open(actor: Actor, price_round: PriceRound) -> PriceRound:
    return _locked(actor, price_round, [PriceRound.Status.DRAFT, PriceRound.Status.REJECTED])


def _locked(actor: Actor, price_round: PriceRound, statuses: Sequence[PriceRound.Status]) -> PriceRound:
    """The round as it stands now, until the end of the transaction; Stale when it is in none of these states."""
    require_own(actor, price_round.seller_id)
    found = PriceRound.objects.select_for_update().filter(pk=price_round.pk, status__in=statuses).first()
    if found is None:
        raise _changed_meanwhile()
    return found


def _changed_meanwhile() -> Stale:
    return Stale("stale", _("This price round was changed or decided meanwhile. Look at it again."))
