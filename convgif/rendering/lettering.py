"""Text as outlines, from the fonts that matplotlib brings along, so that it is the same on every machine.

The fonts are read with FreeType directly: matplotlib's own search for fonts would look at what the system has.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.ft2font import FT2Font, LoadFlags

from convgif.drawing.metrics import Font, advances, capital_height, in_fonts
from convgif.drawing.scene import Run

FILES: Final[Mapping[tuple[Font, bool], str]] = {
    ("sans", False): "DejaVuSans.ttf",
    ("sans", True): "DejaVuSans-Oblique.ttf",
    ("serif", False): "DejaVuSerif.ttf",
    ("serif", True): "DejaVuSerif-Italic.ttf",
}
"""The files of each font, upright and slanted."""
UNITS: Final = 64
"""FreeType's outlines are drawn at this many units an em."""


class Outline(NamedTuple):
    """A text at an em of 1, y up, centred on its advance width and on the height of its capitals."""

    vertices: npt.NDArray[np.float64]
    codes: npt.NDArray[np.uint8]
    width: float


@lru_cache(maxsize=4096)
def outline(runs: tuple[Run, ...], font: Font = "sans") -> Outline:
    """The outlines of a text.

    >>> outline((Run("10"),)).width == 2 * outline((Run("1"),)).width
    True
    """
    vertices: list[npt.NDArray[np.float64]] = [np.empty((0, 2))]
    codes: list[npt.NDArray[np.uint8]] = [np.empty(0, dtype=np.uint8)]
    pen = 0.0
    for text, slanted, scale, rise in runs:
        for part, own in in_fonts(text, font, slanted):
            widths = advances(part, own, slanted)
            places = accumulate(widths, initial=0.0)
            for character, place in zip(part, places, strict=False):
                points, kinds = _glyph(character, FILES[own, slanted])
                vertices.append(np.add(points, (place, 0.0)) * scale + (pen, rise))
                codes.append(kinds)
            pen += sum(widths) * scale
    return Outline(np.concatenate(vertices) - (pen / 2, capital_height(font) / 2), np.concatenate(codes), pen)


@lru_cache(maxsize=1024)
def _glyph(character: str, file: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.uint8]]:
    """The outline of a character from its origin on the baseline, y up."""
    font = _font(file)
    font.load_char(ord(character), flags=LoadFlags.NO_HINTING)
    points, kinds = font.get_path()
    return np.asarray(points, dtype=np.float64).reshape(-1, 2) / UNITS, np.asarray(kinds, dtype=np.uint8)


@lru_cache(maxsize=len(FILES))
def _font(file: str) -> FT2Font:
    # From memory: an open file would be shared, with its position, by all processes that are forked from this one.
    font = FT2Font(BytesIO(font_file(file).read_bytes()))
    font.set_size(UNITS, 72)
    return font


def font_file(name: str) -> Path:
    """Where a font lies that matplotlib brings along."""
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name
