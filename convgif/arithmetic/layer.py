"""What all layers share: checked sizes, the canvas, the steps.

A layer is immutable and knows only sizes. Sizes are pairs (rows, columns) once it is built; an int stands for both.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from inspect import signature
from typing import Any, ClassVar, Final, NamedTuple, NoReturn

import numpy as np
import numpy.typing as npt

from convgif.arithmetic.axis import Axis, Kind
from convgif.errors import InputError, Problem, wrong

Pair = tuple[int, int]
Size = int | Pair
Numbers = npt.NDArray[Any]

LEAST: Final[Mapping[str, int]] = {
    "input_size": 1,
    "kernel_size": 1,
    "stride": 1,
    "dilation": 1,
    "padding": 0,
    "output_padding": 0,
}
"""The least value of every size, by its name."""


MOST: Final = 10**9
"""The largest size; no figure is nearly as large, and sums of such sizes stay exact everywhere."""


class CanvasCell(NamedTuple):
    """What a canvas cell is, and the input cell that lies there where it is INPUT."""

    kind: Kind
    input: Pair | None


class Tap(NamedTuple):
    """One kernel element at work; `input` is None where it falls on padding or an inserted zero."""

    kernel: Pair
    canvas: Pair
    input: Pair | None


class Step(NamedTuple):
    """The computation of one output element."""

    output: Pair
    taps: tuple[Tap, ...]


@dataclass(frozen=True)
class Canvas(Mapping[Pair, CanvasCell]):
    """Every cell that the kernel slides over, by (row, column); computed when asked for.

    >>> from convgif.arithmetic import Conv
    >>> canvas = Conv(input_size=2, kernel_size=2, padding=1).canvas
    >>> len(canvas), canvas[0, 0].kind.name, canvas[1, 2]
    (16, 'PADDING', CanvasCell(kind=<Kind.INPUT: 'input'>, input=(0, 1)))
    """

    rows: Axis
    cols: Axis

    def __getitem__(self, cell: Pair) -> CanvasCell:
        try:
            row, col = cell
        except (TypeError, ValueError):
            raise KeyError(cell) from None
        if not (0 <= row < self.rows.canvas_size and 0 <= col < self.cols.canvas_size):
            raise KeyError(cell)
        row_kind, row_input = self.rows.source(row)
        col_kind, col_input = self.cols.source(col)
        if row_input is not None and col_input is not None:
            return CanvasCell(Kind.INPUT, (row_input, col_input))
        return CanvasCell(Kind.PADDING if Kind.PADDING in (row_kind, col_kind) else Kind.INSERTED, None)

    def __iter__(self) -> Iterator[Pair]:
        for row in range(self.rows.canvas_size):
            for col in range(self.cols.canvas_size):
                yield row, col

    def __len__(self) -> int:
        return self.rows.canvas_size * self.cols.canvas_size


@dataclass(frozen=True, init=False)
class Layer(ABC):
    """A convolution or pooling layer: sizes in PyTorch's words, all arithmetic exact."""

    name: ClassVar[str]
    """The layer's name in presets (`layer = "conv"`)."""
    title: ClassVar[str]
    """The layer's name in a sentence."""

    input_size: Pair
    kernel_size: Pair
    stride: Pair
    padding: Pair
    dilation: Pair

    def _fill(self, **given: object) -> None:
        """Set the fields of a frozen dataclass from what the constructor was given, or say all that is wrong."""
        problems: list[Problem] = []
        for name, value in given.items():
            if name == "stride" and value is None and not self.has_kernel_values:
                # The stride of pooling is the kernel's size; if that is wrong, it is wrong once.
                if hasattr(self, "kernel_size"):
                    object.__setattr__(self, name, self.kernel_size)
                continue
            try:
                object.__setattr__(self, name, checked(name, value))
            except InputError as error:
                problems.extend(error.problems)
        if not problems:
            problems.extend(self._misfits())
        if problems:
            raise InputError(problems)

    @abstractmethod
    def _misfits(self) -> Iterator[Problem]:
        """What is wrong between sizes that are each right."""

    @abstractmethod
    def _axis(self, direction: int) -> Axis:
        """The arithmetic along the rows (0) or the columns (1)."""

    @property
    @abstractmethod
    def relation(self) -> str:
        """The output size in the guide's letters."""

    @abstractmethod
    def _worked(self, direction: int) -> str:
        """`relation` with the numbers of one direction put in."""

    @abstractmethod
    def apply(self, x: npt.ArrayLike, w: npt.ArrayLike | None = None) -> Numbers:
        """The output for the input `x`, shape `input_size`, and the kernel `w`, shape `kernel_size`."""

    @property
    def has_kernel_values(self) -> bool:
        """Whether the layer multiplies by weights; pooling does not."""
        return True

    @cached_property
    def rows(self) -> Axis:
        """The arithmetic from top to bottom."""
        return self._axis(0)

    @cached_property
    def cols(self) -> Axis:
        """The arithmetic from left to right."""
        return self._axis(1)

    @property
    def output_size(self) -> Pair:
        """(rows, columns) of the output."""
        return self.rows.output_size, self.cols.output_size

    @property
    def canvas_size(self) -> Pair:
        """(rows, columns) of the canvas."""
        return self.rows.canvas_size, self.cols.canvas_size

    @property
    def canvas(self) -> Canvas:
        """What each canvas cell is."""
        return Canvas(self.rows, self.cols)

    def step(self, output: Pair) -> Step:
        """The step that computes one output element.

        Raises:
            IndexError: there is no such output element.
        """
        row, col = output
        if not (0 <= row < self.output_size[0] and 0 <= col < self.output_size[1]):
            raise IndexError(f"output element {output} is outside the {by(self.output_size)} output")
        cols = self.cols.window(col)
        return Step(
            output,
            tuple(
                Tap((r.kernel, c.kernel), (r.canvas, c.canvas), _both(r.input, c.input))
                for r in self.rows.window(row)
                for c in cols
            ),
        )

    def steps(self) -> Iterator[Step]:
        """One step per output element, row by row from the top left, computed as they are asked for."""
        rows, cols = self.output_size
        for row in range(rows):
            for col in range(cols):
                yield self.step((row, col))

    def formula(self) -> str:
        """The output size worked out with its numbers, in the guide's terms.

        Both directions are given where they differ, separated by a semicolon.
        """
        rows, cols = (f"o = {self._worked(direction)} = {self.output_size[direction]}" for direction in (0, 1))
        return rows if rows == cols else f"rows: {rows}; columns: {cols}"

    def describe(self) -> str:
        """One plain sentence: what the layer does to which sizes."""
        details = [f"stride {spoken(self.stride)}"]
        if self.padding != (0, 0):
            details.append(f"padding {spoken(self.padding)}")
        if self.dilation != (1, 1):
            details.append(f"dilation {spoken(self.dilation)}")
        details.extend(self._further_details())
        window = "kernel" if self.has_kernel_values else "window"
        *first, last = details
        listed = f"{', '.join(first)} and {last}" if first else last
        return (
            f"{self.title.capitalize()} of {_a(self.input_size)} input with {_a(self.kernel_size)} {window}, "
            f"{listed}, giving {_a(self.output_size)} output."
        )

    @property
    def _span_letters(self) -> str:
        """The kernel's span in the guide's letters."""
        return "k" if self.dilation == (1, 1) else "(k + (k - 1)(d - 1))"

    def _worked_span(self, direction: int) -> str:
        """The kernel's span with its numbers: relationship 15 of the guide where it is dilated."""
        k, d = self.kernel_size[direction], self.dilation[direction]
        return str(k) if d == 1 else f"({k} + ({k} - 1)*({d} - 1))"

    def _further_details(self) -> list[str]:
        """What `describe` has to add for this kind of layer."""
        return []


