from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontor.goods.measures import MEASURES, alike, code_of, convert, sign

FIGURES = st.decimals(min_value=-100_000, max_value=100_000, places=3)


@pytest.mark.covers("R0.9")
@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        ("0.5", "INH", "MMT", "12.7"),
        ("1", "FOT", "CMT", "30.48"),
        ("1", "LBR", "KGM", "0.45359237"),
        ("1", "ONZ", "GRM", "28.349523125"),
        ("145", "PS", "BAR", "9.99739807509412"),
        ("72", "FAH", "CEL", "22.2222222222222"),
        ("0", "KEL", "CEL", "-273.15"),
        ("2.5", "MMK", "CMK", "0.025"),
        ("3000", "RPM", "RPM", "3000"),
        ("621.372", "SMI", "C45", "1000001299968000"),
    ],
)
def test_conversions_are_exact(value: str, unit: str, to: str, expected: str):
    assert convert(Decimal(value), unit, to) == Decimal(expected)


@given(FIGURES, st.sampled_from(sorted(MEASURES)), st.data())
def test_there_and_back_gives_what_was_typed(value: Decimal, unit: str, data: st.DataObject):
    to = data.draw(st.sampled_from([one.code for one in alike(unit)]))
    away = convert(value, unit, to)
    back = convert(away, to, unit)

    # fifteen digits of the figure in between decide how near it comes: kelvins and picofarads cost some
    assert abs(back - value) <= Decimal("1e-9") * max(Decimal(1), abs(value)) + _step(away, to, unit)


def _step(away: Decimal, to: str, unit: str) -> Decimal:
    ratio = MEASURES[to].factor / MEASURES[unit].factor
    smallest = Decimal(1).scaleb(away.adjusted() - 14) if away else Decimal(0)
    return smallest * Decimal(ratio.numerator) / Decimal(ratio.denominator)


def test_length_does_not_become_mass():
    with pytest.raises(ValueError, match="MMT cannot be converted to KGM"):
        convert(Decimal(1), "MMT", "KGM")


def test_every_sign_and_every_other_name_means_its_unit():
    for one in MEASURES.values():
        for text in (one.sign, *one.others):
            assert code_of(text) == one.code, text
        assert sign(one.code) == one.sign
