"""Convolution, and the transposed convolution as PyTorch defines it.

>>> from convgif.arithmetic import Conv, ConvTranspose
>>> Conv(input_size=5, kernel_size=3, stride=2, padding=1).output_size
(3, 3)
>>> ConvTranspose(input_size=3, kernel_size=3, stride=2, padding=1).output_size
(5, 5)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from convgif.arithmetic.axis import Axis
from convgif.arithmetic.direct import Direct
from convgif.arithmetic.layer import Layer, Numbers, Pair, Size, as_numbers, missing, spoken
from convgif.arithmetic.numbers import gathered
from convgif.errors import Problem, wrong


@dataclass(frozen=True, init=False)
class _Weighted(Layer):
    """A layer whose output is a sum of weights times inputs."""

    def apply(self, x: npt.ArrayLike, w: npt.ArrayLike | None = None) -> Numbers:
        """The output, shape `output_size`.

        Args:
            x: the input, shape `input_size`.
            w: the kernel as stored, shape `kernel_size`. As in PyTorch a convolution does not turn it, so a
                transposed one does.

        Raises:
            InputError: `x` or `w` is of another shape, or no numbers.

        >>> from convgif.arithmetic import Conv
        >>> Conv(input_size=3, kernel_size=2).apply([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0], [0, 1]])
        array([[ 6,  8],
               [12, 14]])
        """
        inputs = as_numbers("x", x, self.input_size)
        weights = as_numbers("w", w, self.kernel_size)
        taken, _ = gathered(self.rows, self.cols, inputs)
        total: Numbers = np.einsum("rckl,kl->rc", taken, weights)
        return total


@dataclass(frozen=True, init=False)
class Conv(_Weighted, Direct):
    """A convolution (cross-correlation) layer, as `torch.nn.Conv2d` computes it for one channel.

    Args:
        input_size: elements of the input; like every size an integer, or a pair of rows and columns.
        kernel_size: elements of the kernel.
        stride: input elements from one window to the next.
        padding: zeros added on each side of the input.
        dilation: input elements from one kernel element to the next.

    Raises:
        InputError: a size is not such a number, or the kernel does not fit the padded input.

    >>> layer = Conv(input_size=5, kernel_size=3, stride=2, padding=1)
    >>> layer.formula()
    'o = floor((5 + 2*1 - 3)/2) + 1 = 3'
    >>> next(layer.steps()).taps[4]
    Tap(kernel=(1, 1), canvas=(1, 1), input=(0, 0))
    """

    name = "conv"
    title = "convolution"

    def __init__(
        self, input_size: Size, kernel_size: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1
    ) -> None:
        self._fill(input_size=input_size, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation)

    def transpose(self) -> ConvTranspose:
        """The transposed convolution that leads from the output's size back to the input's.

        Its output padding makes up for what the stride left unread (the guide's relationship 14).

        >>> Conv(input_size=6, kernel_size=3, stride=2, padding=1).transpose().output_padding
        (1, 1)
        """
        extra = (self.rows.left_over, self.cols.left_over)
        return ConvTranspose(self.output_size, self.kernel_size, self.stride, self.padding, self.dilation, extra)


@dataclass(frozen=True, init=False)
class ConvTranspose(_Weighted):
    """A transposed convolution layer, as `torch.nn.ConvTranspose2d` computes it for one channel.

    Its steps are those of the equivalent direct convolution over the stretched canvas, with the kernel turned by 180
    degrees: `tap.kernel` is the weight that is truly multiplied there.

    Args:
        input_size: elements of this layer's input; like every size an integer, or a pair of rows and columns.
        kernel_size: elements of the kernel.
        stride: output elements from one input element's stamp to the next.
        padding: rows and columns cut from each side of the output.
        dilation: output elements from one kernel element to the next.
        output_padding: rows added at the bottom and columns added at the right of the output.

    Raises:
        InputError: a size is not such a number, `output_padding` is not smaller than stride or dilation, or nothing
            is left of the output.

    >>> layer = ConvTranspose(input_size=3, kernel_size=3, stride=2, padding=1, output_padding=1)
    >>> layer.output_size, layer.canvas_size
    ((6, 6), (8, 8))
    >>> layer.formula()
    'o = 2*(3 - 1) + 3 - 2*1 + 1 = 6'
    """

    name = "conv_transpose"
    title = "transposed convolution"

    output_padding: Pair

    def __init__(
        self,
        input_size: Size,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size = 0,
        dilation: Size = 1,
        output_padding: Size = 0,
    ) -> None:
        self._fill(
            input_size=input_size,
            kernel_size=kernel_size,
            stride=stride,
            padding=padding,
            dilation=dilation,
            output_padding=output_padding,
        )

    def transpose(self) -> Conv:
        """The convolution that this layer is the transpose of: it leads from the output's size back to the input's.

        Raises:
            InputError: there is none, since a stride leaves fewer rows or columns unread than `output_padding` adds.

        >>> ConvTranspose(input_size=3, kernel_size=3, stride=2, padding=1).transpose().input_size
        (5, 5)
        """
        if any(extra >= stride for extra, stride in zip(self.output_padding, self.stride, strict=True)):
            rule = f"no convolution leads back to the input's size unless it is smaller than stride = {self.stride}"
            raise wrong("output_padding", self.output_padding, rule)
        return Conv(self.output_size, self.kernel_size, self.stride, self.padding, self.dilation)

    def equivalent(self) -> Conv:
        """The convolution over the stretched input, with stride 1 and without padding, that computes this layer.

        Its kernel is this layer's, turned by 180 degrees.

        >>> ConvTranspose(input_size=3, kernel_size=3, stride=2, padding=1).equivalent().input_size
        (7, 7)
        """
        return Conv(self.canvas_size, self.kernel_size, dilation=self.dilation)

    def _axis(self, direction: int) -> Axis:
        return Axis.transposed(
            self.input_size[direction],
            self.kernel_size[direction],
            self.stride[direction],
            self.padding[direction],
            self.dilation[direction],
            self.output_padding[direction],
        )

    @property
    def relation(self) -> str:
        """The output size in the guide's letters: its relationship 14."""
        extra = "" if self.output_padding == (0, 0) else " + a"
        return f"o = s(i - 1) + {self._span_letters} - 2p{extra}"

    def _worked(self, direction: int) -> str:
        i, p, s = self.input_size[direction], self.padding[direction], self.stride[direction]
        extra = self.output_padding[direction]
        return f"{s}*({i} - 1) + {self._worked_span(direction)} - 2*{p}" + (f" + {extra}" if extra else "")

    def _misfits(self) -> Iterator[Problem]:
        limits = tuple(max(s, d) for s, d in zip(self.stride, self.dilation, strict=True))
        if any(extra >= limit for extra, limit in zip(self.output_padding, limits, strict=True)):
            rule = f"must be smaller than {spoken(limits)}, the larger of stride and dilation"
            yield Problem("output_padding", self.output_padding, rule)
        elif min(self.output_size) < 1:
            # Two rows or columns go with every unit of padding.
            most = tuple(p - max(0, (2 - o) // 2) for p, o in zip(self.padding, self.output_size, strict=True))
            lack = tuple(max(0, 1 - o) for o in self.output_size)
            rule = f"cuts the output away, {missing(lack)} too many; padding = {spoken(most)} would leave some"
            yield Problem("padding", self.padding, rule)

    def _further_details(self) -> list[str]:
        extra = self.output_padding
        return [] if extra == (0, 0) else [f"output padding {spoken(extra)}"]
