"""What is gathered for every step: the same as its taps say, element by element."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from convgif.arithmetic import Conv, ConvTranspose
from convgif.arithmetic.numbers import gathered
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE, filled, layers, seeds


@REPEATABLE
@given(layers(), seeds())
def test_gathered_is_what_the_taps_read(layer: AnyLayer, seed: int) -> None:
    x = filled(layer.input_size, seed) + 100  # no zero that could be mistaken for padding
    taken, real = gathered(layer.rows, layer.cols, x)
    assert taken.shape == real.shape == layer.output_size + layer.kernel_size
    for step in layer.steps():
        for tap in step.taps:
            assert real[step.output + tap.kernel] == (tap.input is not None)
            assert taken[step.output + tap.kernel] == (0 if tap.input is None else x[tap.input])


def test_gathered_by_hand() -> None:
    layer = Conv(input_size=(1, 2), kernel_size=(1, 2), padding=(0, 1))
    taken, real = gathered(layer.rows, layer.cols, np.array([[7, 8]]))
    assert taken.tolist() == [[[[0, 7]], [[7, 8]], [[8, 0]]]]
    assert real.tolist() == [[[[False, True]], [[True, True]], [[True, False]]]]


def test_gathered_by_hand_with_a_turned_kernel() -> None:
    """Stamped: 7 * w[0], 7 * w[1], 8 * w[0], 8 * w[1] in this order, so each output reads one element."""
    layer = ConvTranspose(input_size=(1, 2), kernel_size=(1, 2), stride=(1, 2))
    taken, _ = gathered(layer.rows, layer.cols, np.array([[7, 8]]))
    assert taken.tolist() == [[[[7, 0]], [[0, 7]], [[8, 0]], [[0, 8]]]]


@pytest.mark.parametrize("kind", [np.bool_, np.uint8, np.int64, np.float32])
def test_gathered_keeps_the_sort_of_numbers(kind: type[np.generic]) -> None:
    layer = Conv(input_size=2, kernel_size=2, padding=1)
    taken, real = gathered(layer.rows, layer.cols, np.ones((2, 2), kind))
    assert taken.dtype == kind
    assert real.dtype == np.bool_
