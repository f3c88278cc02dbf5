from decimal import Decimal

from kontor.web.charts import Bar, bars_svg, sparkline_svg


def test_bars_are_as_tall_as_their_values_and_lead_to_their_records() -> None:
    svg = str(
        bars_svg([Bar(label="Jan", value=50, url="/o/?m=1"), Bar(label="Feb", value=Decimal(100))], "Sales")
    )

    assert 'height="63"' in svg
    assert 'height="126"' in svg
    assert '<a href="/o/?m=1" aria-label="Jan: 50">' in svg
    assert 'aria-label="Sales"' in svg


def test_no_numbers_draw_nothing_and_equal_ones_a_flat_line() -> None:
    assert str(sparkline_svg([], "Nothing")) == ""
    assert 'points="2.0,22.0 94.0,22.0"' in str(sparkline_svg([Decimal(5), Decimal(5)], "Flat"))
    assert "<svg" in str(bars_svg([], "Empty"))
