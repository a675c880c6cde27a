"""The drawing of a figure, apart from whoever draws it: polygons, lines and texts on tracks.

All lengths are in cells, x to the right and y down. Items have roles, to which a theme gives colours when the scene is
rendered. A scene knows nothing of convolutions and its renderers need not either. Tracks are painted in order; those
that stay the same in every frame are static. Nothing is made before it is asked for, so a scene can be judged by its
size before it is drawn.

>>> square = Polygon((((0, 0), (1, 0), (1, 1), (0, 1)),), "input")
>>> scene = Scene(Box(0, 0, 1, 1), (1000,), (Track.still("input", lambda: (square,)),), "A square.")
>>> scene.tracks[0].static, len(scene.durations), scene.pixel_size(cell=30), sorted(scene.roles)
(True, 1, (74, 74), ['input', 'paper'])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal, NamedTuple

POINT: Final = 2.54 / 72.27 / 0.5
"""One TeX point, in cells: the original figures measure in points, at half a centimetre a cell."""
MARGIN: Final = 10.4 * POINT
"""Paper around the drawing: the original's 10 points, and half the width of a grid line."""

Point = tuple[float, float]
Path = tuple[Point, ...]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Polygon:
    """Filled areas of one role, painted as one; a theme may hatch areas of four corners."""

    parts: tuple[Path, ...]
    role: str


@dataclass(frozen=True)
class Line:
    """Strokes of one role and width; a part that ends where it begins is closed.

    `dash` is the length of a dash and of a gap, begun anew with every part; a theme may draw it solid.
    """

    parts: tuple[Path, ...]
    role: str
    width: float
    dash: tuple[float, float] | None = None


class Run(NamedTuple):
    """Some characters of a text that look alike: perhaps slanted, smaller (`scale`), or raised (`rise`, in em)."""

    text: str
    slanted: bool = False
    scale: float = 1.0
    rise: float = 0.0


@dataclass(frozen=True)
class Text:
    """A line of text: `size` is its em, shrunk where the text would be wider than `width`.

    Its capitals are centred on the height of `at`; `anchor` is the part of its width that lies there. Its runs follow
    each other from left to right. `halo` is the role of the area that it stands on: a rim of that colour keeps apart
    the letters and what hatches the area, or the lines below them where it is `crossed` by any.
    """

    at: Point
    runs: tuple[Run, ...]
    size: float
    width: float
    role: str
    anchor: Anchor = "middle"
    halo: str | None = None
    crossed: bool = False

    @classmethod
    def of(cls, at: Point, text: str, size: float, width: float, role: str, anchor: Anchor = "middle") -> Text:
        """A text of a single run."""
        return cls(at, (Run(text),), size, width, role, anchor)

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(run.text for run in self.runs)


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

    >>> placed([Text.of((1, 2), "x", 0.5, 0.9, "text")], 2, (10, 0))[0].at
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

        >>> track = Track("number", lambda frame: (Text.of((0, 0), str(frame), 1, 1, "text"),)).during(5, 2)
        >>> [[item.text for item in track.at(frame)] for frame in (4, 5, 6, 7)]
        [[], ['0'], ['1'], []]
        """
        if self.span is not None:
            return replace(self, span=range(self.span.start + start, self.span.stop + start))
        return replace(self, span=range(start, start + frames))

    def of_frames(self, chosen: Sequence[int]) -> Track:
        """The track in some of the frames, which are counted anew."""
        if self.static and self.span is None:
            return self
        seen = [place for place, frame in enumerate(chosen) if self.span is None or frame in self.span]
        span = None if self.span is None else range(seen[0], seen[-1] + 1) if seen else range(0)
        start = 0 if span is None else span.start
        return replace(self, draw=lambda place: self.at(chosen[place + start]), span=span)

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
    of each frame; tracks are ordered from back to front. `description` stands for the picture, `title` names it.
    `telling` is the frame for those who see only one; `links` lead to frames from what they compute, and `notes` say in
    a line what each frame shows. `language` is that of the words in the drawing, where it is not English.
    """

    bounds: Box
    durations: tuple[int, ...]
    tracks: tuple[Track, ...]
    description: str
    title: str = ""
    telling: int = 0
    links: Callable[[], tuple[Link, ...]] = tuple
    notes: Callable[[], tuple[str, ...]] = tuple
    language: str = ""

    @property
    def ground(self) -> Polygon:
        """The paper as an area, margins included."""
        left, top, right, bottom = self.bounds
        xs, ys = (left - MARGIN, right + MARGIN), (top - MARGIN, bottom + MARGIN)
        return Polygon((((xs[0], ys[0]), (xs[1], ys[0]), (xs[1], ys[1]), (xs[0], ys[1])),), "paper")

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles of everything that is ever shown, the paper included."""
        return frozenset(("paper", *(item.role for item in self._items())))

    def _items(self) -> Iterator[Item]:
        """Everything that is ever shown."""
        moving = [track for track in self.tracks if not track.static]
        for track in self.tracks:
            if track.static:
                yield from track.at(track.span.start if track.span else 0)
        for frame in range(len(self.durations)):  # frame by frame, as painting goes: tracks share what they compute
            for track in moving:
                yield from track.at(frame)

    def of_frames(self, chosen: Sequence[int]) -> Scene:
        """The scene of some of its frames, in ascending order; the telling one is the nearest that is left.

        >>> tracks = (Track("number", lambda frame: (Text.of((0, 0), str(frame), 1, 1, "text"),)),)
        >>> scene = Scene(Box(0, 0, 1, 1), (100, 200, 300), tracks, "Numbers.").of_frames([0, 2])
        >>> scene.durations, [item.text for item in scene.tracks[0].at(1)]
        ((100, 300), ['2'])
        """
        places = {frame: place for place, frame in enumerate(chosen)}
        links, notes = self.links, self.notes
        return replace(
            self,
            durations=tuple(self.durations[frame] for frame in chosen),
            tracks=tuple(track.of_frames(chosen) for track in self.tracks),
            telling=min(places.values(), key=lambda place: abs(chosen[place] - self.telling)),
            links=lambda: tuple(link._replace(frame=places[link.frame]) for link in links() if link.frame in places),
            notes=lambda: tuple(note for frame, note in enumerate(notes()) if frame in places),
        )

    def pixel_size(self, cell: float) -> tuple[int, int]:
        """Width and height of a frame in pixels, at `cell` pixels a cell."""
        return pixel_size(self.bounds, cell)


def pixel_size(bounds: Box, cell: float) -> tuple[int, int]:
    """Width and height in whole pixels of `bounds` and its margin at `cell` pixels a cell."""
    width, height = (round((extent + 2 * MARGIN) * cell) for extent in bounds.extent)
    return width, height
