"""What of contracts is left, and what a page of agreements shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from kontor.agreements.models import Agreement, Commitment, Draw
from kontor.agreements.rules import beyond, is_behind, percent_used
from kontor.catalog.models import Product
from kontor.companies.models import CustomerAccount
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO
from kontor.pricing.basket import Basket
from kontor.pricing.models import Price, PriceList

LEFT = """
SELECT c.id, c.measure, c.committed - c.used, c.product_id, g.price_list_id
FROM agreements_agreement g
JOIN agreements_commitment c ON c.agreement_id = g.id AND c.kind = 'at_most'
    AND (c.product_id IS NULL OR c.product_id = ANY (%s::bigint[]))
WHERE g.price_list_id = ANY (%s::bigint[]) AND g.status <> 'draft'
"""


def used_up(basket: Basket) -> Collection[int]:
    """Lines (numbers from 0) that want more at a contract price than is left; they cost the next price.

    A line is sold at the contract price wholly or not at all; earlier lines go before later ones. One statement, none
    where no line has its price from a list.
    """
    lists = {line.price_list_id for line in basket.lines if line.price_list_id is not None}
    if not lists:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(LEFT, [list({line.product_id for line in basket.lines}), list(lists)])
        caps = cursor.fetchall()
    if not caps:
        return ()
    by_goods: dict[tuple[int, int | None], list[tuple[int, bool]]] = {}
    for commitment, measure, _left, product, price_list in caps:
        by_goods.setdefault((price_list, product), []).append((commitment, measure == "quantity"))
    claims = []
    for no, line in enumerate(basket.lines):
        own = line.price_list_id or 0
        met = by_goods.get((own, line.product_id), []) + by_goods.get((own, None), [])
        claims.append((no, {cap: line.base_quantity if counts else line.net for cap, counts in met}))
    return beyond({cap: left for cap, _measure, left, *_goods in caps}, claims)


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
        """Whether too little is bought for the time that is over."""
        return self.commitment.kind == Commitment.Kind.AT_LEAST and is_behind(self.percent, self.pace)

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


def in_state(agreements: QuerySet[Agreement], state: str) -> QuerySet[Agreement]:
    """Those in a state, as `Agreement.state` tells it; "ending" is what ends within 60 days, anything else is all."""
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
    """What order lines used of an agreement: a customer sees its own."""
    drawn = Draw.objects.filter(commitment__agreement=agreement)
    if not actor.is_system and actor.company_id != agreement.seller_id:
        drawn = drawn.filter(account__buyer_id=actor.buying_company_id)
    return drawn.select_related("commitment__product", "account__buyer")


@dataclass(frozen=True, slots=True)
class Use:
    """What an order used of a commitment. `quantity` is None where goods of several units are counted together."""

    order_id: int
    customer: str
    commitment: Commitment
    quantity: Decimal | None
    net: Decimal
    at: datetime


def uses_of(actor: Actor, agreement: Agreement, *, most: int = 50) -> list[Use]:
    """By which orders an agreement was used, newest first. Two statements."""
    drawn = draws_of(actor, agreement).values_list("order_id", "commitment_id").order_by()
    rows = list(
        drawn.annotate(
            Sum("base_quantity"),
            Sum("net"),
            at=Max("drawn_at"),
            customer=Coalesce(
                NullIf(Max("account__buyer__trade_name"), Value("")), Max("account__buyer__legal_name")
            ),
        ).order_by("-at", "-order_id", "commitment_id")[:most]
    )
    commitments = Commitment.objects.select_related("product").in_bulk({row[1] for row in rows})
    return [
        Use(order_id, customer, commitments[key], quantity if commitments[key].product_id else None, net, at)
        for order_id, key, quantity, net, at, customer in rows
    ]


def standing_prices(price_list: PriceList, at: datetime) -> QuerySet[Price]:
    """The prices of a list as they stand at a moment: one with dates goes before one without."""
    counts = (Q(valid_from=None) | Q(valid_from__lte=at)) & (Q(valid_until=None) | Q(valid_until__gt=at))
    same = {name: OuterRef(name) for name in ("price_list", "product", "min_quantity", "unit")}
    dated = Price.objects.filter(counts, valid_from__isnull=False, **same)
    rows = Price.objects.filter(counts, price_list=price_list)
    return rows.filter(Q(valid_from__isnull=False) | ~Exists(dated)).select_related("product")


def prices_at_end(price_list: PriceList, before: datetime) -> QuerySet[Price]:
    """The prices of a list as they stand just before a moment."""
    return standing_prices(price_list, before - timedelta(microseconds=1))


def current_prices(actor: Actor, agreement: Agreement, *, search: str = "") -> QuerySet[Price]:
    """The agreement's own prices of articles that the actor may find: of now, else of its first or last moment."""
    if agreement.price_list is None:
        return Price.objects.none()
    at = max(clock.now(), agreement.valid_from)
    if agreement.valid_until is not None:
        at = min(at, agreement.valid_until - timedelta(microseconds=1))
    rows = standing_prices(agreement.price_list, at).filter(product__in=Product.objects.visible_to(actor))
    for word in search.split()[:8]:
        rows = rows.filter(Q(product__sku__icontains=word) | Q(product__name__icontains=word))
    return rows


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


def ending_within(*windows: tuple[timedelta, timedelta]) -> QuerySet[Agreement]:
    """Agreements in force that are not renewed and end after more than the first and up to the second of a window."""
    now, near = clock.now(), Q(pk__in=())
    for more_than, up_to in windows:
        near |= Q(valid_until__gt=now + more_than, valid_until__lte=now + up_to)
    in_force = Agreement.objects.filter(near, status=Agreement.Status.ACTIVE)
    renewed = Agreement.objects.filter(renews=OuterRef("pk")).exclude(status=Agreement.Status.DRAFT)
    return in_force.exclude(Exists(renewed)).select_related("seller").order_by("valid_until", "pk")


def accounts_in(agreement: Agreement) -> QuerySet[CustomerAccount]:
    """The active customers that an agreement is with: one, or those of its group."""
    party = Q(pk=agreement.account_id) if agreement.account_id else Q(group_id=agreement.group_id)
    return (
        CustomerAccount.objects.active().filter(party, seller_id=agreement.seller_id).select_related("buyer")
    )
