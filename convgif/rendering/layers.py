"""What changes from frame to frame: the tracks of a scene as layers that know where their items lie in pixels.

Of an item of many parts, those are painted anew that lie where something changed. Wherever that is, every pixel comes
out as if all had been painted, since it takes its colour from nothing but the parts that reach it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise, product
from typing import Final

import numpy as np
import numpy.typing as npt

from convgif.drawing.scene import Item, Items, Line, Path, Polygon, Text, Track
from convgif.rendering.lettering import width
from convgif.rendering.marks import HALO_EM, has_halo, marks_of
from convgif.rendering.painter import Call, Painter
from convgif.themes.theme import Theme

Boxes = npt.NDArray[np.intp]
"""Rectangles of tiles, shape (n, 4): the first column and row, and the last ones."""
Indices = npt.NDArray[np.intp]
Corners = npt.NDArray[np.float64]
"""Points as columns and rows, shape (n, 2)."""

TILE: Final = 16
"""Pixels along the side of a tile: what changed is kept by the tile."""
REACH: Final = 2
"""Pixels that antialiasing and whole pixels may add around an area."""
LONG: Final = 2 * TILE
"""The least side, in pixels, of the rectangle around a slanted line from which on there are several along it."""
NOWHERE: Final[Boxes] = np.empty((0, 4), dtype=np.intp)
NONE: Final[Indices] = np.empty(0, dtype=np.intp)


def tiles_of(width: int, height: int) -> tuple[int, int]:
    """Rows and columns of tiles in a picture.

    >>> tiles_of(width=16, height=17)
    (2, 1)
    """
    return -(-height // TILE), -(-width // TILE)


class Tiles:
    """Which tiles of a picture have changed, of so many rows and columns."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.changed: npt.NDArray[np.bool_] = np.zeros(shape, dtype=bool)
        self._any = False
        self._sums: npt.NDArray[np.intp] | None = None

    def add(self, layer: Layer, frame: int) -> None:
        """Mark the tiles where a layer changes from the last frame to this one; what changed below it may be hidden."""
        boxes = layer.turn(frame)
        if self._any and (hidden := layer.hidden) is not None:
            self.changed &= ~hidden
        for left, top, right, bottom in boxes.tolist():
            self.changed[top : bottom + 1, left : right + 1] = True
            self._any = True
        self._sums = None

    def touched(self, boxes: Boxes) -> npt.NDArray[np.bool_]:
        """Which of some rectangles touch a tile that has changed."""
        if self._sums is None:
            rows, cols = self.changed.shape
            self._sums = np.zeros((rows + 1, cols + 1), dtype=np.intp)
            self._sums[1:, 1:] = self.changed.cumsum(axis=0).cumsum(axis=1)
        sums, (left, top, right, bottom) = self._sums, boxes.T
        found = sums[bottom + 1, right + 1] - sums[top, right + 1] - sums[bottom + 1, left] + sums[top, left]
        touched: npt.NDArray[np.bool_] = found > 0
        return touched

    def runs(self) -> Iterator[tuple[slice, slice]]:
        """The pixels of the tiles that have changed: rows and columns of those that lie side by side."""
        rows, cols = self.changed.shape
        framed = np.zeros((rows, cols + 2), dtype=bool)
        framed[:, 1:-1] = self.changed
        lines, edges = np.nonzero(framed[:, 1:] != framed[:, :-1])
        for row, start, stop in zip(lines[::2].tolist(), edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            yield slice(row * TILE, (row + 1) * TILE), slice(start * TILE, stop * TILE)

    @property
    def extent(self) -> tuple[slice, slice]:
        """Rows and columns of pixels that hold all tiles that have changed."""
        rows, cols = (np.flatnonzero(self.changed.any(axis=axis)) for axis in (1, 0))
        if not rows.size:
            return slice(0, 0), slice(0, 0)
        top, bottom, left, right = (int(edge) * TILE for edge in (rows[0], rows[-1] + 1, cols[0], cols[-1] + 1))
        return slice(top, bottom), slice(left, right)


@dataclass
class Drawn:
    """An item of a frame: rectangles that hold it, and the calls that paint all of it, if they are known."""

    item: Item
    boxes: Boxes
    parts: Indices
    """Which part each rectangle belongs to, in ascending order; a text is a single one."""
    calls: dict[bool, list[Call]] = field(default_factory=dict)
    """By whether the halo of a text is meant."""


class Layer:
    """A track, as the last frame showed it."""

    def __init__(self, track: Track, painter: Painter, theme: Theme, size: tuple[int, int]) -> None:
        self._track, self._painter, self._theme = track, painter, theme
        self._height, self._shape = size[1], tiles_of(*size)
        self._items: Items = ()
        self._drawn: list[Drawn] = []
        self._groups: list[int] = []
        """Texts that follow each other have one number: their halos come before all of them."""
        self._boxes, self._owners, self._parts = NOWHERE, NONE, NONE
        self.hidden: npt.NDArray[np.bool_] | None = None
        """The tiles that lie wholly within an area, which hides all that is below it; None where there are none."""

    # What has changed

    def turn(self, frame: int) -> Boxes:
        """Go on to a frame; where something has changed."""
        track = self._track
        seen = track.span is None or frame in track.span
        if not self._items if not seen else track.static and self._items:
            return NOWHERE
        items = track.at(frame) if seen else ()
        old, self._items = self._items, items
        if items == old:
            return NOWHERE
        start, stop = _alike(old, items)
        before, changed = self._drawn[start : len(old) - stop], list[Boxes]()
        now = [*self._matched(before, items[start : len(items) - stop], changed)]
        self._drawn[start : len(old) - stop] = now
        self._settle()
        return np.concatenate(changed) if changed else NOWHERE

    def _matched(self, before: Sequence[Drawn], items: Items, changed: list[Boxes]) -> Iterator[Drawn]:
        """Items as drawn, each in the place of the one that it equals, or that differs in its parts only.

        Where something comes, goes, or is painted in another order, is added to `changed`.
        """
        olds: dict[object, deque[int]] = {}
        for place, drawn in enumerate(before):
            olds.setdefault(_likeness(drawn.item), deque()).append(place)
        last = -1
        for item in items:
            same = olds.get(_likeness(item))
            if not same:
                drawn = self._new(item)
                changed.append(drawn.boxes)
                yield drawn
                continue
            place = same.popleft()
            drawn = before[place]
            if place < last:
                changed.append(drawn.boxes)
            last = max(last, place)
            if drawn.item is not item and drawn.item != item:
                drawn, where = self._changed(drawn, item)
                changed.extend(where)
            yield drawn
        changed.extend(before[place].boxes for left in olds.values() for place in left)

    def _settle(self) -> None:
        """Number the groups of texts, and put the rectangles of all items together."""
        kinds = [isinstance(item, Text) for item in self._items]
        self._groups = np.cumsum([0, *(one != other for one, other in pairwise(kinds))]).tolist()
        counts = [len(drawn.boxes) for drawn in self._drawn]
        self._boxes = np.concatenate([NOWHERE, *(drawn.boxes for drawn in self._drawn)])
        self._parts = np.concatenate([NONE, *(drawn.parts for drawn in self._drawn)])
        self._owners = np.repeat(np.arange(len(counts)), counts)
        self.hidden = self._hides()

    def _changed(self, last: Drawn, item: Item) -> tuple[Drawn, tuple[Boxes, Boxes]]:
        """An item that has other parts than it had, and where they differ."""
        assert not isinstance(item, Text)
        assert not isinstance(last.item, Text)
        start, stop = _alike(last.item.parts, item.parts)
        before, now = len(last.item.parts) - stop, len(item.parts) - stop
        first, after = np.searchsorted(last.parts, (start, before)).tolist()
        boxes, parts = self._of_parts(item, item.parts[start:now])
        drawn = Drawn(
            item,
            np.concatenate((last.boxes[:first], boxes, last.boxes[after:])),
            np.concatenate((last.parts[:first], parts + start, last.parts[after:] + now - before)),
        )
        return drawn, (last.boxes[first:after], boxes)

    def _hides(self) -> npt.NDArray[np.bool_] | None:
        """What is hidden. Areas that move are small: to find what they hide would take longer than to paint it."""
        hidden = np.zeros(self._shape, dtype=bool)
        for item in self._items if self._track.static else ():
            if isinstance(item, Polygon) and self._theme[item.role].color is not None:
                for part in item.parts:
                    _hide(hidden, self._seen(self._painter.placed(part)))
        return hidden if hidden.any() else None

    # Where items lie

    def _new(self, item: Item) -> Drawn:
        if not isinstance(item, Text):
            return Drawn(item, *self._of_parts(item, item.parts))
        drawn = Drawn(item, NOWHERE, NONE)
        calls = self._calls(drawn, False) + (halos := self._calls(drawn, True))
        corners = self._seen(np.concatenate([np.empty((0, 2)), *(call.path.vertices for call in calls)]))
        if len(corners):
            rim = HALO_EM * item.size if halos else 0.0
            drawn.boxes = self._around(corners.min(axis=0)[None], corners.max(axis=0)[None], rim)
            drawn.parts = np.zeros(1, dtype=np.intp)
        return drawn

    def _of_parts(self, item: Polygon | Line, paths: Sequence[Path]) -> tuple[Boxes, Indices]:
        """Rectangles that hold some parts of an item, and which of these each belongs to."""
        if not paths:
            return NOWHERE, NONE
        counts = np.array([len(path) for path in paths])
        points = self._seen(self._painter.placed([point for path in paths for point in path]))
        starts = np.cumsum(counts) - counts
        low, high = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
        stroke = item.width if isinstance(item, Line) else 0.0
        pieces = np.where(counts == 2, 1 + (high - low).min(axis=1) // LONG, 1).astype(np.intp)
        parts = np.repeat(np.arange(len(paths)), pieces)
        if len(parts) > len(paths):
            nth = np.arange(len(parts)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
            start, way = points[starts][parts], (points[starts + counts - 1] - points[starts])[parts]
            ends = [start + way * ((nth + end) / pieces[parts])[:, None] for end in (0, 1)]
            several = (pieces > 1)[parts][:, None]
            low, high = (
                np.where(several, several_of(*ends), one[parts])
                for several_of, one in ((np.minimum, low), (np.maximum, high))
            )
        return self._around(low, high, stroke), parts

    def _seen(self, points: Corners) -> Corners:
        """The renderer's points, which it counts upwards, as columns and rows."""
        return points * (1, -1) + (0, self._height)

    def _around(self, low: Corners, high: Corners, stroke: float) -> Boxes:
        """Rectangles with room for a stroke, whose corners reach out by up to twice its width."""
        margin = REACH + 2 * max(1.0, stroke * self._painter.cell) * bool(stroke)
        corners = np.concatenate((low - margin, high + margin), axis=1) // TILE
        rows, cols = self._shape
        return np.minimum(np.maximum(corners, 0), (cols - 1, rows - 1) * 2).astype(np.intp)

    # Painting

    def paint(self, tiles: Tiles) -> None:
        """Paint all that touches the tiles that have changed."""
        if not len(self._boxes):
            return
        hit = np.flatnonzero(tiles.touched(self._boxes))
        owners, starts = np.unique(self._owners[hit], return_index=True)
        chosen = dict(zip(owners.tolist(), np.split(self._parts[hit], starts[1:]), strict=True)) if len(hit) else {}
        for _, group in groupby(chosen, self._groups.__getitem__):
            places = [*group]
            for as_halo in (True, False):
                for place in places:
                    self._painter.paint(self._calls_of(self._drawn[place], as_halo, chosen[place]))

    def _calls_of(self, drawn: Drawn, as_halo: bool, parts: npt.NDArray[np.intp]) -> Iterable[Call]:
        """The calls for some parts of an item."""
        item = drawn.item
        if isinstance(item, Text):
            return self._calls(drawn, as_halo)
        if as_halo:
            return ()
        chosen = dict.fromkeys(parts.tolist())
        if len(chosen) == len(item.parts):
            return self._calls(drawn, as_halo)
        few = replace(item, parts=tuple(item.parts[part] for part in chosen))
        return [self._painter.call(mark) for mark in marks_of(few, as_halo, self._theme, width)]

    def _calls(self, drawn: Drawn, as_halo: bool) -> list[Call]:
        """The calls for all of an item, made once."""
        item = drawn.item
        if as_halo and not (isinstance(item, Text) and has_halo(item, self._theme)):
            return []
        if as_halo not in drawn.calls:
            found = marks_of(item, as_halo, self._theme, width)
            drawn.calls[as_halo] = [self._painter.call(mark) for mark in found]
        return drawn.calls[as_halo]


def _alike(one: Sequence[object], other: Sequence[object]) -> tuple[int, int]:
    """How many are equal at the beginning, and how many at the end of what is left."""
    most = min(len(one), len(other))
    start = next((place for place in range(most) if one[place] != other[place]), most)
    backward = zip(one[: start - len(one) - 1 : -1], other[: start - len(other) - 1 : -1], strict=False)
    stop = next((place for place, (a, b) in enumerate(backward) if a != b), most - start)
    return start, min(stop, most - start)


def _hide(hidden: npt.NDArray[np.bool_], corners: Corners) -> None:
    """Mark the tiles that lie wholly within an area, if it is a parallelogram, as cells and maps are, and large."""
    slanted = len(corners) == 4 and np.allclose(corners[0] + corners[2], corners[1] + corners[3])
    if not slanted or (np.ptp(corners, axis=0) < 2 * TILE).any():
        return
    inside = np.ones(hidden.shape, dtype=bool)
    y, x = np.ogrid[: hidden.shape[0], : hidden.shape[1]]
    middle = corners.mean(axis=0)
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = end - start
        across = np.array((-along[1], along[0]))
        inward = across * np.sign(across @ (middle - start))
        for right, down in product((-REACH, TILE + REACH), repeat=2):
            inside &= inward[0] * (x * TILE + right - start[0]) + inward[1] * (y * TILE + down - start[1]) > 0
    hidden |= inside


def _likeness(item: Item) -> object:
    """What a text is, or what an item of parts is but for these."""
    if isinstance(item, Text):
        return item
    return (item.role, item.width, item.dash) if isinstance(item, Line) else item.role
