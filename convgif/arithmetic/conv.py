"""Convolution, and the transposed convolution as PyTorch defines it.

>>> from convgif.arithmetic import Conv, ConvTranspose
>>> Conv(input_size=5, kernel_size=3, stride=2, padding=1).output_size
(3, 3)
>>> ConvTranspose(input_size=3, kernel_size=3, stride=2, padding=1).output_size
(5, 5)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import sub
from typing import TYPE_CHECKING, Any, Final, Self

from convgif.arithmetic.axis import Axis
from convgif.arithmetic.channels import GROUPS, IN_CHANNELS, OUT_CHANNELS, Channels, shares
from convgif.arithmetic.formula import Formula, equations, formula
from convgif.arithmetic.layer import (
    DILATION,
    INPUT_SIZE,
    KERNEL_SIZE,
    PADDING,
    STRIDE,
    Compared,
    Layer,
    PaddingLike,
    SizeLike,
)
from convgif.arithmetic.numbers import as_numbers, gathered, summed
from convgif.arithmetic.padding import MODES, WORDS, ZEROS, Pair, given_as
from convgif.arithmetic.phases import Phase, phase
from convgif.arithmetic.sentences import Sentence, labels, slices, spoken
from convgif.arithmetic.sliding import Sliding
from convgif.errors import InputError, Mention, Problem, either, rule, wrong
from convgif.options import Option, Sides, Size, Word

if TYPE_CHECKING:
    import numpy.typing as npt

    from convgif.arithmetic.numbers import Array

OUTPUT_PADDING: Final = Option(
    "output_padding", Size(0), "elements added to the output at the bottom and at the right", 0, "Layer"
)

PADDING_MODE: Final = Option(
    "padding_mode", Word(lambda: MODES), "what padding holds: zeros, or copies of input elements", ZEROS, "Layer"
)

NO_ZEROS_BETWEEN: Final[Mapping[int, Sentence]] = {
    1: Sentence("no zeros between the elements"),
    2: Sentence("no zeros between rows and columns"),
    3: Sentence("no zeros between planes, rows and columns"),
}
ZEROS_BETWEEN: Final[Mapping[int, Sentence]] = {
    1: Sentence("zeros between the elements"),
    2: Sentence("zeros between rows and columns"),
    3: Sentence("zeros between planes, rows and columns"),
}
MORE_ZEROS: Final[Mapping[int, Sentence]] = {
    1: Sentence("more zeros at the end"),
    2: Sentence("more zeros at the bottom and the right"),
    3: Sentence("more zeros at the back, the bottom and the right"),
}
"""What is said of zeros, by the number of axes."""
CHANNELS: Final = (IN_CHANNELS, OUT_CHANNELS, GROUPS)
NONE: Final = Sentence("none")
"""Stands in the table that compares layers where one of them has nothing of the kind."""


class _Weighted(Layer):
    """A layer whose output is a sum of weights times inputs."""

    def apply(self, x: npt.ArrayLike, w: npt.ArrayLike | None = None) -> Array:
        """The output, shape `output_size`.

        Args:
            x: the input, shape `input_size`.
            w: the kernel as stored, shape `kernel_size`. As in PyTorch a convolution does not turn it, so a
                transposed one does.

        Raises:
            InputError: `x` or `w` is of another shape, no numbers, or so large that an output is no number any more.

        >>> from convgif.arithmetic import Conv
        >>> Conv(input_size=3, kernel_size=2).apply([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0], [0, 1]])
        array([[ 6,  8],
               [12, 14]])
        """
        import numpy as np

        inputs = as_numbers("x", x, self.input_size)
        weights = as_numbers("w", w, self.kernel_size)
        # einsum numbers the axes: the output's come first, the kernel's are summed over.
        output, kernel = list(range(self.ndim)), list(range(self.ndim, 2 * self.ndim))

        def total(x: Array, w: Array) -> Array:
            found: Array = np.einsum(gathered(self.axes, x)[0], output + kernel, w, kernel, output)
            return found

        return summed(total, inputs, weights)


@dataclass(frozen=True, init=False, repr=False)
class Conv(_Weighted, Sliding):
    """A convolution (cross-correlation) layer, as `torch.nn.Conv2d` computes it; Conv1d and Conv3d alike.

    Its first arguments are sizes, each an integer or one number an axis: the `input_size`, the `kernel_size`, the
    `stride` from one window to the next, the `padding` on each side of the input, and the `dilation` between the
    kernel's elements. Padding may also be (before, after) for each axis, or a word that a framework has for it:
    `valid`; `same`, for stride 1 only, as in PyTorch; `same_upper` and `same_lower`, of which the first is what
    TensorFlow and Keras call same; or `causal`, for one axis. `in_channels` and `out_channels` are integers, and so is
    `groups`, which divides both. `padding_mode` says what padding holds, as in PyTorch: `zeros`, `reflect`,
    `replicate` or `circular`.

    Raises:
        InputError: an argument is not such a number, the kernel does not fit the padded input, `groups` does not divide
            the channels, or a framework's rule is broken: more padding than there are elements to copy, or a word where
            it does not apply.

    >>> layer = Conv(input_size=5, kernel_size=3, stride=2, padding=1)
    >>> layer.formula()[0].text
    'o = floor((5 + 2 - 3)/2) + 1 = 3'
    >>> layer.step((0, 0)).taps[4]
    Tap(kernel=(1, 1), canvas=(1, 1), input=(0, 0))
    >>> Conv(input_size=(9,), kernel_size=3).output_size
    (7,)
    >>> Conv(input_size=3, kernel_size=3, padding=1, padding_mode="reflect").step((0, 0)).taps[0]
    Tap(kernel=(0, 0), canvas=(0, 0), input=(1, 1))
    """

    name = "conv"
    title = "convolution"
    also_called = (
        *("conv1d", "conv2d", "conv3d", "convolution", "convolve", "cross_correlation", "correlation"),
        *("dilated", "dilated_conv", "dilated_convolution", "atrous", "atrous_conv", "atrous_convolution"),
    )
    parameters = (
        INPUT_SIZE,
        KERNEL_SIZE,
        STRIDE,
        replace(
            PADDING,
            kind=Sides(0, tuple(WORDS)),
            meaning=f"cells added on each side of the input; pairs (before, after), or {either(WORDS)}",
        ),
        DILATION,
        *CHANNELS,
        PADDING_MODE,
    )

    in_channels: int
    out_channels: int
    groups: int
    padding_mode: str

    if TYPE_CHECKING:  # what `parameters` makes of it, for type checkers and editors

        def __init__(
            self,
            input_size: SizeLike,
            kernel_size: SizeLike,
            stride: SizeLike = ...,
            padding: PaddingLike = ...,
            dilation: SizeLike = ...,
            in_channels: int = ...,
            out_channels: int = ...,
            groups: int = ...,
            padding_mode: str = ...,
        ) -> None: ...

    def axis(self, direction: int) -> Axis:
        """The arithmetic along one axis."""
        return replace(super().axis(direction), mode=self.padding_mode)

    @property
    def copies(self) -> bool:
        """Whether some of its padding copies input elements."""
        return self.padded and self.padding_mode != ZEROS

    def allows(self, pads: Sequence[Pair]) -> bool:
        """Whether there are enough elements to copy for that padding."""
        return all(max(pair) <= most for pair, most in zip(pads, self._most_padding, strict=True))

    @property
    def _most_padding(self) -> tuple[int, ...]:
        """The largest padding that its mode has elements for: PyTorch's rules."""
        return tuple(map(MODES[self.padding_mode].most, self.input_size))

    def misfits(self) -> Iterator[Problem]:
        """What is wrong between arguments that are each right."""
        if self.padding == "same" and {*self.stride} != {1}:
            words = (
                "is for stride 1 only, as in PyTorch; TensorFlow's and Keras's is ",
                Mention("padding", "same_upper"),
            )
            yield Problem("padding", self.padding, rule(*words))
        elif self.padding == "causal" and self.ndim > 1:
            pairs = given_as([*self.pads[:1], *((0, 0) for _ in self.pads[1:])])
            words = ("is for layers of one axis; along the first of these axes it is ", Mention("padding", pairs))
            yield Problem("padding", self.padding, rule(*words))
        elif not self.allows(self.pads):
            most = f"at most {spoken(self._most_padding)}, {MODES[self.padding_mode].limit}, "
            here = f"comes to {self.padding_words}; " if isinstance(self.padding, str) else ""
            yield Problem(
                "padding", self.padding, rule(f"{here}must be {most}with ", Mention("padding_mode", self.padding_mode))
            )
        else:
            yield from super().misfits()
        yield from self.channels.misfits()

    @property
    def channels(self) -> Channels:
        """How many maps it reads and makes."""
        return Channels(self.in_channels, self.out_channels, self.groups)

    def of_one_channel(self) -> Conv:
        """The layer between one input channel and one output channel.

        >>> Conv(input_size=4, kernel_size=3, in_channels=3).of_one_channel() == Conv(input_size=4, kernel_size=3)
        True
        """
        arguments: dict[str, Any] = self.arguments()
        return type(self)(**{**arguments, **{option.name: option.default for option in CHANNELS}})

    def apply(self, x: npt.ArrayLike, w: npt.ArrayLike | None = None) -> Array:
        """The output, shape `output_shape`.

        Args:
            x: the input, shape `input_shape`: `input_size`, after `in_channels` where there are several channels.
            w: the kernels, shape `weight_shape`: `kernel_size`, there after `(out_channels, in_channels / groups)`.

        Raises:
            InputError: `x` or `w` is of another shape, no numbers, or so large that an output is no number any more.

        >>> Conv(input_size=(1, 2), kernel_size=1, in_channels=2).apply([[[1, 2]], [[3, 4]]], [[[[1]], [[10]]]])
        array([[[31, 42]]])
        """
        if self.channels.single:
            return super().apply(x, w)
        inputs = as_numbers("x", x, self.input_shape, self.ndim)
        weights = as_numbers("w", w, self.weight_shape, self.ndim)
        return summed(lambda x, w: shares(self.axes, self.channels, x, w).sum(axis=1), inputs, weights)

    def details(self) -> list[str]:
        """What `describe` has to add."""
        return [*super().details(), *self.channels.details()]

    def comparison(self) -> tuple[Compared, ...]:
        """This layer beside its transpose in their sizes, if it has one."""
        one = self.of_one_channel()
        return () if self.copies else compared(one, one.transpose())

    def transpose(self) -> ConvTranspose:
        """The transposed convolution that leads from the output's size back to the input's.

        Its output padding makes up for what the stride left unread (the guide's relationship 14).

        Raises:
            InputError: the layer has several channels, and transposed convolutions have one; or it copies its input as
                padding, and so reads it more than once.

        >>> Conv(input_size=6, kernel_size=3, stride=2, padding=1).transpose().output_padding
        (1, 1)
        """
        if self.copies:
            words = ("padding that copies the input has no transposed convolution; ", Mention("padding_mode", ZEROS))
            raise wrong("padding_mode", self.padding_mode, rule(*words, " has"))
        for option in CHANNELS[:2]:
            if (count := getattr(self, option.name)) > 1:
                raise wrong(option.name, count, "must be 1 here: a transposed convolution has a single channel")
        extra = tuple(axis.left_over for axis in self.axes)
        pads = given_as(self.pads)
        return ConvTranspose(self.output_size, self.kernel_size, self.stride, pads, self.dilation, extra)

    @property
    def _named_padding(self) -> str:
        """The padding, after its mode where that is another than zeros."""
        return f"{self.padding_mode} {super()._named_padding}" if self.copies else super()._named_padding

    @property
    def canvas_words(self) -> str:
        """What the canvas is."""
        return (
            f"{super().canvas_words}, which {MODES[self.padding_mode].words}" if self.copies else super().canvas_words
        )


