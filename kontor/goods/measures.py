"""Units of technical figures by UN/ECE Recommendation 20: their signs, and how they are converted into each other.

Factors are exact (an inch is 25.4 mm by definition). A figure that was converted is kept with at most fifteen
significant digits, so that there and back gives what was typed.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

SIGNIFICANT = 15


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit: ``value × factor + offset`` is the value in the first unit of its `quantity`."""

    code: str
    sign: str
    quantity: str
    factor: Fraction
    offset: Fraction = Fraction(0)
    others: tuple[str, ...] = ()


# quantity: code sign factor [other signs]; the factor counts in the first unit of the line
_TABLE = """
length: MTR m 1 metre meter, MMT mm 1/1000 millimetre millimeter, CMT cm 1/100 centimetre zentimeter,
  DMT dm 1/10, KMT km 1000, 4H µm 1/1000000 um μm micron, C45 nm 1/1000000000,
  INH in 254/10000 inch inches zoll " ″ ”, FOT ft 3048/10000 foot feet ′, YRD yd 9144/10000 yard,
  SMI mi 1609344/1000 mile
mass: KGM kg 1 kilogram kilogramm, GRM g 1/1000 gram gramm, MGM mg 1/1000000, TNE t 1000 tonne,
  LBR lb 45359237/100000000 lbs pound, ONZ oz 28349523125/1000000000000 ounce
area: MTK m² 1 m2 sqm qm, CMK cm² 1/10000 cm2, MMK mm² 1/1000000 mm2 qmm, INK in² 64516/100000000 in2,
  FTK ft² 9290304/100000000 ft2
volume: LTR l 1 litre liter, MLT ml 1/1000 cc, CLT cl 1/100, DLT dl 1/10, MTQ m³ 1000 m3 cbm,
  CMQ cm³ 1/1000 cm3 ccm, MMQ mm³ 1/1000000 mm3, GLL gal 3785411784/1000000000 gallon,
  OZA fl.oz 295735295625/10000000000000
voltage: VLT V 1 volt, 2Z mV 1/1000, KVT kV 1000
current: AMP A 1 ampere amp, 4K mA 1/1000, B22 kA 1000
power: WTT W 1 watt, C31 mW 1/1000, KWT kW 1000, MAW MW 1000000, HJ PS 73549875/100000
apparent power: D46 VA 1, KVA kVA 1000
energy: KWH kWh 1, WHR Wh 1/1000, JOU J 1/3600000, KJO kJ 1/3600
charge: AMH Ah 1, E09 mAh 1/1000
resistance: OHM Ω 1 ohm, B49 kΩ 1000 kohm, B75 MΩ 1000000 mohm
capacitance: FAR F 1, 4O µF 1/1000000 uF, C41 nF 1/1000000000, 4T pF 1/1000000000000
frequency: HTZ Hz 1 hertz, KHZ kHz 1000, MHZ MHz 1000000, A86 GHz 1000000000
speed of rotation: RPM 1/min 1 rpm U/min min⁻¹ min-1
pressure: BAR bar 1, MBR mbar 1/1000 hPa, PAL Pa 1/100000, KPA kPa 1/100, MPA MPa 10 N/mm²,
  PS psi 44482216152605/645160000000000
temperature: CEL °C 1 C degC, KEL K 1 kelvin, FAH °F 5/9 degF
force: NEW N 1 newton, B47 kN 1000
torque: NU Nm 1 N·m N*m, B48 kNm 1000
time: SEC s 1 sec, C26 ms 1/1000, MIN min 60, HUR h 3600 hour hours, DAY d 86400 day days, WEE wk 604800
term: ANN a 12 year years, MON mo 1 month months
light: LUM lm 1 lumen
illuminance: LUX lx 1 lux
luminous intensity: CDL cd 1
luminance: A24 cd/m² 1 cd/m2
level: 2N dB 1 dB(A)
angle: DD ° 1 deg, C81 rad 180/3.14159265358979
flow: MQH m³/h 1 m3/h, L2 l/min 6/100, E32 l/h 1/1000
speed: MTS m/s 1, KMH km/h 10/36
grammage: GM g/m² 1 g/m2 gsm
data: AD B 1 byte bytes, 2P kB 1000, 4L MB 1000000, E34 GB 1000000000, E35 TB 1000000000000
data rate: E20 Mbit/s 1 Mbps, B80 Gbit/s 1000 Gbps
heat conduction: D53 W/(m·K) 1 W/mK
share: P1 % 1 percent, 59 ppm 1/10000
count: C62 pcs 1 pieces piece Stück St, PR pairs 2
picture size: E38 MP 1 megapixel
print density: E39 dpi 1
"""
_OFFSETS = {"KEL": Fraction(-27315, 100), "FAH": Fraction(-160, 9)}


