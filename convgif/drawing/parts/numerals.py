"""Numbers and symbols in cells: their notation, their size and their place.

All numbers of a map have one notation and one size.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from convgif.arithmetic.layer import Cell, Layer
from convgif.drawing.lattice import Lattice, Spot
from convgif.drawing.metrics import width_of
from convgif.drawing.parts.subject import Subject, cells_of
from convgif.drawing.scene import Run, Text
from convgif.figure import MOST_DECIMALS

LONGEST_NUMBER: Final = 8
"""Characters of a number that can still be read in its cell."""
MOST_DIGITS: Final = 2
"""Digits after the point of a number with an exponent."""
EM_STEP: Final = 0.005
"""Sizes come in such steps, so that texts of nearly the same width are of the same size."""
LEAST_SHARE: Final = 0.8
"""Weights that would be shrunk to less of their size than this are written below their numbers, not beside them."""
INDEX_SCALE: Final = 0.84
INDEX_RISE: Final = -0.18
EXPONENT_RISE: Final = 0.37

Runs = tuple[Run, ...]


class Notation(NamedTuple):
    """How the numbers of one map are written: with so many decimals, or all with exponents."""

    decimals: int
    exponents: bool = False

    @classmethod
    def of(cls, values: Iterable[float], decimals: int | None = None) -> Notation:
        """The notation for some numbers: with as many decimals as any of them needs, `MOST_DECIMALS` at most.

        Where that is too long to be read in a cell, or writes 0 for what is not 0, all have exponents. Decimals that
        are given are kept as long as they can be read.

        >>> Notation.of([1, 2.5]), Notation.of([3, 4]), Notation.of([1 / 3, 2]), Notation.of([1e-9, 0.5])
        (Notation(decimals=1, exponents=False), Notation(decimals=0, exponents=False), \
Notation(decimals=3, exponents=False), Notation(decimals=0, exponents=True))
        """
        finite = [float(value) for value in values if math.isfinite(value)]
        needed = max((_decimals(f"{value:.{MOST_DECIMALS}f}") for value in finite), default=0)
        fixed = cls(needed if decimals is None else decimals)
        vanishing = decimals is None and any(value and _is_zero(fixed.text(value)) for value in finite)
        if not vanishing and all(len(fixed.text(value)) <= LONGEST_NUMBER for value in finite):
            return fixed
        digits = max(_decimals(f"{value:.{MOST_DIGITS}e}".partition("e")[0]) for value in finite)
        return cls(digits, exponents=True)

    def text(self, value: float) -> str:
        """A number in this notation.

        >>> Notation(1).text(-17), Notation(0).text(-0.0), Notation(2, exponents=True).text(1234567)
        ('−17.0', '0', '1.23e6')
        """
        if not math.isfinite(value):
            return str(float(value)).replace("inf", "∞").replace("-", "−")
        if self.exponents and value:
            digits, _, exponent = f"{float(value):.{self.decimals}e}".partition("e")
            text = f"{digits}e{int(exponent)}"
        else:
            text = f"{float(value):.{0 if self.exponents else self.decimals}f}"
        return text.lstrip("-") if _is_zero(text) else text.replace("-", "−")


def _decimals(text: str) -> int:
    """The decimals of a number without the zeros at its end."""
    return len(text.partition(".")[2].rstrip("0"))


def _is_zero(text: str) -> bool:
    return not text.strip("-−0.")


def plain(text: str) -> Runs:
    """Characters that all look alike."""
    return (Run(text),)


def symbol(letter: str, index: str = "", exponent: str = "") -> Runs:
    """A variable with an index, or an exponent.

    >>> [run.text for run in symbol("y", index="0,1")], symbol("x")
    (['y', '0,1'], (Run(text='x', slanted=True, scale=1.0, rise=0.0),))
    """
    runs = [Run(letter, slanted=True)]
    if index:
        runs.append(Run(index, scale=INDEX_SCALE, rise=INDEX_RISE))
    if exponent:
        runs.append(Run(exponent, scale=INDEX_SCALE, rise=EXPONENT_RISE))
    return tuple(runs)


class Entries(NamedTuple):
    """What is written into the cells of a figure's maps; `blank` on padding and inserted zeros.

    `weight` is empty for pooling, and `blank` where such cells count for nothing.
    """

    input: Mapping[Cell, Runs]
    weight: Mapping[Cell, Runs]
    output: Mapping[Cell, Runs]
    blank: Runs

    @classmethod
    def of_numbers(cls, subject: Subject) -> Entries | None:
        """The numbers of a figure, if it has any.

        >>> from convgif.arithmetic import Conv
        >>> from convgif.figure import Figure
        >>> figure = Figure(Conv(2, 2), input=[[1, 2], [3, 4]], weight=[[1, 0], [0, 1]], decimals=1)
        >>> Entries.of_numbers(Subject.of(figure)).output
        {(0, 0): (Run(text='5.0', slanted=False, scale=1.0, rise=0.0),)}
        """
        numbers = subject.numbers
        if numbers is None:
            return None
        return cls(
            _written(numbers.input.tolist()),
            {} if numbers.weight is None else _written(numbers.weight.tolist()),
            _written(numbers.output.tolist(), subject.figure.decimals),
            _blank(subject.layer),
        )

    @classmethod
    def of_symbols(cls, subject: Subject) -> Entries:
        """The letters x, w and y with row and column.

        >>> from convgif.arithmetic import Conv
        >>> from convgif.figure import Figure
        >>> entries = Entries.of_symbols(Subject.of(Figure(Conv((2,), (2,)))))
        >>> [run.text for run in entries.input[0, 1]]
        ['x', '1']
        """
        layer, ndim = subject.layer, subject.source.ndim

        def indexed(letter: str, size: Cell) -> Mapping[Cell, Runs]:
            return {cell: symbol(letter, ",".join(map(str, cell[-ndim:]))) for cell in cells_of(size)}

        return cls(
            indexed("x", layer.input_size),
            indexed("w", layer.kernel_size),
            indexed("y", layer.output_size),
            _blank(layer),
        )


def written(maps: Sequence[list[list[float]]], decimals: int | None = None) -> list[Mapping[Cell, Runs]]:
    """The numbers of some maps, row by row, all in one notation.

    >>> [found[0, 0][0].text for found in written([[[1]], [[2.5]]])]
    ['1.0', '2.5']
    """
    notation = Notation.of((value for rows in maps for row in rows for value in row), decimals)
    return [
        {(i, j): plain(notation.text(value)) for i, row in enumerate(rows) for j, value in enumerate(row)}
        for rows in maps
    ]


def _written(rows: list[list[float]], decimals: int | None = None) -> Mapping[Cell, Runs]:
    """The numbers of a single map."""
    return written([rows], decimals)[0]


def _blank(layer: Layer) -> Runs:
    """What a cell without an input element counts as."""
    return plain(layer.blank) if layer.blank else ()


class Writing(NamedTuple):
    """How one kind of number is written: its em, its widest extent, and its (row, column) within the cell."""

    em: float
    width: float
    at: tuple[float, float] = (0.5, 0.5)

    def fitted(self, texts: Iterable[Runs]) -> Writing:
        """The same, small enough for the widest of the texts in any theme, so that they are all of one size."""
        widest = max((width_of(runs, serif_too=True) for runs in texts), default=0.0)
        if self.em * widest <= self.width:
            return self
        return self._replace(em=max(EM_STEP, math.floor(self.width / widest / EM_STEP) * EM_STEP))

    def text(self, lattice: Lattice, cell: Spot, runs: Runs, role: str = "text", ground: str | None = None) -> Text:
        """The text in its cell, on an area of the role `ground`."""
        row, col = cell
        at = lattice.point(row + self.at[0], col + self.at[1])
        return Text(at, runs, self.em, self.width, role, halo=ground)


class Lettering(NamedTuple):
    """How the numbers of a view are written.

    `long_weight` is for numbers of several characters, which leave no room for a weight beside them: it is below the
    number, which is written as `long_input` then.
    """

    input: Writing
    output: Writing
    weight: Writing
    long_weight: Writing
    long_input: Writing | None = None

    def fitted(self, entries: Entries) -> Lettering:
        """The same for these entries: those of a map are all of one size, and weights lie where there is room."""
        inputs = [entries.blank, *entries.input.values()]
        weights = [*entries.weight.values()]
        # Beside a number there is room for a short weight only.
        narrow = self.weight.fitted(weights).em < LEAST_SHARE * self.weight.em
        crowded = bool(weights) and (_longest(inputs) > 1 or narrow)
        return self._replace(
            input=((crowded and self.long_input) or self.input).fitted(inputs),
            output=self.output.fitted(entries.output.values()),
            weight=(self.long_weight if crowded else self.weight).fitted(weights),
        )


def _longest(texts: Iterable[Runs]) -> int:
    """The characters of the longest text."""
    return max((sum(len(run.text) for run in runs) for runs in texts), default=0)
