"""Text as outlines, from the fonts that matplotlib brings along, so that it is the same on every machine.

The fonts are read with FreeType directly: matplotlib's own search for fonts would look at what the system has.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.ft2font import FT2Font, LoadFlags

FONT: Final = "DejaVuSans.ttf"
UNITS: Final = 64
"""FreeType's outlines are drawn at this many units an em."""


class Outline(NamedTuple):
    """A text at an em of 1, y up, centred on its advance width and on the height of its capitals."""

    vertices: npt.NDArray[np.float64]
    codes: npt.NDArray[np.uint8]
    width: float


@lru_cache(maxsize=4096)
def outline(text: str) -> Outline:
    """The outlines of `text`.

    >>> outline("10").width == 2 * outline("1").width
    True
    """
    font = _font()
    vertices: list[npt.NDArray[np.float64]] = []
    codes: list[npt.NDArray[np.uint8]] = []
    pen = 0.0
    for character in text:
        glyph = font.load_char(ord(character), flags=LoadFlags.NO_HINTING)
        points, kinds = font.get_path()
        vertices.append(np.add(points, (pen, 0.0)))
        codes.append(np.asarray(kinds, dtype=np.uint8))
        pen += glyph.linearHoriAdvance / 65536
    placed = (np.concatenate(vertices) - (pen / 2, _capital_height() / 2)) / UNITS
    return Outline(placed, np.concatenate(codes), pen / UNITS)


@lru_cache(maxsize=1)
def _font() -> FT2Font:
    # From memory: an open file would be shared, with its position, by all processes that are forked from this one.
    file = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / FONT
    font = FT2Font(BytesIO(file.read_bytes()))
    font.set_size(UNITS, 72)
    return font


def _capital_height() -> float:
    font = _font()
    font.load_char(ord("0"), flags=LoadFlags.NO_HINTING)
    points, _ = font.get_path()
    return float(np.max(points[:, 1]))
