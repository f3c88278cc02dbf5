"""What a settlement would come to, for whom and at which tax rates; nothing is written here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from kontor.companies.models import CustomerAccount
from kontor.companies.queries import today_at
from kontor.invoicing.models import Invoice
from kontor.invoicing.operations import BonusPart
from kontor.kernel.money import ZERO, minor_units
from kontor.kernel.refusal import Refused
from kontor.rebates.models import Rebate, Settlement
from kontor.rebates.rules import quarter_end_before, shared_out

TOTALS = """
SELECT t.value, t.quantity, (SELECT COALESCE(sum(amount), 0) FROM rebates_settlement WHERE rebate_id = a.id),
    rebates_bonus(a.tier_from, a.tier_rate, a.is_graduated, a.reward, t.value,
        CASE a.measure WHEN 'quantity' THEN t.quantity END, %(places)s)
FROM rebates_rebate a CROSS JOIN LATERAL (
    SELECT COALESCE(sum(x.value), 0) AS value, COALESCE(sum(x.quantity), 0) AS quantity FROM rebates_accrual x
    WHERE x.rebate_id = a.id AND (x.settlement_id IS NOT NULL OR x.day <= %(until)s)
) AS t WHERE a.id = %(rebate)s
"""
PARTS = """
SELECT x.account_id, v.tax_treatment, l.tax_category, l.tax_rate, l.tax_code, max(v.id), sum(x.value), COALESCE((
    SELECT sum(CASE n.kind WHEN 'credit_note' THEN g.net ELSE -g.net END)
    FROM rebates_settlement s JOIN rebates_document d ON d.settlement_id = s.id AND d.account_id = x.account_id
    JOIN invoicing_invoice n ON n.id = d.invoice_id AND n.tax_treatment = v.tax_treatment
    JOIN invoicing_line g ON g.invoice_id = n.id AND g.tax_category = l.tax_category AND g.tax_rate = l.tax_rate
        AND g.tax_code = l.tax_code
    WHERE s.rebate_id = %(rebate)s), 0)
FROM rebates_accrual x JOIN invoicing_line l ON l.id = x.line_id JOIN invoicing_invoice v ON v.id = l.invoice_id
WHERE x.rebate_id = %(rebate)s AND (x.settlement_id IS NOT NULL OR x.day <= %(until)s)
GROUP BY x.account_id, v.tax_treatment, l.tax_category, l.tax_rate, l.tax_code
ORDER BY x.account_id, v.tax_treatment, l.tax_rate DESC, l.tax_category, l.tax_code
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one customer gets, or gives back (then `amount` is negative), on one document."""

    account: CustomerAccount
    rests_on: Invoice
    amount: Decimal
    parts: list[BonusPart]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A settlement as it would be, told until `until`, of the lines until `counts_until`."""

    kind: Settlement.Kind
    until: date
    counts_until: date
    value: Decimal
    quantity: Decimal
    bonus: Decimal
    before: Decimal
    shares: list[Share]

    @property
    def amount(self) -> Decimal:
        return self.bonus - self.before


def planned(rebate: Rebate) -> Planned:
    """The settlement that is due. Raises Refused("not_due", "nothing_to_settle")."""
    kind, until, counts_until = _due(rebate)
    facts: dict[str, Any] = {
        "rebate": rebate.pk,
        "until": counts_until,
        "places": minor_units(rebate.currency),
    }
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, facts)
        ((value, quantity, before, bonus),) = cursor.fetchall()
        if kind != Settlement.Kind.FINAL and _is_nothing(kind, bonus - before):
            message = _("Since the last settlement no further bonus has come together.")
            raise Refused("nothing_to_settle", message)
        cursor.execute(PARTS, facts)
        rows = cursor.fetchall()
    amounts = shared_out(bonus, [row[-2:] for row in rows], rebate.currency) if rows else []
    told = [(*row[:6], amount) for row, amount in zip(rows, amounts, strict=True) if amount]
    shares = _shares(told, -1 if bonus < before else 1)
    return Planned(
        kind=kind, until=until, counts_until=counts_until, value=value, quantity=quantity, bonus=bonus,
        before=before, shares=shares,
    )  # fmt: skip


def _shares(rows: list[tuple[Any, ...]], sign: int) -> list[Share]:
    """A document for each customer and tax treatment."""
    accounts = CustomerAccount.objects.select_related("buyer", "payment_term").in_bulk(
        {row[0] for row in rows}
    )
    invoices = Invoice.objects.in_bulk({row[5] for row in rows})
    shares = []
    for (account, _treatment), group in groupby(rows, key=lambda row: row[:2]):
        found = list(group)
        parts = [
            BonusPart(net=abs(net), tax_category=category, tax_rate=rate, tax_code=code)
            for _account, _treatment, category, rate, code, _invoice, net in found
        ]
        shares.append(
            Share(
                account=accounts[account],
                rests_on=invoices[max(row[5] for row in found)],
                amount=sign * sum((part.net for part in parts), ZERO),
                parts=parts,
            )
        )
    return shares


def _is_nothing(kind: Settlement.Kind, amount: Decimal) -> bool:
    """On account nothing is taken back; that waits for the end of the period."""
    return amount <= 0 if kind == Settlement.Kind.ON_ACCOUNT else not amount


def _due(rebate: Rebate) -> tuple[Settlement.Kind, date, date]:
    """Which settlement is next, until which day it is told, and until which day lines count for it."""
    today = today_at(rebate.seller_id)
    if rebate.state == Rebate.State.SETTLED:
        return Settlement.Kind.CORRECTION, today, date.max
    if rebate.state != Rebate.State.ACTIVE:
        raise Refused("not_due", _("Only an agreement that is in force can be settled."))
    if today > rebate.ends_on:
        return Settlement.Kind.FINAL, rebate.ends_on, date.max
    until = quarter_end_before(today)
    done = rebate.settlements.order_by("-until").values_list("until", flat=True).first()
    if not rebate.is_quarterly or until < rebate.begins_on or (done is not None and done >= until):
        raise Refused("not_due", _("Nothing is due yet. The agreement is settled when its period is over."))
    return Settlement.Kind.ON_ACCOUNT, until, until
