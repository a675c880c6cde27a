"""Pooling: the numbers that PyTorch gives, and its limit on padding.

The numbers of all small and many random layers are compared with the oracle in `test_layer`; here are the cases in
which a pooling layer differs from a convolution.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from convgif.arithmetic import AvgPool, Conv, MaxPool
from convgif.errors import InputError
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE, avg_pools, filled, max_pools, seeds

GUIDE = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]


def test_the_numerical_figures_of_the_guide() -> None:
    assert MaxPool(5, 3, stride=1).apply(GUIDE).tolist() == [[3, 3, 3], [3, 3, 3], [3, 2, 3]]
    averages = [[1.7, 1.7, 1.7], [1.0, 1.2, 1.8], [1.1, 0.8, 1.3]]
    assert AvgPool(5, 3, stride=1).apply(GUIDE).round(1).tolist() == averages


@pytest.mark.parametrize("kind", [MaxPool, AvgPool])
def test_stride_is_the_kernel_size_unless_given(kind: Callable[..., MaxPool | AvgPool]) -> None:
    assert kind(6, (2, 3)).stride == (2, 3)
    assert kind(6, (2, 3)).output_size == (3, 2)
    assert kind(6, (2, 3), stride=1).stride == (1, 1)
    assert kind(6, (2, 3), None, 1) == kind(6, (2, 3), (2, 3), 1)


def test_padding_never_wins() -> None:
    below = [[-3, -1], [-2, -4]]
    for x in (below, np.array(below, np.float64), np.array(below, np.int8)):
        assert MaxPool(2, 2, padding=1).apply(x).tolist() == [[-3, -1], [-2, -4]]


@REPEATABLE
@given(max_pools(), seeds())
def test_the_largest_number_does_not_depend_on_how_numbers_are_stored(layer: MaxPool, seed: int) -> None:
    """Also where dilation lets a window see nothing but padding: PyTorch's answer is -inf, never a made-up number."""
    x = filled(layer.input_size, seed)
    np.testing.assert_array_equal(layer.apply(x.astype(np.int64)), layer.apply(x))


def test_a_dilated_window_that_sees_padding_alone_has_no_largest_number() -> None:
    """Span 3, padding 1, input 1: the only window reads canvas 0 and 2; the only input lies at 1."""
    layer = MaxPool(1, 2, stride=1, padding=1, dilation=2)
    assert layer.apply([[5.0]]).tolist() == [[-np.inf]]
    assert layer.apply([[5]]).tolist() == [[-np.inf]]


def test_padding_counts_in_the_average_unless_told_otherwise() -> None:
    x = [[4, 8], [12, 16]]
    assert AvgPool(2, 2, padding=1).apply(x).tolist() == [[1, 2], [3, 4]]
    assert AvgPool(2, 2, padding=1, count_include_pad=False).apply(x).tolist() == x


@REPEATABLE
@given(avg_pools(), seeds())
def test_an_average_is_a_convolution_with_equal_weights(layer: AvgPool, seed: int) -> None:
    x = filled(layer.input_size, seed)
    conv = Conv(layer.input_size, layer.kernel_size, layer.stride, layer.padding)
    counting = AvgPool(layer.input_size, layer.kernel_size, layer.stride, layer.padding)
    elements = prod(layer.kernel_size)
    np.testing.assert_array_equal(counting.apply(x), conv.apply(x, np.ones(layer.kernel_size)) / elements)


@REPEATABLE
@given(avg_pools())
def test_the_average_of_equal_numbers_is_that_number(layer: AvgPool) -> None:
    """Where padding does not count, it leaves no mark; where it does, it pulls the border towards zero."""
    average = layer.apply(np.full(layer.input_size, 6.0))
    if layer.count_include_pad:
        assert ((average > 0) & (average <= 6)).all()
    else:
        assert (average == 6).all()


