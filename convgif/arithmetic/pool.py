"""Max and average pooling, as PyTorch defines them.

>>> from convgif.arithmetic import AvgPool, MaxPool
>>> MaxPool(input_size=4, kernel_size=2).output_size
(2, 2)
>>> AvgPool(input_size=2, kernel_size=2).apply([[1, 2], [3, 4]])
array([[2.5]])
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from convgif.arithmetic.direct import Direct
from convgif.arithmetic.layer import Numbers, Pair, Size, as_numbers, spoken
from convgif.arithmetic.numbers import gathered
from convgif.errors import Problem, wrong


@dataclass(frozen=True, init=False)
class _Pool(Direct):
    """A layer that sums up each window without weights."""

    @property
    def has_kernel_values(self) -> bool:
        return False

    def _misfits(self) -> Iterator[Problem]:
        # PyTorch's rule, which looks at the kernel's size and not at its span.
        most = (self.kernel_size[0] // 2, self.kernel_size[1] // 2)
        if any(p > limit for p, limit in zip(self.padding, most, strict=True)):
            yield Problem("padding", self.padding, f"must be at most {spoken(most)}, half the pooling window")
        else:
            yield from super()._misfits()

    def _windows(self, x: npt.ArrayLike, w: npt.ArrayLike | None) -> tuple[Numbers, npt.NDArray[np.bool_]]:
        if w is not None:
            raise wrong("w", w, "must be left out: a pooling layer has no weights")
        return gathered(self.rows, self.cols, as_numbers("x", x, self.input_size))


@dataclass(frozen=True, init=False)
class MaxPool(_Pool):
    """A max pooling layer, as `torch.nn.MaxPool2d` computes it for one channel; padding never wins.

    Args:
        input_size: elements of the input; like every size an integer, or a pair of rows and columns.
        kernel_size: elements of the window.
        stride: input elements from one window to the next; as large as the kernel if unset.
        padding: elements added on each side of the input, at most half the window.
        dilation: input elements from one window element to the next.

    Raises:
        InputError: a size is not such a number, too much padding, or the window does not fit the padded input.

    >>> MaxPool(input_size=4, kernel_size=2).describe()
    'Max pooling of a 4x4 input with a 2x2 window, stride 2, giving a 2x2 output.'
    """

    name = "max_pool"
    title = "max pooling"

    def __init__(
        self,
        input_size: Size,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        dilation: Size = 1,
    ) -> None:
        self._fill(
            input_size=input_size,
            kernel_size=kernel_size,
            stride=stride,
            padding=padding,
            dilation=dilation,
        )

    def apply(self, x: npt.ArrayLike, w: npt.ArrayLike | None = None) -> Numbers:
        """The largest input element of each window, shape `output_size`, for `x` of shape `input_size`.

        Raises:
            InputError: `x` is of another shape, or no numbers; or a kernel is given.
        """
        taken, real = self._windows(x, w)
        whole = taken.dtype.kind in "iu" and bool(real.any(axis=(2, 3)).all())
        least = np.iinfo(taken.dtype).min if whole else -np.inf
        largest: Numbers = np.where(real, taken, least).max(axis=(2, 3))
        return largest


@dataclass(frozen=True, init=False)
class AvgPool(_Pool):
    """An average pooling layer, as `torch.nn.AvgPool2d` computes it for one channel.

    Args:
        input_size: elements of the input; like every size an integer, or a pair of rows and columns.
        kernel_size: elements of the window.
        stride: input elements from one window to the next; as large as the kernel if unset.
        padding: zeros added on each side of the input, at most half the window.
        count_include_pad: whether the average counts the zeros of the padding.

    Raises:
        InputError: a size is not such a number, too much padding, or the window does not fit the padded input.

    >>> AvgPool(input_size=5, kernel_size=3, stride=1).output_size
    (3, 3)
    """

    name = "avg_pool"
    title = "average pooling"

    dilation: Pair = field(init=False, repr=False)  # always 1: PyTorch has no dilated average pooling
    count_include_pad: bool

    def __init__(
        self,
        input_size: Size,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        count_include_pad: bool = True,
    ) -> None:
        self._fill(
            input_size=input_size,
            kernel_size=kernel_size,
            stride=stride,
            padding=padding,
            dilation=1,
            count_include_pad=count_include_pad,
        )

    def apply(self, x: npt.ArrayLike, w: npt.ArrayLike | None = None) -> Numbers:
        """The average of each window, shape `output_size`, for `x` of shape `input_size`.

        Raises:
            InputError: `x` is of another shape, or no numbers; or a kernel is given.
        """
        taken, real = self._windows(x, w)
        counted = np.ones_like(real) if self.count_include_pad else real
        average: Numbers = taken.sum(axis=(2, 3)) / counted.sum(axis=(2, 3))
        return average

    def _further_details(self) -> list[str]:
        return [] if self.count_include_pad or self.padding == (0, 0) else ["padding not counted"]
