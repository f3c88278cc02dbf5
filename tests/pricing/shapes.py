"""Price lists of any shape for hypothesis, as the oracle has them and as rows in the database."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from kontor.catalog.models import Product
from kontor.companies.models import Company
from kontor.pricing.models import ExchangeRate, Price, PriceList
from tests.pricing import oracle

AMOUNTS = st.decimals(min_value=0, max_value=500, places=2)
MINIMUMS = st.sampled_from([Decimal(1), Decimal(5), Decimal(10), Decimal(100)])
CURRENCIES = ("EUR", "USD", "GBP")
FIGURES = ("0.5", "0.8", "1.25", "1.6")
"""Rates whose products and quotients end: they are the same however many digits are kept."""
AROUND = (timedelta(days=-2), timedelta(0), timedelta(days=2))


@st.composite
def windows(draw: st.DrawFn, now: datetime) -> tuple[datetime | None, datetime | None]:
    moments = st.sampled_from([None, *(now + apart for apart in AROUND)])
    begins, ends = draw(moments), draw(moments)
    if begins is None or (ends is not None and ends <= begins):
        return None, None
    return begins, ends


@st.composite
def rows(draw: st.DrawFn, now: datetime, amounts: st.SearchStrategy[Decimal]) -> tuple[oracle.Row, ...]:
    found: dict[object, oracle.Row] = {}
    for _ in range(draw(st.integers(0, 5))):
        begins, ends = draw(windows(now))
        one = oracle.Row(
            draw(MINIMUMS),
            draw(st.none() | amounts),
            draw(st.sampled_from([Decimal(1), Decimal(100)])),
            draw(st.sampled_from(["", "", "XBX"])),
            begins,
            ends,
        )
        found[one.minimum, one.unit, one.begins is None] = one  # no two at the same moment
    return tuple(found.values())


@st.composite
def lists(
    draw: st.DrawFn,
    now: datetime,
    *,
    currencies: Sequence[str] = ("EUR",),
    amounts: st.SearchStrategy[Decimal] = AMOUNTS,
    most: int = 4,
) -> list[oracle.List]:
    """Each may derive from one before it; four at most, which keeps the depth below four."""
    made: list[oracle.List] = []
    for number in range(draw(st.integers(1, most))):
        basis = draw(st.none() | st.integers(0, number - 1)) if number else None
        formula = {}
        if basis is not None:
            formula = {
                "basis": basis,
                "factor": draw(st.sampled_from([Decimal("0.9"), Decimal("1.25"), Decimal("0.333333")])),
                "addend": draw(st.sampled_from([Decimal(0), Decimal("0.5"), Decimal("-1")])),
                "round_to": draw(st.sampled_from([None, Decimal("0.01"), Decimal("0.05"), Decimal(1)])),
                "ending": draw(st.sampled_from([Decimal(0), Decimal("-0.05")])),
                "rate_days": draw(st.sampled_from([0, 7])),
            }
        begins, ends = draw(windows(now))
        told = draw(rows(now, amounts))
        graduated = draw(st.booleans()) and all(one.amount is not None for one in told)
        currency = draw(st.sampled_from(currencies))
        made.append(
            oracle.List(told, begins=begins, ends=ends, is_graduated=graduated, currency=currency, **formula)
        )
    return made


@st.composite
def rates(draw: st.DrawFn, now: datetime) -> list[oracle.Rate]:
    found: dict[object, oracle.Rate] = {}
    for _ in range(draw(st.integers(0, 6))):
        source, target = draw(st.permutations(CURRENCIES))[:2]
        one = oracle.Rate(
            source,
            target,
            now.date() - timedelta(days=draw(st.sampled_from([-1, 0, 3, 8]))),
            Decimal(draw(st.sampled_from(FIGURES))),
            draw(st.booleans()),
        )
        found[source, target, one.day, one.is_own] = one
    return list(found.values())


def keep_rates(seller: Company, told: Sequence[oracle.Rate]) -> None:
    ExchangeRate.objects.bulk_create(
        ExchangeRate(
            seller=seller if one.is_own else None,
            source=one.source, target=one.target, day=one.day, rate=one.rate,
        )
        for one in told
    )  # fmt: skip


def keep_lists(seller: Company, product: Product, made: Sequence[oracle.List]) -> list[PriceList]:
    """The lists with their rows for one product. Two statements: thousands of cases are kept and undone."""
    first = 1_000_000
    kept = PriceList.objects.bulk_create(
        PriceList(
            pk=first + number, seller=seller, code=f"any-{number}", name=f"any {number}", currency=one.currency,
            basis_id=None if one.basis is None else first + one.basis, factor=one.factor, addend=one.addend,
            round_to=one.round_to, ending=one.ending, is_graduated=one.is_graduated,
            valid_from=one.begins, valid_until=one.ends, rate_days=one.rate_days,
        )
        for number, one in enumerate(made)
    )  # fmt: skip
    keep_rows([(price_list, product, one.rows) for price_list, one in zip(kept, made, strict=True)])
    return kept


def keep_rows(told: Iterable[tuple[PriceList, Product, Sequence[oracle.Row]]]) -> None:
    Price.objects.bulk_create(
        Price(
            price_list=price_list, product=product, min_quantity=row.minimum, amount=row.amount,
            price_base=row.base, unit=row.unit, valid_from=row.begins, valid_until=row.ends,
        )
        for price_list, product, rows in told
        for row in rows
    )  # fmt: skip
