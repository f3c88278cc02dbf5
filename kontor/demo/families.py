"""What the demo's distributor sells: ten departments of six product families, about 34 articles each. Pure data."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Family:
    """Articles that differ along two axes and a finish.

    `price` in EUR buys `per` base units of the smallest article; `box` base units make the larger sales unit (0: none);
    `shape` is how the picture is drawn.
    """

    department: str
    category: str
    noun: str
    prefix: str
    first: str
    first_values: tuple[str, ...]
    second: str
    second_values: tuple[str, ...]
    finishes: tuple[str, ...]
    price: Decimal
    per: int
    unit: str
    box: int
    shape: str


# department: category | noun | prefix | axis=values | axis=values | finishes | price / per unit | box | shape
TABLE = """
Fasteners: Hex bolts | Hex bolt | HB | Thread=M6 M8 M10 M12 | Length=20 30 40 60 mm | zinc plated, stainless A2, stainless A4 | 6.80 / 100 C62 | 200 | bolt
Fasteners: Socket screws | Socket head cap screw | SC | Thread=M4 M5 M6 M8 | Length=12 16 25 40 mm | black 12.9, stainless A2 | 5.40 / 100 C62 | 200 | bolt
Fasteners: Wood screws | Wood screw | WS | Diameter=3.5 4 4.5 5 mm | Length=25 35 50 70 mm | yellow zinc, stainless A2 | 2.90 / 100 C62 | 500 | screw
Fasteners: Nuts | Hex nut | HN | Thread=M5 M6 M8 M10 M12 M16 | Grade=8 10 | zinc plated, stainless A2, stainless A4 | 2.10 / 100 C62 | 500 | nut
Fasteners: Washers | Flat washer | FW | Thread=M5 M6 M8 M10 M12 M16 | Form=A B | zinc plated, stainless A2, brass | 1.20 / 100 C62 | 1000 | ring
Fasteners: Anchors | Expansion anchor | EA | Diameter=6 8 10 12 mm | Length=40 60 80 100 mm | nylon, steel | 9.50 / 100 C62 | 100 | anchor
Hand tools: Spanners | Combination spanner | CS | Size=8 10 13 17 19 22 mm | Length=short standard long | chrome vanadium, insulated | 4.60 / 1 C62 | 0 | spanner
Hand tools: Screwdrivers | Screwdriver | SD | Tip=PH1 PH2 PZ2 TX20 TX25 | Blade=75 100 150 mm | two-component, insulated 1000 V | 3.90 / 1 C62 | 10 | driver
Hand tools: Pliers | Pliers | PL | Type=combination side-cutting needle-nose | Length=140 160 180 200 mm | polished, insulated 1000 V, antistatic | 11.20 / 1 C62 | 0 | pliers
Hand tools: Hammers | Hammer | HM | Head=200 300 500 800 1000 g | Handle=ash hickory fibreglass | forged, soft face | 9.80 / 1 C62 | 0 | hammer
Hand tools: Measuring | Steel tape measure | MT | Length=3 5 8 10 m | Width=16 19 25 mm | class II, class II magnetic, class I | 5.20 / 1 C62 | 12 | tape
Hand tools: Knives and blades | Snap-off blade | KB | Width=9 18 25 mm | Pack=10 20 50 pcs | carbon steel, black, titanium | 3.10 / 1 C62 | 20 | blade
Power tools: Cordless drills | Cordless drill driver | CD | Voltage=12 18 36 V | Torque=30 55 80 Nm | tool only, 2 batteries, case and 2 batteries | 89.00 / 1 C62 | 0 | drill
Power tools: Angle grinders | Angle grinder | AG | Disc=115 125 180 230 mm | Power=850 1250 2000 W | standard, dead-man switch, variable speed | 72.00 / 1 C62 | 0 | grinder
Power tools: Drill bits | HSS drill bit | DB | Diameter=2 3 4 5 6 8 10 12 mm | Length=standard long | ground, cobalt | 1.35 / 1 C62 | 10 | bit
Power tools: Cutting discs | Cutting disc | CU | Diameter=115 125 180 230 mm | Thickness=1.0 1.6 2.5 mm | steel, stainless, stone | 1.10 / 1 C62 | 25 | disc
Power tools: Sanding | Sanding disc | SA | Diameter=125 150 225 mm | Grit=60 80 120 180 240 | aluminium oxide, ceramic | 0.42 / 1 C62 | 50 | disc
Power tools: Saw blades | Circular saw blade | SW | Diameter=160 190 216 254 mm | Teeth=24 40 60 | wood, laminate, aluminium | 18.50 / 1 C62 | 0 | gear
Electrical: Cables | Installation cable | CA | Cores=3 4 5 7 | Section=1.5 2.5 4 6 mm² | halogen free, PVC | 0.68 / 1 MTR | 100 | coil
Electrical: Cable lugs | Tubular cable lug | CL | Section=6 10 16 25 35 mm² | Bolt=M6 M8 M10 | tinned, bare | 24.00 / 100 C62 | 100 | lug
Electrical: Sockets | Flush socket | SO | Protection=IP20 IP44 IP54 | Poles=2 3 5 | pure white, anthracite, grey, alpine white | 3.40 / 1 C62 | 10 | socket
Electrical: Circuit breakers | Miniature circuit breaker | MC | Current=6 10 16 20 25 32 A | Poles=1 2 3 | curve B, curve C | 4.80 / 1 C62 | 12 | breaker
Electrical: Enclosures | Wall enclosure | EN | Width=200 300 400 600 mm | Height=300 400 600 mm | steel, polycarbonate, stainless | 34.00 / 1 C62 | 0 | box
Electrical: Cable ties | Cable tie | CT | Length=100 140 200 290 370 mm | Width=2.5 3.6 4.8 mm | natural, black UV | 1.30 / 100 C62 | 1000 | tie
Lighting: LED lamps | LED lamp | LL | Power=5 8 11 15 W | Colour=2700 3000 4000 K | E27 matt, E27 clear, E14 matt | 2.20 / 1 C62 | 10 | lamp
Lighting: LED panels | LED panel | LP | Size=300x600 600x600 300x1200 mm | Power=24 30 40 W | 3000 K, 4000 K, dimmable, UGR19 | 28.00 / 1 C62 | 4 | panel
Lighting: Floodlights | LED floodlight | FL | Power=20 30 50 100 150 W | Protection=IP65 IP66 | black, grey, with sensor | 17.50 / 1 C62 | 6 | flood
Lighting: Work lamps | Work lamp | WL | Power=10 20 30 50 W | Supply=cable battery hybrid | stand, magnetic, hook | 24.90 / 1 C62 | 0 | flood
Lighting: Emergency lights | Emergency light | EL | Duration=1 3 8 h | Mounting=wall ceiling recessed | white, silver, self-test | 36.00 / 1 C62 | 0 | panel
Lighting: Tubes | LED tube T8 | LT | Length=600 900 1200 1500 mm | Colour=3000 4000 6500 K | standard, high output, glass | 4.10 / 1 C62 | 25 | tube
Plumbing: Copper fittings | Copper fitting | CF | Diameter=12 15 18 22 28 mm | Type=elbow tee coupling | press, solder | 1.05 / 1 C62 | 10 | elbow
Plumbing: Pipes | Composite pipe | PI | Diameter=16 20 26 32 mm | Insulation=bare 6 9 13 mm | white, red, blue | 1.25 / 1 MTR | 50 | coil
Plumbing: Ball valves | Ball valve | BV | Size=1/2 3/4 1 1 1/4 in | Connection=female male press | brass, stainless, gas | 8.90 / 1 C62 | 10 | valve
Plumbing: Hoses | Reinforced hose | HO | Diameter=10 13 19 25 mm | Pressure=10 16 20 bar | water, air, food grade | 1.90 / 1 MTR | 50 | coil
Plumbing: Seals | Flat gasket | GA | Size=3/8 1/2 3/4 1 in | Thickness=1.5 2 3 mm | EPDM, fibre, PTFE | 6.40 / 100 C62 | 100 | ring
Plumbing: Taps | Mixer tap | TA | Reach=110 160 200 240 mm | Outlet=fixed swivel pull-out | chrome, matt black, steel | 42.00 / 1 C62 | 0 | tap
Safety: Gloves | Work glove | GL | Size=7 8 9 10 11 | Level=B C D | nitrile, PU, latex | 1.45 / 1 PR | 12 | glove
Safety: Safety shoes | Safety shoe | SH | Size=39 40 41 42 43 44 45 46 | Class=S1P S3 | low, ankle | 49.00 / 1 PR | 0 | shoe
Safety: Helmets | Safety helmet | HE | Colour=white yellow blue red | Suspension=4-point 6-point | standard, vented, electrician, with visor | 7.90 / 1 C62 | 20 | helmet
Safety: Eye protection | Safety glasses | EY | Lens=clear grey amber | Coating=scratch anti-fog both | standard, wide, over-glasses, sport | 3.60 / 1 C62 | 10 | glasses
Safety: Hearing protection | Ear defender | EP | Attenuation=25 29 33 37 dB | Fit=headband helmet neckband | standard, electronic, folding | 9.40 / 1 C62 | 10 | muff
Safety: Respirators | Respirator mask | RE | Class=FFP1 FFP2 FFP3 | Pack=5 10 20 50 pcs | with valve, without valve, carbon | 4.20 / 1 C62 | 10 | mask
Packaging: Boxes | Corrugated box | BX | Length=200 300 400 600 mm | Height=100 150 200 300 mm | single wall, double wall | 0.48 / 1 C62 | 25 | box
Packaging: Tapes | Packing tape | TP | Width=25 38 50 75 mm | Length=50 66 100 m | clear, brown, paper | 0.95 / 1 C62 | 36 | tape
Packaging: Stretch film | Stretch film | SF | Width=125 250 500 mm | Thickness=12 17 20 23 µm | clear, black, recycled | 6.20 / 1 C62 | 6 | roll
Packaging: Pallets | Pallet | PA | Size=600x400 800x600 1200x800 1200x1000 mm | Load=250 500 1000 1500 kg | wood, plastic | 8.40 / 1 C62 | 0 | pallet
Packaging: Labels | Shipping label | LB | Width=50 75 100 150 mm | Height=25 50 100 150 mm | thermal, laser | 7.60 / 1 C62 | 12 | roll
Packaging: Cushioning | Bubble film roll | BU | Width=300 500 1000 mm | Length=25 50 100 m | 10 mm, 25 mm, recycled, antistatic | 9.80 / 1 C62 | 4 | roll
Chemicals: Lubricants | Lubricant | LU | Content=100 200 400 500 ml | Type=oil grease spray | universal, PTFE, food grade | 4.30 / 1 C62 | 12 | can
Chemicals: Adhesives | Adhesive | AD | Content=20 50 100 310 ml | Base=epoxy cyanoacrylate MS-polymer | clear, white, black | 5.60 / 1 C62 | 12 | tube
Chemicals: Cleaners | Industrial cleaner | IC | Content=0.5 1 5 10 l | Type=alkaline neutral solvent | standard, concentrate, biodegradable | 3.90 / 1 C62 | 6 | bottle
Chemicals: Sealants | Sealant | SE | Content=290 310 400 600 ml | Base=silicone acrylic hybrid | white, grey, black | 3.20 / 1 C62 | 20 | tube
Chemicals: Paint | Spray paint | PT | Content=150 400 600 ml | Gloss=matt satin gloss | RAL 9005 black, RAL 9010 white, RAL 3020 red, zinc primer | 4.70 / 1 C62 | 6 | can
Chemicals: Absorbents | Absorbent | AB | Format=mat sock pillow granulate | Capacity=10 20 40 60 l | oil, universal, chemical | 14.00 / 1 C62 | 10 | bag
Storage: Shelving | Shelf unit | SU | Width=800 1000 1200 mm | Depth=300 400 500 600 mm | galvanised, grey, add-on bay | 68.00 / 1 C62 | 0 | shelf
Storage: Storage bins | Storage bin | BI | Length=100 160 230 350 500 mm | Height=75 125 200 mm | blue, red | 1.15 / 1 C62 | 20 | bin
Storage: Trolleys | Transport trolley | TR | Load=150 250 400 500 kg | Deck=700x450 850x500 1000x700 mm | steel, plastic, stainless | 119.00 / 1 C62 | 0 | trolley
Storage: Ladders | Step ladder | LA | Steps=3 4 5 6 8 10 | Type=single double platform | aluminium, fibreglass | 54.00 / 1 C62 | 0 | ladder
Storage: Castors | Swivel castor | CR | Wheel=50 75 100 125 160 mm | Load=40 80 150 kg | rubber, polyamide | 4.90 / 1 C62 | 10 | wheel
Storage: Cabinets | Tool cabinet | TC | Drawers=4 6 7 8 | Width=550 700 1000 mm | blue, grey, black | 239.00 / 1 C62 | 0 | cabinet
"""


def families() -> tuple[Family, ...]:
    """All sixty, in the order of the table."""
    return tuple(_family(row) for row in TABLE.strip().splitlines())


def _family(row: str) -> Family:
    head, noun, prefix, first, second, finishes, price, box, shape = (part.strip() for part in row.split("|"))
    department, category = (part.strip() for part in head.split(":"))
    first_name, first_values = _axis(first)
    second_name, second_values = _axis(second)
    amount, per_unit = price.split("/")
    per, unit = per_unit.split()
    return Family(
        department, category, noun, prefix, first_name, first_values, second_name, second_values,
        tuple(one.strip() for one in finishes.split(",")), Decimal(amount.strip()), int(per), unit, int(box), shape,
    )  # fmt: skip


def _axis(text: str) -> tuple[str, tuple[str, ...]]:
    """``Length=20 30 mm`` gives the name and "20 mm", "30 mm"; a last word that is a unit goes with each value."""
    name, values = text.split("=")
    words = values.replace("1 1/4", "1_1/4").split()
    unit = ""
    if len(words) > 1 and words[-1] in UNITS:
        unit = " " + words.pop()
    return name, tuple(word.replace("_", " ") + unit * word[0].isdigit() for word in words)


UNITS = frozenset(
    ["mm", "mm²", "m", "g", "kg", "V", "Nm", "W", "A", "h", "K", "in", "bar", "dB", "µm", "ml", "l", "pcs"]
)
