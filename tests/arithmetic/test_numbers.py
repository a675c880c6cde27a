"""What is gathered for every step: the same as its taps say, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from convgif.arithmetic import Conv, ConvTranspose
from convgif.arithmetic.numbers import as_numbers, gathered
from convgif.errors import InputError
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE, filled, layers, seeds


@REPEATABLE
@given(layers(), seeds())
def test_gathered_is_what_the_taps_read(layer: AnyLayer, seed: int) -> None:
    x = filled(layer.input_size, seed) + 100  # no zero that could be mistaken for padding
    taken, real = gathered(layer.axes, x)
    assert taken.shape == real.shape == layer.output_size + layer.kernel_size
    for step in layer.steps():
        for tap in step.taps:
            assert real[step.output + tap.kernel] == (tap.input is not None)
            assert taken[step.output + tap.kernel] == (0 if tap.input is None else x[tap.input])


def test_gathered_by_hand() -> None:
    layer = Conv(input_size=(1, 2), kernel_size=(1, 2), padding=(0, 1))
    taken, real = gathered(layer.axes, np.array([[7, 8]]))
    assert taken.tolist() == [[[[0, 7]], [[7, 8]], [[8, 0]]]]
    assert real.tolist() == [[[[False, True]], [[True, True]], [[True, False]]]]


def test_gathered_by_hand_with_a_turned_kernel() -> None:
    """Stamped: 7 * w[0], 7 * w[1], 8 * w[0], 8 * w[1] in this order, so each output reads one element."""
    layer = ConvTranspose(input_size=(1, 2), kernel_size=(1, 2), stride=(1, 2))
    taken, _ = gathered(layer.axes, np.array([[7, 8]]))
    assert taken.tolist() == [[[[7, 0]], [[0, 7]], [[8, 0]], [[0, 8]]]]


@pytest.mark.parametrize("kind", [np.bool_, np.uint8, np.int64, np.float32])
def test_gathered_keeps_the_sort_of_numbers(kind: type[np.generic]) -> None:
    layer = Conv(input_size=2, kernel_size=2, padding=1)
    taken, real = gathered(layer.axes, np.ones((2, 2), kind))
    assert taken.dtype == kind
    assert real.dtype == np.bool_


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([[1, 2], [3, 4]], "x = [[1, 2], [3, 4]]: is 2 x 2, must be 2 x 3"),
        ([[1, 2], [3, 4], [5, 6]], "x = [[1, 2], [3, 4], [5, 6]]: is 3 x 2, must be 2 x 3"),
        ([[1, 2, 3], [4, 5]], "x = [[1, 2, 3], [4, 5]]: must be 2 rows of 3 numbers each"),
        ([[[1], [2, 3]], 4], "x = [[[1], [2, 3]], 4]: must be 2 rows of 3 numbers each"),
        ([["a", "b", "c"], ["d", "e", "f"]], None),
        ([[1, 2, 3], [4, 5, "6"]], "x = [[1, 2, 3], [4, 5, '6']]: must be 2 rows of 3 numbers each"),
        ([[1, 2, 3], [4, 5, None]], "x = [[1, 2, 3], [4, 5, None]]: must be 2 rows of 3 numbers each"),
        ([[1, 2, 3], [4, 5, 6j]], None),
        ([1, 2, 3], "x = [1, 2, 3]: must be 2 rows of 3 numbers each"),
        ([[[1, 2, 3], [4, 5, 6]]], "x = [[[1, 2, 3], [4, 5, 6]]]: must be 2 rows of 3 numbers each"),
        (7, "x = 7: must be 2 rows of 3 numbers each"),
        (None, "x = None: must be 2 rows of 3 numbers each"),
        ("map", "x = 'map': must be 2 rows of 3 numbers each"),
        ([], "x = []: must be 2 rows of 3 numbers each"),
    ],
)
def test_what_is_no_map_of_numbers_is_refused(value: Any, message: str | None) -> None:
    with pytest.raises(InputError) as caught:
        as_numbers("x", value, (2, 3))
    assert str(caught.value) == (message or f"x = {value!r}: must be 2 rows of 3 numbers each")


@pytest.mark.parametrize(
    ("size", "value", "message"),
    [
        ((3,), [[1, 2, 3]], "w = [[1, 2, 3]]: must be 3 numbers"),
        ((1,), 1, "w = 1: must be 1 number"),
        ((3,), [1, 2], "w = [1, 2]: has 2 numbers, must have 3"),
        ((3,), [1], "w = [1]: has 1 number, must have 3"),
        ((1, 1), [1], "w = [1]: must be 1 row of 1 number each"),
        ((1, 2, 3), [1], "w = [1]: must be 1 plane of 2 rows of 3 numbers each"),
        ((1, 2, 3), [[[1, 2], [3, 4]]], "w = [[[1, 2], [3, 4]]]: is 1 x 2 x 2, must be 1 x 2 x 3"),
    ],
)
def test_numbers_of_another_shape_over_any_axes(size: tuple[int, ...], value: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        as_numbers("w", value, size)
    assert str(caught.value) == message


@pytest.mark.parametrize("size", [(2,), (1, 2), (1, 1, 2)])
@pytest.mark.parametrize("kind", [bool, np.uint8, np.int64, np.float32, np.float64])
def test_numbers_of_any_sort_are_taken(kind: type[Any], size: tuple[int, ...]) -> None:
    numbers = as_numbers("x", np.array([0, 1]).astype(kind).reshape(size).tolist(), size)
    assert numbers.ravel().tolist() == [0, 1]
    assert numbers.shape == size
