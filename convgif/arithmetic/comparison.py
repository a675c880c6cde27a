"""Two layers with the same input: what is unlike, what each output reads, and how the outputs go in lockstep.

Where the second one's input is a whole multiple of the first one's, it is the same input resized: each element is
repeated, as its nearest neighbours.

>>> from convgif.arithmetic import Conv
>>> one, other = Conv(input_size=5, kernel_size=3, stride=2, padding=1), Conv(input_size=5, kernel_size=3, stride=2)
>>> unlike(one, other)
(Unlike(name='padding', one=(1, 1), other=(0, 0)),)
>>> begins(one), begins(other)
((-1, -1), (0, 0))
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from convgif.arithmetic.layer import INPUT_SIZE, Cell, Layer, Step
from convgif.arithmetic.sentences import at, by, counted, short
from convgif.errors import InputError
from convgif.options import REQUIRED


class Unlike(NamedTuple):
    """An argument that two layers do not share: what each has, None where it takes none."""

    name: str
    one: object
    other: object


def unlike(one: Layer, other: Layer) -> tuple[Unlike, ...]:
    """The arguments in which two layers differ, without the size of the input.

    Those that only one of them takes are left out where they are as usual.
    """
    first, second = one.arguments(), other.arguments()
    kept = {*first} & {*second} | _unusual(one) | _unusual(other)
    names = (name for name in dict.fromkeys((*first, *second)) if name in kept and name != INPUT_SIZE.name)
    pairs = (Unlike(name, first.get(name), second.get(name)) for name in names)
    return tuple(pair for pair in pairs if pair.one != pair.other)


def _unusual(layer: Layer) -> set[str]:
    """The arguments of a layer that are not as usual."""
    return {each.name for each in layer.parameters if getattr(layer, each.name) != layer.usual(each)}


def as_code(name: str, value: object) -> str:
    """An argument as code writes it, which is the same in all languages.

    >>> as_code("padding", (1, 1)), as_code("ceil_mode", True), as_code("padding_mode", "reflect")
    ('padding=1', 'ceil_mode=True', "padding_mode='reflect'")
    """
    return f"{name}={short(value)!r}" if isinstance(value, tuple) else f"{name}={value!r}"


def plain(layer: Layer) -> Layer:
    """The same layer with usual arguments wherever there are some; itself where these make none.

    >>> from convgif.arithmetic import Conv
    >>> plain(Conv(5, 3, stride=2, padding=1)).arguments()["stride"], plain(Conv(2, 3, padding=1)).padding
    ((1, 1), (1, 1))
    """
    needed = {option.name: getattr(layer, option.name) for option in layer.parameters if option.default is REQUIRED}
    try:
        return type(layer)(**needed)
    except InputError:
        return layer


def resizing(one: Layer, other: Layer) -> tuple[int, ...] | None:
    """How often the second layer's input repeats each element of the first one's, along every axis.

    None where its size is no whole multiple.

    >>> from convgif.arithmetic import Conv
    >>> [resizing(Conv(3, 3), Conv(size, 3)) for size in (3, 6, 7)]
    [(1, 1), (2, 2), None]
    """
    if one.ndim != other.ndim:
        return None
    parts = [divmod(size, unit) for size, unit in zip(other.input_size, one.input_size, strict=True)]
    return (
        None if any(rest for _, rest in parts) or not all(times for times, _ in parts) else tuple(n for n, _ in parts)
    )


def begins(layer: Layer) -> Cell:
    """Where the first window begins, counted from the first input element; negative on padding."""
    return tuple(-axis.first for axis in layer.axes)


def reach(step: Step) -> int:
    """How many taps of a step read an input element.

    >>> from convgif.arithmetic import ConvTranspose
    >>> layer = ConvTranspose(input_size=(3,), kernel_size=3, stride=2)
    >>> [reach(step) for step in layer.steps()]
    [1, 1, 2, 1, 2, 1, 1]
    """
    return sum(tap.input is not None for tap in step.taps)


@dataclass(frozen=True)
class Pair:
    """Two layers over rows and columns that compute the same output element at the same time.

    The elements are those that either has, row by row; a layer that lacks one has no step for it.

    >>> from convgif.arithmetic import Conv
    >>> pair = Pair(Conv(4, 3, padding=(0, 1)), Conv(4, 3))
    >>> pair.count, [pair.cell(number) for number in (3, 4)], pair.other_step((0, 3))
    (8, [(0, 3), (1, 0)], None)
    """

    one: Layer
    other: Layer

    @cached_property
    def _bands(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The rows that both have and then those that one has, with their columns."""
        low, high = sorted((self.one.output_size, self.other.output_size))
        return (low[0], max(low[1], high[1])), (high[0] - low[0], high[1])

    @property
    def uneven(self) -> bool:
        """Whether one has outputs that the other lacks."""
        return self.one.output_size != self.other.output_size

    @property
    def count(self) -> int:
        """The number of output elements that either has."""
        return sum(rows * columns for rows, columns in self._bands)

    def cell(self, number: int) -> Cell:
        """The output element of that number."""
        (rows, columns), (_, further) = self._bands
        if number < rows * columns:
            return divmod(number, columns)
        row, column = divmod(number - rows * columns, further)
        return rows + row, column

    def one_step(self, cell: Cell) -> Step | None:
        """The first layer's step for an output element, if it has that."""
        return _step(self.one, cell)

    def other_step(self, cell: Cell) -> Step | None:
        """The second layer's step for an output element, if it has that."""
        return _step(self.other, cell)

    def one_reads(self, cell: Cell) -> frozenset[Cell]:
        """The input elements that an output element of the first layer reads."""
        return _reads(self.one_step(cell), (1, 1))

    def other_reads(self, cell: Cell) -> frozenset[Cell]:
        """The same of the second layer, as elements of the first one's input."""
        return _reads(self.other_step(cell), resizing(self.one, self.other) or (1, 1))


