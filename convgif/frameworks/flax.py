"""Flax: Linen's layers and those of NNX. Pooling is a function in both, and axes are as many as the kernel has numbers.

>>> from convgif.arithmetic import Conv, ConvTranspose, MaxPool
>>> FRAMEWORK.wording(Conv(14, 3, padding=1)).lines
('nn.Conv(features, kernel_size=(3, 3))',)
>>> NNX.wording(Conv(14, 3, stride=2, padding=1)).lines
('nnx.Conv(in_features, out_features, kernel_size=(3, 3), strides=(2, 2), padding=((1, 1), (1, 1)), rngs=rngs)',)
>>> FRAMEWORK.wording(ConvTranspose(7, 4, stride=2, padding=1)).lines
('nn.ConvTranspose(features, kernel_size=(4, 4), strides=(2, 2), transpose_kernel=True)',)
>>> FRAMEWORK.wording(MaxPool((14,), 2)).lines
('nn.max_pool(inputs, window_shape=(2,), strides=(2,))',)
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from convgif.arithmetic.layer import Layer
from convgif.frameworks.framework import Framework, Parameter, Signature, Wording, told, without_effect
from convgif.options import REQUIRED

SAME: Final = "SAME"
VALID: Final = "VALID"
MODES: Final = {"CIRCULAR": "circular", "REFLECT": "reflect"}
"""Words for padding that is no zeros, and our modes; it is as much as keeps the size with stride 1."""
TURNED: Final = "turned"
"""Our name for whether the kernel of a transposed convolution is turned; all are, but not there by default."""


def stretched(word: str, span: int, stride: int) -> tuple[int, int]:
    """The zeros that a transposed convolution has before and after its stretched input, by its word for padding."""
    if word == SAME:
        total = stride + span - 2
        before = span - 1 if stride > span - 1 else -(-total // 2)
    else:
        total, before = stride + span - 2 + max(span - stride, 0), span - 1
    return before, total - before


def write(layer: Layer, signature: Signature, home: str) -> Wording:
    """The layer in Flax's words, with a number or a pair for each axis."""
    if layer.dilated and not layer.has_weight:
        return Wording((), "has no dilated pooling")
    if any(axis.cut_off for axis in layer.axes):
        return Wording((), "has no pooling whose last window reaches beyond the padded input")
    values: dict[str, Any] = told(layer)
    if layer.turned:
        extra = values.pop("output_padding")
        pairs = tuple(
            (axis.span - 1 - before, axis.span - 1 - after + more)
            for axis, (before, after), more in zip(layer.axes, layer.pads, extra, strict=True)
        )
        meant = {
            word: tuple(stretched(word, axis.span, s) for axis, s in zip(layer.axes, layer.stride, strict=True))
            for word in (SAME, VALID)
        }
    else:
        pairs = layer.pads
        around = tuple(((axis.span - 1) // 2, axis.span // 2) for axis in layer.axes)
        meant = {VALID: ((0, 0),) * layer.ndim}
        if layer.copies:
            meant = {word: around for word, mode in MODES.items() if values["padding_mode"] == mode}
            if around not in meant.values() or around != pairs:
                return Wording((), "has no such padding that copies the input; jnp.pad can do that before it")
        elif {*layer.stride} == {1}:  # else it depends on the size of the input
            meant[SAME] = around
    padding = next((word for word, own in meant.items() if own == pairs), pairs)
    line = signature.written({**values, "padding": padding, TURNED: layer.turned}, home, short_sizes=False)
    return Wording((line,))


def _weighted(*channels: Parameter, tail: tuple[Parameter, ...]) -> tuple[Signature, Signature]:
    """The convolution, and the transposed one; what comes after the strides must be named in NNX."""
    computed = without_effect("mask", "dtype", "param_dtype", "precision", "kernel_init", "bias_init")
    positional = len(channels) + 2 if len(channels) > 1 else None
    direct = (
        *(*channels, KERNEL_SIZE, STRIDES, PADDING, INPUT_DILATION, KERNEL_DILATION, GROUPS, *BIAS, *computed),
        *tail,
    )
    transposed = (
        *(*channels, KERNEL_SIZE, STRIDES, PADDING, KERNEL_DILATION, *BIAS, *computed),
        *(Parameter("transpose_kernel", TURNED, False), *tail),
    )
    return (
        Signature(("Conv",), "conv", direct, positional),
        Signature(("ConvTranspose",), "conv_transpose", transposed, positional),
    )


KERNEL_SIZE: Final = Parameter("kernel_size", "kernel_size")
STRIDES: Final = Parameter("strides", "stride", 1)
"""Where the default is None, that is 1 too."""
PADDING: Final = Parameter("padding", "padding", SAME)
INPUT_DILATION: Final = Parameter("input_dilation", "input_dilation", 1)
KERNEL_DILATION: Final = Parameter("kernel_dilation", "dilation", 1)
GROUPS: Final = Parameter("feature_group_count", "groups", 1)
BIAS: Final = without_effect("use_bias", default=True)
POOLED: Final = (
    *(*without_effect("inputs", default=REQUIRED), Parameter("window_shape", "kernel_size")),
    *(STRIDES, Parameter("padding", "padding", VALID)),
)
POOLING: Final = (
    Signature(("max_pool",), "max_pool", POOLED),
    Signature(("avg_pool",), "avg_pool", (*POOLED, Parameter("count_include_pad", "count_include_pad", True))),
)
OF_LINEN: Final = without_effect(
    *("promote_dtype", "conv_general_dilated", "conv_general_dilated_cls", "preferred_element_type", "parent", "name")
)
OF_NNX: Final = (
    *without_effect("conv_general_dilated", "promote_dtype", "preferred_element_type"),
    *(*without_effect("rngs", default=REQUIRED), *without_effect("kernel_metadata", "bias_metadata")),
)
FRAMEWORK: Final = Framework(
    "flax",
    "Flax",
    ("flax.linen", "linen", "nn"),
    (*_weighted(Parameter("features", "out_channels"), tail=OF_LINEN), *POOLING),
    partial(write, home="nn"),
)
NNX: Final = Framework(
    "nnx",
    "Flax NNX",
    ("flax.nnx", "nnx"),
    (
        *_weighted(Parameter("in_features", "in_channels"), Parameter("out_features", "out_channels"), tail=OF_NNX),
        *POOLING,
    ),
    partial(write, home="nnx"),
)
