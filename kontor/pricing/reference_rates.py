"""The euro reference rates of the European Central Bank, as its files have them: the day's, or a history, XML or CSV.

XML: `Cube` elements with a `time` hold `Cube` elements with `currency` and `rate`. CSV: a column `Date`, then one for
each currency; rates that were not fixed are N/A. Either may come in a ZIP archive. A rate is what one euro is in the
currency.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from kontor.kernel.entrances import EntranceProblem, archive, csv_rows, xml
from kontor.kernel.money import decimal_of

BASE = "EUR"
NAMESPACE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}"
FIRST_DAY = date(1999, 1, 4)
"""The first day on which the bank fixed rates."""
NOT_FIXED = ("", "N/A", "-")
MAX_RATE = Decimal(10) ** 10


@dataclass(frozen=True, slots=True)
class Rate:
    """What one euro is in `currency` on a day."""

    day: date
    currency: str
    rate: Decimal


def read(document: bytes, today: date) -> list[Rate]:
    """The rates of a file, each once. Raises EntranceProblem, also ``not_rates`` and ``wrong_rate`` with the place."""
    if document.startswith(b"PK\x03\x04"):
        members = list(archive.unzip(document))
        if len(members) != 1:
            raise EntranceProblem("not_rates", _("The archive must hold one file, that of the rates."))
        document = members[0].content
    is_xml = document.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
    rates = list(_of_xml(document) if is_xml else _of_csv(document))
    if not rates:
        raise EntranceProblem("not_rates", _("There are no rates in this file."))
    seen: dict[tuple[date, str], Decimal] = {}
    for one in rates:
        _check(one, today)
        if seen.setdefault((one.day, one.currency), one.rate) != one.rate:
            facts = {"currency": one.currency, "day": one.day}
            raise EntranceProblem("wrong_rate", _("%(currency)s has two rates on %(day)s.") % facts)
    return [Rate(day, currency, rate) for (day, currency), rate in seen.items()]


def _of_xml(document: bytes) -> Iterator[Rate]:
    root = xml.parse(document)
    days = [cube for cube in root.iter(f"{NAMESPACE}Cube") if "time" in cube.attrib]
    if not days:
        message = _("This is not a file of reference rates of the European Central Bank.")
        raise EntranceProblem("not_rates", message)
    for cube in days:
        day = _day(cube.attrib["time"])
        for one in cube.iter(f"{NAMESPACE}Cube"):
            if one is not cube:
                currency = one.attrib.get("currency", "")
                yield Rate(day, currency, _rate(one.attrib.get("rate", ""), currency, day))


def _of_csv(document: bytes) -> Iterator[Rate]:
    content = csv_rows.read(document.replace(b", ", b","))
    if content.columns[0] != "Date":
        message = _("This is not a file of reference rates: the first column is not called Date.")
        raise EntranceProblem("not_rates", message)
    if content.problems:
        raise content.problems[0]
    for row in content.rows:
        day = _day(row.cells["Date"])
        for currency in content.columns[1:]:
            text = row.cells[currency].strip()
            if text not in NOT_FIXED:
                yield Rate(day, currency.strip(), _rate(text, currency, day))


def _day(text: str) -> date:
    """As 2026-05-29, or as the small CSV file has it: 29 May 2026."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        pass
    try:
        return datetime.strptime(text.strip(), "%d %B %Y").date()  # noqa: DTZ007  # a day has no time zone
    except ValueError:
        raise EntranceProblem("wrong_rate", _("“%(text)s” is not a day.") % {"text": text[:40]}) from None


def _rate(text: str, currency: str, day: date) -> Decimal:
    rate = decimal_of(text)
    if rate is None or not (0 < rate < MAX_RATE and rate == round(rate, 8)):
        facts = {"text": text[:40], "currency": currency[:10], "day": day}
        message = _("“%(text)s” is not a rate of %(currency)s (%(day)s).") % facts
        raise EntranceProblem("wrong_rate", message)
    return rate


def _check(one: Rate, today: date) -> None:
    currency = one.currency
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()) or currency == BASE:
        message = _("“%(text)s” is not a currency with a rate.") % {"text": currency[:20]}
        raise EntranceProblem("wrong_rate", message)
    if not FIRST_DAY <= one.day <= today:
        message = _("Rates of %(day)s cannot be: that day has not come, or was before the euro.")
        raise EntranceProblem("wrong_rate", message % {"day": one.day})
