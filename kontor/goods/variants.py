"""The variants of a model, arranged by what tells them apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from kontor.goods.attributes import Trait, shown_value
from kontor.kernel.folding import sort_key

MOST = 2_000
MOST_CELLS = 5_000
"""A grid with more cells is mostly empty; a thousand variants could make a million."""


class Sister(NamedTuple):
    """A variant as it stands in the database."""

    product_id: int
    sku: str
    slug: str
    name: str
    status: str
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant; `values` are those of the axes, as a reader sees them."""

    product_id: int
    sku: str
    slug: str
    name: str
    status: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows by all axes but the last, columns by the last; a cell is empty where there is no such variant.

    Where that would be too large a grid, each variant has a row of its own, and the last axis and column have no name.
    """

    axes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[Variant | None, ...]], ...]
    variants: tuple[Variant, ...]


def matrix_of(variants: Sequence[Sister], traits: Sequence[Trait], language: str) -> Matrix:
    """These variants of one model by the axes of its family, as a reader of a language sees them."""
    axes = [one for one in traits if one.is_axis]
    known = list(variants)
    places = [_Places(axis, [one.attributes.get(axis.code) for one in known]) for axis in axes]
    known.sort(key=lambda one: [place.of(one.attributes.get(place.axis.code)) for place in places])
    rows: dict[tuple[str, ...], dict[str, Variant]] = {}
    columns: dict[str, int] = {}
    listed = []
    for one in known:
        values = tuple(place.shown(one.attributes.get(place.axis.code), language) for place in places)
        variant = Variant(one.product_id, one.sku, one.slug, one.name, one.status, values)
        listed.append(variant)
        last = values[-1] if values else ""
        columns.setdefault(last, places[-1].of(one.attributes.get(axes[-1].code)) if axes else 0)
        rows.setdefault(values[:-1], {}).setdefault(last, variant)
    across = tuple(sorted(columns, key=lambda text: columns[text]))
    names = tuple(axis.label(language) for axis in axes)
    if len(rows) * len(across) > MOST_CELLS:
        return Matrix((*names, ""), ("",), tuple((one.values, (one,)) for one in listed), tuple(listed))
    return Matrix(
        axes=names,
        columns=across,
        rows=tuple((head, tuple(cells.get(column) for column in across)) for head, cells in rows.items()),
        variants=tuple(listed),
    )


class _Places:
    """The order of an axis: choices as the seller has them, numbers by size, texts by the alphabet."""

    def __init__(self, axis: Trait, values: Sequence[Any]) -> None:
        self.axis = axis
        codes = [one.code for one in axis.choices]
        there = {str(value) for value in values if value is not None}
        ordered = sorted(
            there, key=lambda text: (codes.index(text) if text in codes else 0, _size(text), sort_key(text))
        )
        self.places = {text: place for place, text in enumerate(ordered)}

    def of(self, value: Any) -> int:
        return self.places.get(str(value), -1)

    def shown(self, value: Any, language: str) -> str:
        if value is None:
            return "–"
        text, unit = shown_value(self.axis, value, language)
        return f"{text} {unit}" if unit else text


def _size(text: str) -> Decimal:
    try:
        size = Decimal(text)
    except InvalidOperation:
        return Decimal(0)
    return size if size.is_finite() else Decimal(0)
