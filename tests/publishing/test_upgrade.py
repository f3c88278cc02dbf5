"""The tables of feeds and schedules came over from `exchange` with all that was in them."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kontor.catalog.permissions import EDIT_CATALOG
from kontor.companies.models import Membership
from kontor.publishing.models import ProductFeed, Schedule, ScheduleRun
from kontor.publishing.operations import FeedFacts, save_feed
from tests.cast import actor

BEFORE = [("publishing", None), ("exchange", "0003_picture_retries")]
MODELS = (ProductFeed, Schedule, ScheduleRun)


def _rows() -> list[list[tuple]]:
    return [list(model.objects.order_by("pk").values_list()) for model in MODELS]


def _migrate(*targets: tuple[str, str | None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    MigrationExecutor(connection).migrate(list(targets))


@pytest.mark.django_db
def test_an_upgrade_keeps_feeds_schedules_and_their_runs(store_admin: Membership):
    admin = actor(store_admin)
    assert admin.may(EDIT_CATALOG)
    feed = save_feed(actor=admin, facts=FeedFacts(language="en"))
    before = _rows()
    assert all(before)
    now = MigrationExecutor(connection).loader.graph.leaf_nodes("publishing")

    _migrate(*BEFORE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), to_regclass('publishing_schedule') FROM exchange_schedule")
        assert cursor.fetchone() == (1, None)
    _migrate(*now)

    assert _rows() == before
    assert save_feed(actor=admin, facts=FeedFacts(language="en", is_on=False)) == feed
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname ~ '^exchange_(feed|schedule)(_id_seq)?$'")
        assert cursor.fetchall() == []
