"""Text as outlines, from the fonts that matplotlib brings along, so that it is the same on every machine.

The fonts are read with FreeType directly: matplotlib's own search for fonts would look at what the system has. Only
what they lack, or would have to join, is drawn with others.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from itertools import accumulate
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.ft2font import FT2Font, LoadFlags

from convgif.drawing.metrics import Font, advances, capital_height, in_fonts, width_in
from convgif.drawing.scene import Run
from convgif.rendering.dejavu import FILES, font_file
from convgif.rendering.scripts import Piece, is_plain
from convgif.themes.theme import FontFile

if TYPE_CHECKING:
    from convgif.rendering.fonts import Place

READING: Final = Lock()
"""Held while a glyph is read: a font of FreeType's holds one glyph at a time, and threads share the font."""
UNITS: Final = 64
"""FreeType's outlines are drawn at this many units an em."""


class Outline(NamedTuple):
    """A text at an em of 1, y up, centred on its advance width and on the height of its capitals."""

    vertices: npt.NDArray[np.float64]
    codes: npt.NDArray[np.uint8]
    width: float


@lru_cache(maxsize=4096)
def outline(runs: tuple[Run, ...], font: Font = "sans", further: FontFile | None = None) -> Outline:
    """The outlines of a text; `further` is the font for what DejaVu lacks, and one is looked for if it is None.

    Raises:
        InputError: no font has some of its characters, `further` cannot be read, or what joins its letters or puts them
            in order is not installed.

    >>> outline((Run("10"),)).width == 2 * outline((Run("1"),)).width
    True
    """
    vertices: list[npt.NDArray[np.float64]] = [np.empty((0, 2))]
    codes: list[npt.NDArray[np.uint8]] = [np.empty(0, dtype=np.uint8)]
    pen = 0.0
    for run in runs:
        _, slanted, scale, rise = run
        for piece, place in _placed(run, font, further):
            if place is not None:
                from convgif.rendering.fonts import outlines  # as in _placed

                points, kinds, wide = outlines(piece, place)
                vertices.append(points * scale + (pen, rise))
                codes.append(kinds)
                pen += wide * scale
                continue
            for part, own in in_fonts(piece.text, font, slanted):
                widths = advances(part, own, slanted)
                places = accumulate(widths, initial=0.0)
                for character, start in zip(part, places, strict=False):
                    points, kinds = _glyph(character, FILES[own, slanted])
                    vertices.append(np.add(points, (start, 0.0)) * scale + (pen, rise))
                    codes.append(kinds)
                pen += sum(widths) * scale
    return Outline(np.concatenate(vertices) - (pen / 2, capital_height(font) / 2), np.concatenate(codes), pen)


def width(runs: tuple[Run, ...], font: Font, further: FontFile | None = None) -> float:
    """The width of a text at an em of 1, as it is drawn.

    Raises:
        InputError: as `outline`.
    """
    return width_in(runs, font) if is_plain(runs, font) else outline(runs, font, further).width


def made_with(text: str, font: Font, further: FontFile | None) -> bytes:
    """What decides how a text comes out, beyond this package and what it always draws with; nothing for a plain one.

    Raises:
        InputError: as `outline`.
    """
    if is_plain((Run(text),), font):
        return b""
    from convgif.rendering.fonts import sources  # as in _placed

    places = (place for _, place in _placed(Run(text), font, further))
    return sources({place.file for place in places if place is not None})


def _placed(run: Run, font: Font, further: FontFile | None) -> tuple[tuple[Piece, Place | None], ...]:
    """The pieces of a run, each with the font for it where DejaVu does not write it."""
    if is_plain((run,), font):
        return ((Piece(run.text), None),)
    from convgif.rendering.fonts import chosen  # it takes its time to load, and few texts need it

    return chosen(run.text, font, run.slanted, further)


@lru_cache(maxsize=1024)
def _glyph(character: str, file: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.uint8]]:
    """The outline of a character from its origin on the baseline, y up."""
    with READING:
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
