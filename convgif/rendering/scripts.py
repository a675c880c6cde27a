"""Texts in scripts that DejaVu does not write letter by letter: what they are made of, from left to right.

>>> from convgif.drawing.scene import Run
>>> is_plain((Run("Größe 3×3"),), "sans"), is_plain((Run("卷积"),), "sans"), is_plain((Run("עברית"),), "sans")
(True, False, False)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from convgif.drawing.metrics import Font, missing
from convgif.drawing.scene import Run

LEFTWARDS: Final = ("R", "AL")
"""Unicode's classes of letters that run from right to left."""
KANA: Final = ("Hira", "Kana")
HAN: Final = "Hani"
WITH_HAN: Final = (*KANA, "Bopo")
"""Scripts that are written together with Chinese letters, in one font."""
SHARED: Final = ("Zyyy", "Zinh", "Zzzz")
"""What is written in several scripts: punctuation, marks."""

BESIDE: Final = "\N{COMBINING GRAPHEME JOINER}"
"""A mark that is not seen."""
OTHER_SIDE: Final = {"LEFT": "RIGHT", "RIGHT": "LEFT", "LESS": "GREATER", "GREATER": "LESS"}


class Piece(NamedTuple):
    """Characters next to each other that are drawn alike, in the order in which they are read.

    `script` is their script as ISO 15924 writes it, empty for what DejaVu draws letter by letter. `leftwards` says
    whether they run from right to left, `shaped` whether they are joined or carry marks.
    """

    text: str
    script: str = ""
    leftwards: bool = False
    shaped: bool = False

    @property
    def inked(self) -> str:
        """The characters that a font must have, each once; joiners and variants ask for no glyph."""
        return "".join(dict.fromkeys(character for character in self.text if not _is_hint(character)))


@lru_cache(maxsize=4096)
def is_plain(runs: tuple[Run, ...], font: Font) -> bool:
    """Whether DejaVu writes a text, one letter after the other."""
    return all(
        run.text.isascii() or not (missing(run.text, font, run.slanted) or any(map(_is_leftwards, run.text)))
        for run in runs
    )


def runs_leftwards(text: str) -> bool:
    """Whether a line begins at its right: its first letter says so.

    >>> runs_leftwards("3×3 עברית"), runs_leftwards("Latin עברית")
    (True, False)
    """
    if text.isascii():
        return False
    from unicodedata import bidirectional

    return next((kind in LEFTWARDS for kind in map(bidirectional, text) if kind in ("L", *LEFTWARDS)), False)


def pieces(text: str, font: Font, slanted: bool = False) -> tuple[Piece, ...]:
    """A line as its pieces, from left to right.

    `bidi` is asked for the order of lines that run from right to left, and has to be installed for these.

    >>> pieces("卷积, 3x3", "sans")  # doctest: +ELLIPSIS
    (Piece(text='卷积', script='Hani', leftwards=False, shaped=False), Piece(text=', 3x3', script='', ...))
    """
    from unicodedata import normalize

    seen = _as_seen(normalize("NFC", text))
    parts: list[Piece] = []
    for leftwards, characters in _directed(seen):
        if leftwards:
            parts.extend(_leftward_pieces(characters[::-1]))
        else:
            parts.extend(_rightward_pieces(characters, font, slanted))
    return tuple(parts)


def script_name(script: str) -> str:
    """The name of a script.

    >>> script_name("Deva")
    'Devanagari'
    """
    from fontTools import unicodedata  # which comes with matplotlib

    name: str = unicodedata.script_name(script, default=script)
    return name.replace("_", " ")


def font_names(text: str, script: str) -> tuple[str, ...]:
    """The words that fonts for a script have in their names, for a text.

    Chinese letters are drawn otherwise in Japan and in Korea; the other letters of the text tell which are meant.

    >>> font_names("畳み込み", "Hani"), font_names("卷积", "Hani"), font_names("संवलन", "Deva")
    (('JP', 'CJK'), ('SC', 'CJK'), ('Devanagari',))
    """
    scripts = {*map(_script, text)}
    if script not in (HAN, "Hang"):
        return () if script in SHARED else (script_name(script),)
    country = "JP" if scripts & {*KANA} else "KR" if "Hang" in scripts else "TC" if "Bopo" in scripts else "SC"
    return country, "CJK"