@dataclass(frozen=True, init=False, repr=False)
class ConvTranspose(_Weighted):
    """A transposed convolution layer, as `torch.nn.ConvTranspose2d` computes it for one channel; 1-D and 3-D alike.

    Its steps are those of the equivalent direct convolution over the stretched canvas, with the kernel turned by 180
    degrees: `tap.kernel` is the weight that is truly multiplied there.

    Its arguments are sizes, each an integer or one number an axis, and all of them speak of this layer: its
    `input_size` and `kernel_size`, the `stride` from one input element's stamp on the output to the next, the
    `padding` that is cut from each side of the output, the `dilation` between the stamp's elements, and the
    `output_padding` that is added to the far end of the output.

    Raises:
        InputError: a size is not such a number, `output_padding` is not smaller than stride or dilation, or nothing
            is left of the output.

    >>> layer = ConvTranspose(input_size=3, kernel_size=3, stride=2, padding=1, output_padding=1)
    >>> layer.output_size, layer.canvas_size
    ((6, 6), (8, 8))
    >>> layer.formula()[0].text
    'o = 2*2 + 3 - 2 + 1 = 6'
    """

    name = "conv_transpose"
    title = "transposed convolution"
    also_called = (
        *("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"),
        *("convtranspose", "convtranspose1d", "convtranspose2d", "convtranspose3d"),
        *("conv1d_transpose", "conv2d_transpose", "conv3d_transpose", "conv1dtranspose", "conv2dtranspose"),
        *("conv3dtranspose", "transposed", "transpose", "transposed_conv", "transpose_conv", "transposed_convolution"),
        *("deconv", "deconv2d", "deconvolution", "fractionally_strided", "fractionally_strided_convolution", "upconv"),
    )
    parameters = (
        INPUT_SIZE,
        KERNEL_SIZE,
        replace(STRIDE, meaning="output elements from one input element's stamp to the next"),
        replace(PADDING, meaning="elements cut from each side of the output, or pairs (before, after)"),
        replace(DILATION, meaning="output elements from one kernel element to the next"),
        OUTPUT_PADDING,
    )

    output_padding: tuple[int, ...]

    if TYPE_CHECKING:  # what `parameters` makes of it, for type checkers and editors

        def __init__(
            self,
            input_size: SizeLike,
            kernel_size: SizeLike,
            stride: SizeLike = ...,
            padding: PaddingLike = ...,
            dilation: SizeLike = ...,
            output_padding: SizeLike = ...,
        ) -> None: ...

    def transpose(self) -> Conv:
        """The convolution that this layer is the transpose of: it leads from the output's size back to the input's.

        Raises:
            InputError: there is none, since a stride leaves fewer rows or columns unread than `output_padding` adds.

        >>> ConvTranspose(input_size=3, kernel_size=3, stride=2, padding=1).transpose().input_size
        (5, 5)
        """
        if not self.is_a_transpose:
            words = ("no convolution leads back to the input's size unless it is smaller than ",)
            raise wrong("output_padding", self.output_padding, rule(*words, Mention("stride", self.stride)))
        return Conv(self.output_size, self.kernel_size, self.stride, given_as(self.pads), self.dilation)

    def equivalent(self) -> Conv:
        """The convolution over the stretched input, with stride 1 and without padding, that computes this layer.

        Its kernel is this layer's, turned by 180 degrees.

        Raises:
            InputError: its sizes are beyond those that a layer can have.

        >>> ConvTranspose(input_size=3, kernel_size=3, stride=2, padding=1).equivalent().input_size
        (7, 7)
        """
        return Conv(self.canvas_size, self.kernel_size, dilation=self.dilation)

    @classmethod
    def leading_to(cls, output_size: tuple[int, ...], **arguments: Any) -> Self | None:
        """The layer with these arguments, and the output padding below the stride that leads to that output size.

        With more than that it would be the transpose of no convolution.

        >>> sizes = {"input_size": (3,), "kernel_size": (3,), "stride": (2,), "padding": (1,)}
        >>> ConvTranspose.leading_to((6,), **sizes).output_padding
        (1,)
        """
        most = tuple(stride - 1 for stride in arguments["stride"])
        try:
            largest = cls(**arguments, output_padding=most)
        except InputError:
            return None
        surplus = (size - wanted for size, wanted in zip(largest.output_size, output_size, strict=True))
        extra = tuple(one - more for one, more in zip(most, surplus, strict=True))
        if not all(0 <= one <= limit for one, limit in zip(extra, most, strict=True)):
            return None
        return cls(**arguments, output_padding=extra)

    def choices(self) -> tuple[str, ...]:
        """What its output padding chooses from, for each axis where they differ; nothing where it has no choice.

        >>> ConvTranspose(input_size=7, kernel_size=3, stride=2, padding=1, output_padding=1).choices()
        ('a convolution with these sizes makes 7 of both 13 and 14; output padding 1 chooses 14',)
        """
        undone = [self.undone(direction) for direction in range(self.ndim)]
        if not self.is_a_transpose or all(len(axis.collapsing) == 1 for axis in undone):
            return ()
        said = [_choice(axis, extra) for axis, extra in zip(undone, self.output_padding, strict=True)]
        if len({*said}) == 1:
            return tuple(said[:1])
        return tuple(f"{label}: {words}" for label, words in zip(labels(self.ndim), said, strict=True))

    def undone(self, direction: int) -> Axis:
        """One axis of the convolution with these sizes, which leads from the output's size back to the input's."""
        return Axis.direct(
            self.output_size[direction],
            self.kernel_size[direction],
            self.stride[direction],
            self.pads[direction],
            self.dilation[direction],
        )

    @property
    def is_a_transpose(self) -> bool:
        """Whether there is a convolution that it is the transpose of."""
        return all(extra < stride for extra, stride in zip(self.output_padding, self.stride, strict=True))

    def axis(self, direction: int) -> Axis:
        """The arithmetic along one axis."""
        return Axis.transposed(
            self.input_size[direction],
            self.kernel_size[direction],
            self.stride[direction],
            self.pads[direction],
            self.dilation[direction],
            self.output_padding[direction],
        )

    @property
    def relation(self) -> Formula:
        """The output size in the guide's letters: its relationship 14."""
        extra = " + a" if any(self.output_padding) else ""
        span = "d(k - 1) + 1" if self.dilated else "k"
        return formula(f"o = (i - 1)s + {span} - {'2p' if self.symmetric else 'p_1 - p_2'}{extra}")

    def worked(self, direction: int) -> Formula:
        """The right side of `relation` with the numbers of one axis put in."""
        i, s, (before, after) = self.input_size[direction], self.stride[direction], self.pads[direction]
        k, d, extra = self.kernel_size[direction], self.dilation[direction], self.output_padding[direction]
        span = f"{d}*{k - 1} + 1" if self.dilated else str(k)
        more = f" + {extra}" if any(self.output_padding) else ""
        return formula(f"{i - 1}*{s} + {span} - {2 * before if self.symmetric else f'{before} - {after}'}{more}")

    def misfits(self) -> Iterator[Problem]:
        """What is wrong between sizes that are each right."""
        limits = tuple(max(s, d) for s, d in zip(self.stride, self.dilation, strict=True))
        if any(extra >= limit for extra, limit in zip(self.output_padding, limits, strict=True)):
            words = f"must be smaller than {spoken(limits)}, the larger of "
            mentions = (Mention("stride"), " and ", Mention("dilation"))
            yield Problem("output_padding", self.output_padding, rule(words, *mentions))
        elif min(self.output_size) < 1:
            lack = tuple(max(0, 1 - o) for o in self.output_size)
            most = given_as([_less(pair, few, self.symmetric) for pair, few in zip(self.pads, lack, strict=True)])
            words = f"cuts the output away, {slices(lack)} too many; "
            yield Problem("padding", self.padding, rule(words, Mention("padding", most), " would leave some"))

    def details(self) -> list[str]:
        """What `describe` has to add."""
        return [f"output padding {spoken(self.output_padding)}"] if any(self.output_padding) else []

    @property
    def canvas_words(self) -> str:
        """What the canvas is."""
        same = self.canvas_size == self.input_size and not any(axis.first for axis in self.axes)
        return "the input itself" if same else "the input, stretched for a direct convolution"

    @property
    def kernel_words(self) -> list[str]:
        """What there is to know of the kernel besides its size."""
        turning = self.turning.text.replace("°", " degrees")
        return [*super().kernel_words, f"{turning}, one cell further with every step"]

    @property
    def letters(self) -> tuple[str, ...]:
        """What the letters of its formulas stand for."""
        *others, output = super().letters
        around = ("p' zeros around",) if self.symmetric else ("p'_1 zeros before", "p'_2 after")
        return (*others, "z inserted zeros", *around, output)

    def phases(self) -> tuple[Phase, ...]:
        """How its canvas comes about: `input`, `zeros`, `padding`, `output padding` where there is some, `kernel`."""
        i, s, k = map(spoken, (self.input_size, self.stride, self.kernel_size))
        reach_letters, reach = "k - 1", f"{k} - 1"
        if self.dilated:
            reach_letters, reach = "d(k - 1)", f"{spoken(self.dilation)}*({k} - 1)"
        spread = tuple(range(axis.places[0], axis.places[-1] + 1) for axis in self.axes)
        whole = tuple(map(range, self.canvas_size))
        even = tuple(range(size - extra) for size, extra in zip(self.canvas_size, self.output_padding, strict=True))
        stretched, padded, all_of_it = (  # a crop may take more than there is before output padding
            spoken([part.stop - part.start for part in block]) for block in (spread, even, whole)
        )
        zeros = (
            f"z = s - 1 = {s} - 1 = {spoken(self._between)}",
            f"i + z(i - 1) = {i} + {spoken(self._between)}*({i} - 1) = {stretched}",
        )
        around, cuts = self._around, tuple(zip(*self.pads, strict=True))
        both, ways = self._around_letters, [("p'", "p")] if self.symmetric else [("p'_1", "p_1"), ("p'_2", "p_2")]
        sides = [
            f"{letter} = {reach_letters} - {cut} = {reach} - {spoken(less)} = {spoken(more)}"
            for (letter, cut), less, more in zip(ways, cuts, around, strict=False)
        ]
        added = f"2*{_bracketed(around[0])}" if self.symmetric else " + ".join(map(_bracketed, around))
        sides.append(f"i + z(i - 1) + {both} = {stretched} + {added} = {padded}")
        a = spoken(self.output_padding)
        more = phase(
            "output padding",
            (f"a = {a}", f"i + z(i - 1) + {both} + a = {padded} + {a} = {all_of_it}"),
            MORE_ZEROS[self.ndim],
            whole,
        )
        return (
            phase("input", (f"i = {i}",), Sentence("the input"), None),
            phase("zeros", zeros, (ZEROS_BETWEEN if any(self._between) else NO_ZEROS_BETWEEN)[self.ndim], spread),
            phase("padding", sides, _words_around(self._around), even),
            *((more,) if any(self.output_padding) else ()),
            Phase(
                "kernel",
                equations([self._slid(direction) for direction in range(self.ndim)], labels(self.ndim)),
                Sentence("the kernel, {turning}, slides with stride 1", turning=self.turning),
                whole,
            ),
        )

    def comparison(self) -> tuple[Compared, ...]:
        """The convolution that this layer is the transpose of, if there is one, beside how this layer is computed."""
        return compared(self.transpose(), self) if self.is_a_transpose else ()

    @property
    def _between(self) -> tuple[int, ...]:
        """The zeros between neighbouring input elements."""
        return tuple(stride - 1 for stride in self.stride)

    @property
    def _around(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The zeros before every axis of the stretched input, and those after it; crops where negative."""
        reaches = [axis.span - 1 for axis in self.axes]
        before, after = zip(*self.pads, strict=True)
        return tuple(map(sub, reaches, before)), tuple(map(sub, reaches, after))

    @property
    def _around_letters(self) -> str:
        """All these zeros in letters."""
        return "2p'" if self.symmetric else "p'_1 + p'_2"

    def _slid(self, direction: int) -> Formula:
        """The output size as that of the equivalent direct convolution, in letters and with the numbers of one axis."""
        k, d, canvas = self.kernel_size[direction], self.dilation[direction], self.canvas_size[direction]
        a = " + a" if any(self.output_padding) else ""
        reach_letters, reach = ("d(k - 1)", f"{d}*({k} - 1)") if self.dilated else ("(k - 1)", f"({k} - 1)")
        letters = f"i + z(i - 1) + {self._around_letters}{a} - {reach_letters}"
        return formula(f"o = {letters} = {canvas} - {reach} = {self.output_size[direction]}")


def _choice(undone: Axis, extra: int) -> str:
    """Which sizes collapse onto one, and which of them the output padding leads back to."""
    sizes, chosen = undone.collapsing, undone.input_size
    makes = f"a convolution with these sizes makes {undone.output_size} of"
    if len(sizes) == 1:
        return f"{makes} {chosen} only"
    several = f"both {sizes[0]} and {sizes[1]}" if len(sizes) == 2 else f"every size from {sizes[0]} to {sizes[-1]}"
    return f"{makes} {several}; output padding {extra} chooses {chosen}"


def _bracketed(numbers: Sequence[int]) -> str:
    """One number an axis where a factor can stand: negative ones in brackets."""
    text = spoken(numbers)
    return f"({text})" if text.startswith("-") else text


def compared(direct: Conv, transposed: ConvTranspose) -> tuple[Compared, ...]:
    """A convolution and its transpose side by side, in letters and in numbers.

    The letters of each column are those of its own layer.

    >>> for row in compared(Conv(5, 3, 2, 1), ConvTranspose(3, 3, 2, 1)):
    ...     print(row.title, row.direct.text, row.transposed.text, sep="; ")
    operation; the kernel slides; the turned kernel slides
    input size; i = 5; i = 3
    kernel size; k = 3; k = 3
    zero insertion; none; s - 1 = 1
    padding; p = 1; k - 1 - p = 1
    stride; s = 2; 1
    output size; floor((i + 2p - k)/s) + 1 = 3; (i - 1)s + k - 2p = 5
    """
    between = tuple(stride - 1 for stride in transposed.stride)
    reach = "d(k - 1)" if transposed.dilated else "k - 1"
    s, d, a = map(spoken, (direct.stride, direct.dilation, transposed.output_padding))
    letters = ("p",) if direct.symmetric else ("p_1", "p_2")
    padding = [f"{p} = {spoken(size)}" for p, size in zip(letters, zip(*direct.pads, strict=True), strict=False)]
    around = [f"{reach} - {p} = {spoken(size)}" for p, size in zip(letters, transposed._around, strict=False)]
    one_input, other_input = (formula(f"i = {spoken(layer.input_size)}") for layer in (direct, transposed))
    kernel, dilation = formula(f"k = {spoken(direct.kernel_size)}"), formula(f"d = {d}")
    inserted = formula(f"s - 1 = {spoken(between)}")
    return (
        Compared(Sentence("operation"), Sentence("the kernel slides"), Sentence("the turned kernel slides")),
        Compared(Sentence("input size"), one_input, other_input),
        Compared(Sentence("kernel size"), kernel, kernel),
        *((Compared(Sentence("dilation"), dilation, dilation),) if transposed.dilated else ()),
        Compared(Sentence("zero insertion"), NONE, inserted),
        Compared(Sentence("padding"), formula(", ".join(padding)), formula(", ".join(around))),
        *(
            (Compared(Sentence("more zeros at the ends"), NONE, formula(f"a = {a}")),)
            if any(transposed.output_padding)
            else ()
        ),
        Compared(Sentence("stride"), formula(f"s = {s}"), formula("1")),
        Compared(Sentence("output size"), *(_result(layer) for layer in (direct, transposed))),
    )


def _result(layer: Layer) -> Formula:
    """The output size in letters and numbers, without the letter that it has itself."""
    first, *others = layer.relation
    assert isinstance(first, str)
    start = first.removeprefix("o = ")
    return formula(*([start] if start else []), *others, f" = {spoken(layer.output_size)}")


def _less(pads: Pair, few: int, even: bool) -> Pair:
    """Padding with so many cells less in all: as many on either side, or first those after."""
    before, after = pads
    if even:  # two rows or columns go with every unit of padding
        return before - -(-few // 2), after - -(-few // 2)
    return before - max(0, few - after), max(0, after - few)


def _words_around(around: Sequence[tuple[int, ...]]) -> Sentence:
    least, most = min(map(min, around)), max(map(max, around))
    if most <= 0:
        return Sentence("a crop on each side") if least < 0 else Sentence("no zeros on the sides")
    if least < 0:
        return Sentence("zeros on each side; where negative, a crop")
    return Sentence("zeros on each side") if around[0] == around[1] else Sentence("zeros before and after")
