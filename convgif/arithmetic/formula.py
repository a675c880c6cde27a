r"""A formula as one value that can be read as text and as TeX, or drawn piece by piece.

>>> size = formula("o = ", Floor("5 + 2*1 - 3", "2"), " + 1 = 3")
>>> size.text
'o = floor((5 + 2*1 - 3)/2) + 1 = 3'
>>> print(size.tex)
o = \left\lfloor\dfrac{5 + 2 \cdot 1 - 3}{2}\right\rfloor + 1 = 3
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from convgif.arithmetic.sentences import Words


@dataclass(frozen=True)
class Rounded:
    """A quotient that is rounded; its parts are plain pieces of a formula. `name` is how it is called, in text."""

    numerator: str
    denominator: str
    name: ClassVar[str]


class Floor(Rounded):
    """A quotient, rounded down."""

    name = "floor"


class Ceil(Rounded):
    """A quotient, rounded up.

    >>> formula("o = ", Ceil("i - k", "s"), " + 1").text
    'o = ceil((i - k)/s) + 1'
    """

    name = "ceil"


Piece = str | Rounded
"""A stretch of a formula. In strings `*` is the product, `_` puts a digit below, and letters are variables."""


@dataclass(frozen=True)
class Formula:
    """A formula: pieces from left to right."""

    pieces: tuple[Piece, ...]

    def __iter__(self) -> Iterator[Piece]:
        return iter(self.pieces)

    @property
    def text(self) -> str:
        """The formula on one line of plain text."""
        return "".join(
            piece if isinstance(piece, str) else f"{piece.name}(({piece.numerator})/{piece.denominator})"
            for piece in self
        )

    @property
    def tex(self) -> str:
        """The formula in TeX, without the dollars around it."""
        return "".join(map(_tex, self))


@dataclass(frozen=True)
class Equation:
    """A formula, and the axis that it holds for where it is not the same for all: `rows`, `columns` or `depth`."""

    formula: Formula
    label: Words = ""

    @property
    def text(self) -> str:
        """The formula as text, after its label.

        >>> Equation(formula("o = 3"), "rows").text
        'rows: o = 3'
        """
        return f"{self.label}: {self.formula.text}" if self.label else self.formula.text


def formula(*pieces: Piece | Formula) -> Formula:
    """A formula of pieces and of other formulas; neighbouring strings become one.

    >>> formula("o", " = ", formula("i", " - ", "k")).pieces
    ('o = i - k',)
    """
    joined: list[Piece] = []
    for part in pieces:
        for piece in part if isinstance(part, Formula) else (part,):
            last = joined[-1] if joined else None
            if isinstance(piece, str) and isinstance(last, str):
                joined[-1] = last + piece
            else:
                joined.append(piece)
    return Formula(tuple(joined))


def equations(formulas: Sequence[Formula], labels: Sequence[Words]) -> tuple[Equation, ...]:
    """The formulas of all axes as equations: a single one where they are the same, labelled ones otherwise.

    >>> [equation.text for equation in equations([formula("o = 3"), formula("o = 4")], ["rows", "columns"])]
    ['rows: o = 3', 'columns: o = 4']
    """
    if len(set(formulas)) == 1:
        return (Equation(formulas[0]),)
    return tuple(Equation(one, label) for one, label in zip(formulas, labels, strict=True))


def _tex(piece: Piece) -> str:
    if isinstance(piece, str):
        return re.sub(r"\b(min|max)\b", r"\\\1", piece.replace("*", r" \cdot "))
    fraction = rf"\dfrac{{{_tex(piece.numerator)}}}{{{_tex(piece.denominator)}}}"
    return rf"\left\l{piece.name}{fraction}\right\r{piece.name}"
