from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from kontor.kernel import clock
from kontor.web.asked import day_of
from kontor.web.dates import date_text, datetime_text, iso, moment_from, relative_time

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


@pytest.mark.parametrize(
    "text", ["0001-01-01", "9999-12-31T23:59-12:00", "1.1.0001 00:00", "2026-02-30", "\x00"]
)
def test_what_no_zone_can_tell_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        moment_from(text)


def test_a_day_at_the_end_of_the_calendar_is_none() -> None:
    assert [day_of(text) for text in ("9999-12-31", "0001-01-01", "2999-12-31")] == [
        None, None, date(2999, 12, 31),
    ]  # fmt: skip
