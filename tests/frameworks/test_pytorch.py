"""Layers in PyTorch's words: the line makes the very layer, by the signatures here and by PyTorch itself."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from convgif import arithmetic
from convgif.arithmetic import Conv
from convgif.frameworks.pytorch import FRAMEWORK
from convgif.registry import LAYERS
from tests.frameworks.samples import samples


def test_the_words_are_those_of_the_layers_themselves() -> None:
    """Read back, a line gives the layer that it was made from."""
    for layer in samples(3):
        (line,) = FRAMEWORK.wording(layer).lines
        call = ast.parse(line, mode="eval").body
        assert isinstance(call, ast.Call)
        kind, ndim = ast.unparse(call.func).removeprefix("nn.")[:-2], int(line.partition("d(")[0][-1])
        assert ndim == layer.ndim
        assert [ast.unparse(word) for word in call.args] == ["in_channels", "out_channels"] * layer.has_weight
        given: dict[str, Any] = {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}
        made = getattr(arithmetic, kind)(input_size=layer.input_size, **given)
        assert made == layer
        assert all(
            size != 0 and value != layer.usual(option)
            for option in type(layer).parameters
            if (value := layer.arguments()[option.name]) and (size := given.get(option.name)) is not None
            if option.name != "kernel_size"
        )


def test_only_what_differs_is_given() -> None:
    assert FRAMEWORK.wording(Conv(4, 3)).lines == ("nn.Conv2d(in_channels, out_channels, kernel_size=3)",)
    assert FRAMEWORK.wording(Conv((4, 5), (3, 2), (1, 2))).lines == (
        "nn.Conv2d(in_channels, out_channels, kernel_size=(3, 2), stride=(1, 2))",
    )


def test_pytorch_makes_that_layer() -> None:
    torch = pytest.importorskip("torch")
    seen = set()
    for layer in samples(1):
        (line,) = FRAMEWORK.wording(layer).lines
        module = eval(line, {"nn": torch.nn, "in_channels": 1, "out_channels": 1})
        assert module(torch.zeros((1, 1, *layer.input_size))).shape[2:] == layer.output_size
        seen.add(layer.name)
    assert seen == {*LAYERS.shipped}
