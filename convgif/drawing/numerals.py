"""Numbers in cells: their text, their size and their place."""

from __future__ import annotations

from collections.abc import Iterable
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


class Writing(NamedTuple):
    """How one kind of number is written: its em, its widest extent, and its (row, column) within the cell."""

    em: float
    width: float
    at: tuple[float, float] = (0.5, 0.5)

    def evened(self, texts: Iterable[str]) -> Writing:
        """The same, small enough for most of the texts, so that they are all of one size."""
        widest = max((extent(text) for text in texts), default=0.0)
        return self if not widest else self._replace(em=min(self.em, self.width / min(widest, OUTLIER)))

    def text(self, lattice: Lattice, cell: Pair, text: str, color: Color) -> Text:
        """The number in its cell; it shrinks alone where it is still too wide."""
        at = lattice.point(cell[0] + self.at[0], cell[1] + self.at[1])
        return Text(at, text, self.em, self.width, color)


class Lettering(NamedTuple):
    """How the numbers of a view are written.

    `long_weight` is for numbers of several characters, which leave no room for a weight beside them.
    """

    input: Writing
    output: Writing
    weight: Writing
    long_weight: Writing

    def fitted(self, layer: Layer, values: Values) -> Lettering:
        """The same for these numbers: those of a map are all of one size, and weights lie where there is room."""
        inputs = [blank(layer), *map(number, values.input.flat)]
        weights = [] if values.kernel is None else [number(weight) for weight in values.kernel.flat]
        crowded = max(map(len, inputs)) > 1 or max(map(len, weights), default=0) > 2
        weight = self.long_weight if crowded else self.weight
        return self._replace(
            input=self.input.evened(inputs),
            output=self.output.evened(decimal(value, values.decimals) for value in values.output.flat),
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
    """The width of a number in em, at most: in nearly all fonts digits are alike, and points half as wide.

    >>> round(extent("-1.5"), 2)
    2.44
    """
    return sum(0.32 if character == "." else 0.64 if character.isdigit() else 0.84 for character in text)


def _signed(text: str) -> str:
    if not text.strip("-0."):
        return text.lstrip("-")
    return text.replace("-", "−").replace("inf", "∞")


def blank(layer: Layer) -> str:
    """What a canvas cell without an input element counts as: zero, but never the largest, and perhaps nothing."""
    if isinstance(layer, MaxPool):
        return "−∞"
    return "" if isinstance(layer, AvgPool) and not layer.count_include_pad else "0"
