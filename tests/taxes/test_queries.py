"""Rates by day."""

from datetime import date
from decimal import Decimal

from kontor.taxes.models import TaxRate
from kontor.taxes.queries import rates_on


def test_the_latest_rate_that_has_begun_counts(cast, django_assert_num_queries):
    TaxRate.objects.create(country="DE", category="standard", rate=Decimal(16), valid_from=date(2020, 7, 1))
    TaxRate.objects.create(country="DE", category="standard", rate=Decimal(21), valid_from=date(2027, 1, 1))

    with django_assert_num_queries(1):
        before = rates_on(country="DE", day=date(2020, 12, 31))
    assert before == {"standard": Decimal(16)}
    assert rates_on(country="DE", day=date(2021, 1, 1)) == {"standard": 19, "reduced": 7, "zero": 0}
    assert rates_on(country="DE", day=date(2026, 12, 31))["standard"] == 19
    assert rates_on(country="DE", day=date(2027, 1, 1))["standard"] == 21


def test_rates_of_another_country_are_not_mixed_in(cast):
    assert rates_on(country="ES", day=date(2026, 1, 1)) == {"standard": Decimal(21)}
    assert rates_on(country="FR", day=date(2026, 1, 1)) == {}
