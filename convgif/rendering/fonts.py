"""Fonts for what DejaVu lacks: the one that a figure names, or else one that the system has.

Outlines are read by fontTools, which comes with matplotlib. Where letters are joined or carry marks, HarfBuzz says
which glyphs stand where; it is an extra, as is what puts lines that run from right to left in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from fontTools.ttLib.sfnt import readTTCHeader
from matplotlib.ft2font import FT2Font
from matplotlib.path import Path as Outline

from convgif.drawing.metrics import Font
from convgif.errors import LONGEST_LIST, MISSING, InputError, Problem, either, wrong
from convgif.registry import FORMATS
from convgif.rendering.dejavu import font_file
from convgif.rendering.scripts import Piece, font_names, needs_order, pieces, script_name
from convgif.themes.theme import FontFile

if TYPE_CHECKING:
    import uharfbuzz

SHAPERS: Final = {"uharfbuzz": "uharfbuzz", "bidi": "python-bidi"}
"""The modules of the extra, and the packages that they come in."""
EXTRA: Final = "pip install 'convgif[scripts]'"
UNEVEN: Final = re.compile("bold|black|light|thin|heavy|medium|italic|oblique|condensed|mono", re.IGNORECASE)
"""What the names of fonts say that are not upright and of the usual weight."""
BOXES: Final = re.compile("last ?resort|adobe ?blank", re.IGNORECASE)
"""Fonts that have something for every character, and letters for none."""
WORDS: Final = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
"""The words of a font's name, as in NotoSansDevanagari."""


class Glyph(NamedTuple):
    """A glyph of a font, and where its origin lies, in em."""

    name: str
    x: float
    y: float


class Typeface:
    """A font in memory; `number` is its place in a collection.

    An open file would be shared, with its position, by all processes that are forked from this one.
    """

    def __init__(self, data: bytes, number: int = 0) -> None:
        self._data, self._number = data, number
        self._font = TTFont(BytesIO(data), fontNumber=number, lazy=True)
        self._codes: dict[int, str] = self._font.getBestCmap() or {}
        self._glyphs = self._font.getGlyphSet()
        self._em = self._font["head"].unitsPerEm
        self._shaper: uharfbuzz.Font | None = None
        # Tables are read when they are needed, from one stream, and threads may need them at once.
        self._lock = Lock()

    def lacks(self, characters: str) -> str:
        """Those of some characters that the font has no glyph for."""
        return "".join(character for character in characters if ord(character) not in self._codes)

    def laid_out(self, piece: Piece) -> tuple[list[Glyph], float]:
        """The glyphs of a piece from left to right, and its width, in em."""
        with self._lock:
            return self._shaped(piece) if piece.shaped else self._in_a_row(piece)

    def draw(self, glyph: Glyph, pen: Pen) -> None:
        """Draw the outline of a glyph."""
        with self._lock:
            pen.begin(self._glyphs, 1 / self._em, glyph.x, glyph.y)
            self._glyphs[glyph.name].draw(pen)

    def _in_a_row(self, piece: Piece) -> tuple[list[Glyph], float]:
        x, row = 0.0, []
        for character in piece.text:
            if name := self._codes.get(ord(character)):
                row.append(Glyph(name, x, 0.0))
                x += self._glyphs[name].width / self._em
        return row, x

    def _shaped(self, piece: Piece) -> tuple[list[Glyph], float]:
        import uharfbuzz

        if self._shaper is None:
            self._shaper = uharfbuzz.Font(uharfbuzz.Face(self._data, self._number))
        buffer = uharfbuzz.Buffer()
        buffer.add_str(piece.text)
        # All is said, so that neither the system's language nor a guess plays a part.
        buffer.direction, buffer.script, buffer.language = "rtl" if piece.leftwards else "ltr", piece.script, "und"
        uharfbuzz.shape(self._shaper, buffer)
        x, row = 0.0, []
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions or (), strict=True):
            name = self._font.getGlyphName(info.codepoint)
            row.append(Glyph(name, (x + place.x_offset) / self._em, place.y_offset / self._em))
            x += place.x_advance
        return row, x / self._em


