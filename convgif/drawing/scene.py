"""The drawing of a figure, apart from whoever draws it: polygons, lines and texts on tracks.

All lengths are in cells, x to the right and y down; colours are final. A scene knows nothing of convolutions and
its renderers need not either. Tracks are painted in order; those that stay the same in every frame are static.

>>> square = Polygon((((0, 0), (1, 0), (1, 1), (0, 1)),), fill=(38, 139, 210))
>>> scene = Scene(Box(0, 0, 1, 1), (1000,), (Track("input", (square,)),), None, ((38, 139, 210),), (), "A square.")
>>> scene.tracks[0].static, len(scene.durations), scene.pixel_size(cell=30)
(True, 1, (74, 74))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

POINT: Final = 2.54 / 72.27 / 0.5
"""One TeX point, in cells: the original figures measure in points, at half a centimetre a cell."""
MARGIN: Final = 10.4 * POINT
"""Paper around the drawing: the original's 10 points, and half the width of a grid line."""

Point = tuple[float, float]
Path = tuple[Point, ...]
Color = tuple[int, int, int]


@dataclass(frozen=True)
class Polygon:
    """Filled areas of one colour, painted as one."""

    parts: tuple[Path, ...]
    fill: Color


@dataclass(frozen=True)
class Line:
    """Strokes of one colour and width; a part that ends where it begins is closed.

    `dash` is the length of a dash and of a gap, begun anew with every part.
    """

    parts: tuple[Path, ...]
    color: Color
    width: float
    dash: tuple[float, float] | None = None


@dataclass(frozen=True)
class Text:
    """A line of text centred on a point: `size` is its em, shrunk where the text would be wider than `width`."""

    at: Point
    text: str
    size: float
    width: float
    color: Color


Item = Polygon | Line | Text
Items = tuple[Item, ...]


class Box(NamedTuple):
    """A rectangle in cells."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, points: Iterable[Point]) -> Box:
        """The smallest box that holds all points.

        >>> Box.around([(0, 3), (2, 1)])
        Box(left=0, top=1, right=2, bottom=3)
        """
        xs, ys = zip(*points, strict=True)
        return cls(min(xs), min(ys), max(xs), max(ys))

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height."""
        return self.right - self.left, self.bottom - self.top


@dataclass(frozen=True)
class Track:
    """One paint layer: the items of every frame, or a function from the frame's number to its items."""

    name: str
    items: Items | Callable[[int], Items]

    @property
    def static(self) -> bool:
        """Whether the track is the same in every frame."""
        return not callable(self.items)

    def at(self, frame: int) -> Items:
        """What the track shows in one frame."""
        return self.items(frame) if callable(self.items) else self.items


@dataclass(frozen=True)
class Scene:
    """All that a renderer needs: what is drawn where, when and in which order.

    `bounds` holds the drawing in every frame, and a `MARGIN` of paper goes around it; `durations` are the milliseconds
    of each frame; tracks are ordered from back to front. `paper` is the colour behind everything, None for
    transparent; `areas` and `inks` are the colours that polygons, and that lines and texts may have; `description`
    stands for the picture.
    """

    bounds: Box
    durations: tuple[int, ...]
    tracks: tuple[Track, ...]
    paper: Color | None
    areas: tuple[Color, ...]
    inks: tuple[Color, ...]
    description: str

    def pixel_size(self, cell: float) -> tuple[int, int]:
        """Width and height of a frame in pixels, at `cell` pixels a cell."""
        return pixel_size(self.bounds, cell)


def pixel_size(bounds: Box, cell: float) -> tuple[int, int]:
    """Width and height in whole pixels of `bounds` and its margin at `cell` pixels a cell."""
    width, height = (round((extent + 2 * MARGIN) * cell) for extent in bounds.extent)
    return width, height
