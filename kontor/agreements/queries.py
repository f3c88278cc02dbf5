"""What of contracts is left, and what a page of agreements shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import F, Q, QuerySet, Sum

from kontor.agreements.models import Agreement, Commitment, Draw
from kontor.agreements.rules import beyond, percent_used
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO
from kontor.pricing.basket import Basket
from kontor.pricing.models import Price, PriceList

LEFT = """
SELECT line.no - 1, c.id, c.measure, c.committed - c.used
FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS line (list, product, no)
JOIN agreements_agreement g ON g.price_list_id = line.list AND g.status <> 'draft'
JOIN agreements_commitment c ON c.agreement_id = g.id AND c.kind = 'at_most'
    AND COALESCE(c.product_id = line.product, true)
ORDER BY line.no
"""


def used_up(basket: Basket) -> Collection[int]:
    """Lines (numbers from 0) that want more at a contract price than is left; they cost the next price.

    A line is sold at the contract price wholly or not at all; earlier lines go before later ones. One statement, none
    where no line has its price from a list.
    """
    lists = [line.price_list_id for line in basket.lines]
    if not any(lists):
        return ()
    left: dict[int, Decimal] = {}
    claims: dict[int, dict[int, Decimal]] = {}
    with connection.cursor() as cursor:
        cursor.execute(LEFT, [lists, [line.product_id for line in basket.lines]])
        for no, commitment, measure, rest in cursor.fetchall():
            line = basket.lines[no]
            left[commitment] = rest
            claims.setdefault(no, {})[commitment] = line.base_quantity if measure == "quantity" else line.net
    return beyond(left, claims.items())


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a commitment is. `used` is what the reader may know: of a group's, a customer sees its own part.

    `pace` is how much of the agreement's time is over, in whole percents; None without an end.
    """

    commitment: Commitment
    used: Decimal
    percent: int
    pace: int | None

    @property
    def is_short(self) -> bool:
        """Whether less than committed is bought, for the time that is over."""
        one = self.commitment
        return (
            one.kind == Commitment.Kind.AT_LEAST
            and self.pace is not None
            and self.percent < min(self.pace, 100)
        )

    @property
    def is_scarce(self) -> bool:
        """Whether a tenth or less is left of what is sold at most."""
        return self.commitment.kind == Commitment.Kind.AT_MOST and self.percent >= 90


def progress_of(actor: Actor, agreements: Sequence[Agreement]) -> dict[int, list[Progress]]:
    """The commitments of agreements that the actor sees, by agreement. Two statements at most."""
    found: dict[int, list[Progress]] = {one.pk: [] for one in agreements}
    by_id = {one.pk: one for one in agreements}
    rows = list(
        Commitment.objects.filter(agreement__in=found)
        .select_related("product")
        .order_by("agreement_id", F("product__sku").asc(nulls_first=True), "kind", "measure")
    )
    shared = [
        one.pk
        for one in rows
        if by_id[one.agreement_id].group_id and by_id[one.agreement_id].seller_id != actor.company_id
    ]
    own = _own_part(actor, shared) if shared and not actor.is_system else {}
    for one in rows:
        agreement = by_id[one.agreement_id]
        used = own.get(one.pk, ZERO) if one.pk in shared else one.used
        found[agreement.pk].append(Progress(one, used, percent_used(used, one.committed), _pace(agreement)))
    return found


def _own_part(actor: Actor, commitments: Sequence[int]) -> dict[int, Decimal]:
    drawn = (
        Draw.objects.filter(commitment__in=commitments, account__buyer_id=actor.buying_company_id)
        .values_list("commitment_id", "commitment__measure")
        .annotate(Sum("base_quantity"), Sum("net"))
    )
    by_quantity = Commitment.Measure.QUANTITY
    return {one: quantity if measure == by_quantity else net for one, measure, quantity, net in drawn}


def _pace(agreement: Agreement) -> int | None:
    if agreement.valid_until is None:
        return None
    whole, gone = agreement.valid_until - agreement.valid_from, clock.now() - agreement.valid_from
    return max(0, min(100, int(gone * 100 / whole)))


STATES = ("draft", "ahead", "active", "ended", "terminated")


def in_state(agreements: QuerySet[Agreement], state: str) -> QuerySet[Agreement]:
    """Those in one of STATES, as `Agreement.state` tells it; "" is any, "ending" what ends within 60 days."""
    now = clock.now()
    active = Q(status=Agreement.Status.ACTIVE)
    over = Q(valid_until__lte=now)
    return agreements.filter(
        {
            "draft": Q(status=Agreement.Status.DRAFT),
            "ahead": active & Q(valid_from__gt=now),
            "active": active & Q(valid_from__lte=now) & (Q(valid_until=None) | Q(valid_until__gt=now)),
            "ending": active & Q(valid_until__gt=now, valid_until__lte=now + timedelta(days=60)),
            "ended": active & over,
            "terminated": Q(status=Agreement.Status.TERMINATED),
        }.get(state, Q())
    )


def draws_of(actor: Actor, agreement: Agreement) -> QuerySet[Draw]:
    """What orders used of an agreement, newest first: a customer sees its own."""
    drawn = Draw.objects.filter(commitment__agreement=agreement)
    if not actor.is_system and actor.company_id != agreement.seller_id:
        drawn = drawn.filter(account__buyer_id=actor.buying_company_id)
    return drawn.select_related("commitment__product", "account__buyer")


def prices_at_end(price_list: PriceList, before: datetime) -> QuerySet[Price]:
    """The prices of a list as they stand just before a moment: one with dates goes before one without."""
    last = before - timedelta(microseconds=1)
    return (
        Price.objects.filter(Q(valid_from=None) | Q(valid_from__lte=last), price_list=price_list)
        .filter(Q(valid_until=None) | Q(valid_until__gt=last))
        .order_by("product_id", "min_quantity", "unit", F("valid_from").asc(nulls_last=True))
        .distinct("product_id", "min_quantity", "unit")
    )


@dataclass(frozen=True, slots=True)
class ContractPrice:
    """That a price is of an agreement, until when, and how much may still be bought at it: base units, or value.

    None of both: as much as wanted.
    """

    number: str
    title: str
    valid_until: datetime | None
    quantity_left: Decimal | None
    value_left: Decimal | None


MARK = """
SELECT g.number, g.title, g.valid_until,
    min(c.committed - c.used) FILTER (WHERE c.measure = 'quantity'),
    min(c.committed - c.used) FILTER (WHERE c.measure = 'value')
FROM agreements_agreement g
LEFT JOIN agreements_commitment c ON c.agreement_id = g.id AND c.kind = 'at_most' AND COALESCE(c.product_id = %s, true)
WHERE g.price_list_id = %s AND g.status = 'active'
GROUP BY g.id
"""


def contract_price(price_list_id: int, product_id: int) -> ContractPrice | None:
    """Which agreement a price from this list is of, and what is left; None when of none. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(MARK, [product_id, price_list_id])
        row = cursor.fetchone()
    return ContractPrice(*row) if row else None