class Pen(BasePen):  # type: ignore[misc]  # fontTools does not annotate it
    """Collects outlines as the vertices and codes of a path of matplotlib's, in em, y up."""

    def __init__(self) -> None:
        super().__init__()
        self.vertices: list[tuple[float, float]] = []
        self.codes: list[int] = []

    def begin(self, glyphs: Any, scale: float, x: float, y: float) -> None:
        """Place what comes next, a glyph out of some that it may be composed of."""
        self.glyphSet, self._scale, self._x, self._y = glyphs, scale, x, y

    def _add(self, code: int, *points: tuple[float, float]) -> None:
        self.vertices.extend((x * self._scale + self._x, y * self._scale + self._y) for x, y in points)
        self.codes.extend((code,) * len(points))

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802  # these are the pen's names
        self._add(int(Outline.MOVETO), pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._add(int(Outline.LINETO), pt)

    def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:  # noqa: N802
        self._add(int(Outline.CURVE4), pt1, pt2, pt3)

    def _qCurveToOne(self, pt1: Any, pt2: Any) -> None:  # noqa: N802
        self._add(int(Outline.CURVE3), pt1, pt2)

    def _closePath(self) -> None:  # noqa: N802
        self._add(int(Outline.CLOSEPOLY), (0.0, 0.0))


class Place(NamedTuple):
    """Where a font lies: its file, and its number in a collection."""

    file: FontFile
    number: int


def chosen(text: str, font: Font, slanted: bool, own: FontFile | None) -> tuple[tuple[Piece, Place | None], ...]:
    """The pieces of a text, each with the font for it where DejaVu does not write it: `own`, or else one that is found.

    All of a script is written in one font.

    Raises:
        InputError: none has all of the characters, `own` cannot be read, or the extra is not installed and needed.
    """
    if needs_order(text) and not _has_extra():
        raise _without_extra("lines that run from right to left")
    parts = pieces(text, font, slanted)
    if without := [script_name(part.script) for part in parts if part.shaped and not _has_extra()]:
        raise _without_extra(without[0])
    places: dict[str, Place] = {}
    problems: list[Problem] = []
    for script in dict.fromkeys(part.script for part in parts if part.script):
        inked = "".join(dict.fromkeys("".join(part.inked for part in parts if part.script == script)))
        try:
            places[script] = suitable(inked, font_names(text, script), font, own)
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return tuple((part, places.get(part.script)) for part in parts)


def outlines(piece: Piece, place: Place) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.uint8], float]:
    """The outlines of a piece in a font, from its origin on the baseline, y up; and its width.

    Raises:
        InputError: the font cannot be read.
    """
    pen = Pen()
    with explained(place.file):
        face = opened(place)
        glyphs, wide = face.laid_out(piece)
        for glyph in glyphs:
            face.draw(glyph, pen)
    return np.array(pen.vertices, dtype=np.float64).reshape(-1, 2), np.array(pen.codes, dtype=np.uint8), wide


@lru_cache(maxsize=256)
def suitable(inked: str, names: tuple[str, ...], font: Font, own: FontFile | None) -> Place:
    """A font that has some characters; of several, one with such a word in its name.

    Raises:
        InputError: there is none, or `own` cannot be read.
    """
    if own is not None:
        with explained(own):
            place = Place(own, _number(own, names))
            lacking = opened(place).lacks(inked)
        if not lacking:
            return place
    # DejaVu Serif lacks what DejaVu Sans has, such as Arabic.
    usual = font_file("DejaVuSans.ttf")
    for path in (str(usual), *(ranked(installed(), names, font) if own is None else ())):
        if _has(path, inked) and (found := _drawable(path, names, inked)) is not None:
            return found
    if own is not None:
        raise wrong("font", own.path, f"has no {_listed(lacking)}; name a font that has, {_remedy()}")
    raise wrong("font", MISSING, f"must be given, since no font is found that has {_listed(inked)}; {_remedy()}")


@lru_cache(maxsize=8)
def opened(place: Place) -> Typeface:
    """The font in a file."""
    return Typeface(Path(place.file.path).read_bytes(), place.number)


