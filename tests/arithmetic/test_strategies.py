"""That the random layers are all sorts of layers: a property is worth no more than the examples it is tried on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import Phase, find, settings

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from tests.arithmetic.oracle import AnyLayer, pads, spans
from tests.arithmetic.strategies import REPEATABLE, layers, small_layers


def leaves_rows_over(layer: AnyLayer) -> bool:
    """Whether the last rows of the padded input are read by no window."""
    return (layer.canvas_size[0] - spans(layer)[0]) % layer.stride[0] > 0


def crops(layer: AnyLayer) -> bool:
    """Whether padding takes more away than the kernel adds around."""
    return pads(layer)[0][0] > layer.dilation[0] * (layer.kernel_size[0] - 1)


SORTS: dict[str, Callable[[AnyLayer], bool]] = {
    "one axis": lambda layer: layer.ndim == 1,
    "three axes": lambda layer: layer.ndim == 3,
    "not square": lambda layer: layer.ndim == 2 and min(map(len, map(set, (layer.input_size, layer.stride)))) == 2,
    "all axes different": lambda layer: layer.ndim == len({*layer.input_size}) == 3,
    "even kernel": lambda layer: isinstance(layer, Conv) and layer.kernel_size[0] % 2 == 0,
    "even kernel, transposed": lambda layer: isinstance(layer, ConvTranspose) and layer.kernel_size[0] % 2 == 0,
    "stride beyond kernel": lambda layer: isinstance(layer, Conv) and layer.stride[0] > layer.kernel_size[0],
    "stride beyond kernel, transposed": lambda layer: (
        isinstance(layer, ConvTranspose) and layer.stride[0] > layer.kernel_size[0]
    ),
    "kernel beyond input": lambda layer: isinstance(layer, Conv) and layer.kernel_size[0] > layer.input_size[0],
    "window beyond input": lambda layer: isinstance(layer, MaxPool) and layer.kernel_size[0] > layer.input_size[0],
    "dilation": lambda layer: isinstance(layer, Conv) and layer.dilation[0] > 1 and layer.kernel_size[0] > 1,
    "dilation, transposed": lambda layer: (
        isinstance(layer, ConvTranspose) and layer.dilation[0] > 1 and layer.kernel_size[0] > 1
    ),
    "output padding": lambda layer: isinstance(layer, ConvTranspose) and layer.output_padding[0] > 0,
    "output padding from dilation": lambda layer: (
        isinstance(layer, ConvTranspose) and layer.output_padding[0] >= layer.stride[0]
    ),
    "crop": lambda layer: isinstance(layer, ConvTranspose) and crops(layer),
    "leftover rows": lambda layer: isinstance(layer, Conv) and leaves_rows_over(layer),
    "leftover rows in a pooling layer": lambda layer: isinstance(layer, AvgPool) and leaves_rows_over(layer),
    "padding that does not count": lambda layer: (
        isinstance(layer, AvgPool) and not layer.count_include_pad and pads(layer)[0][0] > 0
    ),
}
DRAWN: dict[str, Callable[[AnyLayer], bool]] = {
    "a word for padding": lambda layer: isinstance(layer.padding, str) and not layer.symmetric,
    "more padding after": lambda layer: isinstance(layer, Conv) and pads(layer)[0][0] < pads(layer)[0][1],
    "less cut after": lambda layer: isinstance(layer, ConvTranspose) and pads(layer)[0][0] > pads(layer)[0][1],
    "copies": lambda layer: isinstance(layer, Conv) and layer.copies and layer.padding_mode != "replicate",
    "a window cut off": lambda layer: isinstance(layer, MaxPool) and layer.axes[0].cut_off > 0,
    "an average cut off": lambda layer: isinstance(layer, AvgPool) and layer.axes[0].cut_off > 0,
    "a window held back": lambda layer: isinstance(layer, MaxPool) and "min" in layer.relation.text,
}
"""Sorts of random layers that are not among the small ones."""


@pytest.mark.parametrize("sort", SORTS | DRAWN)
def test_random_layers_are_of_every_sort(sort: str) -> None:
    find(layers(), (SORTS | DRAWN)[sort], settings=settings(REPEATABLE, max_examples=1000, phases=[Phase.generate]))


def test_small_layers_are_of_every_sort() -> None:
    cases = list(small_layers())
    assert [sort for sort, holds in SORTS.items() if not any(map(holds, cases))] == []
