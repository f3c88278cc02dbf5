"""Reads of the tax tables."""

from datetime import date
from decimal import Decimal

from django.db import connection

RATES = """
SELECT DISTINCT ON (category) category, rate FROM taxes_rate
WHERE country = %s AND valid_from <= %s ORDER BY category, valid_from DESC
"""


def rates_on(*, country: str, day: date) -> dict[str, Decimal]:
    """Percent by tax category in a country on a day: of each category the latest row that has begun. One query."""
    with connection.cursor() as cursor:
        cursor.execute(RATES, [country, day])
        return dict(cursor.fetchall())
