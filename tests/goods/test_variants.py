"""The variants of a model as a grid, whatever a seller writes into them."""

from kontor.goods.attributes import Trait
from kontor.goods.variants import MOST, Sister, matrix_of

LENGTH = Trait(id=1, code="length", name="Length", kind="text", names={}, is_axis=True)
COLOUR = Trait(id=2, code="colour", name="Colour", kind="text", names={}, is_axis=True)


def sisters(*values: tuple[str, str]) -> list[Sister]:
    return [
        Sister(n, f"S-{n}", f"s-{n}", f"Rod {n}", "active", {"length": length, "colour": colour})
        for n, (length, colour) in enumerate(values)
    ]


def test_two_axes_make_a_grid_with_holes():
    matrix = matrix_of(sisters(("10", "red"), ("2", "blue")), (LENGTH, COLOUR), "en")

    assert (matrix.axes, matrix.columns) == (("Length", "Colour"), ("blue", "red"))
    assert [(head, [cell and cell.sku for cell in cells]) for head, cells in matrix.rows] == [
        (("2",), ["S-1", None]),
        (("10",), [None, "S-0"]),
    ]


def test_a_grid_that_would_be_mostly_holes_is_a_list():
    matrix = matrix_of(sisters(*((str(n), f"c{n}") for n in range(MOST))), (LENGTH, COLOUR), "en")

    assert (matrix.axes, matrix.columns) == (("Length", "Colour", ""), ("",))
    assert len(matrix.rows) == MOST
    head, cells = matrix.rows[0]
    assert (head, [cell and cell.sku for cell in cells]) == (("0", "c0"), ["S-0"])


def test_what_is_no_number_sorts_beside_numbers():
    matrix = matrix_of(sisters(("nan", "red"), ("2", "red"), ("sNaN", "red")), (LENGTH, COLOUR), "en")

    assert [head for head, _cells in matrix.rows] == [("nan",), ("sNaN",), ("2",)]
