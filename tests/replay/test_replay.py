"""A small year of trade, booked by the replay: every line has an outcome, and the books equal the file."""

import gzip
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest
from django.db import connection

from kontor.fulfilment.models import Return
from kontor.inventory.models import StockItem
from kontor.invoicing.models import Invoice
from kontor.kernel.invariants import check_all
from kontor.orders.models import Order
from kontor.replay import trading
from kontor.replay.models import Line, Run
from kontor.replay.opening import open_house, receive_month
from kontor.replay.reading import Unreadable, stage
from kontor.replay.report import months_of
from kontor.replay.rules import ZONE
from kontor.replay.trading import trade
from tests import shared_files

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
SMALL = (
    HEADER
    + """\
500001,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
500001,POST,POSTAGE,1,2010-12-01 08:26:00,18,17850.0,United Kingdom
500001,85123a,WHITE HEART,4,2010-12-01 08:26:00,2.10,17850.0,United Kingdom
500002,71053,LANTERN,10,2010-12-01 09:00:00,3.333,,United Kingdom
500003,71053,found,5,2010-12-02 10:00:00,0,,United Kingdom
500004,71053,damaged,-3,2010-12-02 11:00:00,0,,United Kingdom
500005,POST,,1,2010-12-02 11:30:00,0,,United Kingdom
C500006,85123A,WHITE HEART,-2,2010-12-03 12:00:00,2.55,17850.0,United Kingdom
C500007,22222,NEVER BOUGHT,-1,2010-12-03 12:30:00,9.99,17850.0,United Kingdom
A500008,B,Adjust bad debt,1,2010-12-04 09:00:00,-100.00,,United Kingdom
500009,85123A,GIFT,3,2011-01-05 09:00:00,0,12346.0,France
"""
)


def replayed(path: Path) -> Run:
    """All months, in this process."""
    run = stage(path, lambda _what, _count: None)
    open_house(run, say=lambda _text: None)
    moments = run.lines.filter(outcome="").values_list("invoiced_at", flat=True)
    for month in sorted({moment.astimezone(ZONE).date().replace(day=1) for moment in moments}):
        receive_month(run, month)
        list(trade(run.pk, month=month, part=0, parts=1))
    return run


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text(SMALL)
    return path


@pytest.mark.django_db
def test_every_line_ends_with_an_outcome(small):
    run = replayed(small)

    outcomes = dict(run.lines.values_list("line_number", "outcome"))
    assert outcomes == {
        2: "sold", 3: "sold", 4: "sold", 5: "sold", 6: "adjusted", 7: "adjusted", 8: "no_effect", 9: "returned",
        10: "credited", 11: "credited", 12: "sold",
    }  # fmt: skip


@pytest.mark.django_db
def test_the_books_equal_the_file_by_month_to_the_penny(small):
    run = replayed(small)

    december, january = months_of(run)
    # 6 x 2.55 + 18.00 + 4 x 2.10 + 33.33 - 2 x 2.55 - 9.99 - 100.00
    assert december.revenue == (Decimal("-40.06"), Decimal("-40.06"))
    assert december.units == (Decimal(21), Decimal(21))
    assert december.orders == (2, 2)
    assert january.revenue == (Decimal("0.00"), Decimal("0.00"))
    assert (december.agrees, january.agrees) == (True, True)


@pytest.mark.django_db
def test_times_of_the_file_are_those_of_the_wholesalers_clock(tmp_path):
    path = tmp_path / "summer.csv"
    path.write_text(
        HEADER
        + "500001,85123A,HEART,6,2011-03-31 23:50:00,2.50,17850.0,United Kingdom\n"
        + "500002,85123A,HEART,4,2011-07-01 00:10:00,2.50,17850.0,United Kingdom\n"
    )
    run = replayed(path)

    assert [(one.month, *one.revenue) for one in months_of(run)] == [
        (date(2011, 3, 1), Decimal("15.00"), Decimal("15.00")),
        (date(2011, 7, 1), Decimal("10.00"), Decimal("10.00")),
    ]
    march, july = Invoice.objects.order_by("issued_at")
    assert (march.issued_at, march.due_on) == (datetime(2011, 3, 31, 22, 50, tzinfo=UTC), date(2011, 4, 30))
    assert (july.issued_at, july.due_on) == (datetime(2011, 6, 30, 23, 10, tzinfo=UTC), date(2011, 7, 31))


@pytest.mark.django_db
def test_codes_of_two_letter_cases_are_one_article_and_cancellations_come_back_to_its_order(small):
    replayed(small)

    order = Order.objects.get(external_reference="500001")
    assert [line.sku for line in order.lines.order_by("position")] == ["85123A", "POST", "85123A"]
    assert Return.objects.get().order == order
    assert Invoice.objects.get(return_order__isnull=False).net_total == Decimal("5.10")
    assert Order.objects.get(external_reference="500009").delivery_address["country"] == "FR"
    lantern = StockItem.objects.get(product__sku="71053")
    assert (lantern.on_hand, lantern.reserved) == (Decimal(5), Decimal(0))


@pytest.mark.django_db
def test_a_stopped_replay_goes_on_where_it_was_and_books_nothing_twice(small, monkeypatch):
    run = stage(small, lambda _what, _count: None)
    open_house(run, say=lambda _text: None)
    month = date(2010, 12, 1)
    receive_month(run, month)
    real, calls = trading._book_by_kind, []

    def dies_at_the_third(*given):
        calls.append(given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(trading, "_book_by_kind", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        list(trade(run.pk, month=month, part=0, parts=1))
    monkeypatch.undo()
    assert run.lines.exclude(outcome="").count() == 4

    replayed(small)

    assert run.lines.filter(outcome="").count() == 0
    assert Order.objects.count() == 3
    assert all(month.agrees for month in months_of(run))


@pytest.mark.django_db
def test_the_same_file_is_never_booked_twice(small):
    replayed(small)
    replayed(small)

    assert Order.objects.count() == 3
    assert Run.objects.count() == 1


@pytest.mark.django_db
def test_afterwards_every_invariant_holds(small):
    replayed(small)

    bad = [finding for finding in check_all() if finding.bad and "found" not in finding.name]
    assert bad == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("InvoiceNo,StockCode\n", "line 1: the columns must be"),
        (HEADER + "1,A,B,x,2010-12-01 08:26:00,1,,United Kingdom\n", "line 2:"),
        (HEADER + "1,A,B,1,yesterday,1,,United Kingdom\n", "line 2:"),
        (HEADER + "1,A,B\n", "line 2: 3 columns instead of 8"),
    ],
)
@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_named_at_its_line_and_leaves_nothing(tmp_path, text, message):
    path = tmp_path / "broken.csv"
    path.write_text(text)

    with pytest.raises(Unreadable, match=message):
        stage(path, lambda _what, _count: None)

    assert not Line.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM companies_company")
        assert cursor.fetchone() == (0,)


@pytest.mark.shared
@pytest.mark.django_db
def test_the_first_morning_of_the_real_year_agrees(tmp_path):
    source = shared_files.shared("retail/online_retail.csv.gz")
    path = tmp_path / "morning.csv"
    with gzip.open(source, "rt") as file:
        path.write_text("".join(islice(file, 600)))

    run = replayed(path)

    assert run.lines.filter(outcome__in=["", "refused"]).count() == 0
    assert run.lines.count() == 599
    assert all(month.agrees for month in months_of(run))
