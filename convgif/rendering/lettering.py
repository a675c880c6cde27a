"""Text as outlines, from the fonts that matplotlib brings along, so that it is the same on every machine.

The fonts are read with FreeType directly: matplotlib's own search for fonts would look at what the system has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.textpath import TextToPath

from convgif.drawing.scene import Font

FILES: Final[Mapping[Font, str]] = {"sans": "DejaVuSans.ttf", "serif": "DejaVuSerif.ttf"}
SLANTED: Final[Mapping[Font, str]] = {"sans": "DejaVuSans-Oblique.ttf", "serif": "DejaVuSerif-Italic.ttf"}
INDEX_SIZE: Final = 0.7
INDEX_DROP: Final = 0.16
INDEX_RISE: Final = 0.37
"""An index is so large, and so far below or above its letter's line, in em of the letter."""
SYMBOL: Final = re.compile(r"\$(?P<letter>[A-Za-z])(?:(?P<place>[_^])\{(?P<index>(?:\\mathrm|[\w{},])*)\})?\$")
"""A letter, perhaps with an index below or above."""
UNITS: Final = 64
"""FreeType's outlines are drawn at this many units an em."""

_Path = tuple[npt.NDArray[np.float64], npt.NDArray[np.uint8]]


class Outline(NamedTuple):
    """A text at an em of 1, y up, centred on its advance width and on the height of its capitals."""

    vertices: npt.NDArray[np.float64]
    codes: npt.NDArray[np.uint8]
    width: float


@lru_cache(maxsize=4096)
def outline(text: str, font: Font = "sans", math: bool = False) -> Outline:
    """The outlines of `text`; with `math`, what stands between dollar signs is set as mathematics.

    >>> outline("10").width == 2 * outline("1").width
    True
    """
    return _mathematics(text, font) if math else _plain(text, font)


def missing(text: str, font: Font) -> str:
    """The characters of `text` that the font lacks, each once.

    >>> missing("convolution ± ∞", "sans"), missing("卷积", "sans")
    ('', '卷积')
    """
    known = _font(FILES[font]).get_charmap()
    return "".join(dict.fromkeys(character for character in text if ord(character) not in known))


class _Run(NamedTuple):
    """A text at an em of 1 from its origin on the baseline, y up, and where the next one would begin."""

    vertices: npt.NDArray[np.float64]
    codes: npt.NDArray[np.uint8]
    end: float


def _run(text: str, file: str) -> _Run:
    font = _font(file)
    vertices: list[npt.NDArray[np.float64]] = [np.empty((0, 2))]
    codes: list[npt.NDArray[np.uint8]] = [np.empty(0, dtype=np.uint8)]
    pen = 0.0
    for character in text:
        glyph = font.load_char(ord(character), flags=LoadFlags.NO_HINTING)
        points, kinds = font.get_path()
        vertices.append(np.add(points, (pen, 0.0)))
        codes.append(np.asarray(kinds, dtype=np.uint8))
        pen += glyph.linearHoriAdvance / 65536
    return _Run(np.concatenate(vertices) / UNITS, np.concatenate(codes), pen / UNITS)


def _plain(text: str, font: Font) -> Outline:
    run = _run(text, FILES[font])
    return Outline(run.vertices - (run.end / 2, capital_height(font) / 2), run.codes, run.end)


def _mathematics(text: str, font: Font) -> Outline:
    symbol = SYMBOL.fullmatch(text)
    vertices, codes = _symbol(symbol, font) if symbol else _typeset(text, font)
    left, right = vertices[:, 0].min(), vertices[:, 0].max()
    centre = ((left + right) / 2, capital_height(font) / 2)
    return Outline(vertices - centre, codes, float(right - left))


def _symbol(symbol: re.Match[str], font: Font) -> _Path:
    """A letter with an index, as the library sets it: that takes it milliseconds, and a matrix has many."""
    base, small = _run(symbol["letter"], SLANTED[font]), _run(index_of(symbol), FILES[font])
    placed = small.vertices * INDEX_SIZE + (base.end, INDEX_RISE if symbol["place"] == "^" else -INDEX_DROP)
    return np.concatenate((base.vertices, placed)), np.concatenate((base.codes, small.codes))


def index_of(symbol: re.Match[str]) -> str:
    """The index of a symbol as it is read; empty if it has none."""
    return re.sub(r"\\mathrm|[{}]", "", symbol["index"] or "")


def _typeset(text: str, font: Font) -> _Path:
    """matplotlib's own typesetting, whatever settings its user has made."""
    face = FontProperties(fname=str(font_file(FILES[font])), math_fontfamily=f"dejavu{font}")
    usual = matplotlib.rcParamsDefault
    with matplotlib.rc_context():
        matplotlib.rcParams.update(
            {key: usual[key] for key in usual if key.startswith(("font.", "mathtext.", "text."))}
        )
        vertices, codes = TextToPath().get_text_path(face, text, ismath=True)
    return np.asarray(vertices, dtype=np.float64) / TextToPath.FONT_SCALE, np.asarray(codes, dtype=np.uint8)


@lru_cache(maxsize=4)
def _font(file: str) -> FT2Font:
    # From memory: an open file would be shared, with its position, by all processes that are forked from this one.
    font = FT2Font(BytesIO(font_file(file).read_bytes()))
    font.set_size(UNITS, 72)
    return font


def font_file(name: str) -> Path:
    """Where a font lies that matplotlib brings along."""
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name


def capital_height(font: Font) -> float:
    """The height of its capitals and digits, in em."""
    return float(np.max(_run("0", FILES[font]).vertices[:, 1]))
