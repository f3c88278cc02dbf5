"""Invoices and credit notes straight onto the paper, so that a test says what was bought and nothing else."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from kontor.catalog.models import Product
from kontor.companies.models import CustomerAccount
from kontor.invoicing.models import Invoice, InvoiceLine
from kontor.invoicing.writing import NewLine, announce, write
from kontor.kernel import clock, invariants
from kontor.kernel.actors import system_actor
from kontor.orders.intake import EnteredLine, EnteredOrder
from kontor.orders.models import OrderLine
from kontor.orders.operations import enter_order
from kontor.rebates.counting import count_document
from kontor.rebates.models import Rebate
from kontor.rebates.operations import RebateFacts, begin_rebate, save_rebate

SYSTEM = system_actor("test")
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def ordered(account: CustomerAccount, products: Sequence[Product]) -> dict[int, OrderLine]:
    """An order of plenty of each, to invoice from; its lines by product."""
    lines = [EnteredLine(product_id=one.pk, quantity=Decimal(1), unit_price=Decimal(1)) for one in products]
    order = enter_order(actor=SYSTEM, entered=EnteredOrder(account_id=account.pk, lines=lines))
    return {line.product_id: line for line in order.lines.select_related("order")}


def invoice(
    day: date, *lines: tuple[OrderLine, Any, Any], rate: int = 19, treatment: str = "domestic"
) -> list[InvoiceLine]:
    """An invoice over (order line, quantity, net) of one order, counted at once."""
    order = lines[0][0].order
    new = [
        NewLine(
            order_line_id=line.pk, sku=line.sku, name=line.name, quantity=Decimal(quantity), unit=line.base_unit,
            unit_price=Decimal(1), price_base=Decimal(1), net=Decimal(net), tax_category="standard",
            tax_rate=Decimal(rate),
        )
        for line, quantity, net in lines
    ]  # fmt: skip
    return _issue(Invoice.Kind.INVOICE, day, order, new, treatment)


def credit(day: date, *lines: tuple[InvoiceLine, Any, Any]) -> list[InvoiceLine]:
    """A credit note over (invoiced line, quantity, net), counted at once."""
    new = [
        NewLine(
            order_line_id=line.order_line_id, credits_id=line.pk, sku=line.sku, name=line.name,
            quantity=Decimal(quantity), unit=line.unit, unit_price=Decimal(1), price_base=Decimal(1),
            net=Decimal(net), tax_category=line.tax_category, tax_rate=line.tax_rate,
        )
        for line, quantity, net in lines
    ]  # fmt: skip
    first = lines[0][0].invoice
    return _issue(Invoice.Kind.CREDIT_NOTE, day, first.order, new, first.tax_treatment)


def _issue(
    kind: Invoice.Kind, day: date, order: Any, new: list[NewLine], treatment: str
) -> list[InvoiceLine]:
    with clock.at(noon(day)):
        document = write(
            kind, new, day=day, net_days=30, seller_id=order.seller_id, buyer_id=order.buyer_id, order_id=order.pk,
            currency=order.currency, billing_address=order.billing_address, tax_treatment=treatment,
        )  # fmt: skip
        announce(SYSTEM, document)
    count_document(document.pk)
    return list(document.lines.select_related("invoice__order"))


def agreed(*accounts: CustomerAccount, begin: bool = True, **facts: Any) -> Rebate:
    """An agreement for 2026: 2 % from 10,000 and 3 % from 20,000 of net value, unless said otherwise."""
    tiers = facts.pop("tiers", [(10_000, 2), (20_000, 3)])
    given: dict[str, Any] = {
        "name": f"Bonus {Rebate.objects.count() + 1}", "currency": "EUR", "begins_on": YEAR[0], "ends_on": YEAR[1],
    } | facts  # fmt: skip
    rebate = save_rebate(
        actor=SYSTEM,
        facts=RebateFacts(
            accounts=accounts,
            tiers=[(Decimal(str(start)), Decimal(str(rate))) for start, rate in tiers],
            **given,
        ),
        seller=accounts[0].seller,
    )
    return begin_rebate(actor=SYSTEM, rebate=rebate) if begin else rebate


def bonus_of(rebate: Rebate) -> Decimal:
    return sum(rebate.accruals.values_list("amount", flat=True), Decimal(0))


def days_after(count: int) -> date:
    return YEAR[0] + timedelta(days=count)


def broken() -> list[Any]:
    """The invariants about bonuses that do not hold. Orders of these tests are invoiced beyond what they say."""
    own = [one for one in invariants._invariants if "rebates_" in one.bad]
    assert len(own) == 6
    found = []
    with connection.cursor() as cursor:
        for one in own:
            cursor.execute(one.bad)
            found += [(one.name, row) for row in cursor.fetchall()]
    return found
