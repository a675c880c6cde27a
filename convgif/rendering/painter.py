"""Scene items as calls of matplotlib's renderers, whichever renderer that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from convgif.drawing.metrics import capital_height
from convgif.drawing.scene import Item, Point
from convgif.drawing.scene import Path as Corners
from convgif.rendering.lettering import outline, width
from convgif.rendering.marks import Area, Halo, Letters, Mark, Stroke, marks
from convgif.themes.theme import Color, Theme

Rectangle = tuple[int, int, int, int]
"""Left, bottom, right and top, in a renderer's units."""


class PathRenderer(Protocol):
    """What is asked of a renderer, as matplotlib's `RendererBase` defines it."""

    def new_gc(self) -> Any:
        """A context that says how paths are drawn."""

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:  # noqa: N803
        """Draw a path, filled where there is a face."""


class Call(NamedTuple):
    """One call of the renderer, in its units."""

    graphics: Any
    path: Path
    face: tuple[float, float, float, float] | None


class Painter:
    """A renderer, and the way from scene items to its calls.

    `cell` is the size of a cell in the renderer's units, `shift` where the scene's origin lies in them; renderers count
    upwards, scenes downwards. With `crisp`, lines along the axes are moved to whole units and made whole units wide.
    """

    def __init__(self, renderer: PathRenderer, theme: Theme, cell: float, shift: Point, *, crisp: bool) -> None:
        self._renderer, self._theme = renderer, theme
        self._graphics: dict[tuple[object, ...], Any] = {}
        self.cell, self._crisp = cell, crisp
        self._scale, self._shift = np.array((cell, -cell)), np.array(shift)
        self._identity = IdentityTransform()

    def paint(self, calls: Iterable[Call], within: Rectangle | None = None) -> None:
        """Hand calls to the renderer.

        Where only what lies `within` a rectangle matters, areas and lines that lie along the
        axes are cut off there; to cut off others would move their edges a little.
        """
        for graphics, path, face in calls:
            graphics.set_clip_rectangle(within if graphics.get_snap() else None)
            self._renderer.draw_path(graphics, path, self._identity, face)

    def calls(self, items: Iterable[Item]) -> Iterator[Call]:
        """Items as calls; texts as the outlines of their letters."""
        return map(self.call, marks(items, self._theme, width))

    def call(self, mark: Mark) -> Call:
        """A mark as a call."""
        if isinstance(mark, Stroke):
            snap = self._crisp and _upright(mark.parts)
            graphics = self._context(mark.color, mark.width, mark.dash, square=mark.square, snap=snap)
            return Call(graphics, self._path(path_of(mark.parts)), None)
        if isinstance(mark, Halo):
            rim = self._context(mark.color, mark.width, None, square=False, snap=False, join="round")
            return Call(rim, self._path(letters_of(mark.letters)), rgba(mark.color))
        snap = isinstance(mark, Area) and self._crisp and _upright(mark.parts)
        path = path_of(mark.parts) if isinstance(mark, Area) else letters_of(mark)
        return Call(self._context(None, 0, None, square=False, snap=snap), self._path(path), rgba(mark.color))

    def _context(
        self,
        color: Color | None,
        width: float,
        dash: tuple[float, float] | None,
        *,
        square: bool,
        snap: bool,
        join: str = "miter",
    ) -> Any:
        key = (color, width, dash, square, snap, join)
        if key not in self._graphics:
            graphics = self._renderer.new_gc()
            graphics.set_foreground(rgba(color) if color else (0, 0, 0, 0), isRGBA=True)
            thick = width * self.cell
            graphics.set_linewidth(max(1, round(thick)) if snap and thick else thick)
            graphics.set_capstyle("projecting" if square else "butt")
            graphics.set_joinstyle(join)
            graphics.set_snap(snap)
            if dash:
                graphics.set_dashes(0, [length * self.cell for length in dash])
            self._graphics[key] = graphics
        return self._graphics[key]

    def _path(self, path: Path) -> Path:
        """The path in the renderer's units; it is one of its own, made by whoever calls."""
        path.vertices = self.placed(path.vertices)
        path.should_simplify = False  # it would merge the ends of neighbouring grid lines
        return path

    def placed(self, points: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Points of the scene in the renderer's units."""
        placed: npt.NDArray[np.float64] = np.array(points) * self._scale + self._shift
        return placed


def path_of(parts: tuple[Corners, ...]) -> Path:
    """The parts of an area or of lines as one path, in cells."""
    corners = np.array([*chain.from_iterable(parts)], dtype=np.float64)
    return Path(corners, _codes(tuple((len(part), part[0] == part[-1]) for part in parts)))


@lru_cache(maxsize=256)
def _codes(parts: tuple[tuple[int, bool], ...]) -> npt.NDArray[np.uint8]:
    """What the corners of some parts are for a path: of each part how many it has, and whether it is closed."""
    codes: list[np.uint8] = []
    for corners, closed in parts:
        codes.extend((Path.MOVETO, *(Path.LINETO,) * (corners - 1 - closed), *(Path.CLOSEPOLY,) * closed))
    found = np.array(codes, dtype=Path.code_type)
    found.setflags(write=False)
    return found


def letters_of(letters: Letters) -> Path:
    """The outlines of letters, in cells."""
    drawn, em = outline(letters.runs, letters.font, letters.further), letters.em
    middle = (letters.origin[0] + drawn.width / 2 * em, letters.origin[1] - capital_height(letters.font) / 2 * em)
    return Path(drawn.vertices * (em, -em) + middle, drawn.codes)


def rgba(color: Color) -> tuple[float, float, float, float]:
    """A colour as matplotlib writes it, opaque."""
    red, green, blue = color
    return red / 255, green / 255, blue / 255, 1.0


def _upright(parts: tuple[Corners, ...]) -> bool:
    """Whether all edges run along the axes: then they are snapped to whole pixels and so are crisp."""
    return all(a[0] == b[0] or a[1] == b[1] for part in parts for a, b in pairwise(part))