@pytest.mark.parametrize("sort", [np.int8, np.uint8, np.bool_])
def test_averages_outgrow_narrow_numbers(sort: type[np.generic]) -> None:
    x = np.full((3, 3), 100).astype(sort)
    assert AvgPool(3, 3).apply(x).tolist() == [[float(x[0, 0])]]


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (MaxPool, {"padding": 2}, "padding = (2, 2): must be at most 1, half the pooling window"),
        (AvgPool, {"padding": (0, 2)}, "padding = (0, 2): must be at most 1, half the pooling window"),
        (
            MaxPool,
            {"kernel_size": (3, 2), "dilation": (2, 1), "padding": 3},
            "padding = (3, 3): must be at most 1, half the pooling window",
        ),
        (AvgPool, {"kernel_size": 1, "padding": 1}, "padding = (1, 1): must be at most 0, half the pooling window"),
        (
            MaxPool,
            {"kernel_size": 7},
            "kernel_size = (7, 7): does not fit: it spans 7x7, the padded input has 5x5, "
            "2 rows and 2 columns too few; padding = 1 would fit",
        ),
        (AvgPool, {"count_include_pad": 1}, "count_include_pad = 1: must be true or false"),
        (AvgPool, {"count_include_pad": None}, "count_include_pad = None: must be true or false"),
        (AvgPool, {"stride": 0}, "stride = 0: must be an integer >= 1"),
        (MaxPool, {"stride": "2"}, "stride = '2': must be an integer >= 1, or one for each axis: (rows, columns)"),
        (MaxPool, {"kernel_size": 0}, "kernel_size = 0: must be an integer >= 1"),
        (AvgPool, {"kernel_size": -1}, "kernel_size = -1: must be an integer >= 1"),
        (
            MaxPool,
            {"input_size": (3,), "kernel_size": (2,), "dilation": 3},
            "kernel_size = (2,): does not fit: it spans 4, the padded input has 3, 1 cell too few; "
            "padding = 1 would fit",
        ),
        (AvgPool, {"dilation": 2}, "dilation = 2: average pooling has none"),
        (
            MaxPool,
            {"kernel_size": 0, "stride": 0},
            "kernel_size = 0: must be an integer >= 1\nstride = 0: must be an integer >= 1",
        ),
    ],
)
def test_impossible_pooling_layers(
    kind: Callable[..., MaxPool | AvgPool], arguments: dict[str, Any], message: str
) -> None:
    """Only what was given is complained about: a default stride that follows a wrong kernel is no second mistake."""
    with pytest.raises(InputError) as caught:
        kind(**{"input_size": 5, "kernel_size": 3} | arguments)
    assert str(caught.value) == message


def test_the_largest_padding_allowed() -> None:
    """Half the kernel size, rounded down; PyTorch does not count a dilated window's span."""
    assert MaxPool(5, 4, padding=2).output_size == (2, 2)
    assert MaxPool(5, (3, 5), stride=1, padding=(1, 2)).output_size == (5, 5)
    assert MaxPool(5, 3, stride=1, padding=1, dilation=2).output_size == (3, 3)
    with pytest.raises(InputError):
        MaxPool(5, 3, stride=1, padding=2, dilation=2)


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        (MaxPool(4, 2), "Max pooling of a 4x4 input with a 2x2 window, stride 2, giving a 2x2 output."),
        (
            MaxPool((7, 5), 3, stride=1, padding=(1, 0), dilation=(2, 1)),
            "Max pooling of a 7x5 input with a 3x3 window, stride 1, padding (1, 0) and dilation (2, 1), "
            "giving a 5x3 output.",
        ),
        (
            AvgPool(5, 3, stride=2, padding=1),
            "Average pooling of a 5x5 input with a 3x3 window, stride 2 and padding 1, giving a 3x3 output.",
        ),
        (
            AvgPool(5, 3, stride=2, padding=1, count_include_pad=False),
            "Average pooling of a 5x5 input with a 3x3 window, stride 2, padding 1 and padding not counted, "
            "giving a 3x3 output.",
        ),
        (
            AvgPool((4, 6), (2, 3), count_include_pad=False),
            "Average pooling of a 4x6 input with a 2x3 window, stride (2, 3), giving a 2x2 output.",
        ),
        (
            AvgPool((9,), 3, padding=1, count_include_pad=False),
            "Average pooling of an input of 9 with a window of 3, stride 3, padding 1 and padding not counted, "
            "giving an output of 3.",
        ),
    ],
)
def test_describe(layer: AnyLayer, sentence: str) -> None:
    assert layer.describe() == sentence


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (MaxPool(4, 2), "o = floor((4 + 0 - 2)/2) + 1 = 2"),
        (MaxPool(7, 3, stride=1, padding=1, dilation=2), "o = floor((7 + 2 - 2*2 - 1)/1) + 1 = 5"),
        (AvgPool((5, 4), 3), "rows: o = floor((5 + 0 - 3)/3) + 1 = 1; columns: o = floor((4 + 0 - 3)/3) + 1 = 1"),
    ],
)
def test_formula(layer: AnyLayer, text: str) -> None:
    assert "; ".join(equation.text for equation in layer.formula()) == text


def test_pooling_has_no_weight() -> None:
    assert not MaxPool(4, 2).has_weight
    assert not AvgPool(4, 2).has_weight
    assert Conv(4, 2).has_weight


@pytest.mark.parametrize(
    ("layer", "blank"),
    [(MaxPool(4, 2), "−∞"), (AvgPool(4, 2), "0"), (AvgPool(4, 2, count_include_pad=False), ""), (Conv(4, 2), "0")],
)
def test_what_a_cell_without_input_counts_as(layer: AnyLayer, blank: str) -> None:
    """Nothing where it changes neither the largest nor the average."""
    assert layer.blank == blank
