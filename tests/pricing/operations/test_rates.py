"""Exchange rates: files of the European Central Bank taken in or refused, fixed rates, which rate of several counts."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from kontor.audit.models import Entry
from kontor.companies.models import Company, Membership
from kontor.kernel import clock
from kontor.kernel.actors import system_actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.models import ExchangeRate
from kontor.pricing.operations import fix_rate, import_reference_rates, remove_rate
from tests.cast import actor

NOW = datetime(2026, 5, 29, 18, tzinfo=UTC)
ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<gesmes:Sender>
\t\t<gesmes:name>European Central Bank</gesmes:name>
\t</gesmes:Sender>
\t<Cube>{days}</Cube>
</gesmes:Envelope>"""


def day_of(day: str, **rates: str) -> str:
    cubes = "".join(
        f"\n\t\t\t<Cube currency='{currency}' rate='{rate}'/>" for currency, rate in rates.items()
    )
    return f"\n\t\t<Cube time='{day}'>{cubes}\n\t\t</Cube>"


DAILY = ENVELOPE.format(days=day_of("2026-05-29", USD="1.1412", JPY="163.27", CHF="0.9342")).encode()
HISTORY = ENVELOPE.format(
    days=day_of("2026-05-29", USD="1.1412", CHF="0.9342") + day_of("2026-05-28", USD="1.1398", CHF="0.9350")
).encode()
CSV_HISTORY = (
    b"Date,USD,JPY,ISK,CHF,\n2026-05-29,1.1412,163.27,N/A,0.9342,\n2026-05-28,1.1398,163.1,N/A,0.935,\n"
)
CSV_DAILY = b"Date, USD, JPY, CHF, \n29 May 2026, 1.1412, 163.27, 0.9342, \n"


def kept(seller: Company | None = None) -> list[str]:
    return [str(one) for one in ExchangeRate.objects.filter(seller=seller).order_by("day", "target")]


def rate_of(seller: Company, source: str, target: str, at: datetime = NOW, days: int = 7) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pricing_rate(%s, %s, %s, %s, %s)", [seller.pk, source, target, at, days])
        (found,) = cursor.fetchone() or (None,)
    return None if found is None else str(round(found, 6).normalize())


@pytest.fixture(autouse=True)
def _today(db: None) -> object:
    with clock.at(NOW):
        yield


def test_the_operator_takes_in_the_rates_of_a_day_for_everybody(olga: Membership):
    found = import_reference_rates(actor=actor(olga), document=DAILY)
    assert (found.first, found.last, found.currencies, found.changed) == (
        date(2026, 5, 29),
        date(2026, 5, 29),
        3,
        3,
    )
    assert kept() == [
        "1 EUR = 0.93420000 CHF on 2026-05-29",
        "1 EUR = 163.27000000 JPY on 2026-05-29",
        "1 EUR = 1.14120000 USD on 2026-05-29",
    ]


@pytest.mark.parametrize("document", [CSV_HISTORY, CSV_DAILY, b"\xef\xbb\xbf" + DAILY])
def test_every_form_of_the_file_gives_the_same_rates_and_the_second_time_nothing_changes(
    olga: Membership, document: bytes
):
    import_reference_rates(actor=actor(olga), document=DAILY)
    before = kept()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("eurofxref-hist.csv", document)
    import_reference_rates(actor=actor(olga), document=packed.getvalue())
    assert [one for one in kept() if one.endswith("29")] == before
    assert import_reference_rates(actor=actor(olga), document=document).changed == 0


def test_a_rate_that_stands_twice_in_a_file_is_one(olga: Membership):
    twice = b"Date,USD\n2026-05-29,1.1412\n2026-05-29,1.1412\n"
    assert import_reference_rates(actor=actor(olga), document=twice).changed == 1