def needs_order(text: str) -> bool:
    """Whether the letters of a text stand in another order than they are read in."""
    return not text.isascii() and any(map(_is_leftwards, text))


def _as_seen(text: str) -> str:
    """The characters from left to right; brackets among letters that run leftwards are turned round."""
    if not needs_order(text):
        return text
    from unicodedata import mirrored

    from bidi import get_display

    # A mark stays with its bracket, and tells by its side which way they run.
    marked = "".join(character + BESIDE if mirrored(character) else character for character in text.replace(BESIDE, ""))
    seen = iter(get_display(marked, base_dir="R" if runs_leftwards(text) else "L"))
    placed = []
    for character in seen:
        if character == BESIDE:
            placed.append(_turned(next(seen)))
        else:
            placed.append(character)
            if mirrored(character):
                next(seen)
    return "".join(placed)


def _turned(bracket: str) -> str:
    """The other bracket of a pair; Unicode names it after the side that it is on."""
    from unicodedata import lookup, name

    words = [OTHER_SIDE.get(word, word) for word in re.split(r"\b", name(bracket))]
    try:
        return lookup("".join(words))
    except KeyError:  # it has no counterpart
        return bracket


def _directed(seen: str) -> Iterator[tuple[bool, str]]:
    """Characters in a row that run the same way; marks that run leftwards stand to the left of their letters."""
    directions: list[bool] = []
    following = False
    for character in reversed(seen):
        if not (_is_mark(character) or _is_hint(character)):
            following = _is_leftwards(character)
        directions.append(following)
    together = zip(reversed(directions), seen, strict=True)
    for leftwards, group in groupby(together, key=lambda pair: pair[0]):
        yield leftwards, "".join(character for _, character in group)


def _leftward_pieces(text: str) -> Iterator[Piece]:
    """Pieces of what runs from right to left, the last one that is read first."""
    made = [Piece("".join(part), script, leftwards=True, shaped=True) for script, part in _by_script([*text])]
    yield from reversed(made)


def _rightward_pieces(text: str, font: Font, slanted: bool) -> Iterator[Piece]:
    for strange, group in groupby(_clusters(text), key=lambda cluster: bool(missing(cluster, font, slanted))):
        together = [*group]
        if not strange:
            yield Piece("".join(together))
            continue
        for script, part in _by_script(together):
            shaped = any(_is_mark(character) and not _is_hint(character) for cluster in part for character in cluster)
            yield Piece("".join(part), script, shaped=shaped)


def _clusters(text: str) -> list[str]:
    """Characters, each with the marks that it carries."""
    clusters: list[str] = []
    for character in text:
        if clusters and (_is_mark(character) or _is_hint(character)):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _by_script(clusters: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Clusters in a row of one script; those of several scripts go with the ones before, or else after, them."""
    own = [(HAN if (script := _script(cluster[0])) in WITH_HAN else script, cluster) for cluster in clusters]
    last = next((script for script, _ in own if script not in SHARED), SHARED[0])
    told: list[tuple[str, str]] = []
    for script, cluster in own:
        last = last if script in SHARED else script
        told.append((last, cluster))
    for script, group in groupby(told, key=lambda pair: pair[0]):
        yield script, [cluster for _, cluster in group]


def _script(character: str) -> str:
    from fontTools import unicodedata

    script: str = unicodedata.script(character)
    return script


def _is_leftwards(character: str) -> bool:
    from unicodedata import bidirectional

    return bidirectional(character) in LEFTWARDS


def _is_mark(character: str) -> bool:
    """Whether a character belongs to the letter before it."""
    from unicodedata import category

    return category(character)[0] == "M"


def _is_hint(character: str) -> bool:
    """Whether a character only says how others are drawn: joiners, variants."""
    from unicodedata import category

    return category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
