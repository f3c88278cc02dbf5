"""How far agreements have come: towards the next tier, per customer, per month. One statement each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from kontor.companies.models import CustomerAccount
from kontor.invoicing.models import Invoice
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO, minor_units
from kontor.rebates.models import Accrual, Rebate, SettlementDocument

# The pace is what came together from the first day until today, for as many days as the period has.
PROGRESS = """
SELECT a.id, t.value, t.quantity, t.amount, t.own,
    (SELECT COALESCE(sum(amount), 0) FROM rebates_settlement WHERE rebate_id = a.id), pace.counted,
    rebates_bonus(a.tier_from, a.tier_rate, a.is_graduated, a.reward, t.value * pace.times,
        CASE a.measure WHEN 'quantity' THEN t.quantity * pace.times END, given.places)
FROM unnest(%(rebates)s::bigint[], %(places)s::int[]) AS given(id, places)
JOIN rebates_rebate a ON a.id = given.id JOIN companies_company s ON s.id = a.seller_id
CROSS JOIN LATERAL (
    SELECT COALESCE(sum(x.value), 0) AS value, COALESCE(sum(x.quantity), 0) AS quantity,
        COALESCE(sum(x.amount), 0) AS amount,
        COALESCE(sum(CASE a.measure WHEN 'value' THEN x.value ELSE x.quantity END)
            FILTER (WHERE w.buyer_id = %(buyer)s), 0) AS own
    FROM rebates_accrual x JOIN companies_customer_account w ON w.id = x.account_id WHERE x.rebate_id = a.id
) AS t
CROSS JOIN LATERAL (SELECT (%(now)s AT TIME ZONE s.timezone)::date AS today) AS clock
CROSS JOIN LATERAL (
    SELECT CASE WHEN a.state = 'active' AND clock.today BETWEEN a.begins_on AND a.ends_on
        THEN (a.ends_on - a.begins_on + 1)::numeric / (clock.today - a.begins_on + 1) END AS times
) AS days
CROSS JOIN LATERAL (
    SELECT days.times, round(days.times * CASE a.measure WHEN 'value' THEN t.value ELSE t.quantity END, 2) AS counted
) AS pace
"""
CUSTOMERS = """
SELECT m.account_id, COALESCE(sum(x.value), 0), COALESCE(sum(x.quantity), 0), count(x.id), max(x.day)
FROM rebates_member m LEFT JOIN rebates_accrual x ON x.rebate_id = m.rebate_id AND x.account_id = m.account_id
WHERE m.rebate_id = %s GROUP BY m.account_id ORDER BY 2 DESC, 1
"""
MONTHS = """
SELECT a.id, a.name, a.currency, w.customer_number, b.legal_name, told.month, sum(told.value), sum(told.quantity),
    sum(told.accrued), sum(told.paid)
FROM (
    SELECT x.rebate_id, x.account_id, date_trunc('month', x.day)::date AS month, x.value, x.quantity,
        x.amount AS accrued, 0 AS paid FROM rebates_accrual x
    UNION ALL
    SELECT s.rebate_id, d.account_id, date_trunc('month', v.issued_at AT TIME ZONE c.timezone)::date, 0, 0, 0,
        CASE v.kind WHEN 'credit_note' THEN v.net_total ELSE -v.net_total END
    FROM rebates_document d JOIN rebates_settlement s ON s.id = d.settlement_id
    JOIN invoicing_invoice v ON v.id = d.invoice_id JOIN companies_company c ON c.id = v.seller_id
) AS told
JOIN rebates_rebate a ON a.id = told.rebate_id JOIN companies_customer_account w ON w.id = told.account_id
JOIN companies_company b ON b.id = w.buyer_id
WHERE a.seller_id = %(seller)s AND (%(rebate)s::bigint IS NULL OR a.id = %(rebate)s::bigint)
GROUP BY a.id, w.id, b.id, told.month ORDER BY told.month, a.id, w.customer_number, w.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A tier and what is missing to it, in what the agreement measures."""

    start: Decimal
    rate: Decimal
    missing: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an agreement is. `counted` is its value or its quantity, `own` the part of the buyer who looks.

    `pace` and `pace_bonus` are what it comes to by the last day if it goes on like this; None when it is not running.
    """

    rebate: Rebate
    value: Decimal
    quantity: Decimal
    bonus: Decimal
    own: Decimal
    settled: Decimal
    pace: Decimal | None
    pace_bonus: Decimal | None

    @property
    def counted(self) -> Decimal:
        return self.value if self.rebate.measure == Rebate.Measure.VALUE else self.quantity

    @property
    def open(self) -> Decimal:
        """What came together and is not paid yet: what accounting sets aside."""
        return self.bonus - self.settled

    @property
    def next_tier(self) -> Tier | None:
        for start, rate in self.rebate.tiers:
            if start > self.counted:
                return Tier(start=start, rate=rate, missing=start - self.counted)
        return None

    @property
    def reached(self) -> Decimal | None:
        """The rate of the highest tier reached."""
        rates = [rate for start, rate in self.rebate.tiers if self.counted > 0 and start <= self.counted]
        return rates[-1] if rates else None

    @property
    def goal(self) -> Decimal:
        """Where the progress line ends: at the next tier, or where it is."""
        return (
            self.next_tier.start
            if self.next_tier
            else max(self.counted, self.rebate.tier_from[-1], Decimal(1))
        )


