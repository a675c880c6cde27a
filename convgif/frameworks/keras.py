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
from convgif.frameworks.framework import (
    OUTPUT_SIZE,
    Framework,
    Parameter,
    Signature,
    Wording,
    in_python,
    told,
    without_effect,
)

SAME: Final = "same"
VALID: Final = "valid"
CAUSAL: Final = "causal"
ROUNDED: Final = "has no pooling whose last window reaches beyond the padded input"
LOPSIDED: Final = 'padding="same" would give this size too, but pads more at the end than at the beginning'


def convolution(layer: Layer, signature: Signature) -> Wording:
    """A convolution: `same` pads as little as keeps one output for each stride, the odd zero at the end."""
    if _both(layer):
        return Wording((), "has no convolution with both strides and dilation")
    if layer.copies:
        return Wording((), "has no layers whose padding copies the input")
    if not layer.padded:
        return Wording((_written(layer, signature, VALID),))
    if _is_same(layer):
        return Wording((_written(layer, signature, SAME),))
    if layer.pads == tuple((axis.span - 1, 0) for axis in layer.axes) and layer.ndim == 1:
        return Wording((_written(layer, signature, CAUSAL),))
    return _padded(layer, signature, LOPSIDED if layer.symmetric and _has_size_of_same(layer) else "")


