"""Layers in ONNX's words: attributes with a number for each axis; ONNX itself reads the line and computes the same."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from convgif.arithmetic import AvgPool, Conv, ConvTranspose
from convgif.frameworks.onnx import FRAMEWORK
from tests.arithmetic.strategies import filled
from tests.frameworks.samples import samples


def test_lists_have_a_number_for_each_axis_and_pads_two() -> None:
    for layer, line in ((one, line) for one in samples(3) for line in FRAMEWORK.wording(one).lines):
        lists = dict(re.findall(r"(\w+) = \[([\d, ]+)\]", line))
        assert {len(numbers.split(",")) for word, numbers in lists.items() if word != "pads"} == {layer.ndim}
        assert lists.get("pads", "0," * (2 * layer.ndim - 1)).count(",") == 2 * layer.ndim - 1
        assert [int(size) for size in lists["kernel_shape"].split(",")] == [*layer.kernel_size]


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        (Conv(4, 3), "Y = Conv<kernel_shape = [3, 3]>(X, W)"),
        (
            ConvTranspose((3,), 3, 2, 1, output_padding=1),
            "Y = ConvTranspose<kernel_shape = [3], output_padding = [1], pads = [1, 1], strides = [2]>(X, W)",
        ),
        (AvgPool(4, 2), "Y = AveragePool<count_include_pad = 1, kernel_shape = [2, 2], strides = [2, 2]>(X)"),
        (AvgPool(4, 2, count_include_pad=False), "Y = AveragePool<kernel_shape = [2, 2], strides = [2, 2]>(X)"),
    ],
)
def test_lines(layer: Any, line: str) -> None:
    assert FRAMEWORK.wording(layer).lines == (line,)


def test_onnx_computes_the_same() -> None:
    parser = pytest.importorskip("onnx.parser")
    reference = pytest.importorskip("onnx.reference")
    for number, layer in enumerate(samples(1)):
        padded_pooling = not layer.has_weight and any(layer.padding)
        if padded_pooling or (isinstance(layer, ConvTranspose) and not layer.is_a_transpose):
            continue  # the reference computes neither these in general, nor output padding beyond the stride
        if not (lines := FRAMEWORK.wording(layer).lines):
            continue
        (line,) = lines
        inputs = "float[N] X, float[M] W" if layer.has_weight else "float[N] X"
        model = parser.parse_model(
            f'<ir_version: 8, opset_import: ["" : 19]> g ({inputs}) => (float[K] Y) {{ {line} }}'
        )
        x, w = filled(layer.input_size, number), filled(layer.kernel_size, number + 1)
        feeds = {"X": x[None, None].astype(np.float32)}
        feeds |= {"W": w[None, None].astype(np.float32)} if layer.has_weight else {}
        (y,) = reference.ReferenceEvaluator(model).run(None, feeds)
        expected = layer.apply(x, w) if layer.has_weight else layer.apply(x)
        np.testing.assert_allclose(y[0, 0], expected, rtol=1e-5, err_msg=line)
