"""matplotlib's Agg renderer by itself, without the backend in Python around it.

The backend loads texts, artists and widgets as well, which takes as long as drawing a small figure. What is here does
what its `RendererAgg` and `GraphicsContextBase` do for paths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from matplotlib.backends import _backend_agg
from matplotlib.path import Path

Rgba = tuple[float, float, float, float]
Core: Any = _backend_agg.RendererAgg  # type: ignore[attr-defined]  # written in C++, without annotations
NOTHING: Final[Rgba] = (0.0, 0.0, 0.0, 0.0)


@dataclass
class Context:
    """How a path is drawn; the renderer reads its attributes and asks its methods by these names."""

    _rgb: Rgba = NOTHING
    _linewidth: float = 0.0
    _capstyle: str = "butt"
    _joinstyle: str = "miter"
    _snap: bool = False
    _dashes: tuple[float, Sequence[float] | None] = (0, None)
    _alpha: float = 1.0
    _forced_alpha: bool = False
    _antialiased: bool = True
    _cliprect: tuple[float, float, float, float] | None = None

    def set_foreground(self, color: Rgba, isRGBA: bool = True) -> None:  # noqa: N803  # as in matplotlib
        """The colour of lines."""
        self._rgb = color

    def set_linewidth(self, width: float) -> None:
        """The width of lines in pixels."""
        self._linewidth = width

    def set_capstyle(self, style: str) -> None:
        """How lines end."""
        self._capstyle = style

    def set_joinstyle(self, style: str) -> None:
        """How lines meet."""
        self._joinstyle = style

    def set_snap(self, snap: bool) -> None:
        """Whether corners are moved to whole pixels."""
        self._snap = snap

    def set_dashes(self, offset: float, lengths: Sequence[float]) -> None:
        """Lengths of dashes and gaps, in pixels."""
        self._dashes = (offset, lengths)

    def get_dashes(self) -> tuple[float, Sequence[float] | None]:
        """Lengths of dashes and gaps, in pixels."""
        return self._dashes

    def get_snap(self) -> bool:
        """Whether corners are moved to whole pixels."""
        return self._snap

    def set_clip_rectangle(self, rectangle: tuple[float, float, float, float] | None) -> None:
        """Left, bottom, right and top of what is drawn; the rest is cut off."""
        self._cliprect = rectangle

    def get_clip_path(self) -> tuple[None, None]:
        """Nothing is cut off but at that rectangle."""
        return None, None

    def get_hatch_path(self) -> None:
        """Nothing is hatched by the renderer."""

    def get_hatch_color(self) -> Rgba:
        """What is not used."""
        return NOTHING

    def get_hatch_linewidth(self) -> float:
        """What is not used."""
        return 0.0

    def get_sketch_params(self) -> None:
        """Nothing is sketched."""


class Renderer:
    """A canvas of width x height pixels; `pixels`, of shape (height, width, 4), is what it paints on."""

    def __init__(self, width: int, height: int) -> None:
        self._core = Core(width, height, 72)
        self.pixels: npt.NDArray[np.uint8] = np.asarray(memoryview(self._core))

    def new_gc(self) -> Context:
        """A context of usual values."""
        return Context()

    def draw_path(self, gc: Context, path: Path, transform: Any, rgbFace: Rgba | None = None) -> None:  # noqa: N803
        """Draw a path, filled where there is a face."""
        self._core.draw_path(gc, path, transform, rgbFace)
