"""Short names of the units of measure, by UN/ECE Recommendation 20 code, as they stand behind a quantity."""

from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

UNIT_NAMES = {
    "C62": _("pc"),
    "H87": _("pc"),
    "EA": _("pc"),
    "PR": _("pair"),
    "SET": _("set"),
    "DZN": _("dozen"),
    "XBX": _("box"),
    "XPK": _("pack"),
    "XCT": _("carton"),
    "XPX": _("pallet"),
    "XRO": _("roll"),
    "XBG": _("bag"),
    "XBO": _("bottle"),
    "XCR": _("crate"),
    "MTR": _("m"),
    "CMT": _("cm"),
    "MMT": _("mm"),
    "MTK": _("m²"),
    "MTQ": _("m³"),
    "KGM": _("kg"),
    "GRM": _("g"),
    "TNE": _("t"),
    "LTR": _("l"),
    "MLT": _("ml"),
    "HUR": _("h"),
    "DAY": _("day"),
    "KWH": _("kWh"),
}


def unit_name(code: str) -> str:
    """The name in the reader's language; a code that is not listed stands for itself."""
    return _name(code, get_language())


@lru_cache(maxsize=1000)
def _name(code: str, _language: str | None) -> str:
    return str(UNIT_NAMES.get(code, code))
