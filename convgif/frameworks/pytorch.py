"""PyTorch: its words are those of this package, and its defaults too.

>>> from convgif.arithmetic import Conv, MaxPool
>>> FRAMEWORK.wording(Conv(14, 3, stride=2, padding=1)).lines
('nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=2, padding=1)',)
>>> FRAMEWORK.wording(Conv(14, 3, in_channels=4, out_channels=8, groups=2)).lines
('nn.Conv2d(4, 8, kernel_size=3, groups=2)',)
>>> FRAMEWORK.wording(MaxPool((14,), 2)).lines
('nn.MaxPool1d(kernel_size=2)',)
>>> FRAMEWORK.wording(Conv((14,), 3, padding="causal")).lines
('nn.ZeroPad1d((2, 0))', 'nn.Conv1d(in_channels, out_channels, kernel_size=3)')
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from convgif.arithmetic.layer import Layer
from convgif.arithmetic.padding import ZEROS, Pair
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


def write(layer: Layer, signature: Signature) -> Wording:
    """The layer in PyTorch's words; sides that differ take a layer of their own, before it or after it."""
    values = told(layer)
    if "padding" not in values:
        return Wording((signature.written(values, FRAMEWORK.home),))
    if layer.symmetric or values["padding"] == SAME:
        if values["padding"] not in WORDS:
            values["padding"] = tuple(before for before, _ in layer.pads)
        return Wording((signature.written(values, FRAMEWORK.home),))
    return _cropped(layer, signature) if layer.turned else _padded(layer, signature)


def _padded(layer: Layer, signature: Signature) -> Wording:
    """A layer that pads, and then the layer without padding."""
    values = told(layer)
    mode, further = values.get("padding_mode", ZEROS), list[str]()
    if not layer.has_weight:
        # Padding of a layer before it would be input, in which a last window may begin, and which averages count.
        if not values.get("count_include_pad", True) or any(axis.cut_off for axis in layer.axes):
            return Wording((), "has no such pooling with sides that differ")
        values["ceil_mode"] = False
        if "count_include_pad" not in values:
            mode, further = CONSTANT, ['float("-inf")']
    pad = in_python(f"nn.{PADS[mode]}Pad{layer.ndim}d", _sides(layer.pads), *further)
    plain = {**values, "padding": (0,) * layer.ndim, **({"padding_mode": ZEROS} if "padding_mode" in values else {})}
    return Wording((pad, signature.written(plain, FRAMEWORK.home)))


def _cropped(layer: Layer, signature: Signature) -> Wording:
    """A transposed convolution: as much padding as both sides have, and then a layer that cuts the rest off."""
    values = told(layer)
    least = tuple(map(min, layer.pads))
    rest = [(less - before, less - after) for less, (before, after) in zip(least, layer.pads, strict=True)]
    return Wording(
        (
            signature.written({**values, "padding": least}, FRAMEWORK.home),
            in_python(f"nn.ZeroPad{layer.ndim}d", _sides(rest)),
        )
    )


def _sides(pairs: Sequence[Pair]) -> str:
    """Sides as layers that pad take them: the last axis first."""
    return repr(tuple(side for pair in reversed(pairs) for side in pair))


SAME: Final = "same"
WORDS: Final = (SAME, "valid")
"""The words for padding that PyTorch knows, too."""
CONSTANT: Final = "constant"
PADS: Final = {
    ZEROS: "Zero",
    "reflect": "Reflection",
    "replicate": "Replication",
    "circular": "Circular",
    CONSTANT: "Constant",
}
"""What layers that pad begin with, by what they pad with."""
IN_CHANNELS: Final = Parameter("in_channels", "in_channels")
OUT_CHANNELS: Final = Parameter("out_channels", "out_channels")
KERNEL_SIZE: Final = Parameter("kernel_size", "kernel_size")
STRIDE: Final = Parameter("stride", "stride", 1)
WINDOW_STRIDE: Final = Parameter("stride", "stride", None)
PADDING: Final = Parameter("padding", "padding", 0)
DILATION: Final = Parameter("dilation", "dilation", 1)
OUTPUT_PADDING: Final = Parameter("output_padding", "output_padding", 0)
PADDING_MODE: Final = Parameter("padding_mode", "padding_mode", "zeros")
GROUPS: Final = Parameter("groups", "groups", 1)
BIAS: Final = without_effect("bias", default=True)
CREATION: Final = without_effect("device", "dtype")
RETURN_INDICES: Final = without_effect("return_indices", default=False)
CEIL_MODE: Final = Parameter("ceil_mode", "ceil_mode", False)
COUNT_INCLUDE_PAD: Final = Parameter("count_include_pad", "count_include_pad", True)
DIVISOR: Final = Parameter("divisor_override", "divisor_override", None)
BINS: Final = Parameter(OUTPUT_SIZE, OUTPUT_SIZE)

WEIGHTED: Final = (
    *(OUT_CHANNELS, KERNEL_SIZE, STRIDE, PADDING, DILATION),
    *(GROUPS, *BIAS, PADDING_MODE, *CREATION),
)
TRANSPOSED: Final = (
    *(OUT_CHANNELS, KERNEL_SIZE, STRIDE, PADDING, OUTPUT_PADDING, GROUPS, *BIAS),
    *(DILATION, PADDING_MODE, *CREATION),
)
AVERAGED: Final = (KERNEL_SIZE, WINDOW_STRIDE, PADDING, CEIL_MODE, COUNT_INCLUDE_PAD)
MAXIMAL: Final = (KERNEL_SIZE, WINDOW_STRIDE, PADDING, DILATION, *RETURN_INDICES, CEIL_MODE)
FRAMEWORK: Final = Framework(
    "pytorch",
    "PyTorch",
    ("torch.nn", "nn"),
    (
        Signature(("Conv{ndim}d",), "conv", (IN_CHANNELS, *WEIGHTED)),
        Signature(("LazyConv{ndim}d",), "conv", WEIGHTED),
        Signature(("ConvTranspose{ndim}d",), "conv_transpose", (IN_CHANNELS, *TRANSPOSED)),
        Signature(("LazyConvTranspose{ndim}d",), "conv_transpose", TRANSPOSED),
        Signature(("MaxPool{ndim}d",), "max_pool", MAXIMAL),
        Signature(("AvgPool{ndim}d",), "avg_pool", AVERAGED, axes=(1,)),
        Signature(("AvgPool{ndim}d",), "avg_pool", (*AVERAGED, DIVISOR), axes=(2, 3)),
        Signature(("AdaptiveAvgPool{ndim}d",), "adaptive_avg_pool", (BINS,)),
        Signature(("AdaptiveMaxPool{ndim}d",), "adaptive_max_pool", (BINS, *RETURN_INDICES)),
    ),
    write,
)
