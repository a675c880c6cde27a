"""Layers that are easily drawn wrong, and figures with numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args

from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.figure import Figure, ThemeName, View
from tests.arithmetic.oracle import AnyLayer, Numbers
from tests.arithmetic.strategies import convs, filled, layers, transposed_convs

CASES: Final[Mapping[str, AnyLayer]] = {
    "one cell": Conv(1, 1),
    "kernel of one cell": Conv(3, 1),
    "kernel of one cell, strided": Conv(5, 1, stride=2),
    "kernel of one cell, dilated": Conv(3, 1, dilation=3),
    "even kernel": Conv(5, 4, padding=2),
    "even kernel, transposed": ConvTranspose(3, 2, stride=2),
    "rows left over": Conv(6, 3, stride=2, padding=1),
    "stride beyond the kernel": Conv(8, 2, stride=3),
    "stride beyond the kernel, transposed": ConvTranspose(3, 2, stride=4),
    "kernel beyond the input": Conv(2, 5, padding=2),
    "not square": Conv((3, 7), (2, 4), stride=(1, 3), padding=(2, 0)),
    "not square, transposed": ConvTranspose((2, 4), (3, 1), stride=(3, 2), padding=(1, 0), output_padding=(2, 1)),
    "dilated and padded": Conv(5, 3, padding=2, dilation=2),
    "dilated one way": Conv((7, 4), (3, 2), padding=(1, 2), dilation=(2, 1)),
    "dilated and strided, transposed": ConvTranspose(2, 3, stride=3, dilation=2, padding=1),
    "output padding beyond the stride": ConvTranspose(2, 2, dilation=3, output_padding=2),
    "cropped": ConvTranspose(4, 2, stride=2, padding=2),
    "cropped to no input": ConvTranspose(2, 1, stride=5, padding=1),
    "cropped to nothing but output padding": ConvTranspose(1, 1, stride=(5, 3), padding=(2, 1), output_padding=(4, 2)),
    "dilated window around the input": MaxPool(1, 2, stride=1, padding=1, dilation=2),
    "max pooling, padded": MaxPool((5, 4), (3, 2), stride=(2, 1), padding=1),
    "average pooling, padding not counted": AvgPool(4, 3, stride=1, padding=1, count_include_pad=False),
}


def chosen(layer: AnyLayer, data: st.DataObject) -> list[int]:
    """The first and the last frame of a layer, and some between."""
    last = layer.output_size[0] * layer.output_size[1] - 1
    return sorted({0, last, *data.draw(st.lists(st.integers(0, last), max_size=3), label="frames")})


def numbered(layer: AnyLayer, view: View, seed: int) -> tuple[Figure, Numbers, Numbers | None]:
    """A figure with whole numbers, and these numbers."""
    x = filled(layer.input_size, seed)
    w = filled(layer.kernel_size, seed + 1) if layer.has_kernel_values else None
    return Figure(layer, view=view, input_values=x, kernel_values=w), x, w


def legible(layer: Conv | ConvTranspose) -> bool:
    """Whether the weights of a matrix row can be read side by side, with gaps between those of a dilated kernel."""
    (rows, cols), (height, width) = layer.kernel_size, layer.input_size
    return height * width <= 27 or rows * (2 * cols - 1) + rows + 3 <= 45


LAYERS_OF_VIEWS: Final[Mapping[View, st.SearchStrategy[Any]]] = {
    "isometric": layers(),
    "flat": layers(),
    "matrix": st.one_of(convs(), transposed_convs()).filter(legible),
    "scatter": transposed_convs(),
    "construction": transposed_convs(),
    "story": convs(),
}
"""The layers that each view draws."""
TITLES: Final = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40).filter(str.strip)


@st.composite
def figures(draw: st.DrawFn, view: View) -> Figure:
    """Figures of one view with every option that it has and the layer suits, in all combinations."""
    layer = draw(LAYERS_OF_VIEWS[view])
    known = {"isometric": ["prologue"], "flat": ["prologue"], "story": ["prologue"]}.get(view, [])
    if view in ("flat", "scatter", "construction") and layer.has_kernel_values:
        known.append("kernel_map")
    if view == "matrix" and isinstance(layer, ConvTranspose):
        known.append("direct_matrix")
    flags: dict[str, Any] = {
        option: draw(st.booleans(), label=option) for option in ("labels", "caption", "reveal", *known)
    }
    return Figure(
        layer,
        view=view,
        theme=draw(st.sampled_from(get_args(ThemeName))),
        title=draw(st.none() | TITLES),
        values=draw(st.sampled_from([None, "random"])),
        frame_ms=draw(st.integers(20, 3000)),
        hold_ms=draw(st.integers(0, 3000)),
        **flags,
    )
