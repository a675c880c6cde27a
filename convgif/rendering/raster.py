"""A scene becomes pixels, with matplotlib's Agg renderer.

Only the renderer itself is used, without figures, axes or artists: they would cost more than the drawing. What stays
the same behind the first moving track is painted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from convgif.drawing.scene import MARGIN, Color, Item, Line, Point, Polygon, Scene, Text
from convgif.drawing.scene import Path as Corners
from convgif.rendering.lettering import outline

FOOT_PHASE: Final = 0.78
"""Where in its pixel row the lowest corner of the drawing lies, of the choices the one nearest to how the original's
rasteriser places it; structural similarity with its frames is highest here."""

Pixels = npt.NDArray[np.uint8]


def frames(scene: Scene, cell: float) -> Iterator[Pixels]:
    """The frames of a scene in order, each its own array of shape (height, width, 4), straight alpha.

    `cell` is in pixels.
    """
    painter = _Painter(scene, cell)
    still = [track.static and track.span is None for track in scene.tracks]
    moving = still.index(False) if False in still else len(still)
    for track in scene.tracks[:moving]:
        painter.paint(painter.strokes(track.at(0)))
    background = painter.pixels.copy()
    # Static tracks that lie over moving ones are painted again in every frame, but prepared once.
    prepared: dict[int, list[_Stroke]] = {}
    for frame in range(len(scene.durations)):
        painter.pixels[:] = background
        for index, track in enumerate(scene.tracks[moving:]):
            if track.span is not None and frame not in track.span:
                prepared.pop(index, None)
            elif track.static:
                if index not in prepared:
                    prepared[index] = list(painter.strokes(track.at(frame)))
                painter.paint(prepared[index])
            else:
                painter.paint(painter.strokes(track.at(frame)))
        yield painter.pixels.copy()


class _Stroke(NamedTuple):
    """One call of the renderer, in pixels."""

    graphics: GraphicsContextBase
    path: Path
    face: tuple[float, float, float, float] | None


class _Painter:
    """The renderer, its pixels, and the way from scene items to its calls."""

    def __init__(self, scene: Scene, cell: float) -> None:
        width, height = scene.pixel_size(cell)
        self._renderer = RendererAgg(width, height, 72)
        self._graphics: dict[tuple[object, ...], GraphicsContextBase] = {}
        self._cell = cell
        margin = MARGIN * cell
        foot = np.floor(margin) + FOOT_PHASE
        self._shift = (margin - scene.bounds.left * cell, foot + scene.bounds.bottom * cell)
        self.pixels: Pixels = np.asarray(self._renderer.buffer_rgba())
        self.pixels[:] = (*scene.paper, 255) if scene.paper else (0, 0, 0, 0)

    def paint(self, strokes: Iterable[_Stroke]) -> None:
        identity = IdentityTransform()
        for stroke in strokes:
            self._renderer.draw_path(stroke.graphics, stroke.path, identity, stroke.face)

    def strokes(self, items: Iterable[Item]) -> Iterator[_Stroke]:
        for item in items:
            if isinstance(item, Polygon):
                graphics = self._context(None, 0, None, snap=_upright(item.parts))
                yield _Stroke(graphics, self._path(item.parts), _rgba(item.fill))
            elif isinstance(item, Line):
                graphics = self._context(item.color, item.width, item.dash, snap=_upright(item.parts))
                yield _Stroke(graphics, self._path(item.parts), None)
            else:
                yield _Stroke(self._context(None, 0, None, snap=False), self._letters(item), _rgba(item.color))

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

    def _path(self, parts: tuple[Corners, ...]) -> Path:
        corners: list[Point] = []
        codes: list[np.uint8] = []
        for part in parts:
            corners.extend(part)
            closed = part[0] == part[-1]
            codes.extend((Path.MOVETO, *(Path.LINETO,) * (len(part) - 1 - closed), *(Path.CLOSEPOLY,) * closed))
        path = Path(self._placed(corners), codes)
        path.should_simplify = False  # it would merge the ends of neighbouring grid lines
        return path

    def _letters(self, text: Text) -> Path:
        letters = outline(text.text, text.font, text.math)
        em = (min(text.size, text.width / letters.width) if letters.width else text.size) * self._cell
        aside = {"start": letters.width / 2, "middle": 0.0, "end": -letters.width / 2}[text.anchor]
        return Path(np.add(letters.vertices, (aside, 0)) * em + self._placed([text.at]), letters.codes)

    def _placed(self, points: Sequence[Point]) -> npt.NDArray[np.float64]:
        """Points of the scene in the renderer's pixels; Agg counts y upwards, a scene downwards."""
        return np.array(points) * (self._cell, -self._cell) + self._shift


def _rgba(color: Color) -> tuple[float, float, float, float]:
    red, green, blue = color
    return red / 255, green / 255, blue / 255, 1.0


def _upright(parts: tuple[Corners, ...]) -> bool:
    """Whether all edges run along the axes: then they are snapped to whole pixels and so are crisp."""
    return all(a[0] == b[0] or a[1] == b[1] for part in parts for a, b in pairwise(part))
