from datetime import UTC, date, datetime, timedelta

from django.utils import timezone, translation

from kontor.kernel import clock
from kontor.web.dates import date_text, datetime_text, iso, relative_time

EVENING = datetime(2026, 11, 22, 23, 30, 59, tzinfo=UTC)


def test_a_moment_is_shown_in_the_time_zone_of_the_reader() -> None:
    with timezone.override("Europe/Berlin"), translation.override("en"):
        assert datetime_text(EVENING) == "23 Nov 2026, 00:30"
        assert date_text(EVENING) == "23 Nov 2026"


def test_dates_are_written_in_the_language_of_the_reader() -> None:
    with translation.override("de"):
        assert date_text(date(2026, 3, 2)) == "02.03.2026"
        assert date_text(date(2026, 3, 2), "long") == "2. März 2026"


def test_relative_times_count_from_the_clock_of_the_business() -> None:
    with clock.at(EVENING), translation.override("en"), timezone.override("UTC"):
        assert relative_time(EVENING - timedelta(hours=3)) == "3 hours ago"
        assert relative_time(date(2026, 11, 24)) == "in 2 days"


def test_nothing_stays_nothing_and_machines_get_utc() -> None:
    assert (date_text(None), datetime_text(None), relative_time(None)) == ("", "", "")
    assert iso(EVENING) == "2026-11-22T23:30:59+00:00"
