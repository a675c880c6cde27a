"""Adaptive pooling: the output size is given, and the input is shared out among so many windows, as PyTorch does it.

Windows are as long as they must be to leave no element out: where the sizes do not divide, some are longer than others
and neighbours overlap.

>>> from convgif.arithmetic import AdaptiveAvgPool
>>> layer = AdaptiveAvgPool(input_size=(5,), output_size=3)
>>> [[tap.input for tap in step.taps] for step in layer.steps()]
[[(0,), (1,)], [(1,), (2,), (3,)], [(3,), (4,)]]
>>> layer.apply([1, 2, 3, 4, 5])
array([1.5, 3. , 4.5])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from convgif.arithmetic.axis import Axis, Bins
from convgif.arithmetic.formula import Equation, Floor, Formula, equations, formula
from convgif.arithmetic.layer import INPUT_SIZE, Layer, SizeLike, Step, Term, Working
from convgif.arithmetic.numbers import as_numbers, gathered
from convgif.arithmetic.phases import Phase, phase
from convgif.arithmetic.pool import averages, maxima, winner
from convgif.arithmetic.sentences import Sentence, a_sized, by, labels, spoken
from convgif.errors import InputError, wrong
from convgif.options import REQUIRED, Option, Size

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from convgif.arithmetic.numbers import Array

OUTPUT_SIZE: Final = Option("output_size", Size(1), "elements of the output, and so many windows", REQUIRED, "Layer")


@dataclass(frozen=True, init=False, repr=False)
class _Adaptive(Layer):
    """A layer that sums up windows whose sizes follow from those of input and output."""

    parameters = (INPUT_SIZE, OUTPUT_SIZE)
    has_weight = False

    output_size: tuple[int, ...]

    if TYPE_CHECKING:  # what `parameters` makes of it, for type checkers and editors

        def __init__(self, input_size: SizeLike, output_size: SizeLike) -> None: ...

    def _fill(self, sizes: Mapping[str, int | tuple[int, ...] | None]) -> None:
        """Set the sizes; the window's is that of the largest."""
        super()._fill(sizes)
        object.__setattr__(self, "kernel_size", tuple(axis.kernel_size for axis in self.axes))

    def axis(self, direction: int) -> Axis:
        """The arithmetic along one axis."""
        return Bins.shared(self.input_size[direction], self.output_size[direction])

    @property
    def relation(self) -> Formula:
        """The input elements that an output element is computed from, in letters."""
        return formula("x = ", Floor("i*n", "o"), ", ..., ", Floor("i*n + i - 1", "o"))

    def worked(self, direction: int) -> Formula:
        """The right side of `relation` with the numbers of one axis put in."""
        i, o = self.input_size[direction], str(self.output_size[direction])
        return formula(Floor(f"{i}n", o), ", ..., ", Floor(f"{i}n + {i - 1}" if i > 1 else "n", o))

    def formula(self) -> tuple[Equation, ...]:
        """What output element `n` reads along each axis, worked out with its numbers."""
        return equations([formula("x = ", self.worked(n)) for n in range(self.ndim)], labels(self.ndim))

    def derivation(self) -> tuple[Equation, ...]:
        """The same: there is nothing to derive where the output size is given."""
        return self.formula()

    @classmethod
    def leading_to(cls, output_size: tuple[int, ...], **arguments: Any) -> Self | None:
        """The layer that leads to that output size, which is an argument of its own."""
        try:
            return cls(**{**arguments, OUTPUT_SIZE.name: output_size})
        except InputError:
            return None

    def describe(self) -> str:
        """One plain sentence: what the layer does to which sizes."""
        most, of = by(self.kernel_size), a_sized(self.input_size, "input")
        windows = f"windows of {'at most ' if self.uneven else ''}{most}"
        return f"{self.title.capitalize()} of {of} with {windows}, giving {a_sized(self.output_size, 'output')}."

    @property
    def uneven(self) -> bool:
        """Whether some windows are larger than others."""
        # The smallest, such as the first, are as long as they must be on their own.
        return self.kernel_size != tuple(-(-i // o) for i, o in zip(self.input_size, self.output_size, strict=True))

    @property
    def letters(self) -> tuple[str, ...]:
        """What the letters of its formulas stand for."""
        return ("i input", "o output", "n output element", "x input elements that it reads")

    def phases(self) -> tuple[Phase, ...]:
        """How its canvas comes about: it is the input."""
        whole = tuple(map(range, self.canvas_size))
        shared = Sentence("the windows share the input out")
        return (
            phase("input", (f"i = {spoken(self.input_size)}",), Sentence("the input"), None),
            Phase("kernel", self.derivation(), shared, whole),
        )

    def _windows(self, x: npt.ArrayLike, w: npt.ArrayLike | None) -> tuple[Array, npt.NDArray[np.bool_]]:
        if w is not None:
            raise wrong("w", w, "must be left out: a pooling layer has no weights")
        return gathered(self.axes, as_numbers("x", x, self.input_size))


@dataclass(frozen=True, init=False, repr=False)
class AdaptiveMaxPool(_Adaptive):
    """An adaptive max pooling layer, as `torch.nn.AdaptiveMaxPool2d` computes it for a channel; 1-D and 3-D alike.

    Its arguments are the `input_size` and the `output_size`, each an integer or one number an axis. Output element `n`
    reads the input elements from `floor(n i/o)` to `ceil((n + 1) i/o) - 1` along an axis.

    Raises:
        InputError: a size is not such a number.

    >>> AdaptiveMaxPool(input_size=7, output_size=3).describe()
    'Adaptive max pooling of a 7x7 input with windows of 3x3, giving a 3x3 output.'
    """

    name = "adaptive_max_pool"
    title = "adaptive max pooling"
    also_called = (
        *("adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d", "adaptivemaxpool"),
        *("adaptivemaxpool1d", "adaptivemaxpool2d", "adaptivemaxpool3d", "adaptive_max_pooling"),
    )

    def apply(self, x: npt.ArrayLike, w: npt.ArrayLike | None = None) -> Array:
        """The largest input element of each window, shape `output_size`, for `x` of shape `input_size`.

        Raises:
            InputError: `x` is of another shape, or no numbers; or a kernel is given.
        """
        return maxima(*self._windows(x, w))

    def computation(self, inputs: Sequence[str], weights: Sequence[str] | None, blanks: int) -> str:
        """How a step computes its output."""
        return f"max({', '.join(inputs)})"

    def working(self, step: Step, x: Array) -> Working:
        """How a step computes its output, and which element wins: the first of the largest."""
        return super().working(step, x)._replace(opening="max(", closing=")", winner=winner(step, x))


@dataclass(frozen=True, init=False, repr=False)
class AdaptiveAvgPool(_Adaptive):
    """An adaptive average pooling layer, as `torch.nn.AdaptiveAvgPool2d` computes it for a channel; 1-D and 3-D alike.

    Its arguments are the `input_size` and the `output_size`, each an integer or one number an axis. Output element `n`
    reads the input elements from `floor(n i/o)` to `ceil((n + 1) i/o) - 1` along an axis.

    Raises:
        InputError: a size is not such a number.

    >>> AdaptiveAvgPool(input_size=5, output_size=3).describe()
    'Adaptive average pooling of a 5x5 input with windows of at most 3x3, giving a 3x3 output.'
    """

    name = "adaptive_avg_pool"
    title = "adaptive average pooling"
    also_called = (
        *("adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptiveavgpool"),
        *("adaptiveavgpool1d", "adaptiveavgpool2d", "adaptiveavgpool3d", "adaptive_average_pooling", "adaptive"),
    )

    def apply(self, x: npt.ArrayLike, w: npt.ArrayLike | None = None) -> Array:
        """The average of each window, shape `output_size`, for `x` of shape `input_size`.

        Raises:
            InputError: `x` is of another shape, or no numbers; or a kernel is given.
        """
        taken, real = self._windows(x, w)
        return averages(taken, real)

    def computation(self, inputs: Sequence[str], weights: Sequence[str] | None, blanks: int) -> str:
        """How a step computes its output."""
        return f"mean of {', '.join(inputs)}"

    def working(self, step: Step, x: Array) -> Working:
        """How a step computes its output: what it reads, added up and divided."""
        terms = tuple(Term(tap, weighed=False) for tap in step.taps)
        return Working(terms, " + ", "(", f")/{len(terms)}")
