"""How wide texts are: a table made from the fonts that matplotlib brings along, so that no font need be read for it.

Widths are in em, of which a cell knows how many it has. `python -m tests.drawing.fonts` makes the table anew.

>>> from convgif.drawing.scene import Run
>>> width_of((Run("10"),)) == 2 * width_of((Run("1"),))
True
>>> round(width_of((Run("x", slanted=True), Run("0", scale=0.5))), 3)
0.91
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import accumulate, groupby
from typing import Final, Literal, get_args

from convgif.drawing.scene import Run

Font = Literal["sans", "serif"]
FONTS: Final[tuple[Font, ...]] = get_args(Font)
TABLE: Final = "metrics.jsonl"
"""The table has a line of JSON for each face: the height of its capitals; and characters skipped, characters, and their
advance, of each stretch of characters that are equally wide, all in one list. Lengths are in `UNITS`."""
FACES: Final = ("sans", "sans slanted", "serif", "serif slanted")
"""The faces, in the order of the table."""
UNITS: Final = 2048
"""Units of the fonts' own an em."""
WIDE: Final = 1.0
"""The width of a Chinese, Japanese or Korean letter, which is that in any font."""
BROAD: Final = 0.9
"""The width of letters of Tamil, Malayalam and Sinhala: in common fonts, few words have wider ones on the average."""
BROAD_SCRIPTS: Final = (range(0x0B80, 0x0C00), range(0x0D00, 0x0E00))
STRANGE: Final = 0.7
"""The same of any other letter that the font lacks."""


class _Face(dict[str, float]):
    """A font upright or slanted: the advance of each character that was asked for, in em."""

    def __init__(self, capital: int, stretches: list[int]) -> None:
        super().__init__()
        self.capital = capital / UNITS
        skipped, counts, self._advances = stretches[::3], stretches[1::3], stretches[2::3]
        ends = [*accumulate(gap + count for gap, count in zip(skipped, counts, strict=True))]
        self._starts = [end - count for end, count in zip(ends, counts, strict=True)]
        self._ends = ends

    def __missing__(self, character: str) -> float:
        at = self._at(character)
        self[character] = found = estimated(character) if at is None else self._advances[at] / UNITS
        return found

    def knows(self, character: str) -> bool:
        """Whether the font has that character."""
        return self._at(character) is not None

    def _at(self, character: str) -> int | None:
        code = ord(character)
        at = bisect_right(self._starts, code) - 1
        return at if at >= 0 and code < self._ends[at] else None


@cache
def _lines() -> list[str]:
    return (files(__package__) / TABLE).read_text(encoding="ascii").splitlines()


@cache
def _face(font: Font, slanted: bool) -> _Face:
    # A line is read when its face is needed: most figures need but one.
    return _Face(**json.loads(_lines()[FACES.index(f"{font} slanted" if slanted else font)]))


def estimated(character: str) -> float:
    """About how wide a character is, in em, in any font that has it; marks on others take no room.

    >>> estimated("卷"), estimated("व"), estimated("\N{DEVANAGARI SIGN ANUSVARA}")
    (1.0, 0.7, 0.0)
    """
    import unicodedata  # here, since few figures have such characters

    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return WIDE
    return BROAD if any(ord(character) in script for script in BROAD_SCRIPTS) else STRANGE


def width_of(runs: Iterable[Run], serif_too: bool = False) -> float:
    """The width of a text at an em of 1; with `serif_too` the wider one, where themes may choose either font."""
    runs = tuple(runs)
    sans = width_in(runs, "sans")
    return max(sans, width_in(runs, "serif")) if serif_too else sans


def width_in(runs: Iterable[Run], font: Font) -> float:
    """The width of a text in a font at an em of 1.

    >>> width_in((Run("Input"),), "serif") > width_in((Run("Input"),), "sans") > 2
    True
    """
    return sum(run.scale * sum(advances(run.text, font, run.slanted)) for run in runs)


def advances(text: str, font: Font, slanted: bool = False) -> list[float]:
    """The width of each character of a text at an em of 1."""
    return [
        advance for part, own in in_fonts(text, font, slanted) for advance in map(_face(own, slanted).__getitem__, part)
    ]


def in_fonts(text: str, font: Font, slanted: bool = False) -> tuple[tuple[str, Font], ...]:
    """The parts of a text with the fonts that have their characters: a sign that a font lacks is taken from the first.

    >>> in_fonts("a⋯b", "serif"), in_fonts("a⋯b", "sans")
    ((('a', 'serif'), ('⋯', 'sans'), ('b', 'serif')), (('a⋯b', 'sans'),))
    """
    other = FONTS[0]
    if font == other or text.isascii() or all(map(_face(font, slanted).knows, text)):
        return ((text, font),) if text else ()
    parts = groupby(text, _face(font, slanted).knows)
    return tuple(("".join(part), font if known else other) for known, part in parts)


def capital_height(font: Font) -> float:
    """The height of a font's digits, which is that of its capitals, in em."""
    return _face(font, False).capital


def missing(text: str, font: Font, slanted: bool = False) -> str:
    """The characters of a text that neither a font has nor the first one, each once.

    >>> missing("convolution ± ∞", "sans"), missing("卷积", "sans")
    ('', '卷积')
    """
    faces = [_face(own, slanted) for own in dict.fromkeys((font, FONTS[0]))]
    return "".join(character for character in dict.fromkeys(text) if not any(face.knows(character) for face in faces))
