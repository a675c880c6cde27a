"""What all layers share: checked arguments, the canvas, the steps, and what is said of them.

A layer is immutable and knows only sizes. A size is a tuple once the layer is built, one number an axis; an int that is
given stands for all axes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from inspect import Parameter, Signature
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, Self, TypeAlias

from convgif.arithmetic.axis import Axis, Kind
from convgif.arithmetic.channels import SINGLE, Channels
from convgif.arithmetic.formula import Equation, Formula, equations, formula
from convgif.arithmetic.padding import WORDS, Padding, Pair, both_sides, padding_of
from convgif.arithmetic.phases import Phase, phase
from convgif.arithmetic.sentences import Sentence, Words, a_sized, at, by, counted, labels, listed, sized, spoken
from convgif.errors import MISSING, InputError, Mention, Problem, did_you_mean, rule
from convgif.options import REQUIRED, Flag, Integer, Option, Sides, Size, by_name

if TYPE_CHECKING:
    import numpy.typing as npt

    from convgif.arithmetic.numbers import Array

Cell: TypeAlias = tuple[int, ...]
"""The place of a cell: its index along every axis."""
SizeLike: TypeAlias = int | Sequence[int]
"""A size as it is given: one number for all axes, or one an axis."""
PaddingLike: TypeAlias = int | Sequence[int | Sequence[int]] | str
"""Padding as it is given: a size, or (before, after) for each axis, or a word."""

LISTED_TERMS: Final = 12
"""Numbers that a sentence can list."""
MOST_AXES: Final = 3

INPUT_SIZE: Final = Option("input_size", Size(1), "elements of the input", REQUIRED, "Layer", "i")
KERNEL_SIZE: Final = Option("kernel_size", Size(1), "elements of the kernel", REQUIRED, "Layer", "k")
STRIDE: Final = Option("stride", Size(1), "input elements from one window to the next", 1, "Layer", "s")
PADDING: Final = Option("padding", Sides(0), "zeros added on each side of the input", 0, "Layer", "p")
DILATION: Final = Option("dilation", Size(1), "input elements from one kernel element to the next", 1, "Layer", "d")
COMMON: Final = (INPUT_SIZE, KERNEL_SIZE, STRIDE, PADDING, DILATION)
"""The sizes that every layer has; those that are not among its parameters have their least values."""


class CanvasCell(NamedTuple):
    """What a canvas cell is, and the input cell that lies there or is copied there; None for a zero."""

    kind: Kind
    input: Cell | None


class Tap(NamedTuple):
    """One kernel element at work; `input` is None where it falls on a zero, be it padding or inserted."""

    kernel: Cell
    canvas: Cell
    input: Cell | None


class Step(NamedTuple):
    """The computation of one output element."""

    output: Cell
    taps: tuple[Tap, ...]


class Term(NamedTuple):
    """What one tap adds to a step's computation: `weighed` where it is multiplied by its weight."""

    tap: Tap
    weighed: bool


class Working(NamedTuple):
    """How a step computes its output, whoever writes it down: what it reads, and the words around and between.

    `winner` is the tap that the output is taken from, if it is taken from one.
    """

    terms: tuple[Term, ...]
    sign: str = " + "
    opening: Words = ""
    closing: str = ""
    winner: Tap | None = None


class Compared(NamedTuple):
    """A line of the table that sets a convolution beside its transpose."""

    title: Words
    direct: Formula | Sentence
    transposed: Formula | Sentence


