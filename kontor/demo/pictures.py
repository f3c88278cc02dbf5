"""Pictures of the demo's goods, drawn: one way of drawing per shape, varied by size and colour."""

import io
from collections.abc import Callable
from zlib import crc32

from PIL import Image

from kontor.demo.pen import INK, SIDE, Colour, Pen

STEEL, DARK, BRASS = (168, 179, 186), (70, 80, 88), (201, 161, 78)
BY_WORD = {
    "black": (48, 53, 58), "white": (236, 238, 238), "blue": (47, 104, 166), "red": (190, 59, 48),
    "yellow": (226, 178, 46), "brass": BRASS, "zinc": (186, 194, 190), "stainless": STEEL, "steel": STEEL,
    "copper": (190, 110, 70), "wood": (196, 152, 98), "ash": (214, 180, 130), "hickory": (180, 130, 84),
    "clear": (205, 225, 232), "grey": (140, 148, 152), "brown": (160, 116, 74), "nylon": (90, 98, 104),
    "insulated": (200, 70, 40), "nitrile": (40, 96, 150), "latex": (220, 190, 120), "press": (198, 120, 76),
    "solder": (190, 104, 66), "plastic": (60, 110, 170), "aluminium": (190, 198, 204),
    "rubber": (60, 64, 68),
}  # fmt: skip
FALLBACK = [(62, 112, 128), (126, 92, 60), (96, 120, 72), (120, 84, 110), (70, 92, 140), (150, 98, 66)]


def bolt(pen: Pen) -> None:
    length = 30 + round(pen.size * 30)
    pen.box(40, 22 + 14, 20, length, radius=1)
    for y in range(44, 34 + length, 5):
        pen.line([(40, y), (60, y - 3)], 1)
    pen.shape([(32, 22), (68, 22), (72, 30), (68, 38), (32, 38), (28, 30)])


def screw(pen: Pen) -> None:
    length = 30 + round(pen.size * 26)
    pen.shape([(44, 32), (56, 32), (52, 34 + length), (50, 40 + length), (48, 34 + length)])
    for y in range(38, 30 + length, 6):
        pen.line([(43, y + 3), (57, y)], 1)
    pen.shape([(34, 24), (66, 24), (56, 34), (44, 34)])


def nut(pen: Pen) -> None:
    pen.shape(pen.ring_of(6, 24 + round(pen.size * 10)))
    pen.disc(50, 50, 11 + round(pen.size * 5), (246, 248, 248))


def ring(pen: Pen) -> None:
    pen.disc(50, 50, 24 + round(pen.size * 10))
    pen.disc(50, 50, 10 + round(pen.size * 6), (246, 248, 248))


def gear(pen: Pen) -> None:
    teeth = 24
    outer, inner = pen.ring_of(teeth, 38), pen.ring_of(teeth, 33, turn=8)
    pen.shape([point for pair in zip(outer, inner, strict=True) for point in pair])
    pen.disc(50, 50, 6, (246, 248, 248))


def disc(pen: Pen) -> None:
    pen.disc(50, 50, 26 + round(pen.size * 10))
    pen.disc(50, 50, 14, (200, 80, 60))
    pen.disc(50, 50, 5, (246, 248, 248))


def wheel(pen: Pen) -> None:
    pen.box(30, 16, 40, 8, STEEL)
    pen.shape([(38, 24), (62, 24), (56, 56), (44, 56)], STEEL)
    pen.disc(50, 60, 18 + round(pen.size * 8))
    pen.disc(50, 60, 6, STEEL)


def handle_tool(pen: Pen, head: Callable[[Pen], None]) -> None:
    pen.box(44, 46, 12, 42, radius=5)
    head(pen)


def spanner(pen: Pen) -> None:
    pen.line([(30, 74), (70, 28)], 9, INK)
    pen.line([(30, 74), (70, 28)], 7, pen.tint)
    pen.disc(72, 26, 13)
    pen.shape([(70, 12), (88, 20), (76, 28)], (246, 248, 248))
    pen.disc(28, 76, 11)
    pen.disc(28, 76, 5, (246, 248, 248))


def driver(pen: Pen) -> None:
    handle_tool(pen, lambda one: one.box(48, 14, 4, 34, STEEL, 1))


