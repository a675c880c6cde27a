"""Layers that are easily drawn wrong, figures with numbers, and any figure of a registered view."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any, Final

from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, Layer, MaxPool
from convgif.drawing.view import View
from convgif.drawing.views.matrix import COMFORTABLE
from convgif.figure import Figure
from convgif.registry import VIEWS
from tests.arithmetic.oracle import AnyLayer, Numbers
from tests.arithmetic.strategies import avg_pools, convs, filled, max_pools, transposed_convs

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
    "more padding after": Conv((2, 3), 2, padding=((0, 1), (1, 2))),
    "less cut after": ConvTranspose(2, 3, stride=2, padding=((1, 0), (0, 1))),
    "padding that copies": Conv((2, 3), 3, padding=1, padding_mode="reflect"),
    "windows cut off": MaxPool((3, 4), (2, 3), padding=(0, 1), ceil_mode=True),
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
    "a row": Conv((6,), 3, stride=2, padding=1),
    "a row, transposed": ConvTranspose((3,), 2, stride=3, padding=1, output_padding=1),
    "a row, pooled": MaxPool((5,), 2, padding=1),
}
KINDS: Final[Mapping[type[Layer], st.SearchStrategy[Any]]] = {
    Conv: convs(),
    ConvTranspose: transposed_convs(),
    MaxPool: max_pools(),
    AvgPool: avg_pools(),
}
SHOWN: Final = [name for name, view in VIEWS.items() if view.suits(Conv(4, 3)) or view.suits(ConvTranspose(2, 3))]
"""The views that there is a layer for here."""


def drawable(view: str) -> st.SearchStrategy[AnyLayer]:
    """Random layers that a view draws."""
    drawn: View = VIEWS[view]
    kinds = [layers for kind, layers in KINDS.items() if issubclass(kind, drawn.layers)]
    return st.one_of(kinds).filter(drawn.suits).filter(lambda layer: view != "matrix" or legible(layer))


def legible(layer: Layer) -> bool:
    """Whether the weights of a matrix row can be read side by side, with gaps between those of a dilated kernel."""
    flat = layer.lifted(2)
    (rows, cols), (height, width) = flat.kernel_size, flat.input_size
    return height * width <= 27 or rows * (2 * cols - 1) + rows + 3 <= 45


def some_layer(view: str) -> AnyLayer:
    """A small layer with several outputs that the view draws."""
    return next(layer for layer in (Conv(4, 3), ConvTranspose(2, 3, padding=1)) if VIEWS[view].suits(layer))


def options_for(view: str, layer: Layer, *, numbered: bool = True) -> list[str]:
    """The names of the options that a view has for a layer; of figures without numbers, those that need none."""
    return [
        declared.option.name
        for declared in VIEWS[view].options
        if isinstance(layer, declared.layers) and (numbered or not declared.numbered)
    ]


def chosen(layer: Layer, data: st.DataObject) -> list[int]:
    """The first and the last frame of a layer, and some between."""
    last = layer.step_count - 1
    return sorted({0, last, *data.draw(st.lists(st.integers(0, last), max_size=3), label="frames")})


def numbered(layer: AnyLayer, view: str, seed: int, **options: Any) -> tuple[Figure, Numbers, Numbers | None]:
    """A figure with whole numbers, and these numbers."""
    x = filled(layer.input_size, seed)
    w = filled(layer.kernel_size, seed + 1) if layer.has_weight else None
    return Figure(layer, view=view, input=x, weight=w, **options), x, w


TITLES: Final = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40).filter(str.strip)


@st.composite
def figures(draw: st.DrawFn, /, view: str, **fixed: Any) -> Figure:
    """Figures of one view with every option that it has for the layer, in all combinations."""
    layer = draw(drawable(view))
    flags = {name: draw(st.booleans(), label=name) for name in ("labels", "caption", *options_for(view, layer))}
    if max(layer.step_count, prod(layer.input_size)) > COMFORTABLE:
        flags.pop("build", None)  # too large a matrix to be built
    options = {
        "title": draw(st.none() | TITLES),
        "random": draw(st.sampled_from([None, 1])),
        "frame_ms": draw(st.integers(20, 3000)),
        "hold_ms": draw(st.integers(0, 3000)),
        **flags,
        **fixed,
    }
    # What works with numbers needs some.
    if any(declared.numbered and flags.get(declared.option.name) for declared in VIEWS[view].options):
        options["random"] = 1
    return Figure(layer, view=view, **options)
