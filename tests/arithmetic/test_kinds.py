"""Kinds of layers from other packages: what they define is enough, and nothing else knows their names."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from convgif.arithmetic import Axis, Formula, Layer, as_numbers
from convgif.arithmetic.explanation import explain
from convgif.arithmetic.formula import formula
from convgif.arithmetic.layer import INPUT_SIZE, KERNEL_SIZE, STRIDE
from convgif.arithmetic.linear_map import as_matrix
from convgif.arithmetic.numbers import gathered
from convgif.arithmetic.sliding import Sliding
from convgif.errors import InputError
from convgif.options import Flag, Option, Size
from tests.arithmetic.oracle import Numbers


class MinPool(Sliding):
    """The least that a kind must define whose window slides over the input."""

    name = "min_pool"
    title = "min pooling"
    parameters = (INPUT_SIZE, KERNEL_SIZE, STRIDE)
    has_weight = False

    def apply(self, x: npt.ArrayLike, w: npt.ArrayLike | None = None) -> Numbers:
        """The smallest of each window."""
        taken, _ = gathered(self.axes, as_numbers("x", x, self.input_size))
        smallest: Numbers = taken.min(axis=tuple(range(self.ndim, 2 * self.ndim)))
        return smallest


@dataclass(frozen=True, init=False, repr=False)
class Repeat(Layer):
    """A kind with an arithmetic and arguments of its own: each element `times` in a row, forwards or backwards."""

    name = "repeat"
    title = "repetition"
    parameters = (
        INPUT_SIZE,
        Option("times", Size(1), "how often", 2, "Layer"),
        Option("backwards", Flag(), "whether the last comes first", False, "Layer"),
    )
    has_weight = False

    times: tuple[int, ...]
    backwards: bool

    def axis(self, direction: int) -> Axis:
        """A canvas of so many copies beside each element."""
        size, times = self.input_size[direction], self.times[direction]
        return Axis(size, 1, size * times, 0, times, 1, 1, turned=self.backwards)

    @property
    def relation(self) -> Formula:
        """The output size in letters."""
        return formula("o = i*n")

    def worked(self, direction: int) -> Formula:
        """The output size in numbers."""
        return formula(f"{self.input_size[direction]}*{self.times[direction]}")

    def apply(self, x: npt.ArrayLike, w: npt.ArrayLike | None = None) -> Numbers:
        """Nothing that matters here."""
        return as_numbers("x", x, self.input_size)


def test_a_small_kind_has_all_that_a_layer_has() -> None:
    layer = MinPool((4, 5), 2, stride=(1, 3))
    assert (layer.output_size, layer.padding, layer.dilation) == ((3, 2), (0, 0), (1, 1))
    assert layer.arguments() == {"input_size": (4, 5), "kernel_size": (2, 2), "stride": (1, 3)}
    assert repr(layer) == "MinPool(input_size=(4, 5), kernel_size=(2, 2), stride=(1, 3))"
    assert MinPool(4, 2) == MinPool((4, 4), (2, 2)) != MinPool(4, 2, stride=2)
    x = np.arange(20).reshape(4, 5)
    assert layer.apply(x).tolist() == [[0, 3], [5, 8], [10, 13]]
    step = layer.step_at(1)
    assert [tap.input for tap in step.taps] == [(0, 3), (0, 4), (1, 3), (1, 4)]
    assert layer.sentence(step) == "Output (0, 1) reads 4 input elements."
    assert layer.sentence(step, (x, None, layer.apply(x))) == "Output (0, 1) = min pooling of 3, 4, 8, 9 = 3"
    assert [phase.name for phase in layer.phases()] == ["input", "kernel"]
    assert explain(layer).startswith("Min pooling of a 4x5 input with a 2x2 window, stride (1, 3), giving a 3x2 output")
    assert MinPool((5,), 2).lifted(2) == MinPool((1, 5), (1, 2))
    assert str(inspect.signature(MinPool)) == (
        "(input_size: 'SizeLike', kernel_size: 'SizeLike', stride: 'SizeLike' = 1)"
    )
    assert (layer.blank, layer.turned, layer.crops, layer.equivalent(), layer.comparison()) == (
        "0",
        False,
        False,
        layer,
        (),
    )


def test_its_mistakes_are_told_as_those_of_any_layer() -> None:
    with pytest.raises(InputError) as caught:
        MinPool(5, kernel=2, padding=1, stride=0)
    assert str(caught.value) == (
        "kernel = 2: there is no such argument; did you mean kernel_size?\n"
        "padding = 1: min pooling has none\n"
        "kernel_size: must be given\n"
        "stride = 0: must be an integer >= 1"
    )
    with pytest.raises(InputError, match=r"^kernel_size = \(7,\): does not fit: .* 2 cells too few; padding = 1"):
        MinPool((5,), 7)


def test_a_kind_with_arguments_and_arithmetic_of_its_own() -> None:
    layer = Repeat((2, 3), times=(2, 1), backwards=True)
    assert layer == Repeat((2, 3), (2, 1), True) != Repeat((2, 3), (2, 1))
    assert (layer.kernel_size, layer.output_size, layer.turned) == ((1, 1), (4, 3), True)
    assert [equation.text for equation in layer.formula()] == ["rows: o = 2*2 = 4", "columns: o = 3*1 = 3"]
    assert Repeat(3).lifted(3) == Repeat((1, 3, 3), (1, 2, 2))
    assert as_matrix(Repeat((2,)), [1]).tolist() == [[1, 0], [0, 0], [0, 1], [0, 0]]
    assert "turned" not in explain(layer)
