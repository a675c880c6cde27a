"""One dimension of a layer: a direct convolution over a row of canvas cells.

Every layer here is separable in its index arithmetic: what a step reads is the product of what it reads along the
rows and along the columns. So the whole arithmetic is done once, for one axis, and a layer is a pair of them.

>>> axis = Axis.direct(input_size=5, kernel_size=3, stride=2, padding=1, dilation=1)
>>> axis.canvas_size, axis.output_size
(7, 3)
>>> axis.window(0)
(AxisTap(kernel=0, canvas=0, input=None), AxisTap(kernel=1, canvas=1, input=0), AxisTap(kernel=2, canvas=2, input=1))
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from math import gcd
from typing import NamedTuple

from convgif.arithmetic.padding import MODES, ZEROS, Pair, both_sides


class Kind(Enum):
    """What a cell of the canvas is."""

    INPUT = "input"
    PADDING = "padding"
    INSERTED = "inserted"


class AxisTap(NamedTuple):
    """One kernel element at work along one axis; `input` is None on zeros, be they padding or inserted."""

    kernel: int
    canvas: int
    input: int | None


@dataclass(frozen=True)
class Axis:
    """One dimension of the equivalent direct convolution.

    `first` is the canvas index of input element 0 (negative where a crop removed it), `spread` the distance on the
    canvas between neighbouring input elements, `stride` the distance between neighbouring windows. A `turned` kernel
    is used from its last element to its first. `mode` says what padding holds: zeros, or copies of input elements.
    Where sizes are rounded `up`, the last window may reach beyond the canvas, and is cut off there.
    """

    input_size: int
    kernel_size: int
    canvas_size: int
    first: int
    spread: int
    stride: int
    dilation: int
    turned: bool
    mode: str = ZEROS
    up: bool = False

    @classmethod
    def direct(cls, input_size: int, kernel_size: int, stride: int, padding: int | Pair, dilation: int) -> Axis:
        """The axis of a convolution or pooling: the canvas is the padded input."""
        before, after = both_sides(padding)
        canvas_size = before + input_size + after
        return cls(input_size, kernel_size, canvas_size, before, 1, stride, dilation, turned=False)

    @classmethod
    def transposed(
        cls, input_size: int, kernel_size: int, stride: int, padding: int | Pair, dilation: int, output_padding: int
    ) -> Axis:
        """The axis of a transposed convolution, as the guide's relationship 14 builds it.

        `stride - 1` zeros go between the input's elements, `dilation * (kernel_size - 1) - padding` zeros (a crop
        where negative) to both ends and `output_padding` more to the far end; the turned kernel slides with stride 1.
        """
        before, after = (dilation * (kernel_size - 1) - cut for cut in both_sides(padding))
        canvas_size = before + (input_size - 1) * stride + 1 + after + output_padding
        return cls(input_size, kernel_size, canvas_size, before, stride, 1, dilation, turned=True)

    @property
    def span(self) -> int:
        """Canvas cells from the window's first tap to its last, both included."""
        return self.dilation * (self.kernel_size - 1) + 1

    @property
    def output_size(self) -> int:
        """Windows that fit on the canvas; not positive where none does.

        Rounded up, it is PyTorch's: there may be one window more that begins in the input or in the padding before it.

        >>> from dataclasses import replace
        >>> axis = Axis.direct(4, kernel_size=2, stride=3, padding=0, dilation=1)
        >>> axis.output_size, replace(axis, up=True).output_size
        (1, 2)
        """
        room = self.canvas_size - self.span
        if not self.up:
            return room // self.stride + 1
        return min(-(-room // self.stride) + 1, -(-(self.first + self.input_size) // self.stride))

    @property
    def lack(self) -> int:
        """Canvas cells that are too few for a window; 0 where there is one."""
        most = self.stride - 1 if self.up else 0  # so far may a window reach beyond the canvas
        return max(0, self.span - self.canvas_size - most)

    @property
    def left_over(self) -> int:
        """Canvas cells at the far end that no window reaches."""
        return max(0, self._beyond_windows)

    @property
    def cut_off(self) -> int:
        """Cells by which the last window reaches beyond the canvas, where it is cut off."""
        return max(0, -self._beyond_windows)

    @property
    def _beyond_windows(self) -> int:
        return self.canvas_size - self.span - (self.output_size - 1) * self.stride

    @property
    def places(self) -> range:
        """The canvas index of every input element; outside the canvas where a crop removed it.

        >>> Axis.transposed(4, kernel_size=1, stride=1, padding=1, dilation=1, output_padding=0).places
        range(-1, 3)
        """
        return range(self.first, self.first + (self.input_size - 1) * self.spread + 1, self.spread)

    @property
    def crops(self) -> bool:
        """Whether some input elements lie beyond the canvas."""
        places = self.places
        return places[0] < 0 or places[-1] >= self.canvas_size

    @property
    def collapsing(self) -> range:
        """Of a `direct` axis, the input sizes that lead to the same output size as its own.

        A stride leaves up to one element less than itself unread at the end, so there are as many as it is large.

        >>> Axis.direct(6, kernel_size=3, stride=2, padding=1, dilation=1).collapsing
        range(5, 7)
        """
        if not self.up:
            least = self.input_size - self.left_over
            return range(max(1, least), least + self.stride)
        near = range(max(1, self.input_size - self.stride), self.input_size + self.stride + 1)
        # A larger input never leads to a smaller output; a stride may be far too large to try them one by one.
        first, end = (
            side(near, self.output_size, key=lambda size: self.resized(size).output_size)
            for side in (bisect_left, bisect_right)
        )
        return near[first:end]

    def resized(self, input_size: int) -> Axis:
        """The same for an input of another size."""
        return replace(self, input_size=input_size, canvas_size=self.canvas_size + input_size - self.input_size)

    @property
    def gaps(self) -> bool:
        """Whether it leaves elements out: input that no window reads or, if it is `turned`, output that reads no input.

        >>> [Axis.direct(8, kernel_size=k, stride=2, padding=0, dilation=1).gaps for k in (1, 2, 3)]
        [True, False, True]
        """
        # A transposed convolution writes where its convolution reads.
        reach, stride = self.span - 1, max(self.stride, self.spread)
        windows, size = (self.input_size, self.output_size) if self.turned else (self.output_size, self.input_size)
        first = reach - self.first if self.turned else self.first
        # All windows but those near the ends are alike, so that a few of them leave out whatever many do.
        few = min(windows, 2 * (max(reach, first) // stride + 1) + 1)
        size -= (windows - few) * stride
        reached = {window * stride + tap * self.dilation for window in range(few) for tap in range(self.kernel_size)}
        return sum(first <= place < first + size for place in reached) < size

    def source(self, canvas: int) -> tuple[Kind, int | None]:
        """What lies at index `canvas`, and the index of the input element that it is or copies; None for a zero."""
        element, between = divmod(canvas - self.first, self.spread)
        if not 0 <= canvas - self.first <= (self.input_size - 1) * self.spread:
            return Kind.PADDING, MODES[self.mode].copied(canvas - self.first, self.input_size)
        return (Kind.INSERTED, None) if between else (Kind.INPUT, element)

    def window(self, output: int) -> tuple[AxisTap, ...]:
        """The taps that compute output index `output`, in canvas order."""
        return tuple(map(AxisTap, *self.reads(output)))

    def reads(self, output: int) -> tuple[Sequence[int], Sequence[int], Sequence[int | None]]:
        """The taps of `window` field by field: their kernel, canvas and input indices.

        >>> Axis.direct(5, kernel_size=3, stride=2, padding=1, dilation=1).reads(0)
        (range(0, 3), range(0, 3), [None, 0, 1])
        """
        start, source = output * self.stride, self.source
        canvas = range(start, min(start + self.span, self.canvas_size), self.dilation)
        kernel = range(len(canvas))
        return kernel[::-1] if self.turned else kernel, canvas, [source(place)[1] for place in canvas]


@dataclass(frozen=True)
class Bins(Axis):
    """One dimension that is shared out among so many windows, each as long as it must be to leave no element out.

    `kernel_size` is the length of the longest; `stride` means nothing here.
    """

    bins: int = 1

    @classmethod
    def shared(cls, input_size: int, bins: int) -> Bins:
        """The axis of adaptive pooling: window n begins at `floor(n i/o)` and ends before `ceil((n + 1) i/o)`.

        >>> axis = Bins.shared(input_size=5, bins=3)
        >>> [[tap.input for tap in axis.window(output)] for output in range(3)]
        [[0, 1], [1, 2, 3], [3, 4]]
        """
        # Divided by `o`, `n i` leaves all multiples of the greatest common divisor; the largest makes the longest.
        longest = -(-(input_size + bins - gcd(input_size, bins)) // bins)
        return cls(input_size, longest, input_size, 0, 1, 1, 1, turned=False, bins=bins)

    @property
    def output_size(self) -> int:
        """The number of windows."""
        return self.bins

    @property
    def _beyond_windows(self) -> int:
        return 0

    @property
    def gaps(self) -> bool:
        """Every element is read."""
        return False

    def reads(self, output: int) -> tuple[Sequence[int], Sequence[int], Sequence[int | None]]:
        """The taps of `window` field by field: their kernel, canvas and input indices."""
        size, bins = self.input_size, self.bins
        places = range(output * size // bins, -(-(output + 1) * size // bins))
        return range(len(places)), places, places