def by(size: Pair) -> str:
    """A size as people write it.

    >>> by((3, 4))
    '3x4'
    """
    return f"{size[0]}x{size[1]}"


def _a(size: Pair) -> str:
    """The size with its article: an 8x8, an 11x11, an 18x18, an 80x80; but a 110x110."""
    rows = str(size[0])
    vowel = rows.startswith("8") or (rows[:2] in ("11", "18") and len(rows) % 3 == 2)
    return f"{'an' if vowel else 'a'} {by(size)}"


def spoken(size: Sequence[int]) -> str:
    """A pair in a sentence: one number where both are the same.

    >>> spoken((2, 2)), spoken((2, 1))
    ('2', '(2, 1)')
    """
    return str(size[0]) if size[0] == size[1] else str(tuple(size))


def missing(lack: Sequence[int]) -> str:
    """How many rows and columns, without what is none.

    >>> missing((2, 1)), missing((0, 3))
    ('2 rows and 1 column', '3 columns')
    """
    return " and ".join(
        f"{count} {name}{'s' * (count != 1)}" for count, name in zip(lack, ("row", "column"), strict=True) if count
    )


def settings(layer: Layer) -> dict[str, Pair | bool]:
    """What the layer was built with, by name.

    >>> from convgif.arithmetic import AvgPool
    >>> settings(AvgPool(input_size=4, kernel_size=2, count_include_pad=False))["stride"]
    (2, 2)
    """
    return {name: getattr(layer, name) for name in signature(type(layer)).parameters}