def _read(table: str) -> dict[str, Measure]:
    found: dict[str, Measure] = {}
    for line in table.strip().replace(",\n  ", ", ").splitlines():
        quantity, _colon, rest = line.partition(": ")
        for one in rest.split(", "):
            code, sign, factor, *others = one.split()
            upper, _slash, lower = factor.partition("/")
            found[code] = Measure(
                code, sign, quantity, Fraction(upper) / Fraction(lower or "1"),
                _OFFSETS.get(code, Fraction(0)), tuple(others),
            )  # fmt: skip
    return found


MEASURES = _read(_TABLE)
_BY_SIGN = {sign: measure.code for measure in MEASURES.values() for sign in (measure.sign, *measure.others)}
_BY_FOLDED = {sign.casefold(): code for sign, code in reversed(_BY_SIGN.items())}


def sign(code: str) -> str:
    """How a unit is written after a figure; a code that is not listed stands for itself.

    >>> sign("MMT"), sign("INH"), sign("ZZ")
    ('mm', 'in', 'ZZ')
    """
    measure = MEASURES.get(code)
    return measure.sign if measure else code


def code_of(text: str) -> str:
    """The unit that somebody means by a sign, a name or a code; "" when nobody knows.

    Capitals count where they must (mW is not MW), else not.

    >>> code_of("mm"), code_of("MW"), code_of("mw"), code_of("Zoll"), code_of('"'), code_of("KGM"), code_of("furlong")
    ('MMT', 'MAW', 'C31', 'INH', 'INH', 'KGM', '')
    """
    text = re.sub(r"\s+", "", text).replace("μ", "µ").removesuffix(".")
    if text in MEASURES and text not in _BY_SIGN:
        return text
    return _BY_SIGN.get(text) or _BY_FOLDED.get(text.casefold()) or ""


def are_alike(one: str, other: str) -> bool:
    """Whether figures in these units can be converted into each other."""
    first, second = MEASURES.get(one), MEASURES.get(other)
    return one == other or (first is not None and second is not None and first.quantity == second.quantity)


def convert(value: Decimal, unit: str, to: str) -> Decimal:
    """A figure in another unit. Raises ValueError when the units measure different things.

    >>> convert(Decimal("0.5"), "INH", "MMT"), convert(Decimal(230), "VLT", "KVT"), convert(Decimal(212), "FAH", "CEL")
    (Decimal('12.7'), Decimal('0.23'), Decimal('100'))
    """
    if unit == to:
        return value
    if not are_alike(unit, to):
        raise ValueError(f"{unit} cannot be converted to {to}")
    source, target = MEASURES[unit], MEASURES[to]
    first = Fraction(value) * source.factor + source.offset
    return rounded((first - target.offset) / target.factor)


def rounded(exact: Fraction) -> Decimal:
    """The nearest decimal of fifteen significant digits, without needless zeros."""
    with localcontext(prec=50) as context:
        value = Decimal(exact.numerator) / Decimal(exact.denominator)
        context.prec, context.rounding = SIGNIFICANT, ROUND_HALF_UP
        value = +value
    return plain(value)


def plain(value: Decimal) -> Decimal:
    """The same figure without exponent and needless zeros.

    >>> plain(Decimal("1E+2")), plain(Decimal("12.50")), plain(Decimal("-0.0"))
    (Decimal('100'), Decimal('12.5'), Decimal('0'))
    """
    value = value.normalize() if value else Decimal(0)
    return (
        value.quantize(Decimal(1)) if value == value.to_integral_value() and value.adjusted() < 27 else value
    )


def alike(code: str) -> list[Measure]:
    """All units into which one can be converted, itself included."""
    measure = MEASURES.get(code)
    return [one for one in MEASURES.values() if measure and one.quantity == measure.quantity]


def choices() -> list[tuple[str, str]]:
    """All units for a form, by what they measure: code and sign."""
    return [(one.code, one.sign) for one in MEASURES.values()]