def transposed(layer: Layer, signature: Signature) -> Wording:
    """A transposed convolution: `same` cuts as little as makes each input element as many as the stride says."""
    if _both(layer):
        return Wording((), "has no transposed convolution with both strides and dilation")
    values: dict[str, Any] = layer.arguments()
    spans, axes = [axis.span for axis in layer.axes], range(layer.ndim)
    i, s, extra = layer.input_size, layer.stride, values["output_padding"]
    p, q = zip(*layer.pads, strict=True)
    if layer.padded and all(p[n] == max(spans[n] - s[n], 0) // 2 and layer.output_size[n] == i[n] * s[n] for n in axes):
        return Wording((_written(layer, signature, SAME, output_padding=None),))
    # What it adds beyond what is cut from the end; where it says nothing, it fills the stride up.
    added = tuple(max(0, extra[n] - q[n]) for n in axes)
    filled = all(added[n] == max(0, s[n] - spans[n]) for n in axes)
    line = _written(layer, signature, VALID, output_padding=None if filled else added)
    if not layer.padded:
        return Wording((line,))
    cuts = tuple((p[n], q[n] - extra[n] + added[n]) for n in axes)
    return Wording((line, in_python(f"layers.Cropping{layer.ndim}D", cropping=_sides(cuts))))


def max_pooling(layer: Layer, signature: Signature) -> Wording:
    """Max pooling, whose padding never wins; zeros might."""
    if layer.dilated:
        return Wording((), "has no dilated pooling")
    if any(axis.cut_off for axis in layer.axes):
        return Wording((), ROUNDED)
    if not layer.padded:
        return Wording((_written(layer, signature, VALID),))
    if _is_same(layer):
        return Wording((_written(layer, signature, SAME),))
    return _padded(layer, signature, "the same for inputs >= 0 only, since zeros of the padding may be the largest")


def average_pooling(layer: Layer, signature: Signature) -> Wording:
    """Average pooling, which never counts padding of its own."""
    if any(axis.cut_off for axis in layer.axes):
        return Wording((), ROUNDED)
    if not layer.padded:
        return Wording((_written(layer, signature, VALID),))
    if layer.arguments()["count_include_pad"]:
        return _padded(layer, signature, "")
    if _is_same(layer):
        return Wording((_written(layer, signature, SAME),))
    return Wording((), "has no average pooling that leaves such a padding out")


def adaptive_pooling(layer: Layer, signature: Signature) -> Wording:
    """Pooling that is given the size of its output."""
    return Wording((signature.written(told(layer), FRAMEWORK.home),))


def _both(layer: Layer) -> bool:
    return layer.dilated and {*layer.stride} != {1}


def _has_size_of_same(layer: Layer) -> bool:
    sizes = zip(layer.input_size, layer.stride, layer.output_size, strict=True)
    return all(after == -(-before // stride) for before, stride, after in sizes)


def _is_same(layer: Layer) -> bool:
    """Whether `same` pads as this layer does, at the beginning; what it pads at the end follows from the size."""
    totals = (max(0, (axis.output_size - 1) * axis.stride + axis.span - axis.input_size) for axis in layer.axes)
    return _has_size_of_same(layer) and all(p == total // 2 for (p, _), total in zip(layer.pads, totals, strict=True))


def _padded(layer: Layer, signature: Signature, note: str) -> Wording:
    """A layer of zeros, and then the layer without padding."""
    padding = in_python(f"layers.ZeroPadding{layer.ndim}D", padding=_sides(layer.pads))
    return Wording((padding, _written(layer, signature, VALID)), note)


def _written(layer: Layer, signature: Signature, padding: str, **others: Any) -> str:
    return signature.written({**told(layer), "padding": padding, **others}, FRAMEWORK.home)


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
    "adaptive_max_pool": adaptive_pooling,
    "adaptive_avg_pool": adaptive_pooling,
}
"""How each kind of layer is written."""
FILTERS: Final = Parameter("filters", "out_channels")
KERNEL_SIZE: Final = Parameter("kernel_size", "kernel_size")
STRIDES: Final = Parameter("strides", "stride", 1)
PADDING: Final = Parameter("padding", "padding", VALID)
OUTPUT_PADDING: Final = Parameter("output_padding", "output_padding", None)
DATA_FORMAT: Final = without_effect("data_format")
DILATION_RATE: Final = Parameter("dilation_rate", "dilation", 1)
GROUPS: Final = Parameter("groups", "groups", 1)
DEPTH_MULTIPLIER: Final = without_effect("depth_multiplier", default=1)
ACTIVATION: Final = without_effect("activation", "use_bias")
OF_ALL: Final = without_effect("name", "trainable", "dtype", "autocast", "input_shape", "batch_input_shape")
"""Arguments that every layer of Keras takes; they must be named."""


def _of_weights(*parts: str) -> tuple[Parameter, ...]:
    """How weights and bias are initialised, regularised and constrained."""
    whats = ("initializer", "regularizer", "constraint")
    words = [f"{part}_{what}" for what in whats for part in (*parts, "bias")]
    words.insert(2 * len(parts) + 2, "activity_regularizer")
    return without_effect(*words)


def _signature(
    names: tuple[str, ...],
    layer: str,
    parameters: tuple[Parameter, ...],
    axes: tuple[int, ...] = (1, 2, 3),
) -> Signature:
    return Signature(names, layer, (*parameters, *OF_ALL), len(parameters), axes)


WINDOW: Final = (KERNEL_SIZE, STRIDES, PADDING)
OF_KERNEL: Final = (*ACTIVATION, *_of_weights("kernel"))
POOL_SIZE: Final = Parameter("pool_size", "kernel_size")
POOL_STRIDES: Final = Parameter("strides", "stride", None)
AVERAGED: Final = (POOL_SIZE, POOL_STRIDES, PADDING, *DATA_FORMAT)
MAXIMAL: Final = (Parameter("pool_size", "kernel_size", 2), *AVERAGED[1:])
SHARED: Final = (Parameter(OUTPUT_SIZE, OUTPUT_SIZE), *DATA_FORMAT)
WHOLE: Final = (*DATA_FORMAT, *without_effect("keepdims", default=False))
FRAMEWORK: Final = Framework(
    "keras",
    "Keras",
    ("keras.layers", "tf.keras.layers", "tensorflow.keras.layers", "layers"),
    (
        _signature(
            ("Conv{ndim}D", "Convolution{ndim}D"),
            "conv",
            (FILTERS, *WINDOW, *DATA_FORMAT, DILATION_RATE, GROUPS, *OF_KERNEL),
        ),
        _signature(
            ("SeparableConv{ndim}D", "SeparableConvolution{ndim}D"),
            "conv",
            (
                *(FILTERS, *WINDOW, *DATA_FORMAT, DILATION_RATE, *DEPTH_MULTIPLIER, *ACTIVATION),
                *_of_weights("depthwise", "pointwise"),
            ),
            axes=(1, 2),
        ),
        _signature(
            ("DepthwiseConv{ndim}D",),
            "conv",
            (
                *(*WINDOW, *DEPTH_MULTIPLIER, *DATA_FORMAT, DILATION_RATE, *ACTIVATION),
                *_of_weights("depthwise"),
            ),
            axes=(1, 2),
        ),
        _signature(
            ("Conv{ndim}DTranspose", "Convolution{ndim}DTranspose"),
            "conv_transpose",
            (FILTERS, *WINDOW, OUTPUT_PADDING, *DATA_FORMAT, DILATION_RATE, *OF_KERNEL),
            axes=(1, 2),
        ),
        _signature(
            ("Conv{ndim}DTranspose", "Convolution{ndim}DTranspose"),
            "conv_transpose",
            (FILTERS, *WINDOW, *DATA_FORMAT, OUTPUT_PADDING, DILATION_RATE, *OF_KERNEL),
            axes=(3,),
        ),
        _signature(("MaxPooling{ndim}D", "MaxPool{ndim}D"), "max_pool", MAXIMAL),
        _signature(("AveragePooling{ndim}D", "AvgPool{ndim}D"), "avg_pool", AVERAGED),
        _signature(("AdaptiveMaxPooling{ndim}D",), "adaptive_max_pool", SHARED),
        _signature(("AdaptiveAveragePooling{ndim}D",), "adaptive_avg_pool", SHARED),
        _signature(("GlobalMaxPooling{ndim}D", "GlobalMaxPool{ndim}D"), "max_pool", WHOLE),
        _signature(("GlobalAveragePooling{ndim}D", "GlobalAvgPool{ndim}D"), "avg_pool", WHOLE),
    ),
    lambda layer, signature: WRITERS[layer.name](layer, signature),
)
