"""The drawing of a figure, apart from whoever draws it: polygons, lines and texts on tracks.

All lengths are in cells, x to the right and y down; colours are final. A scene knows nothing of convolutions and
its renderers need not either. Tracks are painted in order; those that stay the same in every frame are static.
Nothing is made before it is asked for, so a scene can be judged by its size before it is drawn.

>>> square = Polygon((((0, 0), (1, 0), (1, 1), (0, 1)),), fill=(38, 139, 210))
>>> scene = Scene(Box(0, 0, 1, 1), (1000,), (Track.still("input", lambda: (square,)),), None, "A square.")
>>> scene.tracks[0].static, len(scene.durations), scene.pixel_size(cell=30), scene.areas
(True, 1, (74, 74), ((38, 139, 210),))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal, NamedTuple

POINT: Final = 2.54 / 72.27 / 0.5
"""One TeX point, in cells: the original figures measure in points, at half a centimetre a cell."""
MARGIN: Final = 10.4 * POINT
"""Paper around the drawing: the original's 10 points, and half the width of a grid line."""

Point = tuple[float, float]
Path = tuple[Point, ...]
Color = tuple[int, int, int]
Font = Literal["sans", "serif"]
Anchor = Literal["start", "middle", "end"]


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
    """A line of text: `size` is its em, shrunk where the text would be wider than `width`.

    Its capitals are centred on the height of `at`; `anchor` is the part of its width that lies there. With `math`, what
    stands between dollar signs is set as mathematics, written as in TeX.
    """

    at: Point
    text: str
    size: float
    width: float
    color: Color
    font: Font = "sans"
    anchor: Anchor = "middle"
    math: bool = False


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

    def holding(self, boxes: Iterable[Box]) -> Box:
        """The smallest box that holds this one and others."""
        return Box.around(corner for box in (self, *boxes) for corner in ((box.left, box.top), (box.right, box.bottom)))

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height."""
        return self.right - self.left, self.bottom - self.top


def placed(items: Iterable[Item], scale: float, shift: Point) -> Items:
    """The same items smaller or larger, and then moved.

    >>> placed([Text((1, 2), "x", 0.5, 0.9, (0, 0, 0))], 2, (10, 0))[0].at
    (12, 4)
    """

    def parts(paths: tuple[Path, ...]) -> tuple[Path, ...]:
        return tuple(placed_path(path, scale, shift) for path in paths)

    def one(item: Item) -> Item:
        if isinstance(item, Polygon):
            return replace(item, parts=parts(item.parts))
        if isinstance(item, Text):
            return replace(
                item, at=placed_path((item.at,), scale, shift)[0], size=item.size * scale, width=item.width * scale
            )
        dash = item.dash and (item.dash[0] * scale, item.dash[1] * scale)
        return replace(item, parts=parts(item.parts), width=item.width * scale, dash=dash)

    return tuple(map(one, items))


def placed_path(path: Path, scale: float, shift: Point) -> Path:
    """The same path smaller or larger, and then moved."""
    return tuple((x * scale + shift[0], y * scale + shift[1]) for x, y in path)


@dataclass(frozen=True)
class Track:
    """One paint layer: a function from a frame's number to its items.

    A static one shows the same in all of its frames. `span` holds the frames that it is seen in, all of them if None;
    `draw` counts from the first of these.
    """

    name: str
    draw: Callable[[int], Items]
    static: bool = False
    span: range | None = None

    @classmethod
    def still(cls, name: str, draw: Callable[[], Items]) -> Track:
        """A static track."""
        return cls(name, lambda frame: draw(), static=True)

    def at(self, frame: int) -> Items:
        """What the track shows in one frame."""
        if self.span is None:
            return self.draw(frame)
        return self.draw(frame - self.span.start) if frame in self.span else ()

    def during(self, start: int, frames: int) -> Track:
        """The track seen in so many frames only, from `start` on.

        >>> track = Track("number", lambda frame: (Text((0, 0), str(frame), 1, 1, (0, 0, 0)),)).during(5, 2)
        >>> [[item.text for item in track.at(frame)] for frame in (4, 5, 6, 7)]
        [[], ['0'], ['1'], []]
        """
        if self.span is not None:
            return replace(self, span=range(self.span.start + start, self.span.stop + start))
        return replace(self, span=range(start, start + frames))

    def placed(self, scale: float, shift: Point) -> Track:
        """The track smaller or larger, and then moved."""
        return replace(self, draw=lambda frame: placed(self.draw(frame), scale, shift))


class Link(NamedTuple):
    """An area that stands for a frame: whoever points there wants to see it."""

    area: Path
    frame: int
    name: str


@dataclass(frozen=True)
class Scene:
    """All that a renderer needs: what is drawn where, when and in which order.

    `bounds` holds the drawing in every frame, and a `MARGIN` of paper goes around it; `durations` are the milliseconds
    of each frame; tracks are ordered from back to front. `paper` is the colour behind everything, None for
    transparent; `description` stands for the picture, `title` names it. `telling` is the frame for those who see only
    one; `links` lead to frames from what they compute, and `notes` say in a line what each frame shows.
    """

    bounds: Box
    durations: tuple[int, ...]
    tracks: tuple[Track, ...]
    paper: Color | None
    description: str
    title: str = ""
    telling: int = 0
    links: Callable[[], tuple[Link, ...]] = tuple
    notes: Callable[[], tuple[str, ...]] = tuple

    @property
    def ground(self) -> Polygon | None:
        """The paper as an area, margins included; None where it is transparent."""
        if self.paper is None:
            return None
        left, top, right, bottom = self.bounds
        xs, ys = (left - MARGIN, right + MARGIN), (top - MARGIN, bottom + MARGIN)
        return Polygon((((xs[0], ys[0]), (xs[1], ys[0]), (xs[1], ys[1]), (xs[0], ys[1])),), self.paper)

    @property
    def areas(self) -> tuple[Color, ...]:
        """The colours of the paper and of all polygons, light ones first."""
        return self._colors[0]

    @property
    def inks(self) -> tuple[Color, ...]:
        """The colours of all lines and texts, light ones first."""
        return self._colors[1]

    @cached_property
    def _colors(self) -> tuple[tuple[Color, ...], tuple[Color, ...]]:
        areas = {self.paper} if self.paper else set()
        inks: set[Color] = set()
        for item in self._items():
            if isinstance(item, Polygon):
                areas.add(item.fill)
            else:
                inks.add(item.color)
        return tuple(sorted(areas, reverse=True)), tuple(sorted(inks, reverse=True))

    def _items(self) -> Iterator[Item]:
        """Everything that is ever shown."""
        for track in self.tracks:
            span = range(len(self.durations)) if track.span is None else track.span
            for frame in span[:1] if track.static else span:
                yield from track.at(frame)

    def pixel_size(self, cell: float) -> tuple[int, int]:
        """Width and height of a frame in pixels, at `cell` pixels a cell."""
        return pixel_size(self.bounds, cell)


def pixel_size(bounds: Box, cell: float) -> tuple[int, int]:
    """Width and height in whole pixels of `bounds` and its margin at `cell` pixels a cell."""
    width, height = (round((extent + 2 * MARGIN) * cell) for extent in bounds.extent)
    return width, height