def _step(layer: Layer, cell: Cell) -> Step | None:
    inside = all(place < size for place, size in zip(cell, layer.output_size, strict=True))
    return layer.step(cell) if inside else None


def _reads(step: Step | None, times: Cell) -> frozenset[Cell]:
    taps = () if step is None else step.taps
    return frozenset(original(tap.input, times) for tap in taps if tap.input is not None)


def original(cell: Cell, times: Cell) -> Cell:
    """The element that a cell of a resized input repeats.

    >>> original((3, 0), (2, 2))
    (1, 0)
    """
    return tuple(place // often for place, often in zip(cell, times, strict=True))


MOST_COUNTED: Final = 100_000
"""Outputs that are counted, so that an absurd layer is told apart as fast as any other."""


def told_apart(one: Layer, other: Layer) -> str:
    """What two layers with the same input do differently, in several lines.

    >>> from convgif.arithmetic import Conv
    >>> print(told_apart(Conv(5, 3, 2, 1), Conv(5, 3, 2)))
    Convolution of a 5x5 input with a 3x3 kernel, stride 2 and padding 1, giving a 3x3 output.
    Beside it: convolution of a 5x5 input with a 3x3 kernel, stride 2, giving a 2x2 output.
    <BLANKLINE>
      padding  1 beside 0
      output   3x3 beside 2x2
      starts   the first window at (-1, -1) beside (0, 0)
      alike    0 of 9 outputs read the same input elements
    """
    rows = [*_differences(one, other)]
    width = max(len(name) for name, _ in rows)
    beside = other.describe()
    said = (one.describe(), f"Beside it: {beside[0].lower()}{beside[1:]}", "")
    return "\n".join((*said, *(f"  {name:{width}}  {words}" for name, words in rows)))


def _differences(one: Layer, other: Layer) -> Iterator[tuple[str, str]]:
    """What is unlike: what it is, and what each layer has."""
    if one.input_size != other.input_size:
        yield "input", f"{by(one.input_size)} beside the same resized to {by(other.input_size)}"
    for name, first, second in unlike(one, other):
        yield name, f"{_value(first)} beside {_value(second)}"
    sizes = [by(layer.output_size) for layer in (one, other)]
    yield "output", f"{sizes[0]} in both" if sizes[0] == sizes[1] else " beside ".join(sizes)
    if shifted(one, other):
        yield "starts", f"the first window at {at(begins(one))} beside {at(begins(other))}"
    if one.ndim <= 2:
        pair = Pair(one.lifted(2), other.lifted(2))
        if pair.count <= MOST_COUNTED:
            cells = map(pair.cell, range(pair.count))
            same = sum(pair.one_reads(cell) == pair.other_reads(cell) for cell in cells)
            yield "alike", f"{same} of {counted(pair.count, 'output')} read the same input elements"


def shifted(one: Layer, other: Layer) -> bool:
    """Whether the first windows begin at different places of the input, where it lies in one piece in both."""
    whole = all(axis.spread == 1 for layer in (one, other) for axis in layer.axes)
    return whole and one.input_size == other.input_size and begins(one) != begins(other)


def _value(value: object) -> str:
    if value is None:
        return "none"
    return str(short(value) if isinstance(value, tuple) else value)