def progress_of(rebates: Sequence[Rebate], buyer_id: int | None = None) -> list[Progress]:
    """How far these agreements are, in their order. One statement."""
    facts = {
        "rebates": [one.pk for one in rebates],
        "places": [minor_units(one.currency) for one in rebates],
        "buyer": buyer_id,
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(PROGRESS, facts)
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    found = []
    for one in rebates:
        value, quantity, amount, own, settled, pace, pace_bonus = rows[one.pk]
        found.append(
            Progress(
                rebate=one, value=value, quantity=quantity, bonus=amount, own=own, settled=settled, pace=pace,
                pace_bonus=None if pace is None else pace_bonus,
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersPart:
    """What one customer brought."""

    account: CustomerAccount
    value: Decimal
    quantity: Decimal
    lines: int
    last_on: date | None


def customers_of(rebate: Rebate) -> list[CustomersPart]:
    """Who takes part, whoever brought most first. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(CUSTOMERS, [rebate.pk])
        rows = cursor.fetchall()
    accounts = CustomerAccount.objects.select_related("buyer").in_bulk([row[0] for row in rows])
    return [
        CustomersPart(account=accounts[pk], value=value, quantity=quantity, lines=lines, last_on=last)
        for pk, value, quantity, lines, last in rows
    ]


@dataclass(frozen=True, slots=True)
class Month:
    """What came together and what was paid in a calendar month, for one customer."""

    rebate_id: int
    name: str
    currency: str
    customer_number: str
    customer: str
    month: date
    value: Decimal
    quantity: Decimal
    accrued: Decimal
    paid: Decimal


def months_of(seller_id: int, rebate: Rebate | None = None) -> list[Month]:
    """The figures of a seller's agreements for its books, by month, agreement and customer. One statement.

    Of several customers that count together, each month says what the lines of each brought.
    """
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, {"seller": seller_id, "rebate": rebate.pk if rebate else None})
        return [Month(*row) for row in cursor.fetchall()]


def counted_lines(rebate: Rebate, buyer_id: int | None = None) -> "list[Accrual]":
    """The newest lines that count, with their documents; of one buyer when named. One statement."""
    found = rebate.accruals.select_related("line__invoice", "account__buyer").order_by("-id")
    if buyer_id is not None:
        found = found.filter(account__buyer_id=buyer_id)
    return list(found[:50])


def documents_for(actor: Actor, rebates: Sequence[Rebate]) -> list[SettlementDocument]:
    """The documents of settlements as far as the actor may see them, the newest first. One statement."""
    visible = Invoice.objects.visible_to(actor)
    return list(
        SettlementDocument.objects.filter(settlement__rebate__in=rebates, invoice__in=visible)
        .select_related("settlement", "invoice", "account__buyer")
        .order_by("-id")
    )


def open_sums(found: Sequence[Progress]) -> dict[str, Decimal]:
    """What is set aside in each currency."""
    sums: dict[str, Decimal] = {}
    for one in found:
        if one.rebate.state in (Rebate.State.ACTIVE, Rebate.State.SETTLED):
            sums[one.rebate.currency] = sums.get(one.rebate.currency, ZERO) + one.open
    return sums