@contextmanager
def explained(file: FontFile) -> Iterator[None]:
    """Say that a font is broken, whatever the libraries stumble over in it.

    Raises:
        InputError: in place of any other error.
    """
    try:
        yield
    except InputError:
        raise
    except Exception as error:  # they raise all sorts: OSError, TTLibError, struct.error, KeyError, AssertionError
        reason = getattr(error, "strerror", None) or " ".join(str(error).split()) or type(error).__name__
        raise wrong("font", file.path, f"cannot be read as a font: {reason.lower()}; name another one") from error


@lru_cache(maxsize=1)
def installed() -> tuple[str, ...]:
    """The paths of the fonts that the system has."""
    from matplotlib.font_manager import findSystemFonts  # takes its time to load

    return tuple(findSystemFonts())


@lru_cache(maxsize=64)
def ranked(paths: tuple[str, ...], names: tuple[str, ...], font: Font) -> tuple[str, ...]:
    """Paths of fonts, the likeliest for a script first; whatever the order that they come in.

    >>> ranked(("/b/NotoSerif-Bold.ttf", "/c/NotoSansTamil.ttf", "/a/NotoSerif.ttf"), ("Tamil",), "serif")
    ('/c/NotoSansTamil.ttf', '/a/NotoSerif.ttf', '/b/NotoSerif-Bold.ttf')
    """

    def rank(path: str) -> tuple[bool, bool, bool, str, str]:
        stem = Path(path).stem
        return (
            not {*names} & {*WORDS.findall(stem)},
            bool(UNEVEN.search(stem)),
            font not in stem.lower(),
            stem,
            path,
        )

    return tuple(sorted((path for path in paths if not BOXES.search(Path(path).stem)), key=rank))


def sources(files: set[FontFile]) -> bytes:
    """What decides how letters of some fonts come out: the fonts, and what reads and shapes them."""
    tools = " ".join(f"{name} {_version(name)}" for name in ("fonttools", *SHAPERS.values()))
    return tools.encode() + b"".join(sorted(map(_digest, files)))


@lru_cache(maxsize=64)
def _digest(file: FontFile) -> bytes:
    return sha256(Path(file.path).read_bytes()).digest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def _has(path: str, characters: str) -> bool:
    """Whether a font has some characters; told by FreeType, which reads no more of the file than it must."""
    try:
        font = FT2Font(path)
        return all(font.get_char_index(ord(character)) for character in characters)
    except (OSError, RuntimeError):  # it is broken, or none that FreeType knows
        return False


def _drawable(path: str, names: tuple[str, ...], characters: str) -> Place | None:
    """The font in a file that has outlines of some characters; None where it has only pictures of them."""
    file = FontFile.at(path)
    try:
        with explained(file):
            place = Place(file, _number(file, names))
            return None if opened(place).lacks(characters) else place
    except InputError:
        return None


def _number(file: FontFile, names: tuple[str, ...]) -> int:
    """The place of the font in a collection whose name ends as one of those, or else of the first."""
    data = BytesIO(Path(file.path).read_bytes())
    if data.getvalue()[:4] != b"ttcf":
        return 0
    families = [_family(TTFont(data, fontNumber=number, lazy=True)) for number in range(readTTCHeader(data).numFonts)]
    return next((number for number, family in enumerate(families) if family.rpartition(" ")[2] in names), 0)


def _family(font: TTFont) -> str:
    return str(font["name"].getBestFamilyName() or "") if "name" in font else ""


def _has_extra() -> bool:
    from importlib.util import find_spec

    return all(map(find_spec, SHAPERS))


def _without_extra(what: str) -> InputError:
    return wrong("", MISSING, f"{what} can be drawn after {EXTRA}; {_remedy()}")


def _remedy() -> str:
    others = either(name for name, format in FORMATS.items() if format.as_text)
    return f"or choose a format that takes the fonts of its readers: {others}"


def _listed(characters: str) -> str:
    """Some characters, those that cannot be seen by their numbers."""
    shown = (one if one.isprintable() else f"U+{ord(one):04X}" for one in characters[:LONGEST_LIST])
    more = f" and {len(characters) - LONGEST_LIST} more" if len(characters) > LONGEST_LIST else ""
    return ", ".join(shown) + more
