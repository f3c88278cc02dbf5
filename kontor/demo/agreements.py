"""Acme's contract: half a year old, half used. It counts what the orders of that time bought at its list."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Sum

from kontor.agreements.models import Commitment
from kontor.agreements.operations import (
    AgreementFacts,
    CommitmentRow,
    Drawn,
    activate_agreement,
    draw,
    save_agreement,
    save_commitments,
)
from kontor.companies.models import CustomerAccount
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.orders.models import Order, OrderLine
from kontor.pricing.models import PriceList

NOT_BOUGHT = ("awaiting_approval", "sent_back", "cancelled")
HALF_A_YEAR = timedelta(days=182)
TERMS = "Prices are fixed for the year. Minimum purchase as stated; delivery free house."


def agree_with_acme(*, actor: Actor, account: CustomerAccount, price_list: PriceList) -> None:
    """Twice what was bought is committed, of the article ordered most and of all goods; no price changes."""
    now = clock.now().astimezone(ZoneInfo(account.seller.timezone))
    begins = now.replace(hour=0, minute=0, second=0, microsecond=0) - HALF_A_YEAR
    facts = AgreementFacts(
        title="Frame contract",
        account=account,
        price_list=price_list,
        valid_from=begins,
        valid_until=begins + 2 * HALF_A_YEAR,
        buyer_number="RV-2026-014",
        contact="Dora Keller",
        terms=TERMS,
    )
    agreement = save_agreement(actor=actor, facts=facts)
    orders = Order.objects.filter(buyer=account.buyer, seller=account.seller, placed_at__gte=begins)
    lines = OrderLine.objects.filter(order__in=orders.exclude(status__in=NOT_BOUGHT))
    at_its_prices = lines.filter(price_source=f"list:{price_list.pk}")
    most = (
        at_its_prices.values("product_id")
        .annotate(sold=Sum("base_quantity"))
        .order_by("-sold", "product_id")
        .first()
    )
    rows = [CommitmentRow(None, Commitment.Kind.AT_LEAST, Commitment.Measure.VALUE, _twice(lines))]
    if most is not None:
        sold = (most["product_id"], Commitment.Kind.AT_MOST, Commitment.Measure.QUANTITY, most["sold"] * 2)
        rows.append(CommitmentRow(*sold))
    save_commitments(actor=actor, agreement=agreement, rows=rows)
    activate_agreement(actor=actor, agreement=agreement)
    _count(account, lines)


def _count(account: CustomerAccount, lines: QuerySet[OrderLine]) -> None:
    bought: dict[Order, list[Drawn]] = defaultdict(list)
    for one in lines.select_related("order").order_by("order__placed_at", "order_id", "position"):
        source, _colon, key = one.price_source.partition(":")
        price_list_id = int(key) if source == "list" else None
        drawn = Drawn(one.pk, price_list_id, one.product_id, one.base_quantity, one.net)
        bought[one.order].append(drawn)
    for order, drawn_lines in bought.items():
        with clock.at(order.placed_at):
            draw(order_id=order.pk, account_id=account.pk, lines=drawn_lines)


def _twice(lines: QuerySet[OrderLine]) -> Decimal:
    """Twice what the lines cost, to the next thousand."""
    net = lines.aggregate(net=Sum("net"))["net"] or Decimal(0)
    return (net * 2 / 1000).to_integral_value() * 1000 + 1000