@dataclass(frozen=True)
class Canvas(Mapping[Cell, CanvasCell]):
    """Every cell that the kernel slides over, by its place; computed when asked for.

    >>> from convgif.arithmetic import Conv
    >>> canvas = Conv(input_size=2, kernel_size=2, padding=1).canvas
    >>> len(canvas), canvas[0, 0].kind.name, canvas[1, 2]
    (16, 'PADDING', CanvasCell(kind=<Kind.INPUT: 'input'>, input=(0, 1)))
    """

    axes: tuple[Axis, ...]

    def __getitem__(self, cell: Cell) -> CanvasCell:
        if not isinstance(cell, tuple) or len(cell) != len(self.axes):
            raise KeyError(cell)
        kinds, places = set(), []
        for axis, place in zip(self.axes, cell, strict=True):
            if not 0 <= place < axis.canvas_size:
                raise KeyError(cell)
            kind, element = axis.source(place)
            kinds.add(kind)
            if element is not None:
                places.append(element)
        kind = next(kind for kind in (Kind.PADDING, Kind.INSERTED, Kind.INPUT) if kind in kinds)
        return CanvasCell(kind, tuple(places) if len(places) == len(cell) else None)

    def __iter__(self) -> Iterator[Cell]:
        return _cells([axis.canvas_size for axis in self.axes])

    def __len__(self) -> int:
        return prod(axis.canvas_size for axis in self.axes)