def hammer(pen: Pen) -> None:
    handle_tool(pen, lambda one: one.shape([(26, 22), (66, 22), (76, 30), (66, 38), (26, 38)], DARK))


def pliers(pen: Pen) -> None:
    pen.line([(34, 86), (46, 46), (56, 16)], 9)
    pen.line([(66, 86), (54, 46), (44, 16)], 9)
    pen.line([(34, 86), (45, 50)], 7, pen.tint)
    pen.line([(66, 86), (55, 50)], 7, pen.tint)
    pen.disc(50, 42, 6, STEEL)


def blade(pen: Pen) -> None:
    pen.shape([(16, 44), (70, 44), (86, 58), (16, 58)])
    for x in range(26, 72, 9):
        pen.line([(x, 44), (x - 5, 58)], 1)


def bit(pen: Pen) -> None:
    pen.shape([(46, 12), (54, 12), (54, 78), (50, 88), (46, 78)])
    for y in range(40, 78, 8):
        pen.line([(46, y + 5), (54, y)], 2)


def drill(pen: Pen) -> None:
    pen.box(24, 26, 44, 20, radius=5)
    pen.box(66, 32, 14, 9, DARK)
    pen.box(80, 35, 12, 3, STEEL, 1)
    pen.shape([(32, 44), (50, 44), (46, 70), (28, 70)])
    pen.box(22, 68, 32, 12, DARK, 3)


def grinder(pen: Pen) -> None:
    pen.box(34, 40, 54, 16, radius=7)
    pen.disc(28, 52, 17, STEEL)
    pen.box(18, 36, 22, 14, DARK, 3)


def tape(pen: Pen) -> None:
    pen.disc(46, 50, 28)
    pen.disc(46, 50, 12, (246, 248, 248))
    pen.box(46, 70, 40, 8, radius=1)


