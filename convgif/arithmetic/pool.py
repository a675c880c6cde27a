"""Max and average pooling, as PyTorch defines them.

>>> from convgif.arithmetic import AvgPool, MaxPool
>>> MaxPool(input_size=4, kernel_size=2).output_size
(2, 2)
>>> AvgPool(input_size=2, kernel_size=2).apply([[1, 2], [3, 4]])
array([[2.5]])
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Final

from convgif.arithmetic.axis import Axis
from convgif.arithmetic.formula import Ceil, Piece
from convgif.arithmetic.layer import (
    DILATION,
    INPUT_SIZE,
    KERNEL_SIZE,
    PADDING,
    STRIDE,
    PaddingLike,
    SizeLike,
    Step,
    Tap,
    Term,
    Working,
)
from convgif.arithmetic.numbers import as_numbers, gathered, summed
from convgif.arithmetic.padding import ANY_STRIDE, Pair
from convgif.arithmetic.sentences import slices, spoken
from convgif.arithmetic.sliding import Sliding
from convgif.errors import Problem, either, wrong
from convgif.options import Flag, Option, Sides

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from convgif.arithmetic.numbers import Array

WINDOW_SIZE: Final = replace(KERNEL_SIZE, meaning="elements of the window")
WINDOW_STRIDE: Final = replace(
    STRIDE, meaning="input elements from one window to the next; as large as the kernel if unset", default=None
)
COUNT_INCLUDE_PAD: Final = Option(
    "count_include_pad", Flag(), "whether the average counts the zeros of the padding", True, "Layer"
)
CEIL_MODE: Final = Option(
    "ceil_mode", Flag(), "round the output size up: a last window may reach beyond the padded input", False, "Layer"
)
POOL_PADDING: Final = replace(PADDING, kind=Sides(0, ANY_STRIDE))
"""How both kinds of pooling take padding; what it holds they say themselves."""
LIMIT: Final = f"at most half the window; pairs (before, after), or {either(ANY_STRIDE)}"


def maxima(taken: Array, real: npt.NDArray[np.bool_]) -> Array:
    """The largest of what each window reads where that is real; both shapes are an output's, followed by a window's."""
    import numpy as np

    within = _within(taken)
    whole = taken.dtype.kind in "iu" and bool(real.any(axis=within).all())
    least = np.iinfo(taken.dtype).min if whole else -np.inf
    largest: Array = np.where(real, taken, least).max(axis=within)
    return largest


def averages(taken: Array, real: npt.NDArray[np.bool_]) -> Array:
    """The average of what each window reads where that is real; shapes as for `maxima`."""
    return _averages(taken, real.sum(axis=_within(taken)))


def _averages(taken: Array, counts: Array) -> Array:
    """The sum of each window, divided by its own number."""
    return summed(lambda taken: taken.sum(axis=_within(taken)) / counts, taken)


def _within(taken: Array) -> tuple[int, ...]:
    """The axes that lie within a window."""
    return tuple(range(taken.ndim // 2, taken.ndim))


def winner(step: Step, x: Array) -> Tap | None:
    """The first tap that reads the largest element; None where none reads any."""
    read = [tap for tap in step.taps if tap.input is not None]
    return max(read, key=lambda tap: x[tap.input], default=None)


@dataclass(frozen=True, init=False, repr=False)
class _Pool(Sliding):
    """A layer that sums up each window without weights."""

    has_weight = False

    ceil_mode: bool

    def axis(self, direction: int) -> Axis:
        """The arithmetic along one axis."""
        return replace(super().axis(direction), up=self.ceil_mode)

    def allows(self, pads: Sequence[Pair]) -> bool:
        """Whether it may have that padding: PyTorch's rule, which looks at the kernel's size and not at its span."""
        return all(max(pair) <= limit for pair, limit in zip(pads, self._most_padding, strict=True))

    @property
    def _most_padding(self) -> tuple[int, ...]:
        return tuple(k // 2 for k in self.kernel_size)

    def misfits(self) -> Iterator[Problem]:
        """What is wrong between sizes that are each right."""
        if self.allows(self.pads):
            yield from super().misfits()
        else:
            here = f"comes to {self.padding_words}; " if isinstance(self.padding, str) else ""
            words = f"{here}must be at most {spoken(self._most_padding)}, half the pooling window"
            yield Problem("padding", self.padding, words)

    def details(self) -> list[str]:
        """What `describe` has to add."""
        return ["the size rounded up"] if self.ceil_mode else []

    def rules(self) -> Iterator[tuple[str, str]]:
        """What its framework's rules come to."""
        yield from super().rules()
        if not self.ceil_mode:
            return
        cut_off = [axis.cut_off for axis in self.axes]
        begins = "windows must begin in the input or in the padding before it"
        yield "rounded", f"up, but {begins}"
        if any(cut_off):
            yield "cut off", f"the last windows reach {slices(cut_off)} beyond the canvas; these cells are not read"

    def _windows_in(self, starts: str, padded: str, span: str, stride: str) -> tuple[Piece, ...]:
        """How many windows lie in a padded input; rounded up, as many as begin in it at most."""
        if not self.ceil_mode:
            return super()._windows_in(starts, padded, span, stride)
        reaching = (Ceil(f"{padded} - {span}", stride), " + 1")
        return ("min(", *reaching, ", ", Ceil(starts, stride), ")") if self._held_back else reaching

    @property
    def _held_back(self) -> bool:
        """Whether there is a window less than rounding up would give, since it would begin beyond the input."""
        return any(-(-(axis.canvas_size - axis.span) // axis.stride) + 1 > axis.output_size for axis in self.axes)

    def _windows(self, x: npt.ArrayLike, w: npt.ArrayLike | None) -> tuple[Array, npt.NDArray[np.bool_]]:
        if w is not None:
            raise wrong("w", w, "must be left out: a pooling layer has no weights")
        return gathered(self.axes, as_numbers("x", x, self.input_size))


@dataclass(frozen=True, init=False, repr=False)
class MaxPool(_Pool):
    """A max pooling layer, as `torch.nn.MaxPool2d` computes it for one channel; MaxPool1d and MaxPool3d alike.

    Its arguments are sizes, each an integer or one number an axis: the `input_size`, the window's `kernel_size`, the
    `stride` from one window to the next, the `padding` on each side of the input, which never wins and is at most
    half the window, and the `dilation` between the window's elements. Padding may also be (before, after) for each
    axis, or one of ONNX's words `valid`, `same_upper` and `same_lower`. With `ceil_mode` the output size is rounded up,
    as PyTorch does it: a last window may reach beyond the padded input, where it is cut off.

    Raises:
        InputError: a size is not such a number, too much padding, or the window does not fit the padded input.

    >>> MaxPool(input_size=4, kernel_size=2).describe()
    'Max pooling of a 4x4 input with a 2x2 window, stride 2, giving a 2x2 output.'
    """

    name = "max_pool"
    title = "max pooling"
    also_called = (
        *("max_pool1d", "max_pool2d", "max_pool3d", "maxpool", "maxpool1d", "maxpool2d", "maxpool3d"),
        *("max_pooling", "max_pooling1d", "max_pooling2d", "max_pooling3d", "maxpooling", "maxpooling1d"),
        *("maxpooling2d", "maxpooling3d", "max"),
    )
    parameters = (
        INPUT_SIZE,
        WINDOW_SIZE,
        WINDOW_STRIDE,
        replace(POOL_PADDING, meaning=f"elements added on each side of the input, {LIMIT}"),
        replace(DILATION, meaning="input elements from one window element to the next"),
        CEIL_MODE,
    )

    if TYPE_CHECKING:  # what `parameters` makes of it, for type checkers and editors

        def __init__(
            self,
            input_size: SizeLike,
            kernel_size: SizeLike,
            stride: SizeLike | None = ...,
            padding: PaddingLike = ...,
            dilation: SizeLike = ...,
            ceil_mode: bool = ...,
        ) -> None: ...

    def apply(self, x: npt.ArrayLike, w: npt.ArrayLike | None = None) -> Array:
        """The largest input element of each window, shape `output_size`, for `x` of shape `input_size`.

        Raises:
            InputError: `x` is of another shape, or no numbers; or a kernel is given.
        """
        return maxima(*self._windows(x, w))

    @property
    def blank(self) -> str:
        """What a canvas cell without an input element counts as: never the largest."""
        return "−∞"

    @property
    def blank_noun(self) -> str:
        """What such cells are called."""
        return "element of padding"

    def computation(self, inputs: Sequence[str], weights: Sequence[str] | None, blanks: int) -> str:
        """How a step computes its output."""
        return f"max({', '.join(inputs)})"

    def working(self, step: Step, x: Array) -> Working:
        """How a step computes its output, and which element wins: the first of the largest, as in PyTorch.

        >>> import numpy as np
        >>> layer = MaxPool(input_size=2, kernel_size=2)
        >>> layer.working(layer.step((0, 0)), np.array([[1, 3], [2, 3]])).winner.input
        (0, 1)
        """
        return super().working(step, x)._replace(opening="max(", closing=")", winner=winner(step, x))


@dataclass(frozen=True, init=False, repr=False)
class AvgPool(_Pool):
    """An average pooling layer, as `torch.nn.AvgPool2d` computes it for one channel; AvgPool1d and AvgPool3d alike.

    Its arguments are sizes, each an integer or one number an axis: the `input_size`, the window's `kernel_size`, the
    `stride` from one window to the next, and the zeros of `padding` on each side of the input, at most half the
    window. The average counts them if `count_include_pad` is true. Padding and `ceil_mode` are those of `MaxPool`; no
    average counts what lies beyond the padded input.

    Raises:
        InputError: a size is not such a number, too much padding, or the window does not fit the padded input.

    >>> AvgPool(input_size=5, kernel_size=3, stride=1).output_size
    (3, 3)
    >>> AvgPool(input_size=(3,), kernel_size=2, ceil_mode=True).apply([2, 4, 6])
    array([3., 6.])
    """

    name = "avg_pool"
    title = "average pooling"
    also_called = (
        *("avg_pool1d", "avg_pool2d", "avg_pool3d", "avgpool", "avgpool1d", "avgpool2d", "avgpool3d"),
        *("average_pool", "average_pooling", "average_pooling1d", "average_pooling2d", "average_pooling3d"),
        *("averagepooling", "averagepooling1d", "averagepooling2d", "averagepooling3d", "mean_pool", "mean_pooling"),
    )
    parameters = (
        INPUT_SIZE,
        WINDOW_SIZE,
        WINDOW_STRIDE,
        replace(POOL_PADDING, meaning=f"zeros added on each side of the input, {LIMIT}"),
        COUNT_INCLUDE_PAD,
        CEIL_MODE,
    )

    dilation: tuple[int, ...] = field(init=False)  # always 1: PyTorch has no dilated average pooling
    count_include_pad: bool

    if TYPE_CHECKING:  # what `parameters` makes of it, for type checkers and editors

        def __init__(
            self,
            input_size: SizeLike,
            kernel_size: SizeLike,
            stride: SizeLike | None = ...,
            padding: PaddingLike = ...,
            count_include_pad: bool = ...,
            ceil_mode: bool = ...,
        ) -> None: ...

    def apply(self, x: npt.ArrayLike, w: npt.ArrayLike | None = None) -> Array:
        """The average of each window, shape `output_size`, for `x` of shape `input_size`.

        Raises:
            InputError: `x` is of another shape, no numbers, or too large to be added up; or a kernel is given.
        """
        import numpy as np

        taken, real = self._windows(x, w)
        if not self.count_include_pad:
            return averages(taken, real)
        cells = [[len(axis.window(place)) for place in range(axis.output_size)] for axis in self.axes]
        return _averages(taken, reduce(np.multiply.outer, map(np.asarray, cells)))

    @property
    def blank(self) -> str:
        """What a canvas cell without an input element counts as; it may not count."""
        return "0" if self.count_include_pad else ""

    def computation(self, inputs: Sequence[str], weights: Sequence[str] | None, blanks: int) -> str:
        """How a step computes its output."""
        return f"mean of {', '.join(inputs)}" + (" and the padding" if blanks else "")

    def working(self, step: Step, x: Array) -> Working:
        """How a step computes its output: what it counts, added up and divided.

        >>> import numpy as np
        >>> layers = [AvgPool(2, 2, padding=1, count_include_pad=whether) for whether in (True, False)]
        >>> [layer.working(layer.step((0, 0)), np.ones((2, 2))).closing for layer in layers]
        [')/4', ')/1']
        """
        terms = tuple(Term(tap, weighed=False) for tap in step.taps if self.count_include_pad or tap.input is not None)
        return Working(terms, " + ", "(", f")/{len(terms)}")

    def details(self) -> list[str]:
        """What `describe` has to add."""
        counted = self.count_include_pad or not self.padded
        return super().details() if counted else ["padding not counted", *super().details()]
