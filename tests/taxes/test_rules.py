"""Totals of taxes, and VAT ids."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontor.companies.countries import EU
from kontor.kernel.money import minor_units
from kontor.taxes.rules import tax_totals, vat_member_state


def test_the_union_has_27_members_and_knows_greece_by_its_iso_code():
    assert len(EU) == 27
    assert {"GR", "IE", "HR"} <= EU
    assert not {"EL", "GB", "CH", "NO", "XI"} & EU


@pytest.mark.parametrize("vat_id", ["", "DE", "XX123", "DE१३६६९५९७६", "DE136695976\n\x00", "null"])
def test_what_is_no_vat_id_belongs_to_no_member_state(vat_id):
    assert vat_member_state(vat_id) is None or vat_id.strip("\n\x00") == "DE136695976"


def test_tax_is_rounded_once_per_rate_with_the_highest_rate_first():
    totals = tax_totals(
        [(Decimal(7), Decimal("10.05")), (Decimal(19), Decimal("0.02")), (Decimal(19), Decimal("99.99"))],
        "EUR",
    )
    assert [(one.rate, one.net, one.tax) for one in totals] == [
        (Decimal(19), Decimal("100.01"), Decimal("19.00")),
        (Decimal(7), Decimal("10.05"), Decimal("0.70")),
    ]


def test_the_same_rate_written_differently_is_one_rate():
    [total] = tax_totals([(Decimal("19"), Decimal("1.00")), (Decimal("19.000"), Decimal("2.00"))], "EUR")
    assert total.net == Decimal("3.00")


def test_no_lines_bear_no_tax():
    assert tax_totals([], "EUR") == []


RATES = st.sampled_from([Decimal(0), Decimal(7), Decimal(19), Decimal("8.1"), Decimal("2.125")])


def nets(currency: str) -> st.SearchStrategy[Decimal]:
    return st.integers(-(10**11), 10**11).map(lambda units: Decimal(units).scaleb(-minor_units(currency)))


@st.composite
def documents(draw):
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    return currency, draw(st.lists(st.tuples(RATES, nets(currency)), max_size=40))


@given(documents())
def test_totals_add_up_whatever_the_lines(document):
    currency, lines = document
    totals = tax_totals(lines, currency)
    step = Decimal(1).scaleb(-minor_units(currency))

    assert sum((one.net for one in totals), Decimal(0)) == sum((net for _rate, net in lines), Decimal(0))
    assert len({one.rate for one in totals}) == len(totals) == len({rate for rate, _net in lines})
    for one in totals:
        assert one.tax == (one.net * one.rate / 100).quantize(step, ROUND_HALF_UP)
        assert abs(one.tax - one.net * one.rate / 100) <= step / 2


@given(documents(), st.randoms())
def test_the_order_of_lines_does_not_matter(document, random):
    currency, lines = document
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert tax_totals(shuffled, currency) == tax_totals(lines, currency)


@given(documents())
def test_a_credit_of_everything_is_the_invoice_with_the_other_sign(document):
    currency, lines = document
    charged = tax_totals(lines, currency)
    credited = tax_totals([(rate, -net) for rate, net in lines], currency)
    assert [(one.rate, -one.net, -one.tax) for one in credited] == [
        (one.rate, one.net, one.tax) for one in charged
    ]
