"""Formulas set as mathematics, of texts and lines alone: no renderer needs to know any.

>>> from convgif.arithmetic.formula import Equation, Floor, formula
>>> size = Equation(formula("o = ", Floor("5 + 2*1 - 3", "2"), " + 1 = 3"))
>>> height(size), round(width(size), 1)
(3.0, 13.3)
>>> [item.text for item in items(size, (0, 0), 0.5) if isinstance(item, Text)]
['o =', '5 + 2 · 1 − 3', '2', '+ 1 = 3']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from convgif.arithmetic.formula import Ceil, Equation, Piece, Rounded
from convgif.drawing.metrics import width_of
from convgif.drawing.parts.numerals import INDEX_RISE, INDEX_SCALE
from convgif.drawing.scene import Anchor, Item, Items, Line, Path, Point, Run, Text

LOW: Final = 1.7
"""The height of a line, in em."""
HIGH: Final = 3.0
"""The height of a line with a fraction, in em."""
FUNCTIONS: Final = ("min", "max")
"""Words that are not slanted."""
SIGNS: Final = {"*": " · ", "-": "−", "'": "\N{PRIME}"}
"""How signs of plain text are written."""
BAR_DROP: Final = 0.057
"""A fraction bar is so much below the middle of digits: at the height of minus signs."""
ABOVE: Final = 0.74
BELOW: Final = 0.7
"""The middles of the digits above and below a bar are so far from it: below a line, brackets have more ink."""
OVERHANG: Final = 0.08
"""A bar is so much longer than what it divides, at each end."""
BRACKET_REACH: Final = 1.25
"""A bracket reaches so far up and down from the bar."""
BRACKET_FOOT: Final = 0.22
BRACKET_ROOM: Final = 0.17
"""Between a bracket and the bar."""
SPACE: Final = 0.32
"""Between a bracket and what is written beside it."""
THICK: Final = 0.0625
"""Lines, in em: as thick as the strokes of letters."""


def runs_of(text: str) -> tuple[Run, ...]:
    """A piece of a formula as it is written: letters slanted, as they are in mathematics, and indices below.

    >>> [(run.text, run.slanted) for run in runs_of("z = s - 1")]
    [('z', True), (' = ', False), ('s', True), (' − 1', False)]
    """
    written = re.sub(r"[*'-]", lambda sign: SIGNS[sign[0]], text)
    parts = re.findall(r"[A-Za-z]+|_[0-9]|[^A-Za-z_]+", written)
    return tuple(
        Run(part[1:], scale=INDEX_SCALE, rise=INDEX_RISE)
        if part[0] == "_"
        else Run(part, part[0].isalpha() and part not in FUNCTIONS)
        for part in parts
    )


def height(equation: Equation) -> float:
    """The height of its line, in em."""
    return HIGH if any(isinstance(piece, Rounded) for piece in equation.formula) else LOW


def width(equation: Equation) -> float:
    """Its width in em, in whichever font a theme chooses for it."""
    return sum(part.width for part in _parts(equation))


def before(equation: Equation) -> float:
    """The part of its width that is before the equals sign, where it is labelled: such lines are aligned there.

    >>> from convgif.arithmetic.formula import formula
    >>> before(Equation(formula("o = 3"))), before(Equation(formula("o = 3"), "rows")) > 2
    (0.0, True)
    """
    return _parts(equation)[0].width if equation.label else 0.0


def items(equation: Equation, middle: Point, em: float, start: float | None = None) -> Items:
    """The equation with its middle there, at so many cells an em; or its start so many em from there."""
    parts, (x, y) = _parts(equation), middle
    at = -width(equation) / 2 if start is None else start
    found: list[Item] = []
    for part in parts:
        for item in part.items(at):
            if isinstance(item, Text):
                place, size = (x + item.at[0] * em, y + item.at[1] * em), item.size * em
                found.append(Text(place, item.runs, size, item.width * em, item.role, item.anchor))
            elif isinstance(item, Line):
                paths = tuple(tuple((x + right * em, y + down * em) for right, down in path) for path in item.parts)
                found.append(Line(paths, item.role, item.width * em))
        at += part.width
    return tuple(found)


class _Words(NamedTuple):
    """Words and signs; beside a bracket, with a space between, they keep to it, however wide their font is."""

    runs: tuple[Run, ...]
    after: bool
    before: bool
    flush: bool = False
    """Whether they end where what follows begins."""

    @property
    def own(self) -> float:
        return width_of(self.runs, serif_too=True)

    @property
    def width(self) -> float:
        return self.own + SPACE * (self.after + self.before)

    def items(self, left: float) -> Iterator[Item]:
        anchor: Anchor = "middle" if self.after == self.before else "start" if self.after else "end"
        if self.flush:
            anchor = "end"
        start = left + SPACE * self.after
        at = start + {"start": 0.0, "middle": self.own / 2, "end": self.own}[anchor]
        yield Text((at, 0.0), self.runs, 1.0, self.own, "words", anchor)


class _Fraction(NamedTuple):
    """A quotient in the brackets that round it down, or up."""

    above: tuple[Run, ...]
    below: tuple[Run, ...]
    up: bool

    @property
    def bar(self) -> float:
        return max(width_of(runs, serif_too=True) for runs in (self.above, self.below)) + 2 * OVERHANG

    @property
    def width(self) -> float:
        return self.bar + 2 * BRACKET_ROOM

    def items(self, left: float) -> Iterator[Item]:
        right, middle = left + self.width, left + self.width / 2
        bar: Path = ((left + BRACKET_ROOM, BAR_DROP), (right - BRACKET_ROOM, BAR_DROP))
        yield Line((self._bracket(left, 1), bar, self._bracket(right, -1)), "words_line", THICK)
        for runs, down in ((self.above, BAR_DROP - ABOVE), (self.below, BAR_DROP + BELOW)):
            yield Text((middle, down), runs, 1.0, width_of(runs, serif_too=True), "words")

    def _bracket(self, at: float, inwards: int) -> Path:
        top, foot = BAR_DROP - BRACKET_REACH, BAR_DROP + BRACKET_REACH
        start, end = (foot, top) if self.up else (top, foot)
        return ((at, start), (at, end), (at + inwards * BRACKET_FOOT, end))


@lru_cache(maxsize=64)
def _parts(equation: Equation) -> tuple[_Words | _Fraction, ...]:
    """What follows each other from left to right; positions are in em."""
    pieces: list[Piece] = [*equation.formula]
    found: list[_Words | _Fraction] = []
    if equation.label:
        # Up to the equals sign it is a part of its own, so that such lines can be aligned there.
        side, sign, rest = pieces[0].partition("=") if isinstance(pieces[0], str) else ("", "", "")
        if sign:
            pieces[0] = sign + rest
        label, runs = f"{equation.label}:", runs_of(side.strip()) if sign else ()
        found.append(_Words((Run(f"{label} " if runs else label), *runs), after=False, before=False, flush=True))
    last = len(found) + len(pieces) - 1
    for number, piece in enumerate(pieces, len(found)):
        if isinstance(piece, Rounded):
            up = isinstance(piece, Ceil)
            found.append(_Fraction(runs_of(piece.numerator), runs_of(piece.denominator), up))
        else:
            found.append(_Words(runs_of(piece.strip()), after=number > 0, before=number < last))
    return tuple(found)
