"""Facets as groups of boxes and fields, and the filters that are set as chips that can be taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.discovery.address import Asked, Pairs
from kontor.goods import measures
from kontor.search.queries import AttributeFacet, Listing
from kontor.web.numbers import locale_of, machine, number
from kontor.web.values import money_text

SHOWN_AT_ONCE = 6
MOST_BOXES_OF_A_NUMBER = 12


@dataclass(frozen=True, slots=True)
class Option:
    """A box to tick; `shown` is the count as the reader's language writes it."""

    value: str
    label: str
    count: int
    shown: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A facet: boxes, of which the first `cut` are shown at once, or two fields from and to.

    `name` is that of the boxes; `low` and `high` those of the fields. `hints` are the bounds of what occurs.
    """

    legend: str
    name: str = ""
    options: tuple[Option, ...] = ()
    cut: int = 0
    low: str = ""
    high: str = ""
    values: tuple[str, str] = ("", "")
    hints: tuple[str, str] = ("", "")
    unit: str = ""
    is_set: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, in words, and the parameters that go when it is taken away."""

    label: str
    pairs: tuple[tuple[str, str], ...]


def groups_of(listing: Listing, asked: Asked, *, currency: str) -> list[Group]:
    """The facets of a listing as groups; what is set is shown even where nothing is left of it."""
    facets, filters = listing.facets, asked.filters
    groups = []
    brands = [(name, name, count) for name, count in facets.brands]
    if len(brands) > 1 or filters.brands:
        groups.append(_boxes(_("Brand"), "brand", brands, filters.brands))
    chosen = dict(filters.attributes)
    bounds = {code: (low, high) for code, low, high in filters.ranges}
    groups += [
        _attribute(facet, chosen.get(facet.code, ()), bounds.get(facet.code, (None, None)))
        for facet in facets.attributes
    ]
    return [*groups, _prices(asked, currency)]


def _attribute(
    facet: AttributeFacet, chosen: Sequence[str], bounds: tuple[Decimal | None, Decimal | None]
) -> Group:
    unit = measures.sign(facet.unit) if facet.unit else ""
    legend = f"{facet.name} ({unit})" if unit else facet.name
    few = len(facet.values) <= MOST_BOXES_OF_A_NUMBER and not any(one is not None for one in bounds)
    if facet.kind in ("number", "range") and facet.lowest is not None and (not few or facet.kind == "range"):
        return Group(
            legend=legend,
            low=f"min.{facet.code}",
            high=f"max.{facet.code}",
            values=(_written(bounds[0]), _written(bounds[1])),
            hints=(_written(facet.lowest), _written(facet.highest)),
            unit=unit,
            is_set=any(one is not None for one in bounds),
        )
    options = [(one.value, one.label, one.count) for one in facet.values]
    return _boxes(legend, f"a.{facet.code}", options, chosen)


def _prices(asked: Asked, currency: str) -> Group:
    low, high = asked.filters.price or (None, None)
    return Group(
        legend=_("Price, net (%(currency)s)") % {"currency": currency} if currency else _("Price, net"),
        name="price",
        low="price_min",
        high="price_max",
        values=(_written(low), _written(high)),
        unit=currency,
        is_set=asked.filters.price is not None,
    )


def _boxes(legend: str, name: str, options: Sequence[tuple[str, str, int]], chosen: Sequence[str]) -> Group:
    known = {value for value, _label, _count in options}
    lost = [(value, value, 0) for value in chosen if value not in known]
    language = get_language() or "en"
    made = [
        Option(value, label, count, _counted(count, language), checked=value in chosen)
        for value, label, count in [*options, *lost]
    ]
    made.sort(key=lambda one: not one.checked)  # those that are set first, else in the order of the facet
    cut = max(SHOWN_AT_ONCE, sum(one.checked for one in made))
    cut = len(made) if len(made) <= cut + 2 else cut
    return Group(legend=legend, name=name, options=tuple(made), cut=cut, is_set=bool(chosen))


@lru_cache(maxsize=20_000)
def _counted(count: int, language: str) -> str:
    """As `number`, remembered by the language: a listing has two hundred counts."""
    return number(count, locale=locale_of(language))


def _written(value: Decimal | None) -> str:
    return "" if value is None else machine(value)


def chips_of(pairs: Pairs, listing: Listing, *, currency: str, categories: Mapping[str, str]) -> list[Chip]:
    """The filters that are set as chips; a range is one chip for both its bounds."""
    facets = {one.code: one for one in listing.facets.attributes}
    chips: list[Chip] = []
    done: set[str] = set()
    values = dict(pairs)
    for name, value in pairs:
        stem, _dot, code = name.partition(".")
        if stem in ("min", "max") or name.startswith("price_"):
            both = ("price_min", "price_max") if name.startswith("price_") else (f"min.{code}", f"max.{code}")
            if both[0] not in done:
                done.add(both[0])
                label = _range_label(
                    facets.get(code), code, (values.get(both[0]), values.get(both[1])), currency
                )
                chips.append(Chip(label, tuple((one, values[one]) for one in both if one in values)))
        else:
            label = _label(name, value, facets.get(code), categories)
            chips.append(Chip(label, ((name, value),)))
    return chips


def _label(name: str, value: str, facet: AttributeFacet | None, categories: Mapping[str, str]) -> str:
    if name == "in_stock":
        return _("In stock")
    if name == "bought":
        return _("Bought by us")
    if name == "category":
        return categories.get(value, value)
    if name.startswith("a.") and facet is not None:
        label = next((one.label for one in facet.values if one.value == value), value)
        return f"{facet.name}: {label}"
    return value


def _range_label(
    facet: AttributeFacet | None, code: str, bounds: tuple[str | None, str | None], currency: str
) -> str:
    unit = measures.sign(facet.unit) if facet and facet.unit else ""
    name = (facet.name if facet else code) if code else _("Price")

    def shown(text: str) -> str:
        amount = Decimal(text)
        return (
            (money_text(amount, currency) if currency else number(amount))
            if not code
            else f"{number(amount)} {unit}".strip()
        )

    low, high = bounds
    if low is not None and high is not None:
        return _("%(name)s %(low)s to %(high)s") % {"name": name, "low": shown(low), "high": shown(high)}
    if low is not None:
        return _("%(name)s from %(low)s") % {"name": name, "low": shown(low)}
    return _("%(name)s up to %(high)s") % {"name": name, "high": shown(high or "0")}
