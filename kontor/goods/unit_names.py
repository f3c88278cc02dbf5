"""Units as files name them, as codes of UN/ECE Recommendation 20."""

from kontor.goods import units

_NAMES = {
    "C62": "pce pc pcs piece pieces each ea stück stk st stk. st. unit unità pièce",
    "PR": "pair pairs paar",
    "SET": "set sets satz",
    "DZN": "dozen dutzend dz",
    "CEN": "hundred 100 hundert",
    "MIL": "thousand tausend tsd",
    "XBX": "box boxes bx schachtel kasten",
    "XPK": "pack packs pk pkg packung pck pak",
    "XCT": "carton cartons ct karton krt",
    "XPX": "pallet pallets pf palette pal",
    "XRO": "roll rolls ro rolle rol",
    "XBG": "bag bags bg beutel sack",
    "XBO": "bottle bottles bo flasche fl",
    "XCA": "can cans dose",
    "XCR": "crate crates kiste",
    "XDR": "drum drums fass",
    "XTU": "tube tubes tu",
    "XST": "sheet sheets blatt",
    "MTR": "m metre metres meter meters lfm mtr",
    "CMT": "cm centimetre centimetres zentimeter",
    "MMT": "mm millimetre millimetres millimeter",
    "MTK": "m2 m² qm sqm",
    "MTQ": "m3 m³ cbm",
    "KGM": "kg kilogram kilograms kilogramm kilo",
    "GRM": "g gram grams gramm",
    "TNE": "t tonne tonnes",
    "LTR": "l litre litres liter liters",
    "MLT": "ml millilitre millilitres milliliter",
    "HUR": "h hour hours stunde std",
    "DAY": "day days tag tage",
    "KWH": "kwh",
}
_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}


def unit_code(text: str) -> str:
    """The code of a unit, or "" when nobody knows it.

    >>> unit_code("Stück"), unit_code("mtr"), unit_code("XBX"), unit_code("furlong")
    ('C62', 'MTR', 'XBX', '')
    """
    text = text.strip()
    return text.upper() if units.is_known(text.upper()) else _CODES.get(text.casefold(), "")
