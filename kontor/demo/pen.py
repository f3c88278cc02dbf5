"""A pen that draws on a square of 100 by 100 units."""

import math

from PIL import Image, ImageDraw

SIDE = 480
SCALE = 2
INK = (52, 62, 68)
Colour = tuple[int, int, int]
Points = list[tuple[int, int]]


class Pen:
    """Draws on a square of 100 by 100 units; `tint` is the article's colour, `size` runs from 0 to 1."""

    def __init__(self, tint: Colour, size: int) -> None:
        self.tint, self.size = tint, size / 5
        self.image = Image.new("RGB", (SIDE * SCALE, SIDE * SCALE), (246, 248, 248))
        self.draw = ImageDraw.Draw(self.image)
        self.unit = SIDE * SCALE / 100
        self.edge = SIDE * SCALE // 120

    def _at(self, *numbers: int) -> list[int]:
        return [round(number * self.unit) for number in numbers]

    def box(self, x: int, y: int, w: int, h: int, colour: Colour | None = None, radius: int = 2) -> None:
        self.draw.rounded_rectangle(
            self._at(x, y, x + w, y + h),
            round(radius * self.unit),
            colour or self.tint,
            INK,
            self.edge,
        )

    def disc(self, x: int, y: int, r: int, colour: Colour | None = None) -> None:
        self.draw.ellipse(self._at(x - r, y - r, x + r, y + r), colour or self.tint, INK, self.edge)

    def shape(self, points: Points, colour: Colour | None = None) -> None:
        flat = [(round(x * self.unit), round(y * self.unit)) for x, y in points]
        self.draw.polygon(flat, colour or self.tint, INK, self.edge)

    def line(self, points: Points, width: int = 2, colour: Colour = INK) -> None:
        flat = [(round(x * self.unit), round(y * self.unit)) for x, y in points]
        self.draw.line(flat, colour, round(width * self.unit), joint="curve")

    def ring_of(self, count: int, r: int, middle: tuple[int, int] = (50, 50), turn: int = 0) -> Points:
        """The corners of a regular shape."""
        steps = [math.radians(turn + 360 * n / count) for n in range(count)]
        return [(round(middle[0] + r * math.cos(a)), round(middle[1] + r * math.sin(a))) for a in steps]

    def oval(self, frame: tuple[int, int, int, int], colour: Colour) -> None:
        self.draw.ellipse(self._at(*frame), colour, INK, self.edge)

    def dome(self, frame: tuple[int, int, int, int]) -> None:
        self.draw.pieslice(self._at(*frame), 180, 360, self.tint, INK, self.edge)

    def arch(self, frame: tuple[int, int, int, int]) -> None:
        self.draw.arc(self._at(*frame), 180, 360, INK, self.edge * 5)
