"""What is drawn: a layer over rows and columns, whatever its own axes are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from convgif.arithmetic import Conv
from convgif.drawing.parts.subject import Subject, cells_of, size_of
from convgif.figure import Figure
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE, seeds
from tests.drawing.cases import drawable, numbered
from tests.drawing.truth import lifted, numbers_of


@REPEATABLE
@given(drawable("flat"), seeds())
def test_steps_and_numbers_are_those_of_the_layer_by_row_and_column(layer: AnyLayer, seed: int) -> None:
    figure, x, w = numbered(layer, "flat", seed)
    subject = Subject.of(figure)
    assert subject.layer == lifted(layer)
    assert [subject.step(frame) for frame in range(subject.steps)] == [*lifted(layer).steps()]
    numbers, own = subject.numbers, figure.numbers
    assert numbers is not None
    assert own is not None
    np.testing.assert_array_equal(numbers.input, numbers_of(layer.input_size, x))
    np.testing.assert_array_equal(numbers.output, numbers_of(layer.output_size, own.output))
    assert (numbers.weight is None) == (w is None)
    if numbers.weight is not None and w is not None:
        np.testing.assert_array_equal(numbers.weight, numbers_of(layer.kernel_size, w))
    assert subject.note(0) == layer.sentence(layer.step_at(0), own)


def test_numbers_are_not_computed_before_they_are_asked_for() -> None:
    figure = Figure(Conv(4, 3), random=0)
    subject = Subject.of(figure)
    assert subject.numbered
    assert subject.steps == 4
    assert "numbers" not in vars(figure)
    assert subject.numbers is not None
    assert Subject.of(Figure(Conv(4, 3))).numbers is None


def test_options_are_the_figures_and_those_that_a_view_adds() -> None:
    subject = Subject.of(Figure(Conv(4, 3), reveal=True)).wanting("prologue").wanting("kernel_map")
    assert [subject.wants(name) for name in ("reveal", "prologue", "kernel_map", "direct_matrix")] == [True] * 3 + [
        False
    ]


@pytest.mark.parametrize(("size", "name"), [(5, "row 0, column 2"), ((5,), "2")])
def test_cells_are_named_by_the_axes_that_there_are(size: int | tuple[int, ...], name: str) -> None:
    assert Subject.of(Figure(Conv(size, 3))).name((0, 2)) == name


def test_cells_go_row_by_row() -> None:
    assert cells_of((2, 3)) == [*np.ndindex(2, 3)]
    assert size_of((2, 3)) == (2, 3)
