from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kontor.goods.quantities import check_quantity
from kontor.goods.units import UNITS, choices, counted, name


@dataclass(frozen=True)
class Sold:
    unit: str = "C62"
    factor: Decimal = Decimal(1)
    minimum: Decimal = Decimal(1)
    multiple: Decimal = Decimal(1)
    maximum: Decimal | None = None


BY_24 = Sold(minimum=Decimal(48), multiple=Decimal(24))


@pytest.mark.parametrize(
    ("sold", "quantity", "code", "nearest"),
    [
        (Sold(), "1", None, None),
        (BY_24, "48", None, None),
        (BY_24, "72", None, None),
        (BY_24, "50", "not_a_multiple", "72"),
        (BY_24, "24", "below_minimum", "48"),
        (Sold(minimum=Decimal(50), multiple=Decimal(24)), "50", "below_minimum", "72"),
        (Sold(maximum=Decimal(10)), "10", None, None),
        (Sold(maximum=Decimal(10)), "11", "above_maximum", "10"),
        (Sold(maximum=Decimal(50), minimum=Decimal(24), multiple=Decimal(24)), "72", "above_maximum", "48"),
        (Sold(), "1.5", "no_fractions", "2"),
        (Sold(unit="MTR", multiple=Decimal("0.5")), "1.5", None, None),
        (
            Sold(unit="MTR", minimum=Decimal("0.001"), multiple=Decimal("0.001")),
            "1.2345",
            "no_fractions",
            "1.235",
        ),
        (Sold(), "0", "not_positive", "1"),
        (Sold(), "-3", "not_positive", "1"),
        (Sold(), "NaN", "not_positive", "1"),
        (Sold(), "Infinity", "not_positive", "1"),
        (Sold(), "1e9", "too_large", "1"),
        (Sold(factor=Decimal(1000)), "1000000", "too_large", "1"),
    ],
)
def test_a_quantity_fits_its_sales_unit_or_says_why_not(sold, quantity, code, nearest):
    problem = check_quantity(sold, Decimal(quantity))

    assert (problem and problem.code) == code
    if problem:
        assert problem.nearest == Decimal(nearest)
        assert problem.message.endswith(".")


@given(
    minimum=st.decimals("0.001", 500, places=3),
    multiple=st.decimals("0.001", 50, places=3),
    quantity=st.decimals("0.001", 2000, places=3),
)
def test_the_nearest_quantity_can_always_be_ordered_and_is_never_less(minimum, multiple, quantity):
    sold = Sold(unit="MTR", minimum=minimum, multiple=multiple)
    problem = check_quantity(sold, quantity)

    if problem is None:
        assert quantity >= minimum
        assert quantity % multiple == 0
    else:
        assert problem.nearest >= quantity
        assert check_quantity(sold, problem.nearest) is None


def test_the_sentence_names_quantities_in_the_unit():
    few, odd = (
        check_quantity(BY_24, Decimal(24)),
        check_quantity(Sold(unit="XBX", multiple=Decimal(4)), Decimal(6)),
    )

    assert few is not None
    assert few.message == "The smallest order is 48 pieces."
    assert odd is not None
    assert odd.message == "This is sold in steps of 4 boxes. The next possible quantity is 8 boxes."


@pytest.mark.parametrize(
    ("quantity", "unit", "text"),
    [
        ("1", "C62", "1 piece"), ("12", "C62", "12 pieces"), ("0", "C62", "0 pieces"), ("1.5", "MTR", "1.5 metres"),
        ("0.500", "KGM", "0.5 kilograms"), ("12500.000", "C62", "12,500 pieces"), ("3", "QQQ", "3 QQQ"),
        ("1E+3", "C62", "1,000 pieces"),
    ],
)  # fmt: skip
def test_quantities_read_as_people_write_them(quantity, unit, text):
    with translation.override("en"):
        assert counted(Decimal(quantity), unit) == text


def test_every_unit_has_a_name_and_fits_its_column():
    assert name("XPX") == "pallet"
    assert name("ZZ") == "ZZ"
    assert len({label for _code, label in choices()}) == len(UNITS)
    assert dict(choices())["H87"] == "piece (H87)"
    assert all(len(code) <= 3 and unit.decimals <= 3 for code, unit in UNITS.items())