@dataclass(frozen=True, init=False)
class Layer(ABC):
    """A convolution or pooling layer: sizes in PyTorch's words, all arithmetic exact.

    A new kind of layer is a subclass. One whose window slides over the padded input is a subclass of
    `convgif.arithmetic.sliding.Sliding` and defines

    - `name`, `title` and `parameters`: what it is called in presets and in sentences, and its arguments. They become
      its signature, checked and kept as attributes. `parameters` has `input_size` and `kernel_size` at least. A kind
      with arguments beyond the five sizes below declares them as
      fields: `@dataclass(frozen=True, init=False, repr=False)`.
    - `apply`: its numbers.

    Any other kind defines `axis`, `relation` and `worked` as well: its arithmetic along one axis, and the formula
    of its output size. All else has a default that may be overridden: `also_called`, `has_weight`, `blank`,
    `blank_noun`, `computation` and `working` for what it makes of the elements that it reads, `misfits` for sizes that
    do not go together, `details`, `canvas_words`, `kernel_words`, `letters`, `phases`, `equivalent` and `comparison`
    for what is said of it.

    >>> from convgif.arithmetic.numbers import as_numbers, gathered
    >>> from convgif.arithmetic.sliding import Sliding
    >>> class MinPool(Sliding):
    ...     name = "min_pool"
    ...     title = "min pooling"
    ...     parameters = (INPUT_SIZE, KERNEL_SIZE, STRIDE)
    ...     has_weight = False
    ...
    ...     def apply(self, x, w=None):
    ...         taken, _ = gathered(self.axes, as_numbers("x", x, self.input_size))
    ...         return taken.min(axis=tuple(range(self.ndim, 2 * self.ndim)))
    >>> MinPool(input_size=(9,), kernel_size=3, stride=2).describe()
    'Min pooling of an input of 9 with a window of 3, stride 2, giving an output of 4.'
    """

    name: ClassVar[str]
    """The layer's name in presets (`layer = "conv"`)."""
    title: ClassVar[str]
    """The layer's name in a sentence."""
    also_called: ClassVar[tuple[str, ...]] = ()
    """Other names that people know it by, in lower case with underscores."""
    parameters: ClassVar[tuple[Option, ...]]
    """The arguments in their order: names, kinds, meanings and defaults.

    A stride whose default is None is as large as the kernel.
    """
    has_weight: ClassVar[bool] = True
    """Whether the layer multiplies by weights; pooling does not."""

    input_size: tuple[int, ...]
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: Padding
    dilation: tuple[int, ...]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "parameters" in cls.__dict__:
            # For `help` and for tools: what `__init__` makes of its arguments.
            cls.__signature__ = Signature([_parameter(option) for option in cls.parameters])  # type: ignore[attr-defined]

    def __init__(self, *given: object, **named: object) -> None:
        """Take the arguments that `parameters` declares, in their order or by name.

        Raises:
            InputError: with everything that is wrong with them.
        """
        values, problems = self._bound(given, named)
        sizes: dict[str, Any] = {}
        for option in self.parameters:
            if option.name not in values:
                continue
            value = values[option.name]
            if problem := option.problem(value):
                problems.append(problem)
            elif isinstance(option.kind, Size):
                sizes[option.name] = option.checked(value)
            else:
                object.__setattr__(self, option.name, option.checked(value))
        problems.extend(_disagreements(sizes))
        if not problems:
            self._fill(sizes)
            problems.extend(self.misfits())
        if problems:
            raise InputError(problems)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.arguments().items())})"

    def _bound(self, given: Sequence[object], named: Mapping[str, object]) -> tuple[dict[str, object], list[Problem]]:
        """The arguments by name, and what is wrong with how they are given."""
        declared = by_name(self.parameters)
        values = {**dict(zip(declared, given, strict=False)), **{key: named[key] for key in named if key in declared}}
        problems = []
        if len(given) > len(declared):
            kind = type(self).__name__
            few = counted(len(declared), "argument")
            problems.append(Problem("", given, f"{kind} takes {few} at most, {len(given)} were given"))
        for key in [*declared][: len(given)]:
            if key in named:
                problems.append(Problem(key, named[key], "is given twice"))
        for key, value in named.items():
            if key not in declared:
                problems.append(Problem(key, value, self._unknown(key)))
        for key, option in declared.items():
            if key not in values and option.default is REQUIRED:
                problems.append(Problem(key, MISSING, "must be given"))
            elif key not in values:
                values[key] = option.default
        return values, problems

    def _unknown(self, key: str) -> str:
        """What to say of an argument that there is not."""
        if key in by_name(COMMON):
            return f"{self.title} has none"
        return f"there is no such argument; {did_you_mean(key, by_name(self.parameters))}"

    def _fill(self, sizes: Mapping[str, Any]) -> None:
        """Set the sizes of a frozen dataclass, one number an axis; words stay."""
        ndim = max((len(size) for size in sizes.values() if isinstance(size, tuple)), default=2)
        least = {option.name: option.kind.least for option in COMMON if isinstance(option.kind, Size)}
        for name, size in {**least, **sizes}.items():
            full = sizes["kernel_size"] if size is None else size
            object.__setattr__(self, name, (full,) * ndim if isinstance(full, int) else full)

    @abstractmethod
    def axis(self, direction: int) -> Axis:
        """The arithmetic along one axis, by its index."""

    @property
    @abstractmethod
    def relation(self) -> Formula:
        """The output size in the guide's letters: `o = ...`."""

    @abstractmethod
    def worked(self, direction: int) -> Formula:
        """The right side of `relation` with the numbers of one axis put in."""

    @abstractmethod
    def apply(self, x: npt.ArrayLike, w: npt.ArrayLike | None = None) -> Array:
        """The output for the input `x`, shape `input_shape`, and the kernel `w`, shape `weight_shape`."""

    def misfits(self) -> Iterator[Problem]:
        """What is wrong between sizes that are each right."""
        yield from ()

    # Sizes and steps

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.input_size)

    @cached_property
    def pads(self) -> tuple[Pair, ...]:
        """What `padding` comes to: the cells before and after every axis.

        >>> from convgif.arithmetic import Conv
        >>> Conv(input_size=(5, 6), kernel_size=3, stride=2, padding="same_upper").pads
        ((1, 1), (0, 1))
        """
        given = self.padding
        if not isinstance(given, str):
            return tuple(map(both_sides, given))
        spans = ((k - 1) * d + 1 for k, d in zip(self.kernel_size, self.dilation, strict=True))
        return tuple(padding_of(given, *sizes) for sizes in zip(self.input_size, spans, self.stride, strict=True))

    @property
    def padded(self) -> bool:
        """Whether there is any padding."""
        return any(map(any, self.pads))

    @property
    def copies(self) -> bool:
        """Whether some of its padding copies input elements."""
        return False

    @property
    def symmetric(self) -> bool:
        """Whether there is as much padding before every axis as after it."""
        return all(before == after for before, after in self.pads)

    @property
    def padding_words(self) -> Words:
        """The padding in a sentence.

        >>> from convgif.arithmetic import Conv
        >>> str(Conv(5, 3, padding=1).padding_words), str(Conv((4,), 2, padding="same").padding_words)
        ('1', '0 before, 1 after')
        """
        before, after = map(spoken, zip(*self.pads, strict=True))
        return before if self.symmetric else Sentence("{before} before, {after} after", before=before, after=after)

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The arithmetic along every axis; rows come before columns."""
        return tuple(self.axis(direction) for direction in range(self.ndim))

    @cached_property
    def output_size(self) -> tuple[int, ...]:
        """The size of the output."""
        return tuple(axis.output_size for axis in self.axes)

    @cached_property
    def canvas_size(self) -> tuple[int, ...]:
        """The size of the canvas."""
        return tuple(axis.canvas_size for axis in self.axes)

    @property
    def channels(self) -> Channels:
        """How many maps it reads and makes."""
        return SINGLE

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape of the input's numbers: its size, after its channels if there are several of any.

        >>> from convgif.arithmetic import Conv
        >>> layer = Conv(input_size=4, kernel_size=3, in_channels=3, out_channels=2)
        >>> layer.input_shape, layer.weight_shape, layer.output_shape
        ((3, 4, 4), (2, 3, 3, 3), (2, 2, 2))
        """
        return self.input_size if self.channels.single else (self.channels.inputs, *self.input_size)

    @property
    def weight_shape(self) -> tuple[int, ...]:
        """The shape of the kernel's numbers: its size, after output channels and the input channels that each reads."""
        channels = self.channels
        return self.kernel_size if channels.single else (channels.outputs, channels.depth, *self.kernel_size)

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The shape of the output's numbers: its size, after its channels."""
        return self.output_size if self.channels.single else (self.channels.outputs, *self.output_size)

    @property
    def canvas(self) -> Canvas:
        """What each canvas cell is."""
        return Canvas(self.axes)

    @property
    def turned(self) -> bool:
        """Whether the kernel slides turned around: its last element comes first."""
        return any(axis.turned for axis in self.axes)

    @property
    def crops(self) -> bool:
        """Whether some input elements lie beyond the canvas and are never read."""
        return any(axis.crops for axis in self.axes)

    @property
    def step_count(self) -> int:
        """The number of output elements."""
        return prod(self.output_size)

    def step(self, output: Cell) -> Step:
        """The step that computes one output element.

        Raises:
            IndexError: there is no such output element.
        """
        size = self.output_size
        if len(output) != len(size) or not all(0 <= place < end for place, end in zip(output, size, strict=True)):
            raise IndexError(f"output element {output} is outside the {sized(size, 'output')}")
        # Of every axis the kernel's places, the canvas's and the input's; all products are in the same order.
        windows = [axis.reads(place) for axis, place in zip(self.axes, output, strict=True)]
        kernels, canvases, inputs = (product(*places) for places in zip(*windows, strict=True))
        read = [None if None in cell else cell for cell in inputs]
        return Step(tuple(output), tuple(map(Tap, kernels, canvases, read)))

    def step_at(self, number: int) -> Step:
        """The step of that number: row by row from the top left.

        Raises:
            IndexError: there is no such step.

        >>> from convgif.arithmetic import Conv
        >>> Conv(input_size=4, kernel_size=2).step_at(4).output
        (1, 1)
        """
        if not 0 <= number < self.step_count:
            raise IndexError(f"there is no step {number}, the last one is {self.step_count - 1}")
        output = []
        for size in reversed(self.output_size):
            number, place = divmod(number, size)
            output.append(place)
        return self.step(tuple(reversed(output)))

    def steps(self) -> Iterator[Step]:
        """One step per output element, row by row from the top left, computed as they are asked for."""
        return map(self.step, _cells(self.output_size))

    def arguments(self) -> dict[str, Any]:
        """What the layer was built with, by name.

        >>> from convgif.arithmetic import AvgPool
        >>> AvgPool(input_size=4, kernel_size=2, count_include_pad=False).arguments()["stride"]
        (2, 2)
        """
        return {option.name: getattr(self, option.name) for option in self.parameters}

    def usual(self, argument: Option) -> object:
        """The default of one of its arguments, as it holds it: pooling's stride is as large as its window."""
        if argument.default is None:
            return self.kernel_size
        return (argument.default,) * self.ndim if isinstance(argument.kind, Size) else argument.default

    @classmethod
    def leading_to(cls, output_size: tuple[int, ...], **arguments: Any) -> Self | None:
        """The layer with these arguments that leads to that output size; None if it leads elsewhere, or there is none.

        A kind may have an argument that is not given, and choose it.
        """
        try:
            layer = cls(**arguments)
        except InputError:
            return None
        return layer if layer.output_size == output_size else None

    def lifted(self, ndim: int) -> Layer:
        """The same layer over `ndim` axes: those before its own have a single element, that is left as it is.

        >>> from convgif.arithmetic import Conv
        >>> Conv(input_size=(9,), kernel_size=3, padding=1).lifted(2)
        Conv(input_size=(1, 9), kernel_size=(1, 3), stride=(1, 1), padding=(0, 1), dilation=(1, 1), \
in_channels=1, out_channels=1, groups=1, padding_mode='zeros')
        """
        more = ndim - self.ndim
        if more < 0:
            raise ValueError(f"a layer over {self.ndim} axes cannot be one over {ndim}")
        arguments: dict[str, Any] = self.arguments()
        for option in self.parameters:
            if isinstance(option.kind, Size):
                value = self.pads if isinstance(option.kind, Sides) else arguments[option.name]
                arguments[option.name] = (option.kind.least,) * more + value
        return type(self)(**arguments) if more else self

    # What it makes of the elements that it reads

    @property
    def blank(self) -> str:
        """What a canvas cell without an input element counts as; empty if it does not count."""
        return "0"

    @property
    def blank_noun(self) -> str:
        """What such cells are called, in the singular."""
        return "zero"

    def computation(self, inputs: Sequence[str], weights: Sequence[str] | None, blanks: int) -> str:
        """How the step that reads these numbers, and so many blank cells, computes its output."""
        if weights is None:
            return f"{self.title} of {', '.join(inputs)}"
        return " + ".join(f"{_factor(x)}×{_factor(w)}" for x, w in zip(inputs, weights, strict=True)) or "0"

    def working(self, step: Step, x: Array) -> Working:
        """How a step computes its output from the input `x`, of shape `input_size`, as data.

        >>> import numpy as np
        >>> from convgif.arithmetic import AvgPool, Conv
        >>> layer = Conv(input_size=2, kernel_size=2)
        >>> [term.tap.kernel for term in layer.working(layer.step((0, 0)), np.ones((2, 2))).terms]
        [(0, 0), (0, 1), (1, 0), (1, 1)]
        >>> layer = AvgPool(input_size=2, kernel_size=2)
        >>> layer.working(layer.step((0, 0)), np.ones((2, 2)))[1:]
        (' + ', '(', ')/4', None)
        """
        if self.has_weight:
            return Working(tuple(Term(tap, weighed=True) for tap in step.taps))
        return Working(_unweighed(step), ", ", Sentence("{layer} of ", layer=Sentence(self.title)))

    def sentence(self, step: Step, values: tuple[Array, Array | None, Array] | None = None) -> str:
        """A step in a sentence: what it reads, or with `values` (input, weight, output) what it computes.

        >>> import numpy as np
        >>> from convgif.arithmetic import Conv
        >>> layer = Conv(input_size=2, kernel_size=2, padding=1)
        >>> layer.sentence(layer.step((0, 0)))
        'Output (0, 0) reads 1 input element and 3 zeros.'
        >>> layer.sentence(layer.step((0, 0)), (np.ones((2, 2), int), np.full((2, 2), 5), np.full((3, 3), 5)))
        'Output (0, 0) = 1×5 = 5'
        """
        name = f"Output {at(step.output)}"
        read = [tap for tap in step.taps if tap.input is not None]
        blanks = len(step.taps) - len(read)
        if values is None or len(read) > LISTED_TERMS:
            noun, of, rest = self.blank_noun.partition(" of ")
            copies = sum(self.canvas[tap.canvas].kind is Kind.PADDING for tap in read)
            kinds = [counted(len(read) - copies, "input element")]
            if copies:
                kinds.append(f"{copies} {'copy' if copies == 1 else 'copies'} in the padding")
            if blanks:
                kinds.append(f"{counted(blanks, noun)}{of}{rest}")
            text = f"{name} reads {listed(kinds)}"
            return f"{text}." if values is None else f"{text}: {_plain(values[2][step.output])}"
        x, w, y = values
        inputs = [_plain(x[tap.input]) for tap in read]
        weights = None if w is None else [_plain(w[tap.kernel]) for tap in read]
        return f"{name} = {self.computation(inputs, weights, blanks)} = {_plain(y[step.output])}"

    # What is said of it

    def formula(self) -> tuple[Equation, ...]:
        """The output size worked out with its numbers, in the guide's terms: for each axis where they differ."""
        worked = [
            formula("o = ", self.worked(direction), f" = {size}") for direction, size in enumerate(self.output_size)
        ]
        return equations(worked, labels(self.ndim))

    def derivation(self) -> tuple[Equation, ...]:
        """The output size from letters to numbers to what they come to: where axes differ, the letters come first.

        >>> from convgif.arithmetic import ConvTranspose
        >>> ConvTranspose(input_size=3, kernel_size=3, stride=2, padding=1).derivation()[0].text
        'o = (i - 1)s + k - 2p = 2*2 + 3 - 2 = 5'
        """
        worked = self.formula()
        if len(worked) > 1:
            return Equation(self.relation), *worked
        return (Equation(formula(self.relation, " = ", self.worked(0), f" = {self.output_size[0]}")),)

    def describe(self) -> str:
        """One plain sentence: what the layer does to which sizes."""
        details = [f"stride {spoken(self.stride)}"]
        if self.padded:
            details.append(self._named_padding)
        if self.dilated:
            details.append(f"dilation {spoken(self.dilation)}")
        details.extend(self.details())
        window, output = a_sized(self.kernel_size, self.window_noun), a_sized(self.output_size, "output")
        return (
            f"{self.title[0].upper()}{self.title[1:]} of {a_sized(self.input_size, 'input')} with {window}, "
            f"{listed(details)}, giving {output}."
        )

    @property
    def window_noun(self) -> str:
        """What slides: a kernel if it has weights."""
        return "kernel" if self.has_weight else "window"

    @property
    def turning(self) -> Sentence:
        """How the kernel of a `turned` layer is turned."""
        return Sentence("turned by 180°") if self.ndim < 3 else Sentence("flipped along every axis")

    @property
    def _named_padding(self) -> str:
        """The padding, with the word that it was given by."""
        given = f" ({self.padding})" if isinstance(self.padding, str) else ""
        return f"padding {self.padding_words}{given}"

    def details(self) -> list[str]:
        """What `describe` has to add for this kind of layer."""
        return []

    def choices(self) -> tuple[str, ...]:
        """Why it leads to its output size where its other sizes leave a choice: nothing if they leave none."""
        return ()

    @property
    def canvas_words(self) -> str:
        """What the canvas is."""
        if not self.padded:
            return "the input itself"
        return f"the input with padding {self.padding_words}{' on each side' if self.symmetric else ''}"

    def rules(self) -> Iterator[tuple[str, str]]:
        """Lines of an explanation on what a framework's rules come to here, each after a word that says what about.

        >>> from convgif.arithmetic import Conv
        >>> for name, line in Conv((5,), 3, stride=2, padding="same_upper").rules():
        ...     print(f"{name:8} {line}")
        padding  same_upper: max((ceil(i/s) - 1)s + d(k - 1) + 1 - i, 0)
                 max((ceil(5/2) - 1)*2 + 3 - 5, 0) = 2: 1 before, 1 after
        """
        if isinstance(self.padding, str):
            word = WORDS[self.padding]
            yield "padding", f"{self.padding}: {word.letters}"
            sizes = zip(self.input_size, [axis.span for axis in self.axes], self.stride, strict=True)
            worked = [
                formula(f"{word.formula(*each)} = {before + after}: {before} before, {after} after")
                for each, (before, after) in zip(sizes, self.pads, strict=True)
            ]
            yield from (("", equation.text) for equation in equations(worked, labels(self.ndim)) if self.padded)

    @property
    def kernel_words(self) -> list[str]:
        """What there is to know of the kernel besides its size."""
        if not self.dilated:
            return []
        return [f"dilation {spoken(self.dilation)} makes it span {by([axis.span for axis in self.axes])}"]

    @property
    def letters(self) -> tuple[str, ...]:
        """What the letters of its formulas stand for."""
        sides = ("p padding",) if self.symmetric else ("p_1 padding before", "p_2 after")
        return ("i input", "k kernel", "s stride", *sides, "d dilation", "a output padding", "o output")

    def phases(self) -> tuple[Phase, ...]:
        """How its canvas comes about, phase by phase: the input, the padding where there is some, the kernel."""
        whole = tuple(map(range, self.canvas_size))
        sides = Sentence("padding on each side") if self.symmetric else Sentence("padding before and after")
        padding = phase("padding", self._padded(), sides, whole)
        stride = spoken(self.stride)
        if self.has_weight:
            slides = Sentence("the kernel slides with stride {stride}", stride=stride)
        else:
            slides = Sentence("the window slides with stride {stride}", stride=stride)
        return (
            phase("input", (f"i = {spoken(self.input_size)}",), Sentence("the input"), None),
            *((padding,) if self.padded else ()),
            Phase("kernel", self.derivation(), slides, whole),
        )

    def _padded(self) -> tuple[str, ...]:
        """The padding, and the size with it."""
        i, (before, after) = spoken(self.input_size), map(spoken, zip(*self.pads, strict=True))
        if self.symmetric:
            return f"p = {before}", f"i + 2p = {i} + 2*{before} = {spoken(self.canvas_size)}"
        sizes = f"{before} + {i} + {after} = {spoken(self.canvas_size)}"
        return f"p_1 = {before}, p_2 = {after}", f"p_1 + i + p_2 = {sizes}"

    def equivalent(self) -> Layer:
        """The layer that computes the same by sliding a kernel over the canvas; itself if it does so."""
        return self

    def comparison(self) -> tuple[Compared, ...]:
        """A table that sets a layer beside its transpose; empty if there is none."""
        return ()

    @property
    def dilated(self) -> bool:
        """Whether there is a dilation along any axis: then its letter is in the formulas."""
        return {*self.dilation} != {1}


