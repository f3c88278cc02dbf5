"""Units of measure by UN/ECE Recommendation 20 (and 21 for packages): names, and whether they can be divided."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: `name` for choices, `counted` with a number ("12 pieces"), `decimals` that a quantity may have."""

    code: str
    name: Promise
    counted: Any  # a lazy text that takes part in %, which its type does not say
    decimals: int = 0


_UNITS = (
    Unit("C62", gettext_lazy("piece"), ngettext_lazy("%(n)s piece", "%(n)s pieces", "count")),
    Unit("H87", gettext_lazy("piece"), ngettext_lazy("%(n)s piece", "%(n)s pieces", "count")),
    Unit("EA", gettext_lazy("each"), ngettext_lazy("%(n)s piece", "%(n)s pieces", "count")),
    Unit("PR", gettext_lazy("pair"), ngettext_lazy("%(n)s pair", "%(n)s pairs", "count")),
    Unit("SET", gettext_lazy("set"), ngettext_lazy("%(n)s set", "%(n)s sets", "count")),
    Unit("DZN", gettext_lazy("dozen"), ngettext_lazy("%(n)s dozen", "%(n)s dozen", "count")),
    Unit("CEN", gettext_lazy("hundred"), ngettext_lazy("%(n)s hundred", "%(n)s hundreds", "count")),
    Unit("MIL", gettext_lazy("thousand"), ngettext_lazy("%(n)s thousand", "%(n)s thousands", "count")),
    Unit("XBX", gettext_lazy("box"), ngettext_lazy("%(n)s box", "%(n)s boxes", "count")),
    Unit("XPK", gettext_lazy("pack"), ngettext_lazy("%(n)s pack", "%(n)s packs", "count")),
    Unit("XCT", gettext_lazy("carton"), ngettext_lazy("%(n)s carton", "%(n)s cartons", "count")),
    Unit("XPX", gettext_lazy("pallet"), ngettext_lazy("%(n)s pallet", "%(n)s pallets", "count")),
    Unit("XRO", gettext_lazy("roll"), ngettext_lazy("%(n)s roll", "%(n)s rolls", "count")),
    Unit("ROL", gettext_lazy("roll"), ngettext_lazy("%(n)s roll", "%(n)s rolls", "count")),
    Unit("XBG", gettext_lazy("bag"), ngettext_lazy("%(n)s bag", "%(n)s bags", "count")),
    Unit("XBO", gettext_lazy("bottle"), ngettext_lazy("%(n)s bottle", "%(n)s bottles", "count")),
    Unit("XCA", gettext_lazy("can"), ngettext_lazy("%(n)s can", "%(n)s cans", "count")),
    Unit("XCR", gettext_lazy("crate"), ngettext_lazy("%(n)s crate", "%(n)s crates", "count")),
    Unit("XDR", gettext_lazy("drum"), ngettext_lazy("%(n)s drum", "%(n)s drums", "count")),
    Unit("XTU", gettext_lazy("tube"), ngettext_lazy("%(n)s tube", "%(n)s tubes", "count")),
    Unit("XST", gettext_lazy("sheet"), ngettext_lazy("%(n)s sheet", "%(n)s sheets", "count")),
    Unit("MTR", gettext_lazy("metre"), ngettext_lazy("%(n)s metre", "%(n)s metres", "count"), 3),
    Unit("CMT", gettext_lazy("centimetre"), ngettext_lazy("%(n)s centimetre", "%(n)s centimetres", "count"), 1),
    Unit("MMT", gettext_lazy("millimetre"), ngettext_lazy("%(n)s millimetre", "%(n)s millimetres", "count")),
    Unit("MTK", gettext_lazy("square metre"), ngettext_lazy("%(n)s square metre", "%(n)s square metres", "count"), 3),
    Unit("MTQ", gettext_lazy("cubic metre"), ngettext_lazy("%(n)s cubic metre", "%(n)s cubic metres", "count"), 3),
    Unit("KGM", gettext_lazy("kilogram"), ngettext_lazy("%(n)s kilogram", "%(n)s kilograms", "count"), 3),
    Unit("GRM", gettext_lazy("gram"), ngettext_lazy("%(n)s gram", "%(n)s grams", "count"), 3),
    Unit("TNE", gettext_lazy("tonne"), ngettext_lazy("%(n)s tonne", "%(n)s tonnes", "count"), 3),
    Unit("LTR", gettext_lazy("litre"), ngettext_lazy("%(n)s litre", "%(n)s litres", "count"), 3),
    Unit("MLT", gettext_lazy("millilitre"), ngettext_lazy("%(n)s millilitre", "%(n)s millilitres", "count")),
    Unit("HUR", gettext_lazy("hour"), ngettext_lazy("%(n)s hour", "%(n)s hours", "count"), 2),
    Unit("DAY", gettext_lazy("day"), ngettext_lazy("%(n)s day", "%(n)s days", "count"), 1),
    Unit("KWH", gettext_lazy("kilowatt hour"), ngettext_lazy("%(n)s kWh", "%(n)s kWh", "count"), 3),
)  # fmt: skip
UNITS = {unit.code: unit for unit in _UNITS}


def is_known(code: str) -> bool:
    return code in UNITS


def decimals(code: str) -> int:
    """How many decimals a quantity in this unit may have; none when the unit is not listed."""
    unit = UNITS.get(code)
    return unit.decimals if unit else 0


def name(code: str) -> str:
    """The unit in the reader's language; a code that is not listed stands for itself."""
    unit = UNITS.get(code)
    return str(unit.name) if unit else code


def plain(quantity: Decimal) -> str:
    """A quantity without empty decimals, written as the reader's language does: ``1,250.5``."""
    text = f"{quantity:f}"
    places = len(text.partition(".")[2].rstrip("0"))
    return number_format(quantity, decimal_pos=places, force_grouping=True)


def counted(quantity: Decimal, code: str) -> str:
    """A quantity with its unit in words: ``12 pieces``, ``1.5 metres``, ``4 ZZZ``."""
    unit = UNITS.get(code)
    if unit is None:
        return _("%(n)s %(unit)s") % {"n": plain(quantity), "unit": code}
    count = 1 if quantity == 1 else max(int(quantity), 2) if quantity > 1 else 0
    return str(unit.counted % {"n": plain(quantity), "count": count})


def choices() -> list[tuple[str, str]]:
    """All units for a form: code and name; units of one name are told apart by their codes."""
    names = [str(unit.name) for unit in _UNITS]
    return [
        (unit.code, name if names.count(name) == 1 else f"{name} ({unit.code})")
        for unit, name in zip(_UNITS, names, strict=True)
    ]