def test_a_seller_takes_in_rates_of_its_own_only(sal: Membership, hansa: Company, levante: Company):
    assert import_reference_rates(actor=actor(sal), document=HISTORY).changed == 4
    assert (len(kept(hansa)), len(kept())) == (4, 0)
    assert rate_of(hansa, "EUR", "USD") == "1.1412"
    assert rate_of(levante, "EUR", "USD") is None


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"<html><body>Not found</body></html>", "not a file of reference rates of the European"),
        (DAILY[:300], "not well-formed"),
        (DAILY.replace(b"1.1412", b"1,1412"), "“1,1412” is not a rate of USD"),
        (DAILY.replace(b"1.1412", b"-1.1412"), "is not a rate of USD"),
        (DAILY.replace(b"1.1412", b"0"), "is not a rate of USD"),
        (DAILY.replace(b"'USD'", b"'usd'"), "“usd” is not a currency"),
        (DAILY.replace(b"2026-05-29", b"2026-13-29"), "“2026-13-29” is not a day"),
        (DAILY.replace(b"2026-05-29", b"2026-06-29"), "that day has not come"),
        (DAILY.replace(b"JPY", b"USD"), "USD has two rates on 2026-05-29"),
        (ENVELOPE.format(days=day_of("2026-05-29")).encode(), "There are no rates in this file"),
        (
            DAILY.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY e "1">]>').replace(b"1.1412", b"&e;"),
            "declares entities",
        ),
        (b"Currency,Rate\nUSD,1.1412\n", "the first column is not called Date"),
        (b"Date,USD\n2026-05-29,n.a.\n", "“n.a.” is not a rate of USD"),
        (b"", "The file is empty"),
        (b"PK\x03\x04broken", "archive"),
    ],
)
def test_a_broken_file_is_refused_with_its_reason_and_nothing_is_kept(
    olga: Membership, document: bytes, reason: str
):
    with pytest.raises(Refused) as refusal:
        import_reference_rates(actor=actor(olga), document=document)
    assert refusal.value.code == "unreadable_rates"
    assert reason in refusal.value.fields["file"]
    assert not ExchangeRate.objects.exists()
    assert not Entry.objects.filter(verb="pricing.rates_imported").exists()


def test_a_fixed_rate_goes_before_all_others_and_never_grows_old(
    sal: Membership, olga: Membership, hansa: Company, levante: Company
):
    import_reference_rates(actor=actor(olga), document=DAILY)
    import_reference_rates(actor=actor(sal), document=DAILY.replace(b"1.1412", b"1.2"))
    assert (rate_of(hansa, "EUR", "USD"), rate_of(levante, "EUR", "USD")) == ("1.2", "1.1412")

    fixed = fix_rate(actor=actor(sal), source="EUR", target="USD", rate=Decimal("1.1"), day=date(2026, 1, 1))
    later = datetime(2027, 5, 1, tzinfo=UTC)
    assert rate_of(hansa, "EUR", "USD") == rate_of(hansa, "EUR", "USD", later) == "1.1"
    assert rate_of(hansa, "USD", "EUR") == "0.909091"
    assert rate_of(hansa, "USD", "CHF") == "0.849273"  # 0.9342 / 1.1
    assert (rate_of(levante, "EUR", "USD"), rate_of(levante, "EUR", "USD", later)) == ("1.1412", None)

    remove_rate(actor=actor(sal), rate=fixed)
    assert rate_of(hansa, "EUR", "USD") == "1.2"


def test_a_file_does_not_overwrite_a_rate_fixed_for_its_day(sal: Membership, hansa: Company):
    fix_rate(actor=actor(sal), source="EUR", target="USD", rate=Decimal("1.1"), day=date(2026, 5, 29))
    assert import_reference_rates(actor=actor(sal), document=DAILY).changed == 2
    assert rate_of(hansa, "EUR", "USD") == "1.1"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"source": "eur"}, "source"),
        ({"target": "EUR"}, "target"),
        ({"rate": Decimal(0)}, "rate"),
        ({"rate": Decimal("1.123456789")}, "rate"),
    ],
)
def test_a_wrong_fixed_rate_is_refused(sal: Membership, facts: dict[str, object], field: str):
    given = {"source": "EUR", "target": "USD", "rate": Decimal("1.1"), "day": date(2026, 1, 1)} | facts
    with pytest.raises(Refused) as refusal:
        fix_rate(actor=actor(sal), **given)
    assert list(refusal.value.fields) == [field]
    assert not ExchangeRate.objects.exists()


def test_buyers_warehouse_and_other_sellers_may_not(
    ana: Membership, wim: Membership, lev: Membership, sal: Membership
):
    for nobody in (ana, wim):
        with pytest.raises(NotAllowed):
            import_reference_rates(actor=actor(nobody), document=DAILY)
        with pytest.raises(NotAllowed):
            fix_rate(actor=actor(nobody), source="EUR", target="USD", rate=Decimal(1), day=date(2026, 1, 1))
    fixed = fix_rate(actor=actor(sal), source="EUR", target="USD", rate=Decimal(1), day=date(2026, 1, 1))
    import_reference_rates(actor=system_actor("kontor rates"), document=DAILY)
    for rate in (fixed, ExchangeRate.objects.filter(seller=None).first()):
        assert rate is not None
        with pytest.raises(NotAllowed):
            remove_rate(actor=actor(lev), rate=rate)
    assert ExchangeRate.objects.count() == 4
