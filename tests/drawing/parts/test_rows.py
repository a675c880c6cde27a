"""Rows: every output lies over what it reads, or over the input of its own time."""

from __future__ import annotations

import pytest

from convgif.arithmetic import Conv, ConvTranspose, MaxPool
from convgif.drawing.parts.rows import offset
from tests.arithmetic.oracle import AnyLayer


@pytest.mark.parametrize("padding", ["causal", "same_upper", "same_lower"])
@pytest.mark.parametrize("kernel_size", [1, 2, 4])
def test_an_output_as_long_as_the_input_lies_over_it(padding: str, kernel_size: int) -> None:
    layer = Conv((5,), kernel_size, padding=padding)
    for step in layer.steps():
        assert layer.canvas[(int(offset(layer.axes[0])) + step.output[0],)].input == step.output


@pytest.mark.parametrize(
    "layer",
    [
        Conv((9,), 3),
        Conv((8,), 2),
        Conv((9,), 3, stride=2, padding=1),
        Conv((9,), 3, stride=4, dilation=2, padding="causal"),
        ConvTranspose((4,), 3, stride=2),
        ConvTranspose((4,), 2, stride=2, padding=2),
        MaxPool((8,), 2),
    ],
)
def test_any_other_lies_over_the_middle_of_its_windows(layer: AnyLayer) -> None:
    """The first output is as far to the right of its window's middle as the last is to the left; with stride 1, not."""
    right = []
    for step in layer.steps():
        window = [tap.canvas[0] for tap in step.taps]
        right.append(offset(layer.axes[0]) + step.output[0] - (window[0] + window[-1]) / 2)
    assert right[0] + right[-1] == pytest.approx(0)
    assert right == sorted(right, reverse=True)
    if layer.axes[0].stride == 1:
        assert right == [0] * len(right)
