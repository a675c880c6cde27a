"""Adaptive pooling against plain loops and PyTorch; and the laws of how an input is shared out."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from convgif.arithmetic import AdaptiveAvgPool, AdaptiveMaxPool
from convgif.arithmetic.explanation import explain
from convgif.arithmetic.solving import solve
from convgif.errors import InputError
from tests.arithmetic.oracle import computed
from tests.arithmetic.strategies import REPEATABLE, adaptive_pools, filled, seeds

AnyAdaptive = AdaptiveMaxPool | AdaptiveAvgPool


@REPEATABLE
@given(adaptive_pools(), seeds())
def test_it_computes_what_loops_and_pytorch_do(layer: AnyAdaptive, seed: int) -> None:
    x = filled(layer.input_size, seed)
    y = layer.apply(x)
    np.testing.assert_allclose(y, computed(layer, x, None))
    torch: Any = pytest.importorskip("torch")
    module = getattr(torch.nn, f"{type(layer).__name__}{layer.ndim}d")(layer.output_size)
    np.testing.assert_allclose(module(torch.tensor(x[None]))[0].numpy(), y)


@REPEATABLE
@given(adaptive_pools(), seeds())
def test_a_step_reads_what_its_output_is_made_of(layer: AnyAdaptive, seed: int) -> None:
    x = filled(layer.input_size, seed)
    y = layer.apply(x)
    for step in layer.steps():
        read = [x[tap.input] for tap in step.taps if tap.input is not None]
        assert len(read) == len(step.taps)
        working = layer.working(step, x)
        assert len(working.terms) == len(read)
        if isinstance(layer, AdaptiveMaxPool):
            assert working.winner is not None
            assert x[working.winner.input] == max(read) == y[step.output]
        else:
            assert working.closing == f")/{len(read)}"
            assert y[step.output] == pytest.approx(sum(read) / len(read))


def test_windows_leave_nothing_out_and_the_longest_is_as_long_as_is_said() -> None:
    for i, o in product(range(1, 13), repeat=2):
        layer = AdaptiveAvgPool((i,), o)
        windows = [{tap.input for tap in step.taps} for step in layer.steps()]
        lengths = {len(window) for window in windows}
        assert set().union(*windows) == {(place,) for place in range(i)}
        assert layer.kernel_size == (max(lengths),)
        assert layer.uneven == (len(lengths) > 1)
        assert layer.output_size == (o,) == (len(windows),)
        assert solve((i,), (o,), "adaptive_avg_pool") == (layer,)


def test_what_is_said_of_it() -> None:
    layer = AdaptiveMaxPool(5, (3, 5))
    assert layer.describe() == "Adaptive max pooling of a 5x5 input with windows of at most 3x1, giving a 3x5 output."
    assert [equation.text for equation in layer.formula()] == [
        "rows: x = floor((5n)/3), ..., floor((5n + 4)/3)",
        "columns: x = floor((5n)/5), ..., floor((5n + 4)/5)",
    ]
    assert "window   3x1" in explain(layer)
    assert "unread" not in explain(layer)
    assert layer.arguments() == {"input_size": (5, 5), "output_size": (3, 5)}
    assert AdaptiveMaxPool((5,), 3).lifted(2) == AdaptiveMaxPool((1, 5), (1, 3)) != AdaptiveMaxPool((1, 5), (1, 4))


def test_what_is_wrong_with_it() -> None:
    with pytest.raises(InputError, match=r"^stride = 2: adaptive average pooling has none\noutput_size = 0: must be"):
        AdaptiveAvgPool(5, 0, stride=2)  # type: ignore[call-arg]  # that is what is wrong
    with pytest.raises(InputError, match=r"^w = .*: must be left out"):
        AdaptiveMaxPool(2, 1).apply([[1, 2], [3, 4]], [[1]])
