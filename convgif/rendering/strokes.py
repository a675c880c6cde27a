"""Scene items as calls of matplotlib's renderers, whichever renderer that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from convgif.drawing.scene import Color, Item, Line, Point, Polygon, Text
from convgif.drawing.scene import Path as Corners
from convgif.rendering.lettering import outline


class Stroke(NamedTuple):
    """One call of the renderer, in its units."""

    graphics: GraphicsContextBase
    path: Path
    face: tuple[float, float, float, float] | None


class Painter:
    """A renderer, and the way from scene items to its calls.

    `cell` is the size of a cell in the renderer's units, `shift` where the scene's origin lies in them; renderers count
    upwards, scenes downwards. With `crisp`, lines along the axes are moved to whole units and made whole units wide.
    """

    def __init__(self, renderer: RendererBase, cell: float, shift: Point, *, crisp: bool) -> None:
        self._renderer = renderer
        self._graphics: dict[tuple[object, ...], GraphicsContextBase] = {}
        self._cell, self._shift, self._crisp = cell, shift, crisp

    def paint(self, strokes: Iterable[Stroke]) -> None:
        """Hand strokes to the renderer."""
        identity = IdentityTransform()
        for stroke in strokes:
            self._renderer.draw_path(stroke.graphics, stroke.path, identity, stroke.face)

    def strokes(self, items: Iterable[Item]) -> Iterator[Stroke]:
        """Items as strokes; texts as the outlines of their letters."""
        for item in items:
            if isinstance(item, Polygon):
                graphics = self._context(None, 0, None, snap=self._crisp and _upright(item.parts))
                yield Stroke(graphics, self._path(path_of(item.parts)), _rgba(item.fill))
            elif isinstance(item, Line):
                graphics = self._context(item.color, item.width, item.dash, snap=self._crisp and _upright(item.parts))
                yield Stroke(graphics, self._path(path_of(item.parts)), None)
            else:
                yield Stroke(self._context(None, 0, None, snap=False), self._path(letters_of(item)), _rgba(item.color))

    def _context(
        self, color: Color | None, width: float, dash: tuple[float, float] | None, *, snap: bool
    ) -> GraphicsContextBase:
        key = (color, width, dash, snap)
        if key not in self._graphics:
            graphics = self._renderer.new_gc()
            graphics.set_foreground(_rgba(color) if color else (0, 0, 0, 0), isRGBA=True)
            thick = width * self._cell
            graphics.set_linewidth(max(1, round(thick)) if snap and thick else thick)
            graphics.set_capstyle("butt")
            graphics.set_joinstyle("miter")
            graphics.set_snap(snap)
            if dash:
                graphics.set_dashes(0, [length * self._cell for length in dash])
            self._graphics[key] = graphics
        return self._graphics[key]

    def _path(self, path: Path) -> Path:
        moved = Path(self.placed(path.vertices), path.codes)
        moved.should_simplify = False  # it would merge the ends of neighbouring grid lines
        return moved

    def placed(self, points: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Points of the scene in the renderer's units."""
        return np.array(points) * (self._cell, -self._cell) + self._shift


def path_of(parts: tuple[Corners, ...]) -> Path:
    """The parts of an area or of strokes as one path, in cells."""
    corners: list[Point] = []
    codes: list[np.uint8] = []
    for part in parts:
        corners.extend(part)
        closed = part[0] == part[-1]
        codes.extend((Path.MOVETO, *(Path.LINETO,) * (len(part) - 1 - closed), *(Path.CLOSEPOLY,) * closed))
    return Path(corners, codes)


def letters_of(text: Text) -> Path:
    """The outlines of a text's letters, in cells."""
    letters = outline(text.text, text.font, text.math)
    em = min(text.size, text.width / letters.width) if letters.width else text.size
    aside = {"start": letters.width / 2, "middle": 0.0, "end": -letters.width / 2}[text.anchor]
    return Path(np.add(letters.vertices, (aside, 0)) * (em, -em) + text.at, letters.codes)


def _rgba(color: Color) -> tuple[float, float, float, float]:
    red, green, blue = color
    return red / 255, green / 255, blue / 255, 1.0


def _upright(parts: tuple[Corners, ...]) -> bool:
    """Whether all edges run along the axes: then they are snapped to whole pixels and so are crisp."""
    return all(a[0] == b[0] or a[1] == b[1] for part in parts for a, b in pairwise(part))