def tall(pen: Pen, *, neck: int, width: int, cap: Colour) -> None:
    height = 42 + round(pen.size * 10)
    pen.box(50 - width // 2, 84 - height, width, height, radius=4)
    pen.box(50 - neck // 2, 74 - height, neck, 11, cap, 1)
    pen.box(50 - width // 2 + 3, 84 - height + 14, width - 6, 16, (250, 250, 250), 1)


def bottle(pen: Pen) -> None:
    tall(pen, neck=14, width=38, cap=DARK)


def can(pen: Pen) -> None:
    tall(pen, neck=10, width=26, cap=(236, 238, 238))


def tube(pen: Pen) -> None:
    pen.shape([(14, 46), (76, 46), (88, 50), (76, 56), (14, 56)])
    pen.box(10, 44, 8, 14, DARK, 1)
    pen.line([(30, 51), (64, 51)], 1)


def bag(pen: Pen) -> None:
    pen.shape([(26, 20), (74, 20), (80, 84), (20, 84)])
    pen.box(30, 40, 40, 22, (250, 250, 250), 2)


def package(pen: Pen) -> None:
    pen.shape([(18, 40), (50, 26), (82, 40), (50, 54)])
    pen.shape([(18, 40), (50, 54), (50, 86), (18, 70)])
    pen.shape([(82, 40), (50, 54), (50, 86), (82, 70)], DARK)


def crate(pen: Pen) -> None:
    pen.shape([(16, 40), (84, 40), (76, 80), (24, 80)])
    pen.box(38, 48, 24, 8, (250, 250, 250), 2)


def roll(pen: Pen) -> None:
    pen.box(26, 20, 40, 60, radius=1)
    pen.oval((26, 12, 66, 28), pen.tint)
    pen.oval((40, 17, 52, 23), (246, 248, 248))
    pen.shape([(66, 22), (84, 30), (84, 84), (66, 78)])


def coil(pen: Pen) -> None:
    for r in (36, 30, 24):
        pen.disc(50, 50, r)
    pen.disc(50, 50, 18, (246, 248, 248))
    pen.line([(66, 78), (88, 88)], 6, pen.tint)


def cabinet(pen: Pen) -> None:
    pen.box(24, 14, 52, 66, radius=2)
    for y in range(20, 72, 12):
        pen.box(28, y, 44, 9, (250, 250, 250), 1)
        pen.line([(44, y + 5), (56, y + 5)], 1)
    pen.disc(32, 84, 4, DARK)
    pen.disc(68, 84, 4, DARK)


def shelf(pen: Pen) -> None:
    for x in (22, 74):
        pen.box(x, 12, 4, 76, radius=1)
    for y in (18, 40, 62, 84):
        pen.box(20, y, 60, 5, STEEL, 1)


def ladder(pen: Pen) -> None:
    pen.line([(34, 14), (24, 88)], 4, pen.tint)
    pen.line([(62, 14), (74, 88)], 4, pen.tint)
    for step in range(4 + round(pen.size * 3)):
        y = 24 + step * 10
        pen.line([(33 - step, y), (64 + step, y)], 3)


def trolley(pen: Pen) -> None:
    pen.box(16, 62, 62, 8)
    pen.line([(78, 64), (86, 20)], 4)
    pen.disc(26, 80, 8, DARK)
    pen.disc(68, 80, 8, DARK)


def pallet(pen: Pen) -> None:
    for y in (36, 48):
        pen.shape([(12, y), (40, y - 10), (90, y - 4), (62, y + 8)])
    for x in (14, 38, 58):
        pen.box(x, 56, 12, 12, DARK, 1)
    pen.box(12, 68, 62, 5)


def panel(pen: Pen) -> None:
    pen.box(16, 22, 68, 52, DARK, 3)
    pen.box(20, 26, 60, 44, (255, 246, 214), 2)


def lamp(pen: Pen) -> None:
    pen.disc(50, 40, 24, (255, 246, 214))
    pen.box(40, 62, 20, 16, STEEL, 2)
    for y in (67, 72):
        pen.line([(40, y), (60, y)], 1)


def flood(pen: Pen) -> None:
    pen.shape([(20, 24), (80, 24), (74, 62), (26, 62)])
    pen.box(28, 30, 44, 24, (255, 246, 214), 2)
    pen.line([(30, 80), (30, 62), (70, 62), (70, 80)], 3)


def socket(pen: Pen) -> None:
    pen.box(22, 22, 56, 56, radius=6)
    pen.disc(50, 50, 19, (250, 250, 250))
    pen.disc(43, 50, 3, INK)
    pen.disc(57, 50, 3, INK)


def breaker(pen: Pen) -> None:
    pen.box(36, 14, 28, 72, (240, 241, 241), 2)
    pen.box(40, 34, 20, 22, (220, 224, 226), 1)
    pen.box(45, 38, 10, 12)
    pen.disc(50, 22, 4, STEEL)
    pen.disc(50, 78, 4, STEEL)


def lug(pen: Pen) -> None:
    pen.box(40, 44, 20, 40, radius=2)
    pen.disc(50, 30, 18)
    pen.disc(50, 30, 8, (246, 248, 248))


def tie(pen: Pen) -> None:
    pen.line([(24, 80), (30, 40), (50, 24), (70, 40), (62, 66), (40, 72)], 5, pen.tint)
    pen.box(18, 76, 12, 12, radius=1)


def anchor(pen: Pen) -> None:
    pen.box(40, 30, 20, 50, radius=3)
    for y in (40, 50, 60):
        pen.line([(40, y), (60, y)], 1)
    pen.disc(50, 24, 12, STEEL)


def elbow(pen: Pen) -> None:
    pen.line([(24, 30), (52, 30), (70, 48), (70, 80)], 20)
    pen.line([(24, 30), (52, 30), (70, 48), (70, 80)], 17, pen.tint)
    pen.box(16, 18, 10, 24)
    pen.box(58, 78, 24, 10)


def valve(pen: Pen) -> None:
    pen.box(14, 48, 72, 20, radius=3)
    pen.disc(50, 58, 17)
    pen.box(46, 26, 8, 18, STEEL, 1)
    pen.box(28, 18, 44, 9, (190, 59, 48), 4)


def tap(pen: Pen) -> None:
    pen.box(34, 30, 16, 54, radius=4)
    pen.line([(42, 34), (74, 30), (80, 52)], 9)
    pen.line([(42, 34), (74, 30), (80, 52)], 7, pen.tint)
    pen.box(30, 18, 24, 8, radius=3)


def glove(pen: Pen) -> None:
    fingers = [(36, 18), (42, 18), (44, 40), (48, 14), (54, 14), (55, 40), (60, 18), (66, 20), (64, 48)]
    pen.shape([(32, 84), (32, 46), *fingers, (76, 40), (80, 46), (66, 66), (66, 84)])
    pen.box(30, 76, 38, 10, DARK, 2)


def shoe(pen: Pen) -> None:
    pen.shape([(22, 26), (44, 26), (48, 50), (80, 58), (86, 72), (22, 72)])
    pen.box(20, 72, 68, 8, DARK, 2)
    for x in (40, 46, 52):
        pen.line([(x, 42 + x // 8), (x + 8, 38 + x // 8)], 2)


def helmet(pen: Pen) -> None:
    pen.dome((20, 22, 80, 92))
    pen.box(12, 56, 76, 8, radius=4)
    pen.box(46, 18, 8, 38, radius=3)


def glasses(pen: Pen) -> None:
    for x in (30, 70):
        pen.box(x - 18, 38, 36, 26, radius=9)
    pen.box(46, 44, 8, 5, DARK, 1)
    pen.line([(12, 42), (6, 34)], 3)
    pen.line([(88, 42), (94, 34)], 3)


def muff(pen: Pen) -> None:
    pen.arch((24, 14, 76, 84))
    pen.box(16, 44, 20, 34, radius=8)
    pen.box(64, 44, 20, 34, radius=8)


def mask(pen: Pen) -> None:
    pen.shape([(26, 34), (50, 26), (74, 34), (78, 58), (50, 78), (22, 58)], (236, 238, 238))
    pen.disc(50, 54, 8)
    pen.line([(26, 38), (10, 30)], 2)
    pen.line([(74, 38), (90, 30)], 2)


def bench(pen: Pen) -> None:
    pen.box(16, 22, 68, 24, DARK, 1)
    for x in range(22, 82, 7):
        for y in (28, 34, 40):
            pen.disc(x, y, 1, STEEL)
    for x in (16, 78):
        pen.box(x, 52, 6, 36, STEEL, 1)
    pen.box(22, 76, 56, 4, STEEL, 1)
    pen.box(50, 52, 28, 24, BY_WORD["blue"], 1)
    for y in (58, 64, 70):
        pen.line([(60, y), (68, y)], 1)
    pen.box(10, 46, 80, 7, radius=1)


SHAPES: dict[str, Callable[[Pen], None]] = {
    "anchor": anchor, "bag": bag, "bench": bench, "bin": crate, "bit": bit, "blade": blade, "bolt": bolt,
    "bottle": bottle, "box": package, "breaker": breaker, "cabinet": cabinet, "can": can, "coil": coil, "disc": disc,
    "drill": drill, "driver": driver, "elbow": elbow, "flood": flood, "gear": gear, "glasses": glasses,
    "glove": glove, "grinder": grinder, "hammer": hammer, "helmet": helmet, "ladder": ladder, "lamp": lamp,
    "lug": lug, "mask": mask, "muff": muff, "nut": nut, "pallet": pallet, "panel": panel, "pliers": pliers,
    "ring": ring, "roll": roll, "screw": screw, "shelf": shelf, "shoe": shoe, "socket": socket,
    "spanner": spanner, "tap": tap, "tape": tape, "tie": tie, "trolley": trolley, "tube": tube,
    "valve": valve, "wheel": wheel,
}  # fmt: skip


def colour_of(finish: str) -> Colour:
    """The colour that a finish names, or one that always belongs to it."""
    words = finish.lower().replace("-", " ").split()
    named = [BY_WORD[word] for word in words if word in BY_WORD]
    return named[0] if named else FALLBACK[crc32(finish.encode()) % len(FALLBACK)]


def picture(shape: str, finish: str, size: int) -> bytes:
    """A PNG of an article; `size` from 0 (small) to 5 (large)."""
    pen = Pen(colour_of(finish), size)
    SHAPES[shape](pen)
    file = io.BytesIO()
    pen.image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(file, "PNG", compress_level=1)
    return file.getvalue()
