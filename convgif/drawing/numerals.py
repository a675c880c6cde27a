"""Numbers and symbols in cells: their text, their size and their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import numpy as np

from convgif.arithmetic import AvgPool, Layer, MaxPool, Pair
from convgif.drawing.grid import Lattice
from convgif.drawing.scene import Color, Text
from convgif.figure import MOST_DECIMALS, Values

LONGEST: Final = 8
"""Characters of a number that can still be read in its cell."""
OUTLIER: Final = 3.5
"""A text wider than this many em does not make the others small."""


class Entries(NamedTuple):
    """What is written into the cells of the maps; `blank` on padding and inserted zeros, `kernel` empty for pooling.

    With `math` the texts are mathematics, in TeX.
    """

    input: Mapping[Pair, str]
    kernel: Mapping[Pair, str]
    output: Mapping[Pair, str]
    blank: str
    math: bool

    @classmethod
    def of_numbers(cls, layer: Layer, values: Values, places: int) -> Entries:
        """Numbers, outputs with so many decimals.

        >>> from convgif.arithmetic import Conv
        >>> from convgif.figure import Figure
        >>> figure = Figure(Conv(2, 2), input_values=[[1, 2], [3, 4]], kernel_values=[[1, 0], [0, 1]])
        >>> Entries.of_numbers(figure.layer, figure.values_drawn, places=1).output
        {(0, 0): '5.0'}
        """
        kernel = {} if values.kernel is None else {at: number(weight) for at, weight in np.ndenumerate(values.kernel)}
        return cls(
            {at: number(value) for at, value in np.ndenumerate(values.input)},
            kernel,
            {at: decimal(value, places) for at, value in np.ndenumerate(values.output)},
            blank(layer),
            math=False,
        )

    @classmethod
    def of_symbols(cls, layer: Layer) -> Entries:
        """The letters x, w and y with row and column.

        >>> from convgif.arithmetic import Conv
        >>> Entries.of_symbols(Conv(2, 2)).output
        {(0, 0): '$y_{0{,}0}$'}
        """
        sizes = (layer.input_size, layer.kernel_size, layer.output_size)
        x, w, y = (
            {at: f"${letter}_{{{at[0]}{{,}}{at[1]}}}$" for at in np.ndindex(*size)}
            for letter, size in zip("xwy", sizes, strict=True)
        )
        return cls(x, w, y, blank(layer), math=True)


class Writing(NamedTuple):
    """How one kind of number is written: its em, its widest extent, and its (row, column) within the cell."""

    em: float
    width: float
    at: tuple[float, float] = (0.5, 0.5)

    def evened(self, texts: Iterable[str]) -> Writing:
        """The same, small enough for most of the texts, so that they are all of one size."""
        widest = max((extent(text) for text in texts), default=0.0)
        return self if not widest else self._replace(em=min(self.em, self.width / min(widest, OUTLIER)))

    def text(self, lattice: Lattice, cell: tuple[float, float], text: str, color: Color) -> Text:
        """The text in its cell; it shrinks alone where it is still too wide."""
        at = lattice.point(cell[0] + self.at[0], cell[1] + self.at[1])
        return Text(at, text, self.em, self.width, color, math="$" in text)


class Lettering(NamedTuple):
    """How the numbers of a view are written.

    `long_weight` is for numbers of several characters, which leave no room for a weight beside them.
    """

    input: Writing
    output: Writing
    weight: Writing
    long_weight: Writing

    def fitted(self, entries: Entries) -> Lettering:
        """The same for these texts: those of a map are all of one size, and weights lie where there is room."""
        inputs, weights = [entries.blank, *entries.input.values()], [*entries.kernel.values()]
        crowded = entries.math or max(map(len, inputs)) > 1 or max(map(len, weights), default=0) > 2
        weight = self.long_weight if crowded else self.weight
        return self._replace(
            input=self.input.evened(inputs),
            output=self.output.evened(entries.output.values()),
            weight=weight.evened(weights),
        )


def number(value: float | np.generic) -> str:
    """An input or a weight, with three decimals at most, but never as nothing; with an exponent where that is long.

    >>> number(3), number(-0.25), number(1 / 3), number(0.0002), number(1e-9), number(-1234567.25)
    ('3', '−0.25', '0.333', '0.0002', '1e−9', '−1.23e6')
    """
    return _short(float(value), np.format_float_positional(float(value), precision=MOST_DECIMALS, trim="-"))


def decimal(value: float | np.generic, places: int = 1) -> str:
    """An output, with that many decimals.

    >>> decimal(17), decimal(-1.25, 2), decimal(0.0), decimal(1e20)
    ('17.0', '−1.25', '0.0', '1e20')
    """
    return _short(float(value), f"{float(value):.{places}f}")


def _short(value: float, text: str) -> str:
    if value != 0 and not text.strip("-0."):
        text = np.format_float_positional(value, precision=2, fractional=False, trim="-")
    if np.isfinite(value) and len(text) > LONGEST:
        text = (
            np.format_float_scientific(value, precision=2, trim="-", exp_digits=1).replace("e+", "e").replace(".e", "e")
        )
    return _signed(text)


def extent(text: str) -> float:
    """The width of a text in em, at most; subscripts of mathematics are small.

    >>> round(extent("-1.5"), 2), round(extent("$w_{0{,}1}$"), 2)
    (2.44, 1.96)
    """
    body, _, index = text.strip("$").partition("_")
    small = re.sub(r"[{}]", "", index)
    return sum(map(_advance, body)) + 0.7 * sum(map(_advance, small))


def _advance(character: str) -> float:
    """The width of a character in em, in nearly all fonts no more than that: digits are alike, points half as wide."""
    return 0.32 if character in ".,' " else 0.64 if character.isdigit() else 0.84


def _signed(text: str) -> str:
    if not text.strip("-0."):
        return text.lstrip("-")
    return text.replace("-", "−").replace("inf", "∞")


def blank(layer: Layer) -> str:
    """What a canvas cell without an input element counts as: zero, but never the largest, and perhaps nothing."""
    if isinstance(layer, MaxPool):
        return "−∞"
    return "" if isinstance(layer, AvgPool) and not layer.count_include_pad else "0"
