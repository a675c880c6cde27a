"""What changes from frame to frame: the tracks of a scene as layers that know where their items lie in pixels.

Of an item of many parts, those are painted anew that lie where something changed. Wherever that is, every pixel comes
out as if all had been painted, since it takes its colour from nothing but the parts that reach it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
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
Part = tuple[slice, slice]
"""Rows and columns of a picture."""
Corners = npt.NDArray[np.float64]
"""Points as columns and rows, shape (n, 2)."""

TILE: Final = 16
"""Pixels along the side of a tile: what changed is kept by the tile."""
REACH: Final = 2
"""Pixels that antialiasing and whole pixels may add around an area."""
LONG: Final = 2 * TILE
"""The least side, in pixels, of the rectangle around a slanted line from which on there are several along it."""
KEPT_TEXTS: Final = 1 << 12
"""So many texts are kept ready to be painted: what is written in a cell often comes back."""
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

    def parts(self) -> list[Part]:
        """The pixels of the tiles that have changed: rows and columns of rectangles that do not overlap."""
        rows, cols = self.changed.shape
        framed = np.zeros((rows, cols + 2), dtype=bool)
        framed[:, 1:-1] = self.changed
        lines, edges = np.nonzero(framed[:, 1:] != framed[:, :-1])
        # Runs of tiles side by side; those that lie below each other and are as wide make one rectangle.
        lowest: dict[tuple[int, int], int] = {}
        bottoms: dict[tuple[int, int, int], int] = {}
        for row, start, stop in zip(lines[::2].tolist(), edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            top = lowest.get((start, stop), row)
            if bottoms.get((top, start, stop)) != row:  # none ends just above
                top = lowest[start, stop] = row
            bottoms[top, start, stop] = row + 1
        return [_pixels_between(top, bottom, start, stop) for (top, start, stop), bottom in bottoms.items()]

    def within(self, boxes: Boxes) -> Part:
        """Rows and columns of pixels that hold all tiles that have changed where some rectangles are."""
        (left, top), (right, bottom) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
        changed = self.changed[top : bottom + 1, left : right + 1]
        rows, cols = (np.flatnonzero(changed.any(axis=axis)).tolist() for axis in (1, 0))
        if not rows:
            return _pixels_between(0, 0, 0, 0)
        return _pixels_between(top + rows[0], top + rows[-1] + 1, left + cols[0], left + cols[-1] + 1)


def _pixels_between(top: int, bottom: int, left: int, right: int) -> Part:
    """Rows and columns of pixels of some rows and columns of tiles."""
    return slice(top * TILE, bottom * TILE), slice(left * TILE, right * TILE)


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
        self._others: list[int] = []
        """The places of the items that are not texts."""
        self._drawn: list[Drawn] = []
        self._boxes, self._owners, self._parts = NOWHERE, NONE, NONE
        self._text = lru_cache(maxsize=KEPT_TEXTS)(self._new_text)
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
        if items is self._items:
            return NOWHERE
        old, self._items = self._items, items
        self._others = [place for place, item in enumerate(items) if not isinstance(item, Text)]
        start = _paired(old, items)
        stop = min(_paired(old[::-1], items[::-1]), len(old) - start, len(items) - start)
        drawn, changed = self._drawn, list[Boxes]()
        before, now = len(old) - stop, len(items) - stop
        self._drawn = [
            *map(partial(self._turned, changed), drawn[:start], items[:start]),
            *self._matched(drawn[start:before], items[start:now], changed),
            *map(partial(self._turned, changed), drawn[before:], items[now:]),
        ]
        if len(old) != len(items) or changed:
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
            yield self._turned(changed, drawn, item)
        changed.extend(before[place].boxes for left in olds.values() for place in left)

    def _turned(self, changed: list[Boxes], last: Drawn, item: Item) -> Drawn:
        """An item as it was drawn, or with other parts than it had; where they differ is added to `changed`."""
        if last.item is item or last.item == item:
            return last
        assert not isinstance(item, Text)
        assert not isinstance(last.item, Text)
        start, stop = _alike(last.item.parts, item.parts)
        before, now = len(last.item.parts) - stop, len(item.parts) - stop
        gone, come = last.item.parts[start:before], item.parts[start:now]
        first, after = np.searchsorted(last.parts, (start, before)).tolist()
        boxes, parts = self._of_parts(item, come)
        # They are painted as one, so their order is of no account.
        changed.append(last.boxes[first:after][_without(gone, come)[last.parts[first:after] - start]])
        changed.append(boxes[_without(come, gone)[parts]])
        return Drawn(
            item,
            np.concatenate((last.boxes[:first], boxes, last.boxes[after:])),
            np.concatenate((last.parts[:first], parts + start, last.parts[after:] + now - before)),
        )

    def _settle(self) -> None:
        """Put the rectangles of all items together."""
        counts = [len(drawn.boxes) for drawn in self._drawn]
        self._boxes = np.concatenate([NOWHERE, *(drawn.boxes for drawn in self._drawn)])
        self._parts = np.concatenate([NONE, *(drawn.parts for drawn in self._drawn)])
        self._owners = np.repeat(np.arange(len(counts)), counts)
        self.hidden = self._hides()

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
        return self._text(item) if isinstance(item, Text) else Drawn(item, *self._of_parts(item, item.parts))

    def _new_text(self, item: Text) -> Drawn:
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
        if not len(hit):
            return
        places, starts = (found.tolist() for found in np.unique(self._owners[hit], return_index=True))
        chosen = {place: slice(*some) for place, some in zip(places, pairwise((*starts, len(hit))), strict=True)}
        # Between texts that follow each other, nothing lies: their halos come before all of them.
        for _, group in groupby(places, self._neighbourhood):
            together = [*group]
            if isinstance(self._items[together[0]], Text):
                for as_halo in (True, False):
                    for place in together:
                        self._painter.paint(self._calls(self._drawn[place], as_halo))
            else:  # one alone
                for place in together:
                    self._paint(self._drawn[place], hit[chosen[place]], tiles)

    def _neighbourhood(self, place: int) -> tuple[int, int]:
        """What texts have in common that follow each other, and any other item has for itself."""
        return bisect_left(self._others, place), bisect_right(self._others, place)

    def _paint(self, drawn: Drawn, hit: Indices, tiles: Tiles) -> None:
        """Paint the parts of an item that touch the tiles that have changed: some of its rectangles."""
        calls = self._calls_of(drawn, self._parts[hit])
        within = None
        if any(call.graphics.get_snap() for call in calls):
            rows, cols = tiles.within(self._boxes[hit])
            within = (cols.start, self._height - rows.stop, cols.stop, self._height - rows.start)
        self._painter.paint(calls, within)

    def _calls_of(self, drawn: Drawn, parts: Indices) -> Sequence[Call]:
        """The calls for some parts of an item."""
        item = drawn.item
        assert not isinstance(item, Text)
        chosen = dict.fromkeys(parts.tolist())
        if len(chosen) == len(item.parts):
            return self._calls(drawn, False)
        few = replace(item, parts=tuple(item.parts[part] for part in chosen))
        return [self._painter.call(mark) for mark in marks_of(few, False, self._theme, width)]

    def _calls(self, drawn: Drawn, as_halo: bool) -> list[Call]:
        """The calls for all of an item, made once."""
        item = drawn.item
        if as_halo not in drawn.calls:
            wanted = not as_halo or (isinstance(item, Text) and has_halo(item, self._theme))
            found = marks_of(item, as_halo, self._theme, width) if wanted else ()
            drawn.calls[as_halo] = [self._painter.call(mark) for mark in found]
        return drawn.calls[as_halo]


def _paired(one: Items, other: Items) -> int:
    """How many items are the same at the beginning, or differ in their parts only."""
    pairs = enumerate(zip(one, other, strict=False))
    unlike = (place for place, (a, b) in pairs if a is not b and _likeness(a) != _likeness(b))
    return next(unlike, min(len(one), len(other)))


def _without(these: Sequence[Path], others: Sequence[Path]) -> npt.NDArray[np.bool_]:
    """Which parts are not among others; of equal ones, as many as there are more than there."""
    left = Counter(others)
    left.subtract(these)
    found = np.zeros(len(these), dtype=bool)
    for place, part in enumerate(these):
        if left[part] < 0:
            left[part] += 1
            found[place] = True
    return found


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
