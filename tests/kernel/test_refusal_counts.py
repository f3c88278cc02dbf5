"""What was refused is counted by code, without a trace of whom, and never inside what was undone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import OperationalError, connection, transaction

from kontor.kernel import clock, refusal_counts
from kontor.kernel.models import RefusalCount
from kontor.kernel.refusal_counts import Notebook, Seen

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def rows():
    return list(
        RefusalCount.objects.order_by("code", "door", "day").values_list("code", "door", "day", "count")
    )


@pytest.mark.django_db(transaction=True)
def test_many_refusals_are_one_statement_and_add_up(django_assert_num_queries):
    notebook = Notebook(every=0)
    with clock.at(NOON):
        for code in ("over_limit", "not_enough_stock", "over_limit"):
            notebook.note(code, "page")
        notebook.note("over_limit", "api")
        with django_assert_num_queries(1):
            notebook.write_when_due()
    with clock.at(NOON + timedelta(minutes=5)):
        notebook.note("over_limit", "page")
        notebook.write_when_due()
        found = refusal_counts.recent()
    with django_assert_num_queries(0):
        notebook.write_when_due()

    assert rows() == [
        ("not_enough_stock", "page", date(2026, 11, 20), 1),
        ("over_limit", "api", date(2026, 11, 20), 1),
        ("over_limit", "page", date(2026, 11, 20), 3),
    ]
    assert found == [
        Seen("over_limit", "page", 3, 3, NOON + timedelta(minutes=5)),
        Seen("not_enough_stock", "page", 1, 1, NOON),
        Seen("over_limit", "api", 1, 1, NOON),
    ]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_inside_a_transaction_or_before_its_time():
    notebook = Notebook(every=0)
    notebook.note("over_limit", "page")
    with transaction.atomic():
        notebook.write_when_due()
    assert rows() == []

    notebook.every = 3600
    notebook.write_when_due()
    assert rows() == []
    notebook.write()
    assert [row[3] for row in rows()] == [1]


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_written_now_is_written_later(monkeypatch):
    notebook = Notebook(every=0)
    notebook.note("over_limit", "page")

    def down():
        raise OperationalError("the server is away")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", down)
        notebook.write_when_due()
    notebook.note("over_limit", "page")
    notebook.write_when_due()

    assert [row[3] for row in rows()] == [2]


@pytest.mark.django_db
def test_old_figures_are_forgotten_and_days_are_told_apart():
    today = NOON.date()
    for days, count in ((0, 1), (6, 2), (7, 4), (30, 8), (31, 16)):
        day = today - timedelta(days=days)
        RefusalCount.objects.create(code="over_limit", door="page", day=day, count=count, last_at=NOON)
    with clock.at(NOON):
        assert [(one.today, one.in_all) for one in refusal_counts.recent()] == [(1, 3)]
        assert refusal_counts.forget_old() == 1
    assert RefusalCount.objects.count() == 4
