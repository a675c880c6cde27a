"""Layers in Flax's words, Linen's and those of NNX: the line makes a layer of that output size in Flax itself."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.frameworks.flax import FRAMEWORK, NNX
from tests.arithmetic.oracle import AnyLayer
from tests.frameworks.samples import samples


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        (Conv(5, 3), 'nn.Conv(features, kernel_size=(3, 3), padding="VALID")'),
        (Conv(5, 3, padding=1), "nn.Conv(features, kernel_size=(3, 3))"),
        (Conv(5, 3, 2, 1), "nn.Conv(features, kernel_size=(3, 3), strides=(2, 2), padding=((1, 1), (1, 1)))"),
        (Conv((9,), 3, padding=2, dilation=2, out_channels=8), "nn.Conv(8, kernel_size=(3,), kernel_dilation=(2,))"),
        (
            ConvTranspose(7, 4, 2, 1),
            "nn.ConvTranspose(features, kernel_size=(4, 4), strides=(2, 2))",
        ),
        (
            ConvTranspose((7,), 3, 2),
            'nn.ConvTranspose(features, kernel_size=(3,), strides=(2,), padding="VALID")',
        ),
        (
            ConvTranspose((7,), 3, 1, 2),
            "nn.ConvTranspose(features, kernel_size=(3,), padding=((0, 0),))",
        ),
        (MaxPool(4, 2, 1), "nn.max_pool(inputs, window_shape=(2, 2))"),
        (AvgPool((6,), 3, 1, 1, count_include_pad=False), None),
    ],
)
def test_words_for_layers(layer: AnyLayer, line: str | None) -> None:
    averaged = 'nn.avg_pool(inputs, window_shape=(3,), padding="SAME", count_include_pad=False)'
    (said,) = FRAMEWORK.wording(layer).lines
    assert said.replace(", transpose_kernel=True)", ")") == (line or averaged)
    assert ("transpose_kernel=True" in said) == layer.turned


def test_channels_are_numbers_where_there_are_several() -> None:
    layer = Conv(5, 3, padding=1, in_channels=4, out_channels=8, groups=2)
    line = "nnx.Conv(4, 8, kernel_size=(3, 3), feature_group_count=2, rngs=rngs)"
    assert NNX.wording(layer).lines == (line,)


def test_there_is_no_dilated_pooling() -> None:
    assert FRAMEWORK.wording(MaxPool(4, 2, dilation=2)).note == "has no dilated pooling"


def test_flax_makes_that_layer() -> None:
    jax: Any = pytest.importorskip("jax")
    linen: Any = pytest.importorskip("flax.linen")
    nnx: Any = pytest.importorskip("flax.nnx")
    seen = set()

    def output(line: str, x: Any) -> Any:
        names = {"features": 1, "in_features": 1, "out_features": 1, "rngs": nnx.Rngs(0), "inputs": x}
        made = eval(line, {"nn": linen, "nnx": nnx, **names})
        if isinstance(made, linen.Module):
            return made.init_with_output(jax.random.key(0), x)[0]
        return made(x) if isinstance(made, nnx.Module) else made

    for layer in samples(1)[::4]:
        for framework in (FRAMEWORK, NNX):
            for line in framework.wording(layer).lines:
                shape = jax.ShapeDtypeStruct((1, *layer.input_size, 1), "float32")
                assert jax.eval_shape(partial(output, line), shape).shape[1:-1] == layer.output_size, line
                seen.add(line.partition("(")[0])
    assert len(seen) == 8