def _unweighed(step: Step) -> tuple[Term, ...]:
    """The input elements that a step reads; where there are none, what there is."""
    read = [tap for tap in step.taps if tap.input is not None]
    return tuple(Term(tap, weighed=False) for tap in read or step.taps)


def _parameter(option: Option) -> Parameter:
    """An option as an argument in a signature."""
    default = Parameter.empty if option.default is REQUIRED else option.default
    kinds = {Flag: "bool", Integer: "int", Sides: "PaddingLike", Size: "SizeLike"}
    kind = kinds.get(type(option.kind), "str") + " | None" * (default is None)
    return Parameter(option.name, Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=kind)


def _disagreements(sizes: Mapping[str, object]) -> Iterator[Problem]:
    """Sizes that have another number of axes than the first that has one number an axis."""
    tuples = [(name, size) for name, size in sizes.items() if isinstance(size, tuple)]
    for name, size in tuples[1:]:
        first, count = tuples[0][0], len(tuples[0][1])
        if len(size) != count:
            numbers = "a single number" if count == 1 else f"{count} numbers"
            words = rule(f"must be an integer, or {numbers} as ", Mention(first, tuples[0][1]), " has")
            yield Problem(name, size, words)


def _cells(size: Sequence[int]) -> Iterator[Cell]:
    """Every place in a block of that size, row by row; none is kept."""
    *outer, last = size
    for head in _cells(outer) if outer else ((),):
        for place in range(last):
            yield (*head, place)


def _plain(value: object) -> str:
    return f"{value:.6g}"


def _factor(text: str) -> str:
    return f"({text})" if text.startswith("-") else text
