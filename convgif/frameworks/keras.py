"""Keras: `padding` is one of two words there, and what neither of them means takes a layer of its own.

>>> from convgif.arithmetic import Conv, ConvTranspose
>>> FRAMEWORK.wording(Conv(14, 3, padding=1)).lines
('layers.Conv2D(filters, kernel_size=3, padding="same")',)
>>> FRAMEWORK.wording(Conv(14, 3, stride=2, padding=1)).lines
('layers.ZeroPadding2D(padding=1)', 'layers.Conv2D(filters, kernel_size=3, strides=2)')
>>> FRAMEWORK.wording(ConvTranspose(7, 3, stride=2, padding=1, output_padding=1)).lines
('layers.Conv2DTranspose(filters, kernel_size=3, strides=2)', 'layers.Cropping2D(cropping=((1, 0), (1, 0)))')
"""

from __future__ import annotations

from typing import Any, Final

from convgif.arithmetic.layer import Layer
from convgif.frameworks.framework import Argument, Call, Framework, Wording, in_python

SAME: Final = "same"
VALID: Final = "valid"
CAUSAL: Final = "causal"
ROUNDED: Final = "has no pooling whose last window reaches beyond the padded input"
LOPSIDED: Final = 'padding="same" would give this size too, but pads more at the end than at the beginning'


def convolution(layer: Layer, call: Call) -> Wording:
    """A convolution: `same` pads as little as keeps one output for each stride, the odd zero at the end."""
    if _both(layer):
        return Wording((), "has no convolution with both strides and dilation")
    if layer.copies:
        return Wording((), "has no layers whose padding copies the input")
    if not layer.padded:
        return Wording((_written(layer, call, VALID),))
    if _is_same(layer):
        return Wording((_written(layer, call, SAME),))
    if layer.pads == tuple((axis.span - 1, 0) for axis in layer.axes) and layer.ndim == 1:
        return Wording((_written(layer, call, CAUSAL),))
    return _padded(layer, call, LOPSIDED if layer.symmetric and _has_size_of_same(layer) else "")


def transposed(layer: Layer, call: Call) -> Wording:
    """A transposed convolution: `same` cuts as little as makes each input element as many as the stride says."""
    if _both(layer):
        return Wording((), "has no transposed convolution with both strides and dilation")
    values: dict[str, Any] = layer.arguments()
    spans, axes = [axis.span for axis in layer.axes], range(layer.ndim)
    i, s, extra = layer.input_size, layer.stride, values["output_padding"]
    p, q = zip(*layer.pads, strict=True)
    if layer.padded and all(p[n] == max(spans[n] - s[n], 0) // 2 and layer.output_size[n] == i[n] * s[n] for n in axes):
        return Wording((_written(layer, call, SAME, output_padding=None),))
    # What it adds beyond what is cut from the end; where it says nothing, it fills the stride up.
    added = tuple(max(0, extra[n] - q[n]) for n in axes)
    filled = all(added[n] == max(0, s[n] - spans[n]) for n in axes)
    line = _written(layer, call, VALID, output_padding=None if filled else added)
    if not layer.padded:
        return Wording((line,))
    cuts = tuple((p[n], q[n] - extra[n] + added[n]) for n in axes)
    return Wording((line, in_python(f"layers.Cropping{layer.ndim}D", cropping=_sides(cuts))))


def max_pooling(layer: Layer, call: Call) -> Wording:
    """Max pooling, whose padding never wins; zeros might."""
    if layer.dilated:
        return Wording((), "has no dilated pooling")
    if any(axis.cut_off for axis in layer.axes):
        return Wording((), ROUNDED)
    if not layer.padded:
        return Wording((_written(layer, call, VALID),))
    if _is_same(layer):
        return Wording((_written(layer, call, SAME),))
    return _padded(layer, call, "the same for inputs >= 0 only, since zeros of the padding may be the largest")


def average_pooling(layer: Layer, call: Call) -> Wording:
    """Average pooling, which never counts padding of its own."""
    if any(axis.cut_off for axis in layer.axes):
        return Wording((), ROUNDED)
    if not layer.padded:
        return Wording((_written(layer, call, VALID),))
    if layer.arguments()["count_include_pad"]:
        return _padded(layer, call, "")
    if _is_same(layer):
        return Wording((_written(layer, call, SAME),))
    return Wording((), "has no average pooling that leaves such a padding out")


def _both(layer: Layer) -> bool:
    return layer.dilated and {*layer.stride} != {1}


def _has_size_of_same(layer: Layer) -> bool:
    sizes = zip(layer.input_size, layer.stride, layer.output_size, strict=True)
    return all(after == -(-before // stride) for before, stride, after in sizes)


def _is_same(layer: Layer) -> bool:
    """Whether `same` pads as this layer does, at the beginning; what it pads at the end follows from the size."""
    totals = (max(0, (axis.output_size - 1) * axis.stride + axis.span - axis.input_size) for axis in layer.axes)
    return _has_size_of_same(layer) and all(p == total // 2 for (p, _), total in zip(layer.pads, totals, strict=True))


def _padded(layer: Layer, call: Call, note: str) -> Wording:
    """A layer of zeros, and then the layer without padding."""
    padding = in_python(f"layers.ZeroPadding{layer.ndim}D", padding=_sides(layer.pads))
    return Wording((padding, _written(layer, call, VALID)), note)


def _written(layer: Layer, call: Call, padding: str, **others: Any) -> str:
    return call.written({**layer.arguments(), "padding": padding, **others})


def _sides(pairs: tuple[tuple[int, int], ...]) -> Any:
    """How much on both sides of each axis, as short as Keras takes it."""
    if all(one == other for one, other in pairs):
        return tuple(one for one, _ in pairs)
    return pairs if len(pairs) > 1 else pairs[0]


WRITERS: Final = {
    "conv": convolution,
    "conv_transpose": transposed,
    "max_pool": max_pooling,
    "avg_pool": average_pooling,
}
"""How each kind of layer is written."""
PADDED: Final = {"stride": Argument("strides", 1), "padding": Argument("padding", VALID)}
WEIGHTED: Final = {"kernel_size": Argument("kernel_size"), **PADDED, "dilation": Argument("dilation_rate", 1)}
POOLED: Final = {"kernel_size": Argument("pool_size"), **PADDED, "stride": Argument("strides", like="kernel_size")}
FRAMEWORK: Final = Framework(
    "keras",
    "Keras",
    {
        "conv": Call("layers.Conv{ndim}D", WEIGHTED, ("filters",)),
        "conv_transpose": Call(
            "layers.Conv{ndim}DTranspose",
            {**WEIGHTED, "output_padding": Argument("output_padding", None)},
            ("filters",),
        ),
        "max_pool": Call("layers.MaxPooling{ndim}D", POOLED),
        "avg_pool": Call("layers.AveragePooling{ndim}D", POOLED),
    },
    lambda layer, call: WRITERS[layer.name](layer, call),
)
