"""Small fonts for tests, made here: each letter is a box, which its width and height tell from others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.ttCollection import TTCollection

from convgif.rendering.fonts import SHAPERS
from convgif.themes.theme import FontFile

EM: Final = 1000
needs_shapers: Final = pytest.mark.skipif(not all(map(find_spec, SHAPERS)), reason="needs the extra for scripts")

HAN: Final = {"卷": (1000, 700), "积": (1000, 500)}
"""Letters with the widths and the heights of their boxes."""
ALEF: Final = "\N{HEBREW LETTER ALEF}"
BEH: Final = "\N{ARABIC LETTER BEH}"
SHIN, QAMATS = "\N{HEBREW LETTER SHIN}", "\N{HEBREW POINT QAMATS}"
KA, SIGN_I = "\N{DEVANAGARI LETTER KA}", "\N{DEVANAGARI VOWEL SIGN I}"
JOINED: Final = {"init": 300, "medi": 200, "fina": 400}
"""The heights of beh where it is joined; alone it is 100 high."""
FEATURES: Final = (
    "languagesystem DFLT dflt; languagesystem arab dflt; languagesystem dev2 dflt;"
    + "".join(f"feature {form} {{ sub u0628 by u0628.{form}; }} {form};" for form in JOINED)
    + "table GDEF { GlyphClassDef [u05E9], , [u05B8], ; } GDEF;"
)


def name_of(letter: str) -> str:
    return f"u{ord(letter):04X}"


def typeface(letters: Mapping[str, tuple[int, int]], family: str = "Toy Sans", *, joined: bool = False) -> bytes:
    """A font of boxes that stand on the baseline."""
    boxes = {".notdef": (500, 0), **{name_of(letter): box for letter, box in letters.items()}}
    boxes |= {f"u0628.{form}": (400, height) for form, height in JOINED.items() if joined}
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder([*boxes])
    builder.setupCharacterMap({ord(letter): name_of(letter) for letter in letters})
    glyphs = {}
    for name, (width, height) in boxes.items():
        pen = TTGlyphPen(None)
        if height:
            pen.moveTo((0, 0))
            for corner in ((0, height), (width, height), (width, 0)):
                pen.lineTo(corner)
            pen.closePath()
        glyphs[name] = pen.glyph()
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({name: (width, 0) for name, (width, _) in boxes.items()})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    if joined:
        builder.addOpenTypeFeatures(FEATURES)
    return _bytes(builder.font)


def _bytes(font: TTFont | TTCollection) -> bytes:
    stream = BytesIO()
    font.save(stream)
    return stream.getvalue()


@cache
def shaped() -> bytes:
    """A font of letters that are joined, that carry marks, and that change places."""
    boxes = {BEH: (400, 100), ALEF: (500, 300), SHIN: (600, 700), QAMATS: (300, 50), KA: (700, 600), SIGN_I: (250, 650)}
    return typeface(boxes, joined=True)


def collection(fonts: Iterable[bytes]) -> bytes:
    """Several fonts in one file."""
    together = TTCollection()
    together.fonts = [TTFont(BytesIO(font)) for font in fonts]
    return _bytes(together)


def kept(folder: Path, name: str, data: bytes) -> FontFile:
    """A font in a file."""
    (folder / name).write_bytes(data)
    return FontFile.at(str(folder / name))