def checked(name: str, value: object) -> Pair | bool:
    """The value of one argument of a layer, by itself: a pair, or a flag.

    Raises:
        InputError: it is not what such an argument must be.

    >>> checked("stride", 2)
    (2, 2)
    """
    try:
        return _pair(value, LEAST[name]) if name in LEAST else _flag(value)
    except ValueError as error:
        raise wrong(name, value, str(error)) from None


def as_numbers(key: str, value: npt.ArrayLike | None, size: Pair) -> Numbers:
    """`value` as an array of numbers of that shape.

    Raises:
        InputError: not numbers, or another shape.
    """
    try:
        numbers = np.asarray(value)
    except ValueError:  # NumPy's word for rows of different lengths
        _not_a_map(key, value, size)
    if value is None or numbers.dtype.kind not in "iufb" or numbers.ndim != 2:
        _not_a_map(key, value, size)
    if numbers.shape != size:
        raise wrong(key, value, f"is {' x '.join(map(str, numbers.shape))}, must be {' x '.join(map(str, size))}")
    # Sums must not wrap around where narrow integers are stored, and True + True is 2.
    return numbers if numbers.dtype.kind == "f" else numbers.astype(np.result_type(numbers, np.int64))


def _not_a_map(key: str, value: object, size: Pair) -> NoReturn:
    rows, cols = size
    raise wrong(key, value, f"must be {rows} row{'s' * (rows != 1)} of {cols} number{'s' * (cols != 1)} each")


def _both(row: int | None, col: int | None) -> Pair | None:
    return None if row is None or col is None else (row, col)


def _whole(value: object, least: int) -> int:
    if isinstance(value, bool):
        raise ValueError
    try:
        number = operator.index(value)  # type: ignore[arg-type]  # whatever is no integer raises TypeError
    except TypeError:
        raise ValueError from None
    if number < least:
        raise ValueError
    if number > MOST:
        raise OverflowError
    return number


def _pair(value: object, least: int) -> Pair:
    try:
        if isinstance(value, (tuple, list)):
            rows, cols = value
            return _whole(rows, least), _whole(cols, least)
        number = _whole(value, least)
    except OverflowError:
        raise ValueError(f"must be at most {MOST:,}") from None
    except ValueError:
        alternative = "" if isinstance(value, int) else ", or a pair (rows, columns) of them"
        raise ValueError(f"must be an integer >= {least}{alternative}") from None
    return number, number


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value
